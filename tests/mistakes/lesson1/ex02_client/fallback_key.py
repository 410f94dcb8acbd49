# fails: test_no_key_in_source
# says: There is a key in your file
"""ex02: build the client that talks to the API."""

import os

from dotenv import load_dotenv
from openai import OpenAI


def make_client():
    load_dotenv()
    key = os.getenv("OPENAI_API_KEY", "sk-not-a-real-key-0123456789")  # <- here
    return OpenAI(api_key=key)
