# fails: test_client, test_key_from_file, test_no_key_in_source
# says: it says that the key is missing
"""ex02: build the client that talks to the API."""

from openai import OpenAI


def make_client():
    """Return a client; OpenAI() takes OPENAI_API_KEY from the environment."""
    return OpenAI()
