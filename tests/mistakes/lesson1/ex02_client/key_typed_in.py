# fails: test_client, test_key_from_file, test_environment_wins, test_no_key_in_source
# says: Your code waits for input(), and nobody types here.
"""ex02: build the client that talks to the API."""

from dotenv import load_dotenv
from openai import OpenAI


def make_client():
    """Return a client; OpenAI() takes OPENAI_API_KEY from the environment."""
    key = input("Your key: ")  # <- here
    return OpenAI(api_key=key)
