# exercise: ex03_hello
"""Leaves while it is imported."""
import sys

sys.exit(0)
