"""Do cassettes replay without this project? `python -m grader.authoring.plain` asks the SDK's client.

vcrpy answers it as in any other project, and the network is refused. Standard input is a JSON object of files by
the names to show. Exits with 1 and one line for each exchange of which the client sees something else.
"""

import importlib
import inspect
import json
import sys
from pathlib import Path
from typing import Any

from grader.cell.interception import refuse_network
from grader.replay import matching, streams
from grader.replay.cassettes import JSON_TYPE, Exchange, load
from grader.replay.matching import Route


def differences(shown: str, path: Path) -> list[str]:
    """One line for each exchange that the client does not see as it was recorded."""
    import openai  # noqa: PLC0415 - after the network is refused

    vcr: Any = importlib.import_module("vcr")
    client = openai.OpenAI(api_key="none", max_retries=0)
    found = []
    with vcr.use_cassette(str(path), record_mode="none") as cassette:
        for number, exchange in enumerate(load(path, shown).interactions, start=1):
            try:
                same = seen(client, exchange)
            except Exception as error:  # noqa: BLE001 - whatever the client raises is the difference
                found.append(f"{shown}: exchange {number}: {type(error).__name__}: {str(error)[:200]}")
            else:
                if not same:
                    found.append(f"{shown}: exchange {number}: the client sees something else.")
        if not found and not cassette.all_played:
            found.append(f"{shown}: some exchanges were not played.")
    return found


def seen(client: Any, exchange: Exchange) -> bool:
    """Whether the client sees what was recorded."""
    import openai  # noqa: PLC0415

    route = matching.route(exchange.request.method, exchange.request.uri)
    if route is None:
        return False
    uri = exchange.request.uri
    asked = (
        client.with_options(base_url=uri.removesuffix("/chat/completions"))
        if route.operation == "chat"
        else client
    )
    try:
        if route.operation == "ollama":
            return posted(exchange) == exchange.content
        reply = answered(asked, route, exchange.sent)
    except openai.APIStatusError as error:
        return error.response.content == exchange.content
    if route.operation == "speech":
        return bool(reply.content == exchange.content)
    if exchange.sent.get("stream"):
        return [plain(chunk) for chunk in reply] == streams.chunks(exchange.content)
    return bool(plain(reply) == json.loads(exchange.content))


def answered(client: Any, route: Route, sent: dict[str, Any]) -> Any:
    """What the client's own method for the recorded request returns."""
    completions = client.chat.completions
    name = route.path.partition("/chat/completions/")[2].partition("/")[0]
    match route.operation:
        case "list":
            return completions.list()
        case "retrieve":
            return completions.retrieve(name)
        case "messages":
            return completions.messages.list(name)
    return ask(client, route.operation, sent)


def posted(exchange: Exchange) -> bytes:
    """What comes back for the recorded request in the protocol of its own, which the SDK does not speak."""
    import httpx2  # noqa: PLC0415

    headers = {"content-type": JSON_TYPE}
    content: bytes = httpx2.post(exchange.request.uri, content=exchange.request.body, headers=headers).content
    return content


def ask(client: Any, operation: str, sent: dict[str, Any]) -> Any:
    """Send the recorded request with the client's own method."""
    methods = {
        "chat": client.chat.completions.create,
        "moderation": client.moderations.create,
        "speech": client.audio.speech.create,
    }
    create = methods[operation]
    known = inspect.signature(create).parameters
    more = {name: value for name, value in sent.items() if name not in known}
    return create(**{name: value for name, value in sent.items() if name in known}, extra_body=more or None)


def plain(reply: Any) -> Any:
    """A model as the JSON that it was made of."""
    return reply.model_dump(mode="json", by_alias=True, exclude_unset=True)


def main() -> int:
    """Replay the named files."""
    refuse_network(lambda _host: None)
    files = json.load(sys.stdin)
    found = [line for shown, path in files.items() for line in differences(shown, Path(path))]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
