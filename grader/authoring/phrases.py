"""Finds what students read, for the catalogue: extraction methods for Babel, one for each kind of file.

A message is a template as str.format() reads it. In a check, the parts of an assertion's message are messages of
their own, as the judge shows them: the words, and the step behind `Next:`.
"""

import ast
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Final

from grader.authoring.flow import Flow
from grader.judge.checks import LINE, NEXT
from grader.model import Verdict
from grader.reports.translation import WORD, template

Found = tuple[int, None, str, list[str]]  # as of Babel's methods: line, function (none), text, comments
Text = tuple[int, str]
Piece = str | ast.expr  # words, or a value between them
SAYS: Final = {"pytest.fail", "AssertionError"}  # in words and steps, as assertions
TELLS: Final = {  # as they are
    "GraderError",
    "LessonError",
    "NotSentError",
    "TooBigError",
    "CellDiedError",
    "self._died",
    "self._no_answer",
    "ours",
}
TITLE: Final = "pytest.mark.title"  # of one case of a parametrised check
SHOWN: Final = {"title", "hints", "why", "next"}  # the keys of a lesson's TOML files that a student reads


def python(stream: IO[bytes], *_: object, **__: object) -> Iterator[Found]:
    """A module of the judge, or the checks of an exercise: what is asserted, raised, or filled into a sentence."""
    tree = ast.parse(stream.read())
    flow = Flow(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Assert(msg=ast.expr() as message):
                yield from found(said(texts(message, flow)))
            case ast.FunctionDef(name) if name.startswith("test_") and ast.get_docstring(node):
                yield from found([(node.lineno, escaped(str(ast.get_docstring(node)).splitlines()[0].strip()))])
            case ast.Call(func, args, keywords):
                yield from called(ast.unparse(func), args, keywords, flow)


def called(name: str, args: list[ast.expr], keywords: list[ast.keyword], flow: Flow) -> Iterator[Found]:
    """What the arguments of a call say."""
    if name in SAYS:
        yield from found(said(text for one in args for text in texts(one, flow)))
    elif name == TITLE:
        yield from found((one.lineno, escaped(str(one.value))) for one in args if isinstance(one, ast.Constant))
    elif name in TELLS:
        yield from found(text for one in args for text in texts(one, flow))
    elif re.fullmatch(r"messages\.[A-Z_]+\.format", name):
        yield from found(text for one in keywords for value in given(one, flow) for text in texts(value, flow))
    elif name.endswith((".words", "say")) and args and isinstance(args[0], ast.Constant):
        yield from found([(args[0].lineno, str(args[0].value))])


def constants(stream: IO[bytes], *_: object, **__: object) -> Iterator[Found]:
    """grader/messages.py: its constants are templates."""
    for node in ast.parse(stream.read()).body:
        match node:
            case ast.AnnAssign(value=ast.Constant(str(text))):
                yield from found([(node.lineno, text)])


def verdicts(*_: object, **__: object) -> Iterator[Found]:
    """grader/model.py: the verdicts, as they are shown."""
    yield from found((1, verdict.replace("_", " ")) for verdict in Verdict)


def toml(stream: IO[bytes], *_: object, **__: object) -> Iterator[Found]:
    """lesson.toml or quiz.toml: titles, hints, why a choice is wrong, and what to do next."""
    yield from found((1, text) for text in shown(tomllib.load(stream)))


def shown(value: Any, *, inside: bool = False, drawn: bool = False) -> Iterator[str]:
    """The texts below the keys of SHOWN, each in one line. Those of a question with `draw` are templates."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from shown(item, inside=inside or key in SHOWN, drawn=drawn or "draw" in value)
    elif isinstance(value, list):
        for item in value:
            yield from shown(item, inside=inside, drawn=drawn)
    elif inside and isinstance(value, str):
        text = " ".join(line.strip() for line in value.splitlines() if line.strip())
        yield text if drawn else escaped(text)


def found(several: Iterable[Text]) -> Iterator[Found]:
    """The texts that have words, as Babel wants them. How a value is formatted is not the translator's."""
    for line, text in several:
        own = template(text)
        words = " ".join(own.words)
        if WORD.search(words) and (" " in text or words.strip(".:;,!? ").isalpha()):  # else it is code: `n={n}`
            ends = ["", *(f"{{{name}}}" for name in own.fields)]
            yield line, None, "".join(end + escaped(word) for end, word in zip(ends, own.words, strict=True)), []


def said(several: Iterable[Text]) -> Iterator[Text]:
    """The words and the steps of an assertion's messages."""
    for line, text in several:
        lines = [one.strip() for one in text.splitlines() if one.strip()]
        yield line, " ".join(one for one in lines if not one.startswith((NEXT, LINE)))
        yield line, " ".join(one.removeprefix(NEXT) for one in lines if one.startswith(NEXT))


def texts(node: ast.expr, flow: Flow) -> Iterator[Text]:
    """The templates that an expression's value can be made of, and those of the values in them."""
    todo, done = [node], set()
    while todo:
        for leaf in flow.leaves(todo.pop(0)):
            if leaf in done:
                continue
            done.add(leaf)
            for one in made(leaf, flow):
                if isinstance(one, ast.expr):
                    todo.append(one)
                else:
                    yield leaf.lineno, one


def made(leaf: ast.expr, flow: Flow) -> Iterator[Piece]:
    """The template that an expression writes out, and the expressions whose values come into it."""
    match leaf:
        case ast.Call(ast.Attribute(own, "format"), _, keywords):
            yield from (str(one.value) for one in flow.leaves(own) if isinstance(one, ast.Constant))
            for keyword in keywords:
                yield from given(keyword, flow)
        case ast.Constant(str()) | ast.JoinedStr() | ast.BinOp(op=ast.Add()):
            pieces = list(itertools.pairwise([*parts(leaf), ""]))
            for several in itertools.product(*(either(piece, flow) for piece, _ in pieces)):
                yield joined(several)
            for piece, following in pieces:
                if isinstance(piece, ast.expr) and not flow.switch(piece) and not begins_call(following):
                    yield piece


def either(piece: Piece, flow: Flow) -> Sequence[Piece]:
    """A value that the code chooses from two texts is both of them, so that each sentence has its own grammar."""
    return [piece] if isinstance(piece, str) else flow.switch(piece) or [piece]


def begins_call(following: Piece) -> bool:
    """Whether the value before it is a function's name."""
    return isinstance(following, str) and following.startswith("(")


def given(keyword: ast.keyword, flow: Flow) -> Iterator[ast.expr]:
    """The value of a keyword argument, or the values of `**words`."""
    if keyword.arg:
        yield keyword.value
    else:
        yield from flow.values(keyword.value)


def parts(node: ast.expr) -> Iterator[Piece]:
    """The words of a text, and the values between them. What `!r` shows is in quotes, and no text of ours."""
    match node:
        case ast.Constant(str(text)):
            yield text
        case ast.JoinedStr(several):
            for one in several:
                yield from parts(one)
        case ast.BinOp(left, ast.Add(), right):
            yield from (*parts(left), *parts(right))
        case ast.FormattedValue(value, conversion=-1):
            yield value
        case ast.FormattedValue(value):
            yield ast.Call(ast.Name("repr"), [value], [])
        case _:
            yield node


def joined(pieces: Sequence[Piece]) -> str:
    """A template of words and values; each value gets a name of its own, which tells the translator what it is."""
    names: dict[str, str] = {}
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += escaped(piece)
            continue
        wanted = name_of(piece)
        taken = sum(
            name.rstrip("0123456789") == wanted for code, name in names.items() if code != ast.unparse(piece)
        )
        names.setdefault(ast.unparse(piece), f"{wanted}{taken + 1 if taken else ''}")
        text += f"{{{names[ast.unparse(piece)]}}}"
    return text


def name_of(node: ast.expr) -> str:
    """A name for a value: the variable's, the attribute's, or what a helper gets."""
    match node:
        case ast.Call(_, [first, *_]):
            return name_of(first)
        case ast.Name(name) | ast.Attribute(_, name) | ast.Subscript(_, ast.Constant(str(name))) if (
            name.isidentifier()
        ):
            return name.lower().strip("_")
        case ast.Subscript(value) | ast.Call(ast.Attribute(value)):
            return name_of(value)
    return "value"


def escaped(text: str) -> str:
    """A text as a template without fields."""
    return text.replace("{", "{{").replace("}", "}}")
