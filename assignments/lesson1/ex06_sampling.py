"""ex06: the two settings that change how the next word is drawn.

`chances` is a dict: each word with its chance, a number from 0 to 1. Together they
are 1. Return a new dict, leave `chances` as it is, and do not round.
"""


def rescale(chances, temperature):
    """Return all words with their chances at this temperature, from 0 to 2.

    Above 0, raise each chance to the power 1 / temperature, then divide each by
    the sum. At 0 the most likely word gets 1 and all others 0. If several words
    are the most likely, the first of them in the dict gets the 1.

    Very small temperatures, such as 0.001, must work too.

    Example: rescale({"tea": 0.75, "milk": 0.25}, 0.5) returns {"tea": 0.9, "milk": 0.1}
    """
    raise NotImplementedError


def keep_top(chances, top_p):
    """Return only the words that top_p keeps, with their new chances.

    Take the most likely words, one after the other, until their chances together
    reach top_p: they are top_p or more. Of equal words, the first in the dict is
    taken first. Then divide each chance by the sum, so that together they are 1.

    `top_p` is above 0 and at most 1. Sums of floats are not exact: a sum that is
    less than 1e-9 below top_p counts as reached.

    Example: keep_top({"tea": 0.25, "milk": 0.6, "juice": 0.15}, 0.8) returns
             {"milk": 0.70588..., "tea": 0.29411...}
    """
    raise NotImplementedError
