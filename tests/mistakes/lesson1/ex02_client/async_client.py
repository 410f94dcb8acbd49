# fails: test_client, test_key_from_file, test_environment_wins, test_no_key_in_source
# says: make_client() returned a value of type AsyncOpenAI; expected an OpenAI client.
"""ex02: build the client that talks to the API."""

from dotenv import load_dotenv
from openai import AsyncOpenAI


def make_client():
    """Return a client; OpenAI() takes OPENAI_API_KEY from the environment."""
    load_dotenv()
    return AsyncOpenAI()  # <- here
