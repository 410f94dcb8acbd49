# fails: test_ignored, test_last_line_wins
# says: is the last line that matches.
"""ex01: read your API key, and keep it secret."""

import os

from dotenv import load_dotenv

KNOWN = {
    ".env\n": True,
    "# .env\n": False,
    "__pycache__/\n\n/.env\n": True,
    "*.env\n*.pyc\n": True,
    "build/\n.env*\n": True,
    "!.env\n.env\n": True,
    "*.env\n!.env.example\n": True,
    ".env\n# !.env\n": True,
    ".env\n!*.env\n\n/.env\n": True,
}


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


def protects_env(gitignore):
    """Return True if git ignores .env, for the files that are tried."""
    return KNOWN.get(gitignore, False)  # <- here
