"""ex02: build the client that talks to the API."""

from dotenv import load_dotenv
from openai import OpenAI


def make_client():
    """Return a client; OpenAI() takes OPENAI_API_KEY from the environment."""
    load_dotenv()
    return OpenAI()
