# fails: test_apart
# says: several personas: 'a strict teacher', 'a small child'
"""ex08: give the model a personality."""


def answer_as(client, persona, question):
    """Ask the question; the system message says who answers."""
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[
            {"role": "system", "content": f"You are {persona}. Answer in one sentence."},
            {"role": "user", "content": question},
        ],
    )
    return completion.choices[0].message.content


def compare(client, personas, question):
    """Ask once for each persona."""
    messages = []
    answers = []
    for persona in personas:
        messages.append({"role": "system", "content": f"You are {persona}."})
        messages.append({"role": "user", "content": question})
        completion = client.chat.completions.create(model="gpt-4o-mini", messages=messages)  # <- here
        answers.append(completion.choices[0].message.content)
    return answers
