# fails: test_answers
# says: expected a list of texts
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
    """Ask once for each persona, with messages of its own."""
    return {persona: answer_as(client, persona, question) for persona in personas}  # <- here
