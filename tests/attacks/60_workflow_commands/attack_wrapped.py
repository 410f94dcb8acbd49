# exercise: ex03_hello
"""Fills lines so that a command stands at the beginning of a wrapped one."""

COMMANDS = ["::error file=x,line=1::forged", "::notice::forged", "::add-mask::forged", "::set-output name=score::100", "::stop-commands::x", "##[error]forged"]


def hello(client):
    return " ".join(" " + "x" * length + " " + command for length in range(20, 80, 7) for command in COMMANDS)
