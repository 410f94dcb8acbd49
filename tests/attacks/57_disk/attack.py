# exercise: ex03_hello
# verdict: output_limit
"""Writes 200 MB."""


def hello(client):
    for number in range(20):
        with open(f"file{number}", "wb") as file:
            file.write(bytes(10**7))
    return "anything"
