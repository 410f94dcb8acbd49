# exercise: ex02_client
# place: tall
"""A right client in a file whose syntax tree is deeper than Python reads."""
from dotenv import load_dotenv
from openai import OpenAI


def make_client():
    load_dotenv()
    return OpenAI()
