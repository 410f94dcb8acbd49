"""Checks of ex14: tables and messages as versions of Ollama print them, and what is asked at its two addresses."""

import json
import re
import reprlib

import pytest
from hypothesis import strategies as st

MODEL = "qwen3:0.6b"
QUESTION = "Why do leaves turn yellow in autumn?"
LISTS = {  # as printed since 2024, with a model in the cloud, and before that, with tabs
    "NAME                                  ID              SIZE      MODIFIED       \n"
    "qwen3:0.6b                            7df6b6e09427    522 MB    12 minutes ago    \n"
    "hf.co/Qwen/Qwen3-0.6B-GGUF:latest     f3a1c5d20b7e    639 MB    3 weeks ago       \n"
    "gpt-oss:20b-cloud                     05afbac4bad6    -         2 days ago        \n"
    "gemma3:1b                             8648f39daa8f    815 MB    2 months ago      \n": [
        {"name": "qwen3:0.6b", "size": "522 MB"},
        {"name": "hf.co/Qwen/Qwen3-0.6B-GGUF:latest", "size": "639 MB"},
        {"name": "gpt-oss:20b-cloud", "size": "-"},
        {"name": "gemma3:1b", "size": "815 MB"},
    ],
    "NAME             \tID          \tSIZE  \tMODIFIED    \n"
    "mistral:latest   \t61e88e884507\t4.1 GB\t5 hours ago \t\n"
    "codellama:13b    \t9f438cb9cd58\t7.4 GB\t3 days ago  \t\n": [
        {"name": "mistral:latest", "size": "4.1 GB"},
        {"name": "codellama:13b", "size": "7.4 GB"},
    ],
    "NAME    ID    SIZE    MODIFIED \n": [],
}
PROCESSES = {  # with CONTEXT, as printed since 2025, and without
    "NAME          ID              SIZE      PROCESSOR          CONTEXT    UNTIL              \n"
    "qwen3:0.6b    7df6b6e09427    1.4 GB    100% GPU           4096       4 minutes from now    \n"
    "qwen3:8b      500a1f067a9f    11 GB     37%/63% CPU/GPU    40960      Stopping...           \n": [
        {"name": "qwen3:0.6b", "size": "1.4 GB", "cpu": 0, "gpu": 100},
        {"name": "qwen3:8b", "size": "11 GB", "cpu": 37, "gpu": 63},
    ],
    "NAME              ID              SIZE      PROCESSOR         UNTIL              \n"
    "phi3:mini         4f2222927938    5.6 GB    100% CPU          Forever               \n"
    "llama3.2:1b       baf6a787fdff    2.2 GB    8%/92% CPU/GPU    3 minutes from now    \n": [
        {"name": "phi3:mini", "size": "5.6 GB", "cpu": 100, "gpu": 0},
        {"name": "llama3.2:1b", "size": "2.2 GB", "cpu": 8, "gpu": 92},
    ],
    "NAME    ID    SIZE    PROCESSOR    CONTEXT    UNTIL \n": [],
}
MEANINGS = {
    "[Errno 61] Connection refused": "not running",
    "<urlopen error [WinError 10061] No connection could be made because the target machine actively refused it>": "not running",
    'Post "http://127.0.0.1:11434/api/chat": dial tcp 127.0.0.1:11434: connect: connection refused': "not running",
    "Error: could not connect to ollama server, run 'ollama serve' to start it": "not running",
    "Error: Could not connect to Ollama app, is it running?": "not running",
    "Error: listen tcp 127.0.0.1:11434: bind: address already in use": "port taken",
    "Error: listen tcp 0.0.0.0:11434: bind: Only one usage of each socket address (protocol/network address/port)"
    " is normally permitted.": "port taken",
    "Error: listen tcp 127.0.0.1:11434: bind: An attempt was made to access a socket in a way forbidden by its access"
    " permissions.": "unknown",
    "Error: model 'qwen3:0.6' not found": "unknown",
    "Error: model requires more system memory (5.6 GiB) than is available (3.1 GiB)": "unknown",
}


def printed(titles, rows):
    """Return a table as Ollama prints it: each column as wide as its longest text, and four blanks."""
    lines = [titles, *rows]
    widths = [max(map(len, column)) + 4 for column in zip(*lines, strict=True)]
    return "".join("".join(map(str.ljust, line, widths)) + "\n" for line in lines)


def listed(rows):
    """Return what `ollama list` prints about these models."""
    return printed(("NAME", "ID", "SIZE", "MODIFIED"), rows)


def loaded(rows):
    """Return what `ollama ps` prints about these models."""
    return printed(("NAME", "ID", "SIZE", "PROCESSOR", "CONTEXT", "UNTIL"), rows)


NAMES = st.sampled_from(
    ["phi4:14b", "qwen3:4b", "smollm2:135m", "deepseek-r1:1.5b", "hf.co/unsloth/gemma-3-1b-it-GGUF"]
)
IDS = st.sampled_from(["ac896e5b8b34", "2bfd38a7daaf", "9077fe9d2ae1"])
SIZES = st.tuples(st.integers(1, 999), st.sampled_from([" MB", " GB"])).map(lambda parts: "".join(map(str, parts)))
SHARES = st.integers(0, 100).map(
    lambda cpu: {0: "100% GPU", 100: "100% CPU"}.get(cpu, f"{cpu}%/{100 - cpu}% CPU/GPU")
)
ON_DISK = st.lists(st.tuples(NAMES, IDS, SIZES, st.just("5 days ago")), max_size=3)
IN_MEMORY = st.lists(st.tuples(NAMES, IDS, SIZES, SHARES, st.just("4096"), st.just("Forever")), max_size=3)


@pytest.mark.points(1)
def test_installed(student):
    """installed() reads what ollama list prints"""
    for table, want in LISTS.items():
        check_table("installed", student.installed(table), want)
    for (table,), got in student.each("installed", st.tuples(ON_DISK.map(listed))):
        check_table("installed", got, [{"name": name, "size": size} for name, _, size, _ in rows_of(table)])


@pytest.mark.points(1)
def test_running(student):
    """running() reads what ollama ps prints"""
    for table, want in PROCESSES.items():
        check_table("running", student.running(table), want)
    for (table,), got in student.each("running", st.tuples(IN_MEMORY.map(loaded))):
        rows = [(name, size, share_of(processor)) for name, _, size, processor, *_ in rows_of(table)]
        want = [{"name": name, "size": size, "cpu": cpu, "gpu": 100 - cpu} for name, size, cpu in rows]
        check_table("running", got, want)


@pytest.mark.points(1)
def test_ask(student, api):
    """ask() asks Ollama with an OpenAI client"""
    api.expect("chat", times=range(2), model=MODEL)  # none where there is no client; the log shall not speak first
    try:
        got = student.ask(QUESTION)
    except Exception as error:
        if error.type == "OpenAIError":
            pytest.fail(
                "OpenAI() wants a key, although Ollama reads none.\n"
                'Next: write api_key="ollama" behind the base_url; any word will do'
            )
        if error.type == "AuthenticationError":
            pytest.fail(
                f"Your request went to {api.requests[0].host}; Ollama answers at http://localhost:11434.\n"
                'Next: write base_url="http://localhost:11434/v1" into the brackets of OpenAI()'
            )
        raise
    check_request(api)
    assert api.requests[0].key != api.key, (
        f"Line: {api.requests[0].line}\nThis request carries your OpenAI key to another server.\n"
        'Next: write api_key="ollama"; never send a key to somebody else than its provider'
    )
    check_text("The value of ask()", got, api.replies[0].text, "return the content of the message as it came")


@pytest.mark.points(1)
def test_stream(student, api):
    """stream() joins the pieces of a reply"""
    (text, _), pieces = streamed(student, api)
    assert isinstance(text, str), (
        f"The first value of stream() is {shown(text)}; expected the text.\nNext: return the text first, then the speed"
    )
    want = "".join(piece["message"]["content"] for piece in pieces)
    thought = "".join(piece["message"].get("thinking", "") for piece in pieces)
    assert text != thought + want or not thought, (
        "The text of stream() begins with the thoughts of the model.\n"
        "Next: join the content of each piece, and leave thinking out"
    )
    check_text("The first value of stream()", text, want, "add the content of each piece to the text, in order")


@pytest.mark.points(1)
def test_speed(student, api):
    """stream() tells how many tokens came in a second"""
    (_, speed), (*_, last) = streamed(student, api)
    want = last["eval_count"] / (last["eval_duration"] / 1e9)
    words = f"{last['eval_count']} tokens took {last['eval_duration']} nanoseconds."
    assert isinstance(speed, int | float) and not isinstance(speed, bool), (
        f"The second value of stream() is {shown(speed)}; expected a number.\n"
        "Next: return the text first, then eval_count divided by the seconds"
    )
    assert speed == pytest.approx(want, abs=0.06), (
        f"{words} stream() says {speed:.6g} tokens per second; expected {want:.6g}.\n"
        "Next: divide eval_count by the seconds: eval_duration / 1,000,000,000"
    )


@pytest.mark.points(1)
def test_trouble(student, api):
    """stream() and explain() say what is wrong with Ollama"""
    for message, want in MEANINGS.items():
        got = student.explain(message)
        assert got == want, (
            f"explain() returned {shown(got)} for the message {short(message)}; expected {want!r}.\n"
            "Next: look in message.lower() for the words of the table in README.md, in small letters"
        )
    api.nobody_listens("ollama")
    try:
        got = student.stream(QUESTION)
    except Exception as error:
        check_error(error)
    else:
        pytest.fail(
            f"Ollama is not running. stream() returned {shown(got)}; expected a RuntimeError.\n"
            "Next: catch the error of the connection, and raise RuntimeError(...) there"
        )


def check_error(error):
    """The error must be one of the student's own, and name the command that helps."""
    assert "RuntimeError" in error.bases, (
        f"Ollama is not running. stream() stopped with {error.type}; expected a RuntimeError.\n"
        "Next: catch the error of the connection with try: and except, and raise RuntimeError(...) there"
    )
    assert "ollama serve" in str(error).lower(), (
        f"Ollama is not running. Your RuntimeError says {shown(str(error))}.\n"
        "Next: name the command that helps in its message: ollama serve"
    )


def streamed(student, api):
    """Return the two values that stream() gave, and the pieces that it got."""
    api.expect("ollama", times=1, model=MODEL)
    try:
        got = student.stream(QUESTION)
    except KeyError:
        assert api.replies, "Ollama refused your request."  # the log says why
        raise
    check_request(api)
    assert api.requests[0].body.get("stream", True) is True, (
        f"Line: {api.requests[0].line}\nYour request switches the streaming off.\nNext: leave stream=False out"
    )
    assert isinstance(got, list | tuple) and len(got) == 2, (
        f"stream() returned {shown(got)}; expected two values: the text and the speed.\n"
        "Next: end with  return text, speed"
    )
    return got, [json.loads(line) for line in api.replies[0].content.splitlines()]


def check_request(api):
    """The first request must hold the question, as one user message."""
    request = api.requests[0]
    assert request.messages == [("user", QUESTION)], (
        f"Line: {request.line}\nYour request holds these messages: {shown(request.messages)}. Expected: the question, as one user message.\n"
        "Next: send a list with one message: the role is user, the content is the question"
    )


def check_text(what, got, want, step):
    """The text must be the one that came, whole and unchanged."""
    assert got == want, f"{what} is {shown(got)}; the reply says {shown(want)}.\nNext: {step}"


def check_table(function, got, want):
    """The function must return these dicts, in the order of the table."""
    assert isinstance(got, list | tuple) and all(isinstance(row, dict) for row in got), (
        f"{function}() returned {shown(got)}; expected a list of dicts.\n"
        "Next: make a dict for each line below the titles, and put it into a list"
    )
    names = ", ".join(model["name"] for model in want)
    assert len(got) == len(want), (
        f"Models in the table: {names or 'none'}. Dicts that {function}() returned: {len(got)}.\n"
        "Next: leave the line with the titles out, and read each line below it"
    )
    for row, model in zip(got, want, strict=True):
        for key, value in model.items():
            step = "make a number of it with int()" if row.get(key) == str(value) else STEPS[key]
            assert row.get(key) == value, (
                f"{function}(): for the model {model['name']!r} the key {key!r} holds {shown(row.get(key))}; expected {value!r}.\n"
                f"Next: {step}"
            )
        assert len(row) == len(model), (
            f"{function}() returned a dict with the keys {', '.join(map(str, row))}; expected {', '.join(model)}.\n"
            "Next: leave the other columns out"
        )


STEPS = {
    "name": "take the first column; split the line where two blanks or a tab stand",
    "size": "take the third column, with its unit; split the line where two blanks or a tab stand",
    "cpu": "take the number of the CPU from the column PROCESSOR; without one it is 0",
    "gpu": "take the number of the GPU from the column PROCESSOR; without one it is 0",
}


def rows_of(table):
    """Return the cells of a drawn table, without the titles."""
    return [re.split(r" {2,}", line.strip()) for line in table.splitlines()[1:]]


def share_of(processor):
    """Return how many percent of a model the CPU holds, by the text of the column PROCESSOR."""
    return 0 if processor == "100% GPU" else int(processor.partition("%")[0])


def short(text):
    """Show the end of a long message, where the reason stands."""
    return repr(text if len(text) <= 70 else f"...{text[-66:]}")


def shown(value):
    """Show a value in a few words."""
    return f"a value of type {value.type}" if hasattr(value, "type") else reprlib.repr(value)
