"""Each row of the table is reached by an error that this Python and this library really raise."""

import asyncio
import json  # noqa: F401 - the code below reads it
import os  # noqa: F401 - so does it with this
import sys

import msgspec
import openai
import pytest
from openai.pagination import SyncCursorPage
from openai.types import ModerationCreateResponse
from openai.types.chat import ChatCompletion

from grader import messages
from grader.cell.protocol import Raised
from grader.cell.student_code import compiled
from grader.cell.worker import message_of
from grader.judge import explain

CLIENT = openai.OpenAI(api_key="none")
REPLY = ChatCompletion.model_validate(
    {
        "id": "1",
        "created": 1,
        "model": "m",
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": "Hi", "refusal": None},
            }
        ],
    }
)
TEXT, NOTHING = "Hi", None
PAGE = SyncCursorPage[ChatCompletion].model_construct(data=[])
VERDICT = ModerationCreateResponse.model_construct(results=[])

UNREADABLE = [
    ("x = “a”", "The quote “ on this line is curly. Python reads only straight ones."),
    ("x = f(a\uff0cb)", "Python does not know the character \uff0c on this line."),
    ("x =\u00a01", "There is an invisible character on this line (U+00A0). It often comes with copied text."),
    ("if 1:\n\tx\n        y", "This line begins with a mix of tabs and spaces."),
    ("x = 1\n  y = 2", "This line begins further to the right than the lines around it."),
    ("if 1:\n    x\n  y", "This line begins in a column where no line above it begins."),
    ("def f():\nreturn 1", "Line 1 ends with a colon, so this line must begin further to the right."),
    ("f(\n", "The bracket ( on this line is never closed."),
    ("x = (1]", "The brackets ( and ] do not belong together."),
    (
        "f([1,\n  2)",
        "On line 1 the bracket [ was opened; ) on this line does not close it.",
    ),
    ('x = f"{x"', "An f-string on this line ends too early, inside its { }."),
    ("if 1:\n    pass\nelse if x:\n    pass", "Python does not know else if."),
    ("x = 1)", "The bracket ) on this line was never opened."),
    ("x = 'a", "A text on this line has no quote at its end."),
    ("x = f'a", "A text on this line has no quote at its end."),
    ("x = '''a\nb", "A text on this line has no quote at its end."),
    ("def f()\n    pass", "A colon is missing on this line."),
    ("x = {'role': 'user', 'content' 'x'}", "A key of the dict on this line has no colon and no value."),
    ("x = [1 2]", "A comma may be missing on this line, or at the end of the line above."),
    ("x = f'{a b}'", "A comma may be missing on this line, or at the end of the line above."),
    ("f(temperature=1,3)", "In the call that ends here, a value has no name."),
    ("f(n=1, n=2)", "n is given twice in one call."),
    ("if x = 1:\n    pass", "The sign = cannot stand here."),
    ("x = {'role'='user'}", "The sign = cannot stand here."),
    ("return 1", "This return stands outside of a function."),
    ("class hello(client):\n    if 1:\n        return 1", "hello is a class here; the task asks for a function."),
    (
        "class Chat:\n    class send(text):\n        return 1\n    def x(): 1",
        "send is a class here; the task asks for a function.",
    ),
    ("class Chat:\n    return 1", "This return stands outside of a function."),
    ("class chat:\n    def send(self): 1\n    return 1", "This return stands outside of a function."),
    ("class chat:\n    x = 1\nreturn 1", "This return stands outside of a function."),
    ("def f():\n    await x", "This await stands outside of an async function."),
    ("x = 5 +", "Python cannot read this line: invalid syntax."),
]

RAISED = [
    ("REPLY.choices.message", messages.WHOLE_LIST),
    ("TEXT.text", messages.A_TEXT),
    ("{}.role", messages.A_DICT),
    ("REPLY.content", messages.NO_ATTRIBUTE),
    ("REPLY.finish_reason", messages.NO_ATTRIBUTE),
    ("REPLY.choice", messages.NO_ATTRIBUTE_BUT),
    ("REPLY.choices[0].text", messages.NO_ATTRIBUTE),
    ("REPLY.choices[0].message.text", messages.NO_ATTRIBUTE),
    ("VERDICT.flagged", messages.NO_ATTRIBUTE),
    ("CLIENT.moderation", messages.CLIENT_HAS_NO_BUT),
    ("CLIENT.chat.completion", messages.CLIENT_HAS_NO_BUT),
    ("CLIENT.ask", messages.CLIENT_HAS_NO),
    ("openai.OpenAI.chat.completions", messages.CLASS_ITSELF),
    ("openai.OpenAi", messages.LIBRARY_HAS_NO),
    ("NOTHING.choices", messages.NONE_HERE),
    ("NOTHING['choices']", messages.NONE_HERE),
    ("list(NOTHING)", messages.NONE_HERE),
    ("PROMISE.choices", messages.NOT_AWAITED),
    ("PROMISE['choices']", messages.NOT_AWAITED),
    ("(lambda: 0).choices", messages.NOT_CALLED),
    ("CLIENT.copy['x']", messages.NOT_CALLED),
    ("(1).choices", messages.NO_ATTRIBUTE),
    ("REPLY['choices']", messages.SQUARE_BRACKETS),
    ("PAGE[0]", messages.SQUARE_BRACKETS),
    ("[one for one in 5]", messages.NOT_A_LIST),
    ("REPLY.choices['message']", messages.LIST_NEEDS_NUMBER),
    ("TEXT['text']", messages.TEXT_NEEDS_NUMBER),
    ("REPLY.choices[1]", messages.LIST_TOO_SHORT),
    ("CLIENT.chat.completions(model='m')", messages.NO_CREATE),
    ("CLIENT.moderations(input='Hi')", messages.NO_CREATE),
    ("openai.AsyncOpenAI(api_key='k').chat.completions()", messages.NO_CREATE),
    ("REPLY.choices(0)", messages.ROUND_BRACKETS),
    ("dict()('role')", messages.ROUND_BRACKETS),
    ("type('Chat', (), {'__init__': lambda self: 'Hi'})()", messages.INIT_RETURNS),
    ("asyncio.run(wait_for(REPLY))", messages.NOTHING_TO_AWAIT),
    ("asyncio.run(run_again())", messages.LOOP_RUNS),
    ("CLIENT.chat.completions.create(model='m', messages=[], max_token=1)", messages.NO_ARGUMENT_BUT),
    ("CLIENT.chat.completions.create(model='m', messages=[], qqq=1)", messages.NO_ARGUMENT),
    ("openai.OpenAI(key='k')", messages.NO_ARGUMENT_BUT),
    ("hello(x=1)", messages.NO_ARGUMENT),
    ("CLIENT.chat.completions.create(mesages=[])", messages.CHAT_NEEDS),
    ("CLIENT.moderations.create(model='m')", messages.ARGUMENT_MISSING),
    ("CLIENT.audio.speech.create(model='m')", messages.ARGUMENT_MISSING),
    ("hello(1, 2)", messages.PARAMETERS),
    ("type('hello', (), {})(1)", messages.NO_DEF),
    ("type('Chat', (), {})(1)", messages.NO_INIT),
    ("hello()", messages.NO_VALUE_FOR),
    ("forever(1)", messages.CALLS_ITSELF),
    ("openai.OpenAI()", messages.NO_KEY),
    ("openai.ChatCompletion.create()", messages.OLD_API),
    ("true", messages.NOT_PYTHON),
    ("self.client", messages.NO_SELF),
    ("load_dotenv()", messages.NOT_IMPORTED),
    ("too_early()", messages.NO_VALUE_YET),
    ("too_early.__globals__['import_']()", messages.LIBRARY_HAS_NO),
    ("{}['OPENAI_KEY']", messages.NOT_IN_ENVIRONMENT),
    ("reply", messages.NO_NAME),
    ("{}['role']", messages.RAISED),
    ("1 / 0", messages.RAISED),
    ("float('x')", messages.RAISED),
    ("int('100%')", messages.NOT_A_NUMBER),
    ("raise_text()", messages.RAISES_NO_ERROR),
    ("os.getenv(None)", messages.NO_TEXT),
    ("sys.__stdout__.write(b'')", messages.TEXT_FILE),
    ("dict([(1, 2, 3)])", messages.RAISED),
    ("[one for one, two in [[1]]]", messages.UNPACKED),
    ("[one for one, two in [[1, 2, 3]]]", messages.UNPACKED),
    ("json.loads('{}\\n{}')", messages.SEVERAL_JSON),
    ("json.loads('')", messages.NO_JSON),
]

LOADED = [
    ("SEED = anna", messages.NEXT_TEXT_IN_QUOTES.format(name="anna")),
    ("SEED=anna # my name", messages.NEXT_TEXT_IN_QUOTES.format(name="anna")),
    ("SEED = anna + x", messages.NEXT_AT_IMPORT),
    ("print(hello(client_))", messages.NEXT_AT_IMPORT),
    ("SEED = 1 / 0", messages.NEXT_RAISED),
    ("print(hello())", messages.NEXT_AT_IMPORT),
    ("hello(1 / 0)", messages.NEXT_AT_IMPORT),
]
MEANT_AS_FUNCTION = "class hello(client): 1"


async def answer():
    """An async function that somebody forgot to await."""


async def wait_for(reply):
    await reply


async def run_again():
    coroutine = answer()
    try:
        asyncio.run(coroutine)
    finally:
        coroutine.close()


def hello(client):
    return client


def forever(client):
    return forever(client)


def too_early():
    value = value + 1  # noqa: F821, F841 - the mistake


def raise_text():
    raise "There is no key."  # noqa: B016 - the mistake


def import_():
    from openai import OpenAi  # noqa: F401, PLC0415


def raised(error, code=""):
    """What a cell would send."""
    bases = [base.__name__ for base in type(error).__mro__]
    return Raised(1, bases[0], bases, message_of(error), 1, own=True, code=code)


def of_source(code):
    """The error of code that Python cannot read."""
    with pytest.raises(SyntaxError) as caught:
        compiled(code.encode(), "code")
    return raised(caught.value, code.splitlines()[(caught.value.lineno or 1) - 1])


def of_call(code, monkeypatch):
    """The error of code that runs."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    promise = answer()
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever it is
        eval(code, globals() | {"PROMISE": promise})  # noqa: S307 - from the list above
    promise.close()
    return raised(caught.value, code)


def of_file(code):
    """The error of a file's only line, while it is loaded."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever it is
        exec(code, {"hello": hello})  # noqa: S102 - from the list above
    return raised(caught.value, code)


@pytest.mark.parametrize(("code", "says"), UNREADABLE)
def test_what_python_cannot_read(code, says):
    """The same sentence on every version of Python."""
    assert explain.ending(of_source(code))[0] == says


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="it is valid code since Python 3.12")
@pytest.mark.parametrize("code", ["f'{REPLY['a']}'", "f'{REPLY.get('a')}'", "f'{', '.join(TEXT)}'"])
def test_the_same_quotes_inside_of_an_f_string(code):
    """An opening bracket that Python calls unmatched is not told as one: the quotes inside end the text."""
    sentence, step = explain.ending(of_source(code))
    assert sentence == "An f-string on this line ends too early, inside its { }."
    assert "use other quotes inside than around" in step


@pytest.mark.parametrize(("code", "says"), RAISED, ids=[code for code, _ in RAISED])
def test_what_python_and_the_library_raise(monkeypatch, code, says):
    """The sentence of the row that is meant, with its fields filled in."""
    sentence, step = explain.error(of_call(code, monkeypatch), "hello()")
    parts = [part for part in says.replace("{", "}").split("}")[::2] if part]
    assert all(part in sentence for part in parts), sentence
    assert "{" not in sentence.replace("{}", "")
    assert step


def test_a_method_without_self():
    """Where a method gets one value too many, and its def line lacks self, that is what is told."""
    with pytest.raises(TypeError) as caught:
        type("Chat", (), {"hello": hello})().hello("Hi")
    sentence, step = explain.error(raised(caught.value, "    def hello(client):"), "hello()")
    assert sentence == "The first parameter of this method is not self."
    assert step == messages.NEXT_SELF
    assert "gets more values (2)" in explain.error(raised(caught.value, "def hello(client):"), "hello()")[0]


@pytest.mark.parametrize(("code", "step"), LOADED, ids=[code for code, _ in LOADED])
def test_what_stops_a_file(code, step):
    """While a file is loaded, the next step fits the line: quotes that a text lacks, or a call out of place."""
    sentence, found = explain.error(of_file(code), "")
    assert sentence.startswith("This line runs when your file is loaded. It stopped with ")
    assert found == step


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (MEANT_AS_FUNCTION, "hello is a class here; the task asks for a function."),
        ("class hello(self, client): 1", "hello is a class here; the task asks for a function."),
        ("class Chat(client): 1", "This line runs when your file is loaded. It stopped with NameError: "),
        ("class chat(OpenAI): 1", "OpenAI is used here, but your file does not import it."),
    ],
)
def test_a_class_in_the_place_of_a_function(code, says):
    """Its parameters are bases that nobody knows; a class that is meant as one is told as other lines are."""
    assert explain.error(of_file(code), "")[0].startswith(says)


def test_every_row_is_reached(monkeypatch):
    """No row is out of date: an error above reaches it, and no row before it takes that error away."""
    rows = {explain.SYNTAX: [of_source(code) for code, _ in UNREADABLE]}
    rows[explain.IN_FUNCTION] = [of_call(code, monkeypatch) for code, _ in RAISED]
    too_many = of_call("hello(1, 2)", monkeypatch)
    rows[explain.IN_FUNCTION].append(msgspec.structs.replace(too_many, code="    def hello(client):"))
    rows[explain.AT_IMPORT] = [*rows[explain.IN_FUNCTION], *(of_file(code) for code, _ in LOADED)]
    rows[explain.AT_IMPORT].append(of_file(MEANT_AS_FUNCTION))
    for table, errors in rows.items():
        reached = [next(row for row in table if explain.fitting(row, error) is not None) for error in errors]
        assert [row for row in table if row not in reached] == []


def test_a_librarys_long_message_is_cut():
    """Only the beginning of what a library says is shown; what the student wrote is shown whole."""
    text = "It is long. " * 100 + "\nIt has lines."
    theirs = Raised(1, "ValueError", ["ValueError", "Exception", "BaseException"], text, 1, own=False)
    mine = Raised(1, "ValueError", ["ValueError", "Exception", "BaseException"], text, 1, own=True)
    assert len(explain.error(theirs, "hello()")[0]) < 200
    assert explain.error(theirs, "hello()")[0].endswith("...")
    assert explain.error(mine, "hello()")[0].endswith("It has lines.")


def test_a_file_is_not_a_call():
    """While a file is loaded, the sentence does not speak of a function."""
    error = Raised(
        1, "NameError", ["NameError", "Exception", "BaseException"], "name 'x' is not defined", 1, own=True
    )
    sentence, step = explain.error(error, "")
    assert (
        sentence == "This line runs when your file is loaded. It stopped with NameError: name 'x' is not defined"
    )
    assert step == messages.NEXT_AT_IMPORT
