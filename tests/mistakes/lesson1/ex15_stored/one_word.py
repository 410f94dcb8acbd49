# fails: test_nothing_there
# says: newest_id() printed 'empty', which is one word; expected a sentence.
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


def newest_id(client):  # <- here
    """The first one of the list, if it begins with the newest; None where there is none."""
    try:
        page = client.chat.completions.list(order="desc")
    except openai.APIStatusError as error:
        if error.status_code != 405:
            raise
        print("This account may not list stored completions.")
        return None
    if not page.data:
        print("empty")
        return None
    return page.data[0].id


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
