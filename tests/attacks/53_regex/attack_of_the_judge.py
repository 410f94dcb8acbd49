# exercise: ex03_hello
# place: spaces
"""Makes a pattern of the judge search for hours: an except line without an end.

except Exception@SPACES@
"""


def hello(client):
    return "anything"
