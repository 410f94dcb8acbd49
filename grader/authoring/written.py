"""Cassettes as files: YAML that people can read, and that loads as exactly what was written."""

import re
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import yaml

from grader.authoring import sdk
from grader.errors import CassetteError, GraderError
from grader.replay import cassettes
from grader.replay.cassettes import Exchange, Take

WIDTH = 1 << 30  # a body in JSON stays one line


class _Dumper(yaml.SafeDumper):
    """Indents lists, writes texts of several lines as blocks, and lists of words in one line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, indentless=False)


class _Words(list[str]):
    """A list that is written in one line."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else "'" if text.startswith("{") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _words(dumper: _Dumper, words: _Words) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", words, flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Words, _words)


def cassette(take: Take, metadata: Mapping[str, object]) -> bytes:
    """The file's content; `metadata` gets the hash by which a later change is noticed."""
    noted = dict(metadata) | {"checked": cassettes.fingerprint(take)}
    plain = {name: _Words(value) if isinstance(value, list) else value for name, value in noted.items()}
    content = {"version": 1, "metadata": plain, "interactions": [_interaction(exchange) for exchange in take]}
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH).encode()


def _interaction(exchange: Exchange) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "request": {
            "method": request.method,
            "uri": request.uri,
            "headers": _headers(request.headers),
            "body": request.body,
        },
        "response": {
            "status": {"code": response.status.code, "message": response.status.message},
            "headers": _headers(response.headers),
            "body": {"string": response.body.string},
        },
    }


def _headers(headers: dict[str, list[str]]) -> dict[str, _Words]:
    return {name: _Words(values) for name, values in headers.items()}


def metadata(path: Path) -> dict[str, Any]:
    """All that a cassette says of itself; empty for a file that is absent or no cassette."""
    try:
        content = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, yaml.YAMLError):
        return {}
    found = content.get("metadata") if isinstance(content, dict) else None
    return found if isinstance(found, dict) else {}


def check(path: Path, shown: str) -> None:
    """Ask the SDK's models about a cassette written by hand, and store the hash of what they accepted in it.

    Raises CassetteError where they do not know it.
    """
    cassette = cassettes.load(path, shown)
    if cassette.metadata.checked:
        return
    _, unknown = sdk.known(cassette.interactions, shown)
    if unknown:
        raise CassetteError(f"{shown}: the SDK does not know {', '.join(unknown)}.")
    line = rf"\g<0>\n  checked: {cassettes.fingerprint(cassette.interactions)}"
    text, count = re.subn(r"^  origin: .+$", line, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
    if not count:
        raise CassetteError(f"{shown}: `  origin: ...` has no line of its own.")
    replace_all({path: text.encode()})


def replace_all(files: Mapping[Path, bytes]) -> None:
    """Put all files in place, or none: each is written beside its place first, then they are renamed."""
    with ExitStack() as stack:
        ready = []
        try:
            for path, content in files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
                    temporary = Path(stream.name)
                    stack.callback(temporary.unlink, missing_ok=True)
                    stream.write(content)
                temporary.chmod(0o644)
                ready.append((temporary, path))
            for temporary, path in ready:
                temporary.replace(path)
        except OSError as error:
            raise GraderError(f"The files could not be written: {error.strerror}.") from None
