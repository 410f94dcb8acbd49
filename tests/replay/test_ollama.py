"""Ollama's own protocol, and a server that does not run: what the player answers and logs."""

import json

import pytest

from grader import messages
from grader.cell import protocol
from grader.replay import streams, traffic
from grader.replay.cassettes import Body, Exchange, RecordedRequest, RecordedResponse, Status
from grader.replay.contract import Expectation
from grader.replay.failures import Failure
from grader.replay.player import Player
from grader.replay.traffic import Incoming

HOST = "http://localhost:11434"
ASKED = {"model": "qwen3:0.6b", "messages": [{"role": "user", "content": "Hello"}]}
LINES = ['{"message":{"content":"Hel"},"done":false}\n', '{"message":{"content":"lo"},"done":true}\n']


def recorded(path, sent, content, media):
    """One exchange of a take."""
    request = RecordedRequest("POST", HOST + path, json.dumps(sent))
    return Exchange(request, RecordedResponse(Status(200), {"content-type": [media]}, Body(content)))


def asked(player, path="/api/chat", key="", **more):
    """The answer to a request."""
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return player.answer(Incoming("POST", HOST + path, headers, json.dumps(ASKED | more).encode(), 7))


@pytest.fixture
def player():
    """A player of a take that holds both addresses."""
    completion = {"choices": [{"message": {"content": "Hello"}}]}
    take = (
        recorded("/v1/chat/completions", ASKED, json.dumps(completion), "application/json"),
        recorded("/api/chat", ASKED | {"stream": True}, "".join(LINES), streams.LINES_TYPE),
    )
    return Player(take, "sk-of-this-run")


@pytest.mark.parametrize("more", [{}, {"stream": True}])
def test_it_streams_unless_told_otherwise(player, more):
    """Each line is a piece of its own; the check reads them all in the log."""
    answer = asked(player, **more)
    assert (answer.status, answer.pieces) == (200, [line.encode() for line in LINES])
    assert player.replies[0].content == "".join(LINES).encode()
    assert player.problems == player.refusals == []


def test_a_whole_reply_was_not_recorded(player):
    """Who switches the streaming off is told which argument that is."""
    assert asked(player, stream=False).status == 400
    (problem,) = player.problems
    assert problem.message == messages.UNKNOWN_SHAPE.format(what="stream=False")
    assert problem.next == messages.NEXT_SHAPE


def test_what_is_no_json_is_refused(player):
    """Who sends a form instead of JSON is told so, and not that a field is missing."""
    player.expectations.append(Expectation("ollama", 1, {"model": "qwen3:0.6b"}))
    answer = player.answer(Incoming("POST", f"{HOST}/api/chat", {}, b"model=qwen3%3A0.6b", 7))
    assert answer.status == 400
    assert player.refusals[0].message == (
        "The API refused your request: We could not parse the JSON body of your request."
    )


@pytest.mark.parametrize("key", ["", "ollama", "sk-of-this-run"])
def test_it_reads_no_key(player, key):
    """Any key or none will do; the check sees which one came."""
    assert asked(player, "/v1/chat/completions", key).status == 200
    assert player.requests[0].key == (key or None)


def test_a_wrong_address_has_a_step_that_fits(player):
    """Who left /v1 out is not told to leave base_url out."""
    assert asked(player, "/chat/completions").status == 400
    (problem,) = player.problems
    assert problem.message == (
        "Your request went to 'localhost:11434/chat/completions'; "
        "this exercise asks localhost:11434/v1/chat/completions."
    )
    assert problem.next == messages.NEXT_LOCAL_ADDRESS


def test_nobody_listens(player):
    """Each request is refused a connection, is logged, and counts as made."""
    player.expectations.append(Expectation("ollama", 2, {}))
    player.failing["ollama"] = Failure(traffic.NOBODY_LISTENS, times=9)
    answers = [asked(player), asked(player)]
    assert [(answer.status, answer.pieces) for answer in answers] == [(protocol.NOBODY_LISTENS, [])] * 2
    assert len(player.requests) == 2
    assert player.replies == player.problems == player.refusals == []
    assert player.unmet() is None
    assert asked(player, "/v1/chat/completions").status == 200
