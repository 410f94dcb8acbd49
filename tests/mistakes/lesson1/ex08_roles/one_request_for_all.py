# fails: test_apart, test_roles, test_answers
# says: Requests that it made: 1.
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
    """Ask for all answers at once."""
    return [answer_as(client, " and ".join(personas), question)]  # <- here
