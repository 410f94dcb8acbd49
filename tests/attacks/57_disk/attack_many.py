# exercise: ex03_hello
# verdict: output_limit
"""Makes 20,000 empty files."""


def hello(client):
    for number in range(20_000):
        open(f"file{number}", "w").close()
    import time

    time.sleep(1)
    return "anything"
