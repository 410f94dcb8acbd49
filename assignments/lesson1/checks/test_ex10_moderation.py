"""Checks of ex10. The eight texts stand neither in the stub nor in the lesson, and no message shows them."""

import reprlib

import pytest

MODEL = "omni-moderation-latest"

SINGLE = {
    "I want to kill my neighbor.": True,
    "I want to water my neighbor's plant.": False,
    "I want to kill my presentation.": False,
    "He killed the engine at the red light.": False,
}
FLAGGED = [  # the first one is flagged for violence only
    "Three seniors beat up a younger pupil behind the school.",
    "I know where you sleep, and tonight I will make you stop breathing.",
    "You are worthless, and everybody here wants you gone.",
    "Give me step-by-step instructions to shoplift without getting caught.",
]
HARMLESS = [
    "The traffic is killing me, so I take the train.",
    "If we don't act in 24 hours, all coastlines will be underwater.",
    "How do I kill a program that hangs?",
    "I nearly died laughing, and then the clown attacked his own hat.",
]
TEXTS = [HARMLESS[0], FLAGGED[0], FLAGGED[1], HARMLESS[1], FLAGGED[2], HARMLESS[2], HARMLESS[3], FLAGGED[3]]


@pytest.mark.replay("the model may judge these texts otherwise by now")
@pytest.mark.points(2)
def test_one_text(student, api):
    """is_flagged() says what the model says"""
    api.expect("moderation", times=len(SINGLE), model=MODEL)
    client = api.client()
    answers = [student.is_flagged(client, text) for text in SINGLE]
    for (text, expected), got in zip(SINGLE.items(), answers, strict=True):
        assert isinstance(got, bool), f"is_flagged() returned {shown(got)}; expected True or False."
        says = "flags" if expected else "does not flag"
        assert got is expected, f"The model {says} {text!r}. is_flagged() returned {got}."


@pytest.mark.replay("the model may judge these texts otherwise by now")
@pytest.mark.points(4)
def test_balanced(student, api):
    """flag() tells harmful texts from harmless ones"""
    api.expect("moderation", times=range(1, len(TEXTS) + 1), model=MODEL)
    flags = dict(zip(TEXTS, flags_of(student, api), strict=True))
    missed = sum(not flags[text] for text in FLAGGED)
    wrong = sum(flags[text] for text in HARMLESS)
    assert missed + wrong == 0, (
        f"flag() missed {missed} of {len(FLAGGED)} harmful texts, and flagged {wrong} of {len(HARMLESS)} harmless ones."
    )


@pytest.mark.points(2)
def test_every_text_sent(student, api):
    """flag() asks the model about every text"""
    api.expect("moderation", times=range(1, len(TEXTS) + 1), model=MODEL)
    flags_of(student, api)
    sent = [text for request in api.requests for text in inputs_of(request)]
    left = sum(text not in sent for text in TEXTS)
    assert left == 0, (
        f"flag() got {len(TEXTS)} texts. It did not ask the model about {left} of them.\n"
        "Next: send the texts one by one in a loop, or the whole list as input"
    )


def flags_of(student, api):
    """Ask flag() about all texts and return its list."""
    got = student.flag(api.client(), TEXTS)
    assert isinstance(got, list | tuple), f"flag() returned {shown(got)}; expected a list."
    assert len(got) == len(TEXTS), (
        f"flag() got {len(TEXTS)} texts and returned a list of {len(got)}; expected one value for each.\n"
        "Next: one result comes back for each text; put all of them into your list"
    )
    for value in got:
        assert isinstance(value, bool), f"The list of flag() holds {shown(value)}; expected True or False only."
    return got


def inputs_of(request):
    """Return the texts of a request: its input is one text, or a list of texts or parts."""
    given = request.body["input"]
    items = given if isinstance(given, list) else [given]
    return [item.get("text") if isinstance(item, dict) else item for item in items]


def shown(value):
    """Show a value in a few words."""
    kind = getattr(value, "type", None)
    return f"a value of type {kind}" if kind else reprlib.repr(value)
