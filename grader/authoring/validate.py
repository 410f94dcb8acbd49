"""Are recorded bodies what the SDK's models know? `python -m grader.authoring.validate`: bodies in, the same out.

It runs in a process of its own, because it imports openai: what the models do not know is dropped and listed, and
the rest must be valid in the strict sense.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any, Literal

import msgspec


class Body(msgspec.Struct, frozen=True):
    """The text of a response, and the operation that it answers."""

    operation: str
    text: str


class Checked(msgspec.Struct, frozen=True):
    """A body without the fields at the paths in `dropped`; `wrong` says what the models do not accept in it."""

    text: str
    dropped: list[str] = []
    wrong: str = ""


def checked(body: Body) -> Checked:
    """A body as a cassette may hold it. A stream is looked at piece by piece."""
    dropped: set[str] = set()
    lines: list[str] = []
    stream = body.text.lstrip().startswith("data:")
    try:
        for line in body.text.split("\n") if stream else [body.text]:
            lines.append(_line(body.operation, line, dropped))  # noqa: PERF401 - the lines so far are not lost
    except ValueError as error:
        return Checked(body.text, sorted(dropped), _short(error))
    return Checked("\n".join(lines), sorted(dropped))


def _line(operation: str, line: str, dropped: set[str]) -> str:
    """A piece of a stream, or a whole body, without unknown fields. Raises ValueError."""
    prefix, text = ("data: ", line[5:].strip()) if line.startswith("data:") else ("", line)
    if (prefix and text == "[DONE]") or not text.strip():
        return line
    if not prefix and not text.lstrip().startswith("{"):
        raise ValueError(f"{text[:40]!r} is neither JSON nor an event")
    kind = model(operation, chunk=bool(prefix))
    content = json.loads(text)
    unknown = list(drop(kind.model_validate(content), content))
    kind.model_validate(content, strict=True)
    dropped.update(unknown)
    return prefix + json.dumps(content, ensure_ascii=False, separators=(",", ":")) if unknown else line


def model(operation: str, *, chunk: bool) -> Any:
    """The SDK's model of a reply."""
    from openai.types import ModerationCreateResponse  # noqa: PLC0415 - the judge reads this module's types
    from openai.types.chat import (  # noqa: PLC0415
        ChatCompletion,
        ChatCompletionChunk,
        ChatCompletionStoreMessage,
    )

    models = {
        "chat": ChatCompletionChunk if chunk else ChatCompletion,
        "moderation": ModerationCreateResponse,
        "retrieve": ChatCompletion,
        "list": page(ChatCompletion),
        "messages": page(ChatCompletionStoreMessage, role=str),
    }
    return models[operation]


def page(item: Any, **changed: Any) -> Any:
    """A page of a list as the API's reference shows it, where the SDK's own models are too narrow.

    They leave fields of a page out, and know no stored message but the model's. `changed` are fields of `item`.
    """
    from openai.pagination import SyncCursorPage  # noqa: PLC0415
    from pydantic import create_model  # noqa: PLC0415

    kind: Any = create_model(item.__name__, __base__=item, **changed)
    fields: Any = {"object": Literal["list"], "first_id": str | None, "last_id": str | None}
    return create_model(f"Page of {item.__name__}", __base__=SyncCursorPage[kind], **fields)


def drop(known: Any, content: Any, path: str = "") -> Iterator[str]:
    """Delete from `content` what the model that was made of it does not know; gives the paths."""
    if isinstance(content, list) and isinstance(known, list):
        for one, part in zip(known, content, strict=True):
            yield from drop(one, part, f"{path}[]")
    elif isinstance(content, dict) and hasattr(known, "model_extra"):
        for name in known.model_extra or {}:
            del content[name]
            yield f"{path}.{name}".lstrip(".")
        for name, field in type(known).model_fields.items():
            shown = field.alias or name
            yield from drop(getattr(known, name), content.get(shown), f"{path}.{shown}".lstrip("."))


def _short(error: ValueError) -> str:
    """The first fault, in one line."""
    errors = getattr(error, "errors", None)
    if errors is None:
        return str(error)
    first = errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def main() -> None:
    """Read a list of bodies from standard input, and write what became of them to standard output, as JSON."""
    bodies = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Body])
    sys.stdout.buffer.write(msgspec.json.encode([checked(body) for body in bodies]))


if __name__ == "__main__":
    main()
