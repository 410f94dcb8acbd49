"""What every cell does before student code runs: import what lessons use, and wake the SDK's lazy parts.

A fork of a warm process costs milliseconds; `import openai` costs half a second.
"""

import sys
from types import ModuleType
from typing import Any

from grader.cell.interception import httpx

COMPLETION = {
    "id": "warm",
    "object": "chat.completion",
    "created": 1,
    "model": "warm",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "warm"}},
    ],
}
MODERATION = {
    "id": "warm",
    "model": "warm",
    "results": [{"flagged": False, "categories": {}, "category_scores": {}, "category_applied_input_types": {}}],
}


def warm_up() -> dict[str, str]:
    """Import the course's libraries and make one completion. Returns their versions."""
    import asyncio  # noqa: F401, PLC0415 - imported here so that the time is spent once, before the fork
    import platform  # noqa: PLC0415

    import dotenv  # noqa: F401, PLC0415
    import openai  # noqa: PLC0415

    client_for(COMPLETION).chat.completions.create(model="warm", messages=[{"role": "user", "content": "warm"}])
    openai.OpenAI(api_key="warm").moderations  # noqa: B018 - the attribute imports its module
    http = transports()
    httpx.context(http)
    platform.processor()  # asks a program, which a worker may not start, and remembers the answer
    return {"openai": openai.__version__, http.__name__: http.__version__}


def warm_up_the_rest() -> None:
    """Use once what only some exercises use: the SDK imports modules and builds models when they are needed."""
    client_for(MODERATION).moderations.create(model="warm", input="warm").to_dict()
    client_for({}).audio.speech.create(model="warm", voice="warm", input="warm").read()


def client_for(reply: object) -> Any:
    """A client whose requests are all answered so."""
    import openai  # noqa: PLC0415 - warm already

    http = transports()
    transport = http.MockTransport(lambda _request: http.Response(200, json=reply))
    return openai.OpenAI(api_key="warm", http_client=http.Client(transport=transport))


def transports() -> ModuleType:
    """The library that this release of openai has imported to speak HTTP."""
    return sys.modules.get("httpx2") or sys.modules["httpx"]
