# exercise: ex03_hello
# verdict: timeout
# seconds: 0.3
"""Never ends while it is imported."""

while True:
    pass
