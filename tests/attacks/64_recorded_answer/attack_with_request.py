# exercise: ex03_hello
# points: 2
"""Makes the request, and returns the recorded answer all the same."""


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    right(client)
    return 'Hello World! How can I assist you today?'
