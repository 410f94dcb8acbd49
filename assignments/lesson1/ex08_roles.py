"""ex08: give the model a personality.

`client` is an OpenAI client that is ready to use. The model is "gpt-4o-mini".
"""


def answer_as(client, persona, question):
    """Return the text of an answer that the model gives as somebody else.

    `persona` says who the model shall be, such as "a pirate". Make one request with
    two messages, in this order:
    - a system message: tell the model in your own words that it is this persona
    - a user message with the question

    Both texts must be there as the function got them.

    Example: answer_as(client, "a pirate", "What is the sea?") returns "Arr, it is my home!"
    """
    raise NotImplementedError


def compare(client, personas, question):
    """Ask the same question under each persona, and return a list of the answers.

    Make one request for each persona, with the same two messages as above. No
    persona may know of another one. The answers stand in the order of `personas`.

    Example: compare(client, ["a pirate", "a doctor"], "What is the sea?")
             returns ["Arr, it is my home!", "A good place to rest."]
    """
    raise NotImplementedError
