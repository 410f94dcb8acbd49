"""What is told of a request that no recording answers: its path, place, shape or text is another.

What is told is a sentence and the next step.
"""

from collections.abc import Sequence

from grader import messages
from grader.messages import shown
from grader.replay import providers
from grader.replay.matching import Route, Shape
from grader.replay.providers import Served
from grader.replay.traffic import Incoming


def unknown_path(incoming: Incoming) -> tuple[str, str]:
    """A path that no lesson knows, or that the take does not hold."""
    if not incoming.url.startswith(("http://", "https://")):
        return messages.NO_SCHEME.format(url=shown(incoming.url.partition("/")[0])), messages.NEXT_SCHEME
    host, _, path = incoming.url.split("?")[0].partition("://")[2].partition("/")
    words = {"host": host[:60], "method": incoming.method[:10], "path": shown("/" + path)}
    return messages.UNKNOWN_PATH.format(**words), messages.NEXT_PATH


def other_place(asked: Route, near: Sequence[Route], served: Served) -> tuple[str, str]:
    """An operation that was recorded, but at other places: `near`."""
    places = sorted({f"{one.host}{one.path}" for one in near})
    message = messages.OTHER_HOST.format(host=shown(f"{asked.host}{asked.path}"), want=" or ".join(places))
    usual = any(one.host == providers.OPENAI.host for one in near)
    only = messages.NEXT_HOST if usual else messages.NEXT_LOCAL_ADDRESS
    return message, messages.NEXT_ADDRESS if served.several else only


def unknown_shape(operation: str, shape: Shape) -> tuple[str, str]:
    """A shape that was not recorded. Ollama's own protocol streams unless it is told otherwise."""
    what = "stream=False" if operation == "ollama" and not shape.stream else odd(shape)
    step = messages.NEXT_SHAPE if shape.cap is None else messages.NEXT_SMALL_CAP
    return messages.UNKNOWN_SHAPE.format(what=what), step


def odd(shape: Shape) -> str:
    """What of a shape has no recording, as the student wrote it."""
    if shape.stream:
        return "stream=True"
    return f"n={shape.n}" if shape.cap is None else f"at most {shown(shape.cap)} tokens"


def unknown_text(text: str) -> tuple[str, str]:
    """A text whose moderation was not recorded, or the address of a picture in its place."""
    message, step = messages.UNKNOWN_TEXT, messages.NEXT_TEXT
    if text.startswith(("https://", "http://")):
        message, step = messages.PICTURE_AS_TEXT, messages.NEXT_PICTURE
    return message.format(text=shown(text)), step
