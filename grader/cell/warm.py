"""What every cell does before student code runs: import what lessons use, and wake the SDK's lazy parts.

A fork of a warm process costs milliseconds; `import openai` costs half a second.
"""

import sys

REPLY = {
    "id": "warm",
    "object": "chat.completion",
    "created": 1,
    "model": "warm",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "warm"}},
    ],
}


def warm_up() -> dict[str, str]:
    """Import the course's libraries and make one completion. Returns their versions."""
    import asyncio  # noqa: F401, PLC0415 - imported here so that the time is spent once, before the fork
    import platform  # noqa: PLC0415

    import dotenv  # noqa: F401, PLC0415
    import openai  # noqa: PLC0415

    http = sys.modules.get("httpx2") or sys.modules["httpx"]  # what this release of openai has imported
    transport = http.MockTransport(lambda _request: http.Response(200, json=REPLY))
    client = openai.OpenAI(api_key="warm", http_client=http.Client(transport=transport))
    client.chat.completions.create(model="warm", messages=[{"role": "user", "content": "warm"}])
    openai.OpenAI(api_key="warm").moderations  # noqa: B018 - the attribute imports its module
    platform.processor()  # asks a program, which a worker may not start, and remembers the answer
    return {"openai": openai.__version__, http.__name__: http.__version__}


def warm_up_the_rest() -> None:
    """Import what the SDK keeps back until it is used, and only some exercises use."""
    import openai  # noqa: PLC0415 - warm already

    openai.OpenAI(api_key="warm").audio.speech  # noqa: B018 - the attribute imports its module
