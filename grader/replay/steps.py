"""What a student does about a refusal of the API: one table, by the field and the code of the error."""

import re
from typing import Final

from grader import messages
from grader.replay.refusals import Refusal

# field (a pattern for the whole of it), code (or empty for any), next step; the first that fits
STEPS: Final = (
    (r"messages", "missing_required_parameter", messages.NEXT_ARGUMENT),
    (r"messages(\[\d+\])?", "", messages.NEXT_MESSAGES),
    (r"messages\[\d+\]\.role", "invalid_value", messages.NEXT_ROLE),
    (r"messages\.?\[\d+\]\.\w+", "", messages.NEXT_MESSAGE),
    (r".+", "unknown_parameter", messages.NEXT_ARGUMENT),
    (r"store|stream|logprobs", "invalid_type", messages.NEXT_BOOLEAN),
    (r"temperature|top_p|n|max_tokens|max_completion_tokens", "invalid_type", messages.NEXT_NUMBER),
    (r"temperature|top_p|n|max_tokens|max_completion_tokens", "", messages.NEXT_LIMIT),
    (r"completion_id", "", messages.NEXT_ID),
    (r"", "model_not_found", messages.NEXT_MODEL),
    (r"", "invalid_api_key", messages.NEXT_OTHER_KEY),
)


def step(refusal: Refusal) -> str:
    """The next step after a refusal."""
    if refusal.message.startswith("you must provide a model"):
        return messages.NEXT_NO_MODEL
    for field, code, step in STEPS:
        if re.fullmatch(field, refusal.param or "") and code in ("", refusal.code):
            return step
    return messages.NEXT_REFUSED
