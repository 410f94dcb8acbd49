# exercise: ex03_hello
# verdict: failed, crashed, tampered
"""Patches the way in which modules and files are opened."""
import builtins


def hello(client):
    builtins.open = builtins.__import__ = lambda *args, **kwargs: None
    return "anything"
