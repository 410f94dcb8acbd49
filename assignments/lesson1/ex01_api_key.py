"""ex01: read your API key, and keep it secret."""

# import os
# from dotenv import load_dotenv


def get_key():
    """Return the API key as a string.

    The key is called OPENAI_API_KEY. It comes from the environment or from
    the file .env. If both have one, return the one from the environment.

    If there is no key, or an empty one, raise an exception. Its message is a
    sentence of your own that contains the name OPENAI_API_KEY.

    Example: .env holds the line  OPENAI_API_KEY=sk-abc
             get_key() returns "sk-abc"
    """
    raise NotImplementedError


def has_key():
    """Return True if there is a key, and False if it is missing or empty.

    has_key() looks in the same places as get_key(). It raises nothing, and it
    does not return the key itself.

    Example: .env holds only the line  OPENAI_API_KEY=
             has_key() returns False
    """
    raise NotImplementedError


def protects_env(gitignore):
    """Return True if git ignores the file .env, and False if not.

    `gitignore` is the text of a .gitignore file, one rule on each line:
    - Blank lines, and lines that start with #, do not count.
    - .env  /.env  *.env  .env*   match the file .env: git ignores it.
    - The same four with ! in front match too: git does not ignore it.
    - All other lines do not match. (.env/ is only for folders.)
    - The last line that matches decides. If no line matches: False.
    git knows more rules; these are enough here.

    Example: protects_env("*.pyc\\n.env\\n") returns True
             protects_env("*.pyc\\n") returns False
    """
    raise NotImplementedError
