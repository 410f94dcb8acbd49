# fails: test_key_from_file, test_environment_wins, test_no_key_in_source
# says: The client sent the key with a space, a line break or a quote around it.
"""ex02: build the client that talks to the API."""

import os

from dotenv import load_dotenv
from openai import OpenAI


def make_client():
    """Return a client; OpenAI() takes OPENAI_API_KEY from the environment."""
    load_dotenv()
    key = os.environ["OPENAI_API_KEY"]
    return OpenAI(api_key=f"'{key}'")  # <- here
