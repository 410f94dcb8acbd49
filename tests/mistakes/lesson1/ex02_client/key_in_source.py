# fails: test_key_from_file, test_environment_wins, test_no_key_in_source
# says: There is a key in your file, in line 11. Who reads the file can use it.
"""ex02: build the client that talks to the API."""

from dotenv import load_dotenv
from openai import OpenAI


def make_client():
    """Return a client; OpenAI() takes OPENAI_API_KEY from the environment."""
    return OpenAI(api_key="sk-proj-not-a-real-key-0123456789")  # <- here
