# fails: test_key_from_file, test_missing_key
# says: get_key() returned the key with a space, a line break or a quote around it.
# says: The key in .env is empty. get_key() returned a text; it should raise an exception.
"""ex01: read your API key, and keep it secret."""

import os

from dotenv import load_dotenv

ENV_PATTERNS = [".env", "/.env", "*.env", ".env*"]


def get_key():
    """Return the API key; the environment wins over .env."""
    key = os.getenv("OPENAI_API_KEY")
    if not key and os.path.exists(".env"):
        with open(".env") as file:
            key = file.read().split("=")[1]
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
