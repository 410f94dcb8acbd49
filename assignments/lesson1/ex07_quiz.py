"""ex07: a quiz about temperature and top_p."""


def answers():
    """Return a dict: the name of each question, and the letter of your answer.

    Each question has one right choice. A small letter is fine too.
    Example: answers() returns {"two_settings": "E"}   (E is not a choice)

    Question "two_settings"
    -----------------------
    A model has read "I ate a". These are its next words, with their chances:

        apple 0.6    banana 0.25    cherry 0.1    donut 0.05

    You ask many times with setting 1, and many times with setting 2:

        setting 1:  temperature 0,  top_p 1
        setting 2:  temperature 1,  top_p 0.6

    What do you most likely see?

    A  Setting 1 always gives apple. Setting 2 always gives apple.
    B  Setting 1 always gives apple. Setting 2 gives apple or banana.
    C  Setting 1 gives any of the four words. Setting 2 always gives apple.
    D  Setting 1 gives any of the four words. Setting 2 does too.
    """
    raise NotImplementedError
