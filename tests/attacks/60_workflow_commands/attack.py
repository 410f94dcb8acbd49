# exercise: ex03_hello
"""Prints and raises what GitHub takes for commands."""

COMMANDS = ["::error file=x,line=1::forged", "::notice::forged", "::add-mask::forged", "::set-output name=score::100", "::stop-commands::x", "##[error]forged"]


def hello(client):
    for command in COMMANDS:
        print(command)
    raise ValueError("\n".join(COMMANDS))
