"""ex15: completions that the provider keeps for you."""

import openai

MODEL = "gpt-4o-mini"


def store_answer(client, question):
    """Ask the question, have the completion stored, and return its id."""
    completion = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": question}],
        store=True,
    )
    return completion.id


def newest_id(client):
    """The first one of the list, if it begins with the newest; None where there is none."""
    newest = None
    try:
        for completion in client.chat.completions.list():
            newest = completion.id
        if newest is None:
            print("The list is empty. Store a completion first.")
    except openai.APIStatusError as error:
        print("The API refuses the list:", error.message)
    return newest


def ask_about(client, completion_id, question):
    """Send the stored text and the question, both as user messages."""
    stored = client.chat.completions.retrieve(completion_id)
    completion = client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "user", "content": stored.choices[0].message.content},
            {"role": "user", "content": question},
        ],
    )
    return completion.choices[0].message.content
