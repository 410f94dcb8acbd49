"""What needs the openai package: done by small scripts in processes of their own, as student code is."""

import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

import msgspec

from grader import settings
from grader.authoring.validate import Body, Checked
from grader.errors import CassetteError
from grader.replay import matching
from grader.replay.cassettes import Exchange, Take

SOUND = "speech"
OLLAMA = "ollama"  # its own protocol, which the SDK does not know


def known(exchanges: Sequence[Exchange], shown: str) -> tuple[Take, list[str]]:
    """The exchanges without the fields that the SDK does not know, and the paths of those.

    Raises CassetteError where the rest is not valid in the strict sense.
    """
    operations = [matching.operation_of(exchange) or "" for exchange in exchanges]
    fine = [exchange.response.status.code < HTTPStatus.BAD_REQUEST for exchange in exchanges]
    readable = [index for index, name in enumerate(operations) if fine[index] and name not in (SOUND, OLLAMA)]
    bodies = [Body(operations[index], exchanges[index].content.decode()) for index in readable]
    answer = script("grader.authoring.validate", stdin=msgspec.json.encode(bodies))
    result, dropped = list(exchanges), set()
    for index, found in zip(readable, msgspec.json.decode(answer.stdout, type=list[Checked]), strict=True):
        if found.wrong:
            raise CassetteError(f"{shown}: exchange {index + 1} is not what the SDK knows: {found.wrong}.")
        result[index] = with_body(exchanges[index], found.text)
        dropped.update(found.dropped)
    return tuple(result), sorted(dropped)


def with_body(exchange: Exchange, text: str) -> Exchange:
    """The exchange with another text as its response's body."""
    body = msgspec.structs.replace(exchange.response.body, string=text)
    response = msgspec.structs.replace(exchange.response, body=body)
    return msgspec.structs.replace(exchange, response=response)


def replay_plainly(paths: Iterable[Path]) -> None:
    """Replay cassettes with vcrpy and the SDK's client. Raises CassetteError with what that sees otherwise."""
    found = seen_otherwise({path.name: path for path in paths})
    if found:
        raise CassetteError("\n".join(["Plain vcrpy does not replay this:", *found]))


def seen_otherwise(paths: Mapping[str, Path]) -> list[str]:
    """A line for each exchange that vcrpy shows otherwise to the SDK's client; `paths` by the names to show."""
    named = {name: str(path) for name, path in paths.items()}
    return script("grader.authoring.plain", stdin=msgspec.json.encode(named)).stdout.decode().splitlines()


def script(module: str, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run one of our modules; it ends with 0, or with 1 and a list of faults."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", module],
        input=stdin,
        env=settings.script_environment(),
        capture_output=True,
        check=False,
    )
    if done.returncode not in (0, 1) or (done.returncode and not done.stdout):
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["it ended without a word"]
        raise CassetteError(f"{module} failed: {lines[-1]}")
    return done
