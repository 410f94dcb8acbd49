"""Checks of ex16: the program runs as a script; its requests and what it prints are looked at."""

import re
import reprlib

import pytest

PROMPT_PRICE, COMPLETION_PRICE = 0.15, 0.60
FIRST = "Which tea is to die for?"
SECOND = "And which one kills a headache?"
FLAGGED = "I will be waiting at your door tonight, and you will regret every word."
COST = re.compile(
    r"\bcost\b\D{0,99}(\d{1,9}\.\d{8})\b", re.IGNORECASE
)  # linear, however often the output says cost


@pytest.mark.points(1)
def test_leaves(student, api):
    """quit ends the program, and so does the end of the input"""
    for typed in ([FIRST, "quit", SECOND], [FIRST]):
        before = len(asked_chat(api))
        ran = started(student, api, typed)
        assert ran.status == 0, (
            f"After the lines {typed} your program ended with exit status {ran.status}; expected 0.\n"
            "Next: leave the loop and let the program come to its end"
        )
        texts = [last_text(request) for request in asked_chat(api)[before:]]
        assert FIRST in texts, (
            f"The first line was {FIRST!r}. Your program did not send it to the chat model.\n"
            "Next: read lines in a loop, and send each one that is not flagged"
        )
        assert texts == [FIRST], (
            f"The lines were {typed}. Your program sent {shown(texts[1])} to the chat model.\n"
            "Next: look for quit before you send a line, and leave the loop there"
        )


@pytest.mark.points(1)
def test_memory(student, api):
    """the chatbot has a persona, replies, and remembers"""
    ran = started(student, api, [FIRST, SECOND, "quit"])
    check_asked(api, 2)
    for reply in chat_replies(api)[:2]:
        assert plain(reply.text) in plain(ran.output), (
            f"The model replied {shown(reply.text)}. Your program did not print it.\nNext: print each reply as it is"
        )
    for request in asked_chat(api)[:2]:
        role, text = request.messages[0]
        assert role in ("system", "developer") and len(text.split()) > 2, (
            f"The first message of your request has the role {role!r} and says {shown(text)}.\nLine: {request.line}\n"
            "Next: write a PERSONA, and begin the messages with it, in the role system"
        )
    check_messages(api, [("user", FIRST), ("assistant", plain(chat_replies(api)[0].text)), ("user", SECOND)])


@pytest.mark.replay("the model may judge these texts otherwise by now")
@pytest.mark.points(1)
def test_guardrail(student, api):
    """a flagged line is refused, and the program goes on"""
    api.expect("moderation", times=range(99), model="omni-moderation-latest")
    ran = started(student, api, [FIRST, FLAGGED, SECOND, "quit"])
    for text in (FIRST, FLAGGED):
        assert text in asked_about(api), (
            f"Your program did not ask the moderation model about the line {text!r}.\n"
            "Next: send each line to client.moderations.create() before anything else"
        )
    leak = next((request for request in asked_chat(api) if FLAGGED in str(request.body["messages"])), None)
    assert leak is None, (
        f"The model flags {FLAGGED!r}. Your program sent it to the chat model.\nLine: {leak.line}\n"
        "Next: add a line to the messages only if it is not flagged"
    )
    assert sorries(api, ran), (
        "A line was flagged. Your program printed no sentence with the word sorry in it.\n"
        "Next: print a refusal where flagged is True"
    )
    assert SECOND in [last_text(request) for request in asked_chat(api)], (
        "Behind the flagged line came a harmless one. Your program did not send it to the chat model.\n"
        "Next: go on with the loop after a refusal"
    )
    refused, answered = (sorries(api, started(student, api, [FIRST, line, "quit"])) for line in (FLAGGED, SECOND))
    assert refused > answered, (
        "Your program says sorry as often when no line is flagged. So this word tells the user nothing.\n"
        "Next: print a refusal where flagged is True, and say sorry nowhere else"
    )


@pytest.mark.points(1)
def test_cost(student, api):
    """below each reply stands the cost of all so far"""
    ran = started(student, api, [FIRST, SECOND, "quit"])
    check_asked(api, 2)
    dollars, rest = 0, plain(ran.output)
    replies = chat_replies(api)[:2]
    for number, reply in enumerate(replies, start=1):
        assert reply.usage, (
            "A stream tells its usage only if you ask for it.\n"
            'Next: send stream_options={"include_usage": True} with your request'
        )
        dollars += reply.usage["prompt_tokens"] * PROMPT_PRICE / 1_000_000
        dollars += reply.usage["completion_tokens"] * COMPLETION_PRICE / 1_000_000
        before, printed, after = rest.partition(plain(reply.text))
        rest = after if printed else before
        below = rest.partition(plain(replies[1].text))[0] if number == 1 else rest
        found = COST.search(below)
        assert found, (
            f"Below reply {number} your program printed no cost with eight digits behind the point.\n"
            "Next: print a line such as  cost: $0.00002610  below each reply"
        )
        assert abs(float(found[1]) - dollars) < 1e-9, (
            f"Below reply {number} your program printed {found[1]} as the cost; expected {dollars:.8f}.\n"
            "Next: count the tokens of all replies; a price is for a million of them"
        )
        rest = rest[found.end() :]


def sorries(api, ran):
    """Return how often a program itself said sorry; the model's replies are left out."""
    own = plain(ran.output)
    for reply in chat_replies(api):
        own = own.replace(plain(reply.text), " ")
    return len(re.findall(r"\bsorry\b", own, re.IGNORECASE))


def started(student, api, typed):
    """Run the program and type the lines."""
    ran = student.run(typed=typed)
    assert api.requests or ran.output.strip(), (
        "Your program ended, and it had asked and printed nothing.\n"
        "Next: call main() in the last lines of the file, as the stub does"
    )
    return ran


def check_asked(api, times):
    """The chat model must have been asked so many times at least."""
    count = len(asked_chat(api))
    assert count >= times, (
        f"Your program got {times} harmless lines. It asked the chat model about {count} of them.\n"
        "Next: read lines in a loop, and send each one that is not flagged"
    )


def check_messages(api, want):
    """The second chat request must hold these messages, behind the persona."""
    request = asked_chat(api)[1]
    got = [(role, plain(text)) for role, text in request.messages if role not in ("system", "developer")]
    lost = next((one for one in want if one not in got), None)
    assert lost is None, (
        f"Your second request holds no message of the role {lost[0]!r} that says {shown(lost[1])}.\nLine: {request.line}\n"
        "Next: keep each line and each reply in one list, and send the whole list"
    )
    assert got == want, (
        f"Your second request holds {len(got)} messages behind the persona; expected {len(want)}.\nLine: {request.line}\n"
        "Next: add each line and each reply once, at the end of the list"
    )


def asked_chat(api):
    """Return the chat requests."""
    return [request for request in api.requests if request.operation == "chat"]


def chat_replies(api):
    """Return the replies of the chat model."""
    return [reply for reply in api.replies if reply.body is None or "results" not in reply.body]


def asked_about(api):
    """Return all texts that the moderation model was asked about."""
    requests = [request for request in api.requests if request.operation == "moderation"]
    return [plain(text) for request in requests for text in inputs_of(request)]


def inputs_of(request):
    """Return the texts of a request: its input is one text, or a list of texts or parts."""
    given = request.body["input"]
    items = given if isinstance(given, list) else [given]
    return [item.get("text") if isinstance(item, dict) else item for item in items]


def last_text(request):
    """Return the text of a request's last message."""
    return plain(request.messages[-1][1])


def plain(text):
    """Return a text without superfluous blanks."""
    return " ".join(str(text).split())


def shown(value):
    """Show a value in a few words."""
    return reprlib.repr(value)
