# fails: test_client, test_key_from_file, test_environment_wins, test_no_key_in_source
# says: There is no library called 'python_dotenv' here. Did you mean dotenv?
"""ex02: build the client that talks to the API."""

from python_dotenv import load_dotenv  # <- here
from openai import OpenAI


def make_client():
    """Return a client; OpenAI() takes OPENAI_API_KEY from the environment."""
    load_dotenv()
    return OpenAI()
