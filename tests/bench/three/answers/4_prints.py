"""Three functions, as a student writes them."""

import os

from dotenv import load_dotenv
from openai import OpenAI


def build_client():
    """Build the client with the key of the environment."""
    load_dotenv()
    return OpenAI(api_key=os.environ["OPENAI_API_KEY"])


def ask(client, question):
    """Return the text of the model's reply."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": question}], n=1, temperature=1.3
    )
    print(completion.choices[0].message.content)


def flag(client, text):
    """Return True for a harmful text."""
    return client.moderations.create(model="omni-moderation-latest", input=text).results[0].flagged
