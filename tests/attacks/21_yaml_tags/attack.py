# exercise: ex03_hello
"""Returns and writes YAML that would run code."""


def hello(client):
    text = "!!python/object/apply:os.system ['touch @OPEN@/loaded']"
    with open("cassette.yaml", "w") as file:
        file.write(text)
    return text
