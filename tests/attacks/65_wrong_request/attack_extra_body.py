# exercise: ex03_hello
"""Sends another body below the client's argument names."""


def hello(client):
    completion = client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hello World"}], n=1, temperature=1.3, extra_body={"model": "gpt-4o", "messages": []})
    return completion.choices[0].message.content
