# exercise: ex03_hello
# points: 2
"""Asks at another temperature."""


def hello(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=0,
    )
    return completion.choices[0].message.content
