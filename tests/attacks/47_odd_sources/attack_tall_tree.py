# exercise: ex02_client
# place: tall
# verdict: passed
# points: 6
"""A right client in a file that the cell can compile, and Python's ast module cannot read."""
from dotenv import load_dotenv
from openai import OpenAI


def make_client():
    load_dotenv()
    return OpenAI()
