# fails: test_environment_wins
# says: get_key() returned the one from .env, but the environment wins.
# says: look there first; load_dotenv() without override=True does it
"""ex01: read your API key, and keep it secret."""

import os

from dotenv import load_dotenv

ENV_PATTERNS = [".env", "/.env", "*.env", ".env*"]


def get_key():
    """Return the API key; the environment wins over .env."""
    key = os.getenv("OPENAI_API_KEY")
    if os.path.exists(".env"):
        with open(".env") as file:
            for line in file:
                if line.startswith("OPENAI_API_KEY="):
                    key = line.removeprefix("OPENAI_API_KEY=").strip()
    if not key:
        raise RuntimeError("There is no OPENAI_API_KEY. Write it into the file .env.")
    return key  # <- here


def has_key():
    """Return True if there is a key."""
    load_dotenv()
    return bool(os.getenv("OPENAI_API_KEY"))


def protects_env(gitignore):
    """Return True if git ignores .env. Comments and blank lines match nothing."""
    ignored = False
    for line in gitignore.splitlines():
        pattern = line.strip()
        if pattern in ENV_PATTERNS:
            ignored = True
        elif pattern.startswith("!") and pattern[1:] in ENV_PATTERNS:
            ignored = False
    return ignored
