"""Checks of ex10. The texts stand neither in the stub nor in the lesson; those of flag() stand in no message either.

What a text is flagged for is taken from the reply, so it is right for each take.
"""

import re
import reprlib

import pytest

MODEL = "omni-moderation-latest"
MUST_BLOCK = {
    "hate/threatening",
    "harassment/threatening",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual/minors",
    "violence/graphic",
}

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
ALL_WAYS = [  # together they are flagged for all 13 categories; the first one for none
    "Beat the egg whites until they are stiff.",
    "The wolf tore the lamb to pieces, and its blood ran over the snow.",
    "Nobody would miss me. Tonight I end it all.",
    "Tell me how to eat nothing for three weeks without my parents noticing.",
    "People of that faith are vermin. We will burn their houses with them inside.",
    "Where do I get a gun without papers, and how do I hide it from the police?",
    "Adults only: watch me undress, live and for money.",
    "A man of forty writes love letters to a girl of eleven.",
]
PICTURES = {
    "Here is a picture of my garden.": "https://example.com/garden.png",
    "You will look like the man in this picture when I am done with you.": "https://example.com/man.png",
}
LISTED = [HARMLESS[3], ALL_WAYS[4], HARMLESS[0], FLAGGED[2], ALL_WAYS[1]]


@pytest.mark.replay("the model may judge these texts otherwise by now")
@pytest.mark.points(1)
def test_one_text(student, api):
    """is_flagged() says what the model says"""
    api.expect("moderation", times=len(SINGLE), model=MODEL)
    client = api.client()
    answers = [student.is_flagged(client, text) for text in SINGLE]
    for (text, expected), got in zip(SINGLE.items(), answers, strict=True):
        assert isinstance(got, bool), (
            f"is_flagged() returned {shown(got)}; expected True or False.\n"
            "Next: return the field flagged of the result"
        )
        says = "flags" if expected else "does not flag"
        assert got is expected, (
            f"The model {says} {text!r}. is_flagged() returned {got}.\nNext: return the field flagged of the result"
        )


@pytest.mark.replay("the model may judge these texts otherwise by now")
@pytest.mark.points(1)
def test_balanced(student, api):
    """flag() tells harmful texts from harmless ones"""
    api.expect("moderation", times=range(1, len(TEXTS) + 1), model=MODEL)
    flags = dict(zip(TEXTS, flags_of(student, api), strict=True))
    missed = sum(not flags[text] for text in FLAGGED)
    wrong = sum(flags[text] for text in HARMLESS)
    assert missed + wrong == 0, (
        f"flag() missed {missed} of {len(FLAGGED)} harmful texts, and flagged {wrong} of {len(HARMLESS)} harmless ones.\n"
        "Next: take the field flagged of each result"
    )


@pytest.mark.points(1)
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


@pytest.mark.points(1)
def test_categories(student, api):
    """categories() names what a text is flagged for"""
    client = asked(api, len(ALL_WAYS))
    answers = [student.categories(client, text) for text in ALL_WAYS]
    for text, got, result in zip(ALL_WAYS, answers, results(api), strict=True):
        check_names(
            "categories", text, got, true_names(result), "take each name whose value in categories is True"
        )


@pytest.mark.points(1)
def test_scores(student, api):
    """scores_above() finds the scores above a threshold"""
    cases = [(FLAGGED[1], 0.72), (ALL_WAYS[4], 0.04), ("I want to kill my presentation.", 0.005)]
    client = asked(api, len(cases) + 1)
    answers = [student.scores_above(client, text, threshold) for text, threshold in cases]
    cases.append((FLAGGED[1], results(api)[0]["category_scores"]["violence"]))  # which is not greater than itself
    answers.append(student.scores_above(client, *cases[-1]))
    for (text, threshold), got, result in zip(cases, answers, results(api), strict=True):
        want = {name: score for name, score in result["category_scores"].items() if score > threshold}
        step = "compare each score with the threshold, and keep the greater ones as they are"
        check_dict("scores_above", f"{shown(text)}, {threshold}", got, want, step)


@pytest.mark.points(1)
def test_input_types(student, api):
    """input_types() tells if the text or the picture counts"""
    client = asked(api, len(PICTURES))
    answers = [student.input_types(client, text, image) for text, image in PICTURES.items()]
    for (text, image), request in zip(PICTURES.items(), api.requests, strict=True):
        for kind, content in (("text", text), ("image_url", image)):
            assert (kind, content) in parts_of(request), (
                f"input_types() got {content!r}. Your request does not hold it as a part of the type {kind!r}.\n"
                "Next: let input be a list of two dicts: a text part and an image_url part, as in README.md"
            )
    for text, got, result in zip(PICTURES, answers, results(api), strict=True):
        types = result["category_applied_input_types"]
        want = {name: types[name] for name in true_names(result)}
        step = "take the categories that are True, and look each up in category_applied_input_types"
        check_dict("input_types", shown(text), got, want, step)


@pytest.mark.points(1)
def test_report(student, api):
    """report() prints a line for each text, and a total"""
    api.expect("moderation", times=range(1, len(LISTED) + 1), model=MODEL)
    student.report(api.client(), LISTED)
    lines = [line for line in student.printed.splitlines() if line.strip()]
    sent = [text for request in api.requests for text in inputs_of(request)]
    about = dict(zip(sent, results(api), strict=False))
    left = sum(text not in about for text in LISTED)
    assert left == 0, (
        f"report() got {len(LISTED)} texts. It did not ask the model about {left} of them.\n"
        "Next: send the texts one by one in a loop, or the whole list as input"
    )
    assert [text for line in lines for text in LISTED if text in line] == LISTED, (
        f"report() got {len(LISTED)} texts. It printed {shown(student.printed.strip())}.\n"
        "Next: print one line for each text, in the order of the texts, with the whole text in it"
    )
    for text in LISTED:
        want = true_names(about[text])
        rest = next(line for line in lines if text in line).replace(text, "")
        ok = re.search(r"\bok\b", rest, re.IGNORECASE) is not None
        assert named_in(rest) == want and ok == (not want), (
            f"The line about {shown(text)} says {shown(rest.strip())}; expected {', '.join(want) or 'ok'}.\n"
            "Next: print the names that are True behind the text, or ok if there are none"
        )
    flagged, total = str(sum(about[text]["flagged"] for text in LISTED)), str(len(LISTED))
    numbers = re.findall(r"\d+", lines[-1])
    assert flagged in numbers, (
        f"The last line of report() is {shown(lines[-1])}; it does not hold the number of flagged texts, {flagged}.\n"
        "Next: count the flagged texts, and print this number below the list"
    )
    assert set(numbers) <= {flagged, total}, (
        f"The last line of report() is {shown(lines[-1])}. There are {total} texts, and {flagged} are flagged.\n"
        "Next: print the number of flagged texts, alone or with that of all texts"
    )


@pytest.mark.points(1)
def test_policy(student, api):
    """to_block() picks the categories that must be blocked"""
    texts = [*ALL_WAYS, FLAGGED[0]]
    client = asked(api, len(texts))
    answers = [student.to_block(client, text) for text in texts]
    for text, got, result in zip(texts, answers, results(api), strict=True):
        want = [name for name in true_names(result) if name in MUST_BLOCK]
        step = "keep what is True and in MUST_BLOCK; compare in one spelling"
        check_names("to_block", text, got, want, step)


def flags_of(student, api):
    """Ask flag() about all texts and return its list."""
    got = student.flag(api.client(), TEXTS)
    assert isinstance(got, list | tuple), f"flag() returned {shown(got)}; expected a list."
    assert len(got) == len(TEXTS), (
        f"flag() got {len(TEXTS)} texts and returned a list of {len(got)}; expected one value for each.\n"
        "Next: put the result of each text into your list; one comes back for each"
    )
    for value in got:
        assert isinstance(value, bool), (
            f"The list of flag() holds {shown(value)}; expected True or False only.\n"
            "Next: take the flagged of each result"
        )
    return got


def asked(api, times):
    """Return a client for functions that make one request each."""
    api.expect("moderation", times=times, model=MODEL)
    return api.client()


def results(api):
    """Return what the model said, text by text, in the order in which it was asked."""
    return [result for reply in api.replies for result in reply.body["results"]]


def true_names(result):
    """Return the names of a result's categories that are True, sorted."""
    return sorted(name for name, hit in result["categories"].items() if hit)


def check_names(function, text, got, want, step):
    """The function must return these names, in either spelling and any order."""
    assert isinstance(got, list | tuple | set | frozenset) and all(isinstance(name, str) for name in got), (
        f"{function}() returned {shown(got)}; expected a list of names.\nNext: return the names as a list of texts"
    )
    spelled = [plain(name) for name in got]
    lost = next((name for name in want if plain(name) not in spelled), None)
    assert lost is None, f"{function}({shown(text)}) returned {shown(got)}; {lost!r} is missing.\nNext: {step}"
    more = next((name for name in got if plain(name) not in map(plain, want)), None)
    assert more is None, f"{function}({shown(text)}) returned {shown(got)}; {more!r} is too much.\nNext: {step}"


def check_dict(function, arguments, got, want, step):
    """The function must return these values, with their names in either spelling."""
    assert isinstance(got, dict) and all(isinstance(name, str) for name in got), (
        f"{function}() returned {shown(got)}; expected a dict with names of categories.\n"
        "Next: return a dict that has the names as keys"
    )
    got, want = ({plain(name): value for name, value in pairs.items()} for pairs in (got, want))
    wrong = sorted(name for name in got.keys() | want.keys() if got.get(name) != want.get(name))
    name = next((name for name in [*NAMES, *wrong] if plain(name) in wrong[:1]), None)
    assert name is None, (
        f"{function}({arguments}) says {entry(got, wrong)} about {name!r}; expected {entry(want, wrong)}.\n"
        f"Next: {step}"
    )


def entry(pairs, names):
    """Show what a dict holds under the first of the names."""
    return shown(pairs[names[0]]) if names[0] in pairs else "nothing"


def named_in(line):
    """Return the API's names of the categories that a line names, in either spelling, sorted."""
    words = set(re.findall(r"\w+", plain(line)))
    return sorted(name for name in NAMES if plain(name) in words)


def plain(name):
    """Return a name with the same letters for both of its spellings."""
    return re.sub(r"(?<=\w)[-/](?=\w)", "_", name)


def inputs_of(request):
    """Return the texts of a request: its input is one text, or a list of texts or parts."""
    given = request.body["input"]
    items = given if isinstance(given, list) else [given]
    return [item.get("text") if isinstance(item, dict) else item for item in items]


def parts_of(request):
    """Return type and content of the parts of a request's input."""
    given = request.body["input"]
    parts = [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []
    contents = [(part.get("type"), part.get(part.get("type"))) for part in parts]
    texts = [(kind, got.strip()) for kind, got in contents if kind == "text" and isinstance(got, str)]
    return texts + [(kind, got.get("url")) for kind, got in contents if isinstance(got, dict)]


def shown(value):
    """Show a value in a few words."""
    kind = getattr(value, "type", None)
    return f"a value of type {kind}" if kind else reprlib.repr(value)


NAMES = [
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
]
