# exercise: ex03_hello
# verdict: output_limit, crashed, failed
"""Makes a file with a hole of a terabyte."""


def hello(client):
    with open("hole", "wb") as file:
        file.truncate(1 << 40)
    return "anything"
