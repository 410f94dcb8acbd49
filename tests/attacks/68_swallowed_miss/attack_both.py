# exercise: ex03_hello
"""Makes a wrong request first, swallows it, and then the right one."""


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    try:
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "Hello World"}])
    except BaseException:
        pass
    return right(client)
