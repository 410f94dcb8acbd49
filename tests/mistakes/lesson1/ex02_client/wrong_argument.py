# fails: test_client, test_key_from_file, test_environment_wins, test_no_key_in_source
# says: OpenAI() has no argument called key. Did you mean api_key?
"""ex02: build the client that talks to the API."""

import os

from dotenv import load_dotenv
from openai import OpenAI


def make_client():
    """Return a client; OpenAI() takes OPENAI_API_KEY from the environment."""
    load_dotenv()
    return OpenAI(key=os.getenv("OPENAI_API_KEY"))  # <- here
