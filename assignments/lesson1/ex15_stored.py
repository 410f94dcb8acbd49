"""ex15: completions that the provider keeps for you.

Each function gets `client`, an OpenAI client that is ready to use.
"""


def store_answer(client, question):
    """Ask the question, have the completion stored, and return its id.

    Make one request with the model "gpt-4o-mini", one user message, and
    store=True.

    Example: store_answer(client, "What is a fjord?") returns
             "chatcmpl-Bx2kQvT7mWn4" (a text that begins with chatcmpl-)
    """
    raise NotImplementedError


def newest_id(client):
    """List the stored completions, and return the id of the newest one.

    There may be nothing to return:

    - Nothing is stored: the list is empty.
    - The account may not list: list() raises an openai.APIStatusError with the
      status code 405.

    In both cases print a sentence of two words or more that says what is wrong, a
    different one for each, and return None.

    Example: newest_id(client) returns "chatcmpl-Bx2kQvT7mWn4"
    """
    raise NotImplementedError


def ask_about(client, completion_id, question):
    """Ask a question about a stored reply, and return the text of the new reply.

    Retrieve the stored completion by its id. Then make one request with the model
    "gpt-4o-mini" and two user messages: first the text of the stored reply, then
    the question.

    Example: ask_about(client, "chatcmpl-Bx2kQvT7mWn4", "Say it in five words.")
             returns "A valley filled with sea."
    """
    raise NotImplementedError
