def answer_as(client, persona, question):
    parts = [
        {"type": "text", "text": "Somebody asks you:"},
        {"type": "text", "text": question},
    ]
    messages = [
        {"role": "system", "content": "You answer in one short sentence."},
        {"role": "system", "content": f"You are not a computer. You are {persona}."},
        {"role": "user", "content": parts},
    ]
    text = ""
    options = {"include_usage": True}  # the last piece then has no choices
    for chunk in client.chat.completions.create(
        model="gpt-4o-mini", messages=messages, stream=True, stream_options=options
    ):
        for choice in chunk.choices:
            text += choice.delta.content or ""
    return text


def compare(client, personas, question):
    return tuple(answer_as(client, persona, question) for persona in personas)
