"""Checks of ex03, made easier."""


def test_reply():
    """hello() does something"""
