# exercise: ex03_hello
# place: pipe
"""A named pipe in the place of the file."""
