# exercise: ex03_hello
"""Raises GeneratorExit while it is imported."""
raise GeneratorExit
