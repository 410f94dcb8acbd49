# fails: test_question, test_roles
# says: The roles in your request: user, system
"""ex08: give the model a personality."""


def answer_as(client, persona, question):
    """Ask the question; the system message says who answers."""
    completion = client.chat.completions.create(  # <- here
        model="gpt-4o-mini",
        messages=[
            {"role": "user", "content": question},
            {"role": "system", "content": f"You are {persona}. Answer in one sentence."},
        ],
    )
    return completion.choices[0].message.content


def compare(client, personas, question):
    """Ask once for each persona, with messages of its own."""
    return [answer_as(client, persona, question) for persona in personas]
