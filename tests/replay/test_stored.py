"""Stored completions: a recorded list is given as a request asks for it, and what is not there is refused."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.pagination import SyncCursorPage
from openai.types.chat import ChatCompletion

from grader import messages
from grader.replay import stored
from grader.replay.cassettes import Body, Exchange, RecordedRequest, RecordedResponse, Status
from grader.replay.contract import Expectation
from grader.replay.failures import Failure
from grader.replay.player import Player
from grader.replay.traffic import Incoming

steady = settings(derandomize=True, deadline=None, database=None)
KEY = "sk-of-this-run"
LIST = "https://api.openai.com/v1/chat/completions"
ITEMS = [
    {"id": f"c{number}", "created": number, "model": model, "metadata": {"course": course} if course else None}
    for number, (model, course) in enumerate([("m", "one"), ("n", "two"), ("m", None), ("m", "one")])
]
RECORDED = {"object": "list", "data": ITEMS, "first_id": "c0", "last_id": "c3", "has_more": False}
EMPTY = RECORDED | {"data": [], "first_id": None, "last_id": None}


def recorded(uri, reply):
    """One exchange of a take."""
    headers = {"content-type": ["application/json"]}
    return Exchange(RecordedRequest("GET", uri), RecordedResponse(Status(200), headers, Body(json.dumps(reply))))


TAKE = (recorded(LIST, RECORDED), recorded(LIST, EMPTY), recorded(f"{LIST}/c1", ITEMS[1]))


def asked(player, url):
    """The status and JSON of an answer."""
    answer = player.answer(Incoming("GET", url, {"authorization": f"Bearer {KEY}"}, b"", 7))
    return answer.status, json.loads(b"".join(answer.pieces))


@pytest.mark.parametrize(
    ("query", "ids", "more"),
    [
        ("", ["c0", "c1", "c2", "c3"], False),
        ("order=asc", ["c0", "c1", "c2", "c3"], False),
        ("order=desc", ["c3", "c2", "c1", "c0"], False),
        ("limit=3", ["c0", "c1", "c2"], True),
        ("limit=4", ["c0", "c1", "c2", "c3"], False),
        ("order=desc&limit=1", ["c3"], True),
        ("after=c1", ["c2", "c3"], False),
        ("after=c3&order=desc&limit=2", ["c2", "c1"], True),
        ("after=c3", [], False),
        ("after=unknown", ["c0", "c1", "c2", "c3"], False),
        ("model=m", ["c0", "c2", "c3"], False),
        ("metadata[course]=one", ["c0", "c3"], False),
        ("metadata%5Bcourse%5D=one&model=n", [], False),
        ("limit=many", ["c0", "c1", "c2", "c3"], False),
    ],
)
def test_a_page_is_what_was_asked(query, ids, more):
    """Order, place, number, model and metadata change the page as the API's reference says."""
    page = stored.page(RECORDED, f"{LIST}?{query}")
    assert [one["id"] for one in page["data"]] == ids
    assert page["has_more"] is more
    assert (page["first_id"], page["last_id"]) == ((ids[0], ids[-1]) if ids else (None, None))
    assert page["object"] == "list"


@steady
@given(st.text(), st.text(), st.text(alphabet="0123456789x", max_size=9))
def test_any_query_has_a_page(query, after, limit):
    """No query raises; a page is a part of the list."""
    page = stored.page(RECORDED, f"{LIST}?after={after}&limit={limit}&{query}")
    assert all(one in ITEMS for one in page["data"])


def test_pages_together_are_the_list():
    """The SDK's client gets every completion once, however small a page is."""
    player, ids = Player(TAKE, KEY), []
    after = ""
    while True:
        _, page = asked(player, f"{LIST}?limit=1{after}")
        ids += [one["id"] for one in page["data"]]
        if not page["has_more"]:
            break
        after = f"&after={page['last_id']}"
    assert ids == ["c0", "c1", "c2", "c3"]
    assert player.problems == player.refusals == []
    assert player.played == [TAKE[0]] * 4


def test_an_account_that_holds_nothing():
    """The recorded empty list is given only where a check says so."""
    player = Player(TAKE, KEY)
    assert asked(player, LIST) == (200, RECORDED)
    player.nothing_stored = True
    assert asked(player, LIST) == (200, EMPTY)
    assert player.played == list(TAKE[:2])


def test_an_account_that_may_not_list():
    """A 405 has the words of the real API; the request counts as made."""
    player = Player(TAKE, KEY)
    player.expectations.append(Expectation("list", 1, {}))
    player.failing["list"] = Failure(405)
    status, answer = asked(player, LIST)
    assert status == 405
    error = {"message": "Only POST requests are accepted.", "type": "invalid_request_error", "param": None}
    assert answer == {"error": error | {"code": "method_not_supported"}}
    assert player.unmet() is None


def test_a_completion_is_found_by_its_id():
    """The recorded one is given; another id is refused as the student's, with the next step."""
    player = Player(TAKE, KEY)
    assert asked(player, f"{LIST}/c1") == (200, ITEMS[1])
    status, answer = asked(player, f"{LIST}/completion_id")
    assert status == 404
    assert answer["error"]["message"] == "No chat completion is stored with the id 'completion_id'."
    (refusal,) = player.refusals
    assert (refusal.line, refusal.next) == (7, messages.NEXT_ID)
    assert player.problems == []


@pytest.mark.parametrize("take", [TAKE[2:], TAKE[1:2]], ids=["no list", "only an empty one"])
def test_a_list_that_nobody_recorded(take):
    """A take without a list of what is stored has no answer."""
    player = Player(take, KEY)
    assert asked(player, LIST)[0] == 400
    assert [problem.next for problem in player.problems] == [messages.NEXT_PATH]


def test_the_sdk_lets_an_empty_page_pass():
    """What the SDK's model makes of our empty page has no first id, as at the provider."""
    page = SyncCursorPage[ChatCompletion].model_validate(stored.page(EMPTY, LIST))
    assert (page.data, page.first_id) == ([], None)
