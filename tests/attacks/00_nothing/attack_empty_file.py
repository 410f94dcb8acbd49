# exercise: ex03_hello
"""Holds nothing but a comment."""
