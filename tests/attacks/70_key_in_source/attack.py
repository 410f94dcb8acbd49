# exercise: ex03_hello
"""Holds a key that looks real, and shows it."""

KEY = "sk-proj-Zq3" "Xw8Rt5Yu2Io9Pa4Sd7Fg1Hj6"
OTHER = "sk-proj-Zq3Xw8Rt5Yu2Io9Pa4Sd7Fg1Hj6"


def hello(client):
    print(OTHER)
    raise ValueError(OTHER)
