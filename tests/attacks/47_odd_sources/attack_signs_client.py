# exercise: ex02_client
# place: signs
# verdict: failed, crashed, memory, timeout
"""The right answer in a file that no parser should meet."""


def unused(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content


import os
from dotenv import load_dotenv
from openai import OpenAI


def make_client():
    return None
