"""ex02: build the client that talks to the API."""

# from dotenv import load_dotenv
# from openai import OpenAI


def make_client():
    """Return an OpenAI client that uses your key.

    The key comes from the environment or from .env, as in ex01. (Exercises do
    not import each other, so read it here again.) If both have a key, use the
    one from the environment. No key may stand in this file.

    Example: client = make_client()
             client.chat.completions.create(...)  sends your key
    """
    raise NotImplementedError
