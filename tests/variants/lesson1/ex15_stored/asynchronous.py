"""ex15: the same with the async client."""

import openai

MODEL = "gpt-4o-mini"


def another(client):
    """An async client with the same key."""
    return openai.AsyncOpenAI(api_key=client.api_key).chat.completions


async def store_answer(client, question):
    """Ask the question, have the completion stored, and return its id."""
    completion = await another(client).create(
        model=MODEL,
        messages=[{"role": "user", "content": question}],
        store=True,
    )
    return completion.id


async def newest_id(client):
    """Go through all pages; the last completion is the newest."""
    newest = None
    try:
        async for completion in another(client).list(limit=1):
            newest = completion.id
    except openai.APIStatusError as error:
        print(f"The list was refused with the status {error.status_code}.")
        return None
    if newest is None:
        print("There is no stored completion.")
    return newest


async def ask_about(client, completion_id, question):
    """Send the stored text and the question, both as user messages."""
    chat = another(client)
    stored = await chat.retrieve(completion_id)
    texts = [stored.choices[0].message.content, question]
    completion = await chat.create(model=MODEL, messages=[{"role": "user", "content": text} for text in texts])
    return completion.choices[0].message.content
