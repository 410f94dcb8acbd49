# exercise: ex03_hello
"""Prints the same text, and is right."""

TEXT = "\x1b[2J\x1b[1;1Hpassed \x1b]8;;http://x\x07link\x1b]8;;\x07 \r6 of 6 \u202edessap\u202c <b>@everyone</b> [x](javascript:1) | a | ]]> \x00\x0b\ufffe =HYPERLINK(1) \u2028 &amp; ``` "


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    print(TEXT)
    return right(client)
