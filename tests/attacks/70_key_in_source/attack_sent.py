# exercise: ex03_hello
"""The same, returned and sent."""

KEY = "@KEY@"


def hello(client):
    return client.chat.completions.create(model=KEY, messages=[{"role": "user", "content": KEY}]).choices[0].message.content
