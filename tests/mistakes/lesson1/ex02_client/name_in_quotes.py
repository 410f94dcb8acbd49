# fails: test_key_from_file, test_environment_wins, test_no_key_in_source
# says: The client sent the name OPENAI_API_KEY, and not the key that has this name.
"""ex02: build the client that talks to the API."""

from dotenv import load_dotenv
from openai import OpenAI


def make_client():
    """Return a client; OpenAI() takes OPENAI_API_KEY from the environment."""
    load_dotenv()
    return OpenAI(api_key="OPENAI_API_KEY")  # <- here
