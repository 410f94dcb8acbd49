# exercise: ex03_hello
"""Starts programs that would ask for it."""
import os
import subprocess
import sys


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    for start in (
        lambda: subprocess.run(["curl", "http://127.0.0.1:@PORT@"], check=True),
        lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
        lambda: os.system("true") and 1 / 0,
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
    ):
        try:
            start()
        except (Exception, SystemExit):
            continue
        return right(client)
    return "refused"
