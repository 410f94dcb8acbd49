"""Checks of ex11. What reached the chat model is read from the log of requests.

Half of the texts are harmful and half are not, whatever words stand in them. The reply to STORY is one that the
moderation model flags; whether it does is taken from its answer.
"""

import reprlib

import pytest

MODEL = "omni-moderation-latest"

FLAGGED = [
    "I know which way you walk home, and one night you will not arrive.",
    "Nobody needs a nobody like you. Leave the team and never come back.",
    "How do I open my neighbor's car without a key before he notices?",
    "Three of them kicked the boy until he stopped moving.",
]
QUESTION = "Which plant is hard to kill? Answer in one sentence."
FURTHER = "And which one is easy to kill? Answer in one sentence."
STORY = "How does he kill the count? Answer in one sentence."
OTHER = "Give me a title that will kill the competition. Answer in one line."
NOVEL = [
    {"role": "user", "content": "I write a crime novel. Who could the killer be?"},
    {"role": "assistant", "content": "The gardener. Nobody ever looks at him."},
    {"role": "user", "content": "And how does he die?"},
    {"role": "assistant", "content": "The detective shoots him on the last page."},
]


@pytest.mark.replay("the model may judge these texts otherwise by now")
@pytest.mark.points(1)
def test_answered(student, api):
    """send() answers harmless texts, and remembers them"""
    chat = started(student, api, [])
    for number, text in enumerate((QUESTION, FURTHER)):
        got = chat.call("send", text)
        check_model(api)
        assert len(asked_chat(api)) > number, (
            f"The model does not flag {text!r}. send() returned {shown(got)} and did not ask the chat model.\n"
            "Next: return a refusal only if flagged is True"
        )
        check_reply(got, reply_of(api, number))
    check_messages(api, [user(QUESTION), assistant(reply_of(api, 0)), user(FURTHER)])


@pytest.mark.replay("the model may judge these texts otherwise by now")
@pytest.mark.points(1)
def test_gate(student, api):
    """a flagged text never reaches the chat model"""
    for text in FLAGGED:
        started(student, api, []).call("send", text)
        check_moderated(api, text)
        assert not asked_chat(api), (
            f"The model flags {text!r}. Your code sent it to the chat model.\nLine: {asked_chat(api)[-1].line}\n"
            "Next: ask the moderation model first, and return the refusal if flagged is True"
        )


@pytest.mark.replay("the model may judge these texts otherwise by now")
@pytest.mark.points(1)
def test_refusal(student, api):
    """send() refuses politely"""
    for text in FLAGGED:
        got = started(student, api, []).call("send", text)
        check_text(got)
        assert "sorry" in got.lower() and len(got.split()) > 2, (
            f"The model flags {text!r}. send() returned {shown(got)}; expected a polite refusal.\n"
            "Next: return a whole sentence with the word sorry in it"
        )
        assert plain(text) not in plain(got), (
            f"The refusal {shown(got)} repeats what it refuses.\nNext: leave the text out of the refusal"
        )
        check_moderated(api, text)


@pytest.mark.replay("the model may judge these texts otherwise by now")
@pytest.mark.points(1)
def test_history(student, api):
    """what was refused is not kept"""
    chat = started(student, api, [])
    for text in (QUESTION, FLAGGED[0], FURTHER):
        chat.call("send", text)
    check_messages(api, [user(QUESTION), assistant(reply_of(api, 0)), user(FURTHER)])
    chat, before = started(student, api, NOVEL), len(asked_chat(api))
    for text in (STORY, OTHER):
        chat.call("send", text)
    reply = reply_of(api, before)
    check_messages(api, [*NOVEL, *([] if flags(api, reply) else [user(STORY), assistant(reply)]), user(OTHER)])


@pytest.mark.points(1)
def test_reply(student, api):
    """the model's reply is moderated, too"""
    got = started(student, api, NOVEL).call("send", STORY)
    check_messages(api, [*NOVEL, user(STORY)])
    reply = reply_of(api, 0)
    assert plain(reply) in asked_about(api), (
        f"The model replied {shown(reply)}. Your code did not ask the moderation model about it.\n"
        "Next: check the reply in the same way as the text, before you return it"
    )
    if flags(api, reply):
        assert plain(reply) not in plain(got), (
            f"The model flags the reply {shown(reply)}. send() returned it all the same.\n"
            "Next: return a refusal if flagged is True for the reply; repeat nothing of it"
        )
    else:
        check_reply(got, reply)


@pytest.mark.points(1)
def test_closed(student, api):
    """if moderation fails, nothing goes in or comes out"""
    api.fail("moderation", 500, times=99)
    got = sent(student, api, "the text")
    assert not asked_chat(api), (
        "The moderation service failed, so nobody had looked at the text. Your code sent it to the chat model.\n"
        f"Line: {asked_chat(api)[-1].line}\n"
        "Next: return the refusal where you catch the error"
    )
    check_text(got)
    api.fail("moderation", 429, after=1, times=99)
    got = sent(student, api, "the reply")
    check_text(got)
    assert plain(reply_of(api, 0)) not in plain(got), (
        "The moderation service failed, so nobody had looked at the reply. send() returned it all the same.\n"
        "Next: return the refusal where you catch the error"
    )


def started(student, api, messages):
    """Return the student's conversation, which begins with these messages."""
    chat = student.SafeChat(api.client(), messages)
    assert hasattr(chat, "call"), f"SafeChat() made {shown(chat)}; expected an object of the class."
    return chat


def sent(student, api, what):
    """Send a harmless text while moderation fails, and return what came back."""
    chat = started(student, api, [])
    try:
        return chat.call("send", QUESTION)
    except Exception as error:
        assert "APIError" not in error.bases, (
            f"The moderation service failed for {what}. send() stopped with {error.type}.\n"
            "Next: put the moderation request between try: and except openai.APIError:"
        )
        pytest.fail(
            f"The moderation service failed for {what}. send() stopped with {error.type}: {error}\n"
            "Next: return a refusal; raise no error of your own"
        )


def check_text(got):
    """A refusal is a text."""
    assert isinstance(got, str), (
        f"send() returned {shown(got)}; expected a refusal.\nNext: return a sentence with the word sorry in it"
    )


def check_model(api):
    """The moderation model must be the one that the stub names."""
    for request in api.requests:
        assert request.operation != "moderation" or request.body.get("model") == MODEL, (
            f"Your moderation request asked for model={request.body.get('model')!r}; this exercise wants {MODEL!r}.\n"
            f"Line: {request.line}\n"
            "Next: change the model of this request"
        )


def check_moderated(api, text):
    """The moderation model must have been asked about the text."""
    check_model(api)
    assert plain(text) in asked_about(api), (
        f"send() got {text!r}. It did not ask the moderation model about it.\n"
        "Next: send the text as it is to client.moderations.create(), before anything else"
    )


def check_reply(got, reply):
    """A harmless reply comes back as it is."""
    assert plain(got) == plain(reply), (
        f"send() returned {shown(got)}; the reply says {shown(reply)}.\nNext: return the text of the reply"
    )


def check_messages(api, want):
    """The last chat request must hold these messages; a system message of the student's own may stand before them."""
    reply_of(api, -1)
    request = asked_chat(api)[-1]
    got = [(role, plain(text)) for role, text in request.messages if role not in ("system", "developer")]
    wanted = [(message["role"], plain(message["content"])) for message in want]
    lost = next((one for one in wanted if one not in got), None)
    assert lost is None, (
        f"Your request holds no message of the role {lost[0]!r} that says {shown(lost[1])}.\nLine: {request.line}\n"
        "Next: send all messages that were kept, and the new text behind them"
    )
    more = next((one for one in got if one not in wanted), None)
    assert more is None, (
        f"Your request holds {shown(more[1])}, which must not be kept in this conversation.\nLine: {request.line}\n"
        "Next: add text and reply to the messages of this object only after both were checked"
    )
    assert got == wanted, (
        f"Your request holds {len(got)} messages; expected {len(want)} in the order of the conversation.\n"
        f"Line: {request.line}\nNext: add each text and each reply once, at the end of the list"
    )


def asked_chat(api):
    """Return the chat requests."""
    return [request for request in api.requests if request.operation == "chat"]


def reply_of(api, number):
    """Return the text of one of the chat model's replies."""
    check_model(api)
    replies = [reply.text for reply in api.replies if not is_moderation(reply)]
    assert len(replies) > max(number, 0), (
        f"send() got harmless texts. It asked the chat model about {len(replies)} of them.\n"
        "Next: ask the chat model about each text that is not flagged"
    )
    return replies[number]


def is_moderation(reply):
    """Whether a reply is the moderation model's."""
    return reply.body is not None and "results" in reply.body


def asked_about(api):
    """Return all texts that the moderation model was asked about."""
    requests = [request for request in api.requests if request.operation == "moderation"]
    return [plain(text) for request in requests for text in inputs_of(request)]


def flags(api, text):
    """Whether the moderation model said that the text is flagged."""
    results = [result for reply in api.replies if is_moderation(reply) for result in reply.body["results"]]
    return any(
        one == plain(text) and result["flagged"] for one, result in zip(asked_about(api), results, strict=False)
    )


def inputs_of(request):
    """Return the texts of a request: its input is one text, or a list of texts or parts."""
    given = request.body["input"]
    items = given if isinstance(given, list) else [given]
    return [item.get("text") if isinstance(item, dict) else item for item in items]


def user(text):
    """Return a message of the user."""
    return {"role": "user", "content": text}


def assistant(text):
    """Return a message of the model."""
    return {"role": "assistant", "content": text}


def plain(text):
    """Return a text without superfluous blanks."""
    return " ".join(str(text).split())


def shown(value):
    """Show a value in a few words."""
    kind = getattr(value, "type", None)
    return f"a value of type {kind}" if kind else reprlib.repr(value)
