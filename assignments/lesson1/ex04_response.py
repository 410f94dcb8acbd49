"""ex04: look at everything that comes back."""


def describe(client, question):
    """Ask "gpt-4o-mini" the question, once, and return a dict about the reply.

    The dict has these keys. All values come from the completion:
    - "text"               the text of the reply
    - "model"              the model that answered
    - "finish_reason"      why the reply ended
    - "prompt_tokens"      how many tokens you sent
    - "completion_tokens"  how many tokens came back
    - "total_tokens"       both together
    - "type"               the name of the completion's Python type, as a string

    Example: describe(client, "What is 2 + 2?")["text"] returns "2 + 2 is 4."
    """
    raise NotImplementedError


def cost(prompt_tokens, completion_tokens, prompt_price, completion_price):
    """Return what a request cost, in dollars, as a float. Do not round.

    Both prices are in dollars for a million tokens.

    Example: cost(1000, 500, 0.15, 0.60) returns 0.00045
    """
    raise NotImplementedError
