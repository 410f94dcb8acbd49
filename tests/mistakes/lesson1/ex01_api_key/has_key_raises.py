# fails: test_has_key
# says: has_key() stopped with RuntimeError; it should return True or False
"""ex01: read your API key, and keep it secret."""

import os

from dotenv import load_dotenv

ENV_PATTERNS = [".env", "/.env", "*.env", ".env*"]


def get_key():
    """Return the API key; the environment wins over .env."""
    load_dotenv()
    key = os.getenv("OPENAI_API_KEY")
    if not key:
        raise RuntimeError("There is no OPENAI_API_KEY. Write it into the file .env.")  # <- here
    return key


def has_key():
    """Return True if there is a key."""
    return bool(get_key())


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
