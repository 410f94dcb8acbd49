# fails: test_answer, test_answers
# says: a value of type ChatCompletion
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
    return completion  # <- here


def compare(client, personas, question):
    """Ask once for each persona, with messages of its own."""
    return [answer_as(client, persona, question) for persona in personas]  # <- here
