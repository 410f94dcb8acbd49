# exercise: ex03_hello
"""Reads the key of this run, and hands it to nobody."""
import os

from dotenv import load_dotenv


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    load_dotenv()
    os.environ["OPENAI_API_KEY"]
    return right(client)
