"""The only reader of the environment: what student code may see of it, and the limits of a run."""

import locale
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

# What a process needs to start at all; everything else of the user's environment stays out of the cell.
ALLOWED = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC")
FIXED = {
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",  # the order of a set is the same in every run
    "PYTHONUTF8": "1",
    "NO_COLOR": "1",
    # Without it, importing litellm asks the network for the prices of all models.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    # No TLS is ever spoken in a cell, and loading the system's certificates costs 20 ms a client.
    "SSL_CERT_DIR": os.devnull,
}


KEY_NAME = "OPENAI_API_KEY"


@dataclass(frozen=True)
class Secret:
    """A key that no message, log or traceback shows."""

    value: str = field(repr=False)


class Actions(msgspec.Struct, frozen=True):
    """What GitHub tells a job: the file with its event, and the file for its summary. None elsewhere."""

    event: Path | None
    summary: Path | None


class Limits(msgspec.Struct, frozen=True):
    """Wall time in seconds: of one call of student code, and of all calls of a submission."""

    call_seconds: float = 5.0
    submission_seconds: float = 120.0


def cell_environment() -> dict[str, str]:
    """The environment of a cell's process."""
    return {name: os.environ[name] for name in ALLOWED if name in os.environ} | FIXED


def student_environment(folder: Path) -> dict[str, str]:
    """The environment that student code sees: its working folder is its home."""
    home = str(folder)
    names = ("HOME", "TMPDIR") if sys.platform != "win32" else ("USERPROFILE", "TEMP", "TMP")
    return cell_environment() | dict.fromkeys(names, home)


def api_key(project: Path) -> Secret:
    """The user's own key: the environment's, else that of the project's .env. Empty where there is none."""
    from dotenv import dotenv_values  # noqa: PLC0415 - a run without --live needs no key

    values = dotenv_values(project / ".env", interpolate=False)
    return Secret((os.environ.get(KEY_NAME) or values.get(KEY_NAME) or "").strip())


def user_language() -> str:
    """The language of the user's messages as their system names it (`es_MX`); empty where it names none."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    given = next((os.environ[name] for name in names if os.environ.get(name)), "")
    if not given and sys.platform == "win32":
        given = locale.normalize(locale.getlocale()[0] or "")  # `Spanish_Mexico` is es_MX
    return given.partition(".")[0].partition("@")[0]


def in_ci() -> bool:
    """Whether this is a CI job: its services set CI."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def actions() -> Actions:
    """The files of a job on GitHub, or on a system that works alike."""
    event, summary = (os.environ.get(name) for name in ("GITHUB_EVENT_PATH", "GITHUB_STEP_SUMMARY"))
    return Actions(Path(event) if event else None, Path(summary) if summary else None)


def git_environment() -> dict[str, str]:
    """The environment of a git that reads a repository of others: no settings but those of its command line."""
    no_files = dict.fromkeys(("GIT_CONFIG_GLOBAL", "GIT_GRAFT_FILE"), os.devnull)
    no = dict.fromkeys(("GIT_CONFIG_NOSYSTEM", "GIT_ATTR_NOSYSTEM", "GIT_NO_LAZY_FETCH"), "1")
    return (
        cell_environment() | no_files | no | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    )


def judge_environment(key: Secret | None = None) -> dict[str, str]:
    """The environment of a judge that is started as a process of its own, with the user's key if it needs one."""
    package = str(Path(__file__).resolve().parents[1])
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("PYTEST_", KEY_NAME))}
    own = {"PYTHONPATH": package, "PYTHONUTF8": "1", "LC_ALL": "C"}  # what it says is read by us, in English
    return kept | own | ({KEY_NAME: key.value} if key else {})


def script_environment() -> dict[str, str]:
    """The environment of a small script of ours: that of a cell, and where `grader` is."""
    return cell_environment() | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def attacked_environment(canary: Secret, mark: str, place: Path, path: Sequence[str] = ()) -> dict[str, str]:
    """The environment of a judge under attack, as in CI, with secrets and CI's files; cells inherit the mark."""
    files = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
    own = judge_environment(canary)
    own |= {name: str(place / "open" / name.lower()) for name in files}
    own |= dict.fromkeys(("GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY"), canary.value)
    own |= {"HOME": str(place / "home"), "TMPDIR": str(place.parent), "CI": "true"}
    own["PATH"] = os.pathsep.join([own.get("PATH", ""), f"/{mark}"])
    return own | ({"PYTHONPATH": os.pathsep.join(path)} if path else {})
