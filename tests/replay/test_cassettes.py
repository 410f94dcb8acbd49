"""A cassette is read as it is, or refused with the file, and what is wrong there."""

import textwrap

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import CassetteError
from grader.replay import cassettes

SHOWN = "cassettes/lesson1/ex03_hello/a.yaml"
GOOD = {
    "version": 1,
    "metadata": {"origin": "authored", "note": "for a test"},
    "interactions": [
        {
            "request": {
                "method": "POST",
                "uri": "https://api.openai.com/v1/chat/completions",
                "headers": {"content-type": ["application/json"]},
                "body": '{"model":"m","n":2}',
            },
            "response": {
                "status": {"code": 200, "message": "OK"},
                "headers": {"Content-Type": ["application/json; charset=utf-8"]},
                "body": {"string": '{"id":"\N{EURO SIGN}"}'},
            },
        }
    ],
}
PLACES = [
    ("version",),
    ("metadata",),
    ("metadata", "origin"),
    ("interactions",),
    ("interactions", 0),
    ("interactions", 0, "request"),
    ("interactions", 0, "request", "method"),
    ("interactions", 0, "request", "uri"),
    ("interactions", 0, "response"),
    ("interactions", 0, "response", "status"),
    ("interactions", 0, "response", "status", "code"),
    ("interactions", 0, "response", "headers"),
    ("interactions", 0, "response", "body"),
    ("interactions", 0, "response", "body", "string"),
]
steady = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def load(tmp_path):
    """Load a cassette from data or from a text."""

    def loaded(content):
        path = tmp_path / "a.yaml"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = textwrap.dedent(content) if isinstance(content, str) else yaml.safe_dump(content)
            path.write_text(text, "utf-8")
        return cassettes.load(path, SHOWN)

    return loaded


def changed(place, value=None):
    """The good cassette with another value there, or without it."""
    content = msgspec.yaml.decode(msgspec.yaml.encode(GOOD))
    *outer, last = place
    inside = content
    for step in outer:
        inside = inside[step]
    if value is None:
        del inside[last]
    else:
        inside[last] = value
    return content


def test_a_good_cassette_is_read(load):
    """Origin, exchanges, request and response are there, and each exchange knows its origin and place."""
    cassette = load(GOOD)
    (exchange,) = cassette.interactions
    assert cassette.metadata.origin == exchange.origin == "authored"
    assert exchange.place == f"{SHOWN}#0"
    assert exchange.sent == {"model": "m", "n": 2}
    assert exchange.content == '{"id":"\N{EURO SIGN}"}'.encode()
    assert exchange.media == "application/json"
    assert exchange.response.status.code == 200


def test_vcrpys_own_extras_are_accepted(load):
    """What vcrpy or a recorder writes besides is no error."""
    content = changed(("version",), 1)
    content["recorded_with"] = "vcrpy"
    content["metadata"] |= {"dropped": ["timings"], "engine": {"name": "x"}}
    content["interactions"][0]["request"]["protocol"] = "HTTP/1.1"
    content["interactions"][0]["response"]["http_version"] = "HTTP/1.1"
    assert len(load(content).interactions) == 1


@pytest.mark.parametrize("body", [b"\xff\xfb\x90\0", bytes(range(256)), b""])
def test_a_binary_body_arrives_unchanged(load, body):
    """Sound is stored as `!!binary` and comes back byte for byte."""
    (exchange,) = load(changed(PLACES[-1], body)).interactions
    assert exchange.content == body


@pytest.mark.parametrize("body", [None, "", "{}", "[1]", "5", '"text"'])
def test_a_request_that_sends_no_object_has_no_fields(load, body):
    """A request without a JSON object is one without fields."""
    content = changed(("interactions", 0, "request", "body"))
    content["interactions"][0]["request"]["body"] = body
    (exchange,) = load(content).interactions
    assert exchange.sent == {}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
def test_what_is_missing_is_named(load, place):
    """Without a required entry the cassette is refused, with the file and where it is missing."""
    with pytest.raises(CassetteError) as error:
        load(changed(place) if place != ("interactions", 0) else changed(place, 5))
    assert str(error.value).startswith(f"{SHOWN}: the cassette is wrong: ")
    name = next((step for step in reversed(place) if isinstance(step, str)), "")
    assert name in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
@pytest.mark.parametrize("value", [5.5, ["a", 1], {"a": {1: 2}}, True], ids=str)
def test_wrong_types_are_refused(load, place, value):
    """A value of another type is refused, also where Python would let it pass."""
    with pytest.raises(CassetteError, match=r"^cassettes/lesson1/ex03_hello/a.yaml: the cassette is wrong: "):
        load(changed(place, value))


@pytest.mark.parametrize("origin", ["recorded", "Live", "", " live"])
def test_an_unknown_origin_is_refused(load, origin):
    """There are four words for where a cassette comes from, and no others."""
    with pytest.raises(CassetteError, match=r"origin"):
        load(changed(("metadata", "origin"), origin))


@pytest.mark.parametrize("origin", ["live", "local-model", "documented", "authored"])
def test_the_four_origins_are_accepted(load, origin):
    """Each of the four words is an origin."""
    assert load(changed(("metadata", "origin"), origin)).interactions[0].origin == origin


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("version: 1\nmetadata: [\n", 3),
        ("version: 1\n\tmetadata: x\n", 2),
        ("version: 1\nmetadata: {a: b\ninteractions: []\n", 3),
        ("a: 'never closed\n", 2),
        ("a: &x 1\nb: *y\n", 2),
    ],
)
def test_broken_yaml_is_refused_with_its_line(load, text, line):
    """The line is the one where reading stopped."""
    with pytest.raises(CassetteError) as error:
        load(text)
    assert str(error.value) == f"{SHOWN}:{line}: the cassette is not YAML."


@pytest.mark.parametrize("content", [b"\xff\xfe\0", b"version: 1\n\0", b"\x80\x81", b"a: \xff\n"])
def test_bytes_that_are_no_text_are_refused(load, content):
    """A file in another encoding is not YAML."""
    with pytest.raises(CassetteError, match="is not YAML"):
        load(content)


@pytest.mark.parametrize("text", ["", "5", "[]", "just words", "--- {}", "null"])
def test_yaml_that_is_no_cassette_is_refused(load, text):
    """Any other YAML is told apart from a cassette."""
    with pytest.raises(CassetteError, match="the cassette is wrong"):
        load(text)


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path [{canary}]]",
        "!!python/object/apply:os.system ['touch {canary}']",
        "!!python/object/new:subprocess.Popen [[touch, {canary}]]",
        "!!python/name:os.system",
        "!!python/module:os",
        "!!python/tuple [1]",
        "!custom x",
    ],
)
def test_tags_never_make_objects(load, tmp_path, tag):
    """A tag for a Python object is refused with its line, and nothing of it is executed."""
    canary = tmp_path / "canary"
    with pytest.raises(CassetteError, match=r"a.yaml:2: the cassette is not YAML"):
        load(f"version: 1\nmetadata: {tag.format(canary=canary)}\ninteractions: []\n")
    assert not canary.exists()


@pytest.mark.parametrize("body", ["{", "{'a': 1}", "model=m", "[" * 100_000, "\N{EURO SIGN}", "NaN,"])
def test_a_request_that_is_not_json_is_found_while_loading(load, body):
    """A request that cannot be compared is the author's fault, found before any student's."""
    with pytest.raises(CassetteError, match="a request body in the cassette is not JSON"):
        load(changed(("interactions", 0, "request", "body"), body))


@pytest.mark.parametrize("value", ["2026-99-99", "2026-11-23", "!!int x", "!!timestamp 5", "!!bool x"])
def test_odd_scalars_are_the_cassettes_fault(load, value):
    """YAML that looks like a date or a number is an error about the cassette, whichever."""
    with pytest.raises(CassetteError):
        load(f"version: {value}\nmetadata: {{origin: authored}}\ninteractions: []\n")


def test_a_missing_file_is_named(tmp_path):
    """A path that is not there, or is a folder, is an error with the path that was asked for."""
    with pytest.raises(CassetteError, match=f"^{SHOWN}: No such file"):
        cassettes.load(tmp_path / "nothing.yaml", SHOWN)
    with pytest.raises(CassetteError, match=f"^{SHOWN}: "):
        cassettes.load(tmp_path, SHOWN)


def test_a_checked_cassette_may_not_change(load):
    """The hash that recording stored is compared: what was exchanged is covered, the layout is not."""
    hashed = cassettes.fingerprint(load(GOOD).interactions)
    content = changed(("metadata", "checked"), hashed)
    assert load(content).metadata.checked == hashed
    assert load(yaml.safe_dump(content, default_flow_style=True, width=20)).metadata.checked == hashed
    content["metadata"]["note"] = "another"
    assert load(content).metadata.checked == hashed
    for place, value in (
        (PLACES[-1], "{}"),
        (PLACES[7], "https://elsewhere/v1/chat/completions"),
        (PLACES[10], 201),
    ):
        spoilt = changed(place, value)
        spoilt["metadata"]["checked"] = hashed
        with pytest.raises(CassetteError, match="was changed after it was checked"):
            load(spoilt)


def test_the_fingerprint_covers_every_exchange(load):
    """One exchange more, or fewer, is another cassette."""
    content = changed(("version",), 1)
    once = cassettes.fingerprint(load(content).interactions)
    content["interactions"] *= 2
    assert cassettes.fingerprint(load(content).interactions) != once
    content["interactions"] = []
    assert cassettes.fingerprint(load(content).interactions) != once


def test_takes_are_told_apart_by_the_first_part_of_their_names(tmp_path):
    """`a.yaml` and `a.errors.yaml` are one take, `b.yaml` is another, whatever the order of the paths."""
    for name in ("b", "a.errors", "a", "a.limits"):
        content = changed(("interactions", 0, "request", "uri"), f"https://x/v1/{name}")
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(content))
    takes = cassettes.takes(list(tmp_path.glob("*.yaml")), tmp_path)
    names = [sorted(exchange.request.uri.rpartition("/")[2] for exchange in take) for take in takes]
    assert names == [["a", "a.errors", "a.limits"], ["b"]]
    assert takes[0][0].place.startswith("a")


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@steady
@given(st.sampled_from(PLACES), JSONS)
def test_any_other_value_is_a_cassette_or_refused(tmp_path_factory, place, value):
    """Whatever stands in a cassette, the only exception is the one that names the file."""
    path = tmp_path_factory.mktemp("cassette") / "a.yaml"
    content = changed(place, 0)
    inside = content
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    path.write_text(yaml.safe_dump(content, allow_unicode=False), "utf-8")
    try:
        exchanges = cassettes.load(path, SHOWN).interactions
    except CassetteError as error:
        exchanges, found = (), str(error)
    else:
        found = SHOWN
    assert found.startswith(SHOWN)
    for exchange in exchanges:
        assert isinstance(exchange.content, bytes)
        assert isinstance(exchange.media, str)


@steady
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
def test_any_file_is_a_cassette_or_refused(tmp_path_factory, content):
    """The same for files of any bytes."""
    path = tmp_path_factory.mktemp("cassette") / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(CassetteError, match=f"^{SHOWN}"):
        cassettes.load(path, SHOWN)
