# exercise: ex03_hello
# place: keys
"""Holds 10,000 keys, and prints as much as it may: each would be masked in all of it."""
