# exercise: ex03_hello
# points: 4
"""Asks something else."""


def hello(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello Moon"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content
