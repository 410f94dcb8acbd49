# fails: test_last_line_wins
# says: The last line takes .env out again.
"""ex01: read your API key, and keep it secret."""

import os

from dotenv import load_dotenv

ENV_PATTERNS = [".env", "/.env", "*.env", ".env*"]


def get_key():
    """Return the API key; the environment wins over .env."""
    load_dotenv()
    key = os.getenv("OPENAI_API_KEY")
    if not key:
        raise RuntimeError("There is no OPENAI_API_KEY. Write it into the file .env.")
    return key


def has_key():
    """Return True if there is a key."""
    load_dotenv()
    return bool(os.getenv("OPENAI_API_KEY"))


def protects_env(gitignore):  # <- here
    """Return True if git ignores .env. Comments and blank lines match nothing."""
    for line in gitignore.splitlines():
        if line.strip() in ENV_PATTERNS:
            return True
    return False
