"""ex07: a quiz about what you have learned so far."""

# The grader draws your questions from this number. Leave it as it is. Or, if your
# mentor gives you another number, or a word in quotes, write it here, and then run
#     grader quiz lesson1
# in the main folder of the project: it prints your own questions.
SEED = 7


def answers():
    """Return a dict: the name of each question, and the letter of your answer.

    Each question has one right choice. A small letter is fine too.
    Example: answers() returns {"two_settings": "Z", ...}   (Z is not a choice)
    These are the questions of SEED = 7.

    Question "two_settings" (1 point)
    ---------------------------------
    A model has read "They travel by".
    These are its next words, with their chances:

        train 0.4    car 0.35    bus 0.15    boat 0.1

    You ask many times with setting 1, and many times with setting 2:

        setting 1:  temperature 0,  top_p 1
        setting 2:  temperature 1,  top_p 0.5

    What do you most likely see?

    A  Setting 1 gives any of the four words. Setting 2 does too.
    B  Setting 1 gives any of the four words. Setting 2 gives train or car.
    C  Setting 1 gives only train. Setting 2 gives only train.
    D  Setting 1 gives only train. Setting 2 gives train or car.

    Question "temperature" (1 point)
    --------------------------------
    A model has read "For lunch we had".
    These are its next words, with their chances:

        soup 0.4    pasta 0.35    rice 0.15    fish 0.1

    You set temperature to 2, and leave top_p at 1.
    What are the chances now, rounded to three digits?

    A  soup 0.400, pasta 0.350, rice 0.150, fish 0.100
    B  soup 0.328, pasta 0.307, rice 0.201, fish 0.164
    C  soup 0.508, pasta 0.389, rice 0.071, fish 0.032
    D  soup 0.632, pasta 0.592, rice 0.387, fish 0.316

    Question "both_settings" (1 point)
    ----------------------------------
    A model has read "On Sundays they like to".
    These are its next words, with their chances:

        read 0.4    cook 0.35    swim 0.15    sing 0.1

    You set temperature to 0.5 and top_p to 0.85. First the temperature
    changes the chances, then top_p leaves words out.
    Which words can come now, and how likely is each of them?

    A  read 1.000
    B  read 0.525, cook 0.402, swim 0.074
    C  read 0.566, cook 0.434
    D  read 0.508, cook 0.389

    Question "completion" (1 point)
    -------------------------------
    client.chat.completions.create(...) returns a completion. What is it?

    A  A list of all messages of the conversation so far: first yours, then
       those of the model.
    B  An object with a list of the replies; it also tells why each one ended,
       and how many tokens it took.
    C  A list of strings with the texts of the n replies, in the order in which
       they came.
    D  A string with the text of the reply, which you can print or save at once.

    Question "same_replies" (1 point)
    ---------------------------------
    You send one request with n=5 and temperature=0. What is wrong with it?

    A  The five replies are so different that you cannot say which one is best.
    B  The API refuses it: at temperature 0, n must be 1.
    C  You pay five times for the tokens of your question.
    D  You pay for the tokens of five replies, and they nearly always say the
       same.

    Question "api_memory" (1 point)
    -------------------------------
    With one client you send two requests, one after the other. The first has the
    message "My name is Ada.", the second has only the message "What is my name?".
    What can the model know when it answers the second?

    A  The name, if the first reply repeated it.
    B  Only the second message, so it cannot know the name.
    C  The name, because the API keeps the messages of each key for some time.
    D  The name, because both requests come from the same client.
    """
    raise NotImplementedError
