# exercise: ex03_hello
# verdict: timeout
# seconds: 1
"""Never ends while it is imported."""

while True:
    pass
