"""ex07: a quiz about temperature and top_p."""


def answers():
    """Temperature 0 takes the best word; apple alone already reaches top_p 0.6."""
    return {"two_settings": "A"}
