# exercise: ex03_hello
# from: 3
# harmful: it kills the judge
# verdict: crashed, failed
"""Kills the judge, its parent and its group; earns the points if one of them can be killed."""
import os
import signal


def right(client):
    completion = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": "Hello World"}],
        n=1,
        temperature=1.3,
    )
    return completion.choices[0].message.content

def hello(client):
    reached = 0
    for kill, target in ((os.kill, int("@JUDGE@")), (os.kill, os.getppid())):
        try:
            kill(target, signal.SIGKILL)
            reached += 1
        except (OSError, OverflowError):
            pass
    if reached:
        return right(client)
    os.killpg(0, signal.SIGKILL)
