"""What somebody else wrote: a file, ordinary, not followed anywhere, never waited for; a text for any file."""

import os
import stat
from pathlib import Path


class NotPlainError(Exception):
    """It is a link, a folder, a pipe, a device, or may not be read."""


def writable(text: str) -> str:
    """The text with an escape in the place of half a surrogate pair, which no UTF-8 can hold."""
    return text.encode("utf-8", "backslashreplace").decode()


def read(path: str | Path, most: int) -> bytes:
    """At most `most` + 1 bytes of an ordinary file, so that one knows of a longer one.

    Raises FileNotFoundError, or NotPlainError for anything but an ordinary file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise NotPlainError(error.strerror) from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise NotPlainError("not an ordinary file")
        return os.read(descriptor, min(found.st_size, most) + 1)
    finally:
        os.close(descriptor)
