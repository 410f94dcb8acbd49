"""What a student reads about a refusal of the API, and the next step: one table, by the error's field and code."""

import re
from typing import Final

from grader import messages
from grader.messages import shown
from grader.replay.api_errors import NO_KEY, NO_MODEL, Refusal
from grader.replay.log import LoggedRequest
from grader.replay.providers import Served

# field (a pattern for the whole of it), code (or empty for any), next step; the first that fits
STEPS: Final = (
    (r"messages", "missing_required_parameter", messages.NEXT_ARGUMENT),
    (r"messages(\[\d+\])?", "", messages.NEXT_MESSAGES),
    (r"messages\[\d+\]\.role", "invalid_value", messages.NEXT_ROLE),
    (r"messages\.?\[\d+\]\.\w+", "", messages.NEXT_MESSAGE),
    (r".+", "unknown_parameter", messages.NEXT_ARGUMENT),
    (r"store|stream|logprobs", "invalid_type", messages.NEXT_BOOLEAN),
    (r"max_tokens", "invalid_parameter_combination", messages.NEXT_ONE_CAP),
    (r"temperature|top_p|n|max_tokens|max_completion_tokens", "invalid_type", messages.NEXT_NUMBER),
    (r"temperature|top_p|n|max_tokens|max_completion_tokens", "", messages.NEXT_LIMIT),
    (r"completion_id", "", messages.NEXT_ID),
    (r"", NO_MODEL, messages.NEXT_MODEL),
    (r"", NO_KEY, messages.NEXT_OTHER_KEY),
)


def told(refusal: Refusal, request: LoggedRequest, served: Served) -> tuple[str, str]:
    """The sentence and the next step about a refusal; of another provider's model it says whose it is."""
    model = request.body.get("model")
    other = served.of(model)
    if refusal.code == NO_MODEL and other and other.host != request.host:
        words = {"host": request.host, "model": shown(model), "provider": other.name}
        return messages.FOREIGN_MODEL.format(**words), messages.NEXT_FOREIGN_MODEL
    if refusal.code == NO_KEY and served.several:
        return messages.REFUSED_AT.format(host=request.host, message=refusal.reason), messages.NEXT_OWN_KEY
    return messages.REFUSED.format(message=refusal.reason), step(refusal)


def step(refusal: Refusal) -> str:
    """The next step after a refusal."""
    if refusal.message.startswith("you must provide a model"):
        return messages.NEXT_NO_MODEL
    if refusal.message.endswith("but got null instead."):
        return messages.NEXT_NULL
    for field, code, step in STEPS:
        if re.fullmatch(field, refusal.param or "") and code in ("", refusal.code):
            return step
    return messages.NEXT_REFUSED
