"""Which commits an event of GitHub is about."""

from pathlib import Path

import msgspec

from grader.errors import GraderError


class Revisions(msgspec.Struct, frozen=True):
    """What a pull request is compared with, and its last commit; each empty where nobody says it."""

    base: str = ""
    head: str = ""


class _Commit(msgspec.Struct):
    sha: str


class _Pull(msgspec.Struct):
    base: _Commit
    head: _Commit


class _Event(msgspec.Struct):
    pull_request: _Pull | None = None
    before: str = ""
    after: str = ""


def revisions(path: Path) -> Revisions:
    """The commits of a file with an event: of a pull request, or of a push. Raises GraderError."""
    try:
        event = msgspec.json.decode(path.read_bytes(), type=_Event)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise GraderError(f"{path}: this is no event of GitHub: {error}. Next: name --base and --head") from None
    if event.pull_request:
        return Revisions(event.pull_request.base.sha, event.pull_request.head.sha)
    return Revisions("" if set(event.before) == {"0"} else event.before, event.after)  # zeros: a new branch
