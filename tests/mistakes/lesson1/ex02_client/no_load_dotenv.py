# fails: test_client, test_key_from_file, test_no_key_in_source
# says: There is a key in .env, but OpenAI() did not get it.
"""ex02: build the client that talks to the API."""

from openai import OpenAI


def make_client():
    """Return a client; OpenAI() takes OPENAI_API_KEY from the environment."""
    return OpenAI()  # <- here
