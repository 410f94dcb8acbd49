# exercise: ex03_hello
# verdict: timeout, memory, failed
# seconds: 0.3
"""Costs the compiler for ever: a constant that is folded."""

X = 9 ** 9 ** 9
