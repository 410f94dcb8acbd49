"""What a cassette must show for the origin that it claims. A recording of ours carries the marks of its engine.

Marks can be forged by who studies them; the proof is to record again with the stored seed, which gives the same
texts (a long test does it for every shipped take).
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from grader.authoring import difference, written
from grader.authoring.local_model import MODEL_NAME, VOICE_SHA256, WEIGHTS_SHA256
from grader.errors import CassetteError
from grader.replay import cassettes, matching, scrub
from grader.replay.cassettes import Exchange, Take

SHA256: Final = {"chat": WEIGHTS_SHA256, "speech": VOICE_SHA256}
ENGINES: Final = {"chat": "llama.cpp via xllamacpp ", "speech": "hibari-tts "}
FINGERPRINT: Final = "b0-unknown"  # llama.cpp's own, as xllamacpp builds it
ID: Final = re.compile(r"chatcmpl-[A-Za-z0-9]{32}")
KEYS: Final = frozenset(["choices", "created", "id", "model", "object", "system_fingerprint", "usage"])
NAMED: Final[dict[str, dict[str, type]]] = {  # what must stand in the metadata, and its type
    "local-model": {"engine": str, "weights": str, "sha256": str, "recorded": date, "seed": int, "dropped": list},
    "live": {"provider": str, "recorded": date, "dropped": list},
    "documented": {"source": str},
    "authored": {"note": str},
}
CHECKED: Final = ("local-model", "live")
MP3_FRAME: Final = (b"\xff\xf3", b"\xff\xf2")  # MPEG-2, layer III, as lameenc writes it
DAY: Final = timedelta(days=1)


def faults(path: Path, shown: str) -> list[str]:
    """What a cassette lacks of the evidence for its origin; none if it holds."""
    try:
        cassette = cassettes.load(path, shown)
        metadata = written.metadata(path)
        scrub.prove(cassette.interactions, shown)
        scrub.prove_beside(path.read_bytes(), metadata, shown)
    except CassetteError as error:
        return [str(error)]
    origin = cassette.metadata.origin
    found = [f"metadata.{name} is missing, or is not what it must be" for name in lacking(metadata, origin)]
    if origin in CHECKED and not metadata.get("checked"):
        found.append("metadata.checked is missing")
    if any(exchange != scrub.scrubbed(exchange) for exchange in cassette.interactions):
        found.append("a header is stored that is not on the list")
    if origin == "local-model" and not found:
        found += local_faults(metadata, cassette.interactions)
    return [f"{shown}: {fault}" for fault in found]


def lacking(metadata: Mapping[str, Any], origin: str) -> list[str]:
    """The names of metadata that an origin asks for, and that are absent or of another type."""
    return [name for name, kind in NAMED[origin].items() if not isinstance(metadata.get(name), kind)]


def local_faults(metadata: Mapping[str, Any], take: Take) -> list[str]:
    """What a recording of the local model does not show, although each one shows it."""
    operations = sorted({matching.operation_of(exchange) or "?" for exchange in take})
    found = []
    for operation in operations:
        model = metadata["voice"] if operation == "speech" and "voice" in metadata else metadata
        if model.get("sha256") != SHA256.get(operation, ""):
            found.append(f"the sha256 is not that of the weights that answer {operation} requests")
        if not str(model.get("engine")).startswith(ENGINES.get(operation, "?")):
            found.append(f"the engine is not the one that answers {operation} requests")
    if "chat" in operations and "timings" not in metadata["dropped"]:
        found.append("metadata.dropped does not list timings, which llama.cpp always sends")
    replies = [body for exchange in take for body in difference.bodies(exchange)]
    found += [f"exchange {number}: {fault}" for number, one in enumerate(take, 1) for fault in _faults(one)]
    found += [fault for body in replies for fault in _times(body, metadata["recorded"])]
    ids = [_id(exchange) for exchange in take if matching.operation_of(exchange) == "chat"]
    return found + (["an id stands twice"] if len(set(ids)) < len(ids) else [])


def _id(exchange: Exchange) -> str:
    bodies = difference.bodies(exchange)
    return str(bodies[0].get("id")) if bodies else ""


def _faults(exchange: Exchange) -> Iterator[str]:
    """What the local model would not have sent."""
    if exchange.response.status.code != 200:  # noqa: PLR2004 - OK
        yield "an error is not recorded, it is authored or documented"
    if matching.operation_of(exchange) == "speech":
        if not exchange.content.startswith(MP3_FRAME):
            yield "the sound is not MP3 as the voice is encoded"
        return
    bodies = difference.bodies(exchange)
    if exchange.sent.get("stream") and not exchange.content.endswith(b"data: [DONE]\n\n"):
        yield "the stream does not end with [DONE]"
    if len({body.get("id") for body in bodies}) != 1:
        yield "there is not one id"
    for body in bodies:
        yield from _marks(body, stream=bool(exchange.sent.get("stream")))


def _marks(body: Mapping[str, Any], *, stream: bool) -> Iterator[str]:
    if body.get("model") != MODEL_NAME or body.get("system_fingerprint") != FINGERPRINT:
        yield "the reply is not from the local model"
    if not ID.fullmatch(str(body.get("id"))):
        yield f"llama.cpp writes no id such as {json.dumps(body.get('id'))}"
    if not set(body) <= KEYS if stream else set(body) != KEYS:
        yield f"llama.cpp sends other keys than {', '.join(sorted(body))}"


def _times(body: Mapping[str, Any], recorded: date) -> Iterator[str]:
    created = body.get("created")
    if not isinstance(created, int) or abs(datetime.fromtimestamp(created, UTC).date() - recorded) > DAY:
        yield "a reply was not created on the day of the recording"
