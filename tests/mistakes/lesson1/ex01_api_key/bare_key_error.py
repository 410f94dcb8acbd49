# fails: test_missing_key
# says: get_key() raised KeyError, but its message is no sentence with the name
"""ex01: read your API key, and keep it secret."""

import os

from dotenv import load_dotenv

ENV_PATTERNS = [".env", "/.env", "*.env", ".env*"]


def get_key():
    """Return the API key; the environment wins over .env."""
    load_dotenv()
    return os.environ["OPENAI_API_KEY"]  # <- here


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
