"""Zips and tars, listed member by member. Nothing is ever unpacked to disk under a name of its own.

Links, devices and pipes, encrypted and overlapping members, and names that an honest archive does not have are
refused one by one; an archive that is too big, takes too long or is damaged is refused as a whole.
"""

import bz2
import gzip
import math
import stat
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from typing import IO, Any

from grader.batch import names
from grader.batch.names import NotAFileError, RefusedError, TooLongError
from grader.batch.trees import MIB, Limits, Member, Tree, not_more
from grader.errors import GraderError

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")
FOREIGN = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
}
FOREIGN_SUFFIXES = (".7z", ".rar", ".xz", ".txz", ".zst")
OPENERS: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open}
DAMAGED = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError),
    *(ValueError, OverflowError, NotImplementedError, RuntimeError, IndexError, KeyError),
)
END = b"PK\x05\x06"  # of a zip's list of files
END_64, END_64_SIZE = b"PK\x06\x07", 20 + 56
UTF_8 = 0x800  # a zip's flag for names in UTF-8
ENCRYPTED = 0x1
PIECE = MIB
MOST_AT_ONCE = 16 * MIB  # what tarfile may ask for: a name, or a header


def is_archive(name: str) -> bool:
    """Whether a name is that of an archive, also of one that cannot be read here."""
    return name.lower().endswith((*SUFFIXES, *FOREIGN_SUFFIXES))


def stem(name: str) -> str:
    """An archive's name without its suffix."""
    suffix = max(
        (one for one in (*SUFFIXES, *FOREIGN_SUFFIXES) if name.lower().endswith(one)), key=len, default=""
    )
    return name[: len(name) - len(suffix)]


def listed(stream: IO[bytes], limits: Limits, held: ExitStack) -> Tree:
    """The files of an archive, whatever its name says.

    They can be read until `held` is closed, which does not close the stream. Raises RefusedError for the archive
    as a whole.
    """
    head = stream.read(512)
    stream.seek(0)
    kind = next((told for magic, told in FOREIGN.items() if head.startswith(magic)), "")
    if kind:
        raise RefusedError(f"{kind}; only zip and tar.gz are read")
    try:
        if head.startswith((b"PK\x03\x04", END)):
            return _zip(stream, limits)
        opener = next((opener for magic, opener in OPENERS.items() if head.startswith(magic)), None)
        return _tar(_unpacked(opener(stream), limits, held) if opener else stream, limits)
    except DAMAGED:
        raise RefusedError("a damaged archive, or none at all" if head else "an empty file") from None


def _zip(stream: IO[bytes], limits: Limits) -> Tree:
    if _size_of_listing(stream) > limits.listing:
        raise RefusedError("its list of files is too long")
    archive = zipfile.ZipFile(stream)
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise RefusedError(f"more than {limits.members:,} files")
    overlapping = _overlapping(infos)
    members, refused, places = [], [], []
    for info in infos:
        name = _name(info)
        path = names.split(name)
        if names.is_junk(path):
            continue
        try:
            path = names.parts(name)
            _ordinary(info, overlapping)
            if path and (info.is_dir() or name.endswith("\\")):
                places.append(path)
            elif path:
                members.append(Member(path, _when(info), partial(_from_zip, archive, info)))
        except RefusedError as error:
            refused.append(error.of(path))
    return Tree(tuple(members), tuple(refused), tuple(places))


def _size_of_listing(stream: IO[bytes]) -> int:
    """The bytes of a zip's list of files, which zipfile would read whole."""
    stream.seek(0, 2)
    stream.seek(max(0, stream.tell() - 65557 - END_64_SIZE))  # the longest comment, and the record before it
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(END)
    if at < 0:
        raise zipfile.BadZipFile
    before = at - END_64_SIZE
    if before >= 0 and tail[at - 20 :].startswith(END_64):
        return int.from_bytes(tail[before + 40 : before + 48], "little")
    return int.from_bytes(tail[at + 12 : at + 16], "little")


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[int]:
    """Where members begin that share bytes with another one, as in a zip bomb."""
    found, end, begun = set(), -1, -1
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            found |= {info.header_offset, begun}
        if info.header_offset + 30 + info.compress_size > end:  # a header has 30 bytes at least
            begun, end = info.header_offset, info.header_offset + 30 + info.compress_size
    return found


def _name(info: zipfile.ZipInfo) -> str:
    """A member's whole name. Old macOS wrote UTF-8 without saying so, and zipfile takes that for cp437."""
    name = info.orig_filename  # with what stands behind a null character
    if not info.flag_bits & UTF_8 and not name.isascii():
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return name


def _ordinary(info: zipfile.ZipInfo, overlapping: set[int]) -> None:
    if info.header_offset in overlapping:
        raise RefusedError("it shares its bytes with another file")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise NotAFileError("a link")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise NotAFileError("a pipe, a socket or a device")
    if info.flag_bits & ENCRYPTED:
        raise RefusedError("encrypted with a password")


def _when(info: zipfile.ZipInfo) -> float:
    try:
        return datetime(*info.date_time, tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def _from_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    if info.file_size > most:
        raise TooLongError(f"it unpacks to more than {most // MIB} MiB")
    try:
        with archive.open(info) as stream:
            return not_more(stream.read(most + 1), most)
    except DAMAGED:
        raise RefusedError("damaged in the archive") from None


def _unpacked(stream: IO[bytes], limits: Limits, held: ExitStack) -> IO[bytes]:
    """A compressed tar without its compression, in a file without a name."""
    plain: IO[bytes] = held.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - `held` is its manager
    until = time.monotonic() + limits.seconds
    total = 0
    while piece := stream.read(PIECE):
        total += len(piece)
        if total > limits.unpacked:
            raise RefusedError(f"it unpacks to more than {limits.unpacked // MIB} MiB")
        if time.monotonic() > until:
            raise RefusedError("unpacking it takes too long")
        _keep(plain, piece)
    plain.seek(0)
    return plain


def _keep(stream: IO[bytes], piece: bytes) -> None:
    """Write to disk at once; a full one is no damage of the archive. Raises GraderError."""
    try:
        stream.write(piece)
        stream.flush()
    except OSError as error:
        raise GraderError(
            f"{tempfile.gettempdir()}: no archive can be unpacked there: {error.strerror}. "
            "Next: make room, or name a folder on another disk in TMPDIR, and run the same command again"
        ) from None


def _tar(stream: IO[bytes], limits: Limits) -> Tree:
    archive = tarfile.open(fileobj=_Modest(stream), mode="r:")  # type: ignore[call-overload]  # noqa: SIM115
    members, refused, places = [], [], []
    for count, info in enumerate(_infos(archive)):
        if count >= limits.members:
            raise RefusedError(f"more than {limits.members:,} files")
        path = names.split(info.name)
        if names.is_junk(path):
            continue
        try:
            path = names.parts(info.name)
            _ordinary_in_tar(info)
            if info.isdir() and path:
                places.append(path)
            elif path:
                when = float(info.mtime) if math.isfinite(info.mtime) else 0.0
                members.append(Member(path, when, partial(_from_tar, archive, info)))
        except RefusedError as error:
            refused.append(error.of(path))
    return Tree(tuple(members), tuple(refused), tuple(places))


def _ordinary_in_tar(info: tarfile.TarInfo) -> None:
    if info.issym() or info.islnk():
        raise NotAFileError("a link")
    if not (info.isdir() or info.isreg()):
        raise NotAFileError("a pipe, a socket or a device")


def _infos(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The members, each behind the one before: a made-up size must not lead back."""
    at = -1
    while info := archive.next():
        if info.offset <= at or info.size < 0:
            raise tarfile.ReadError
        at = info.offset
        yield info


def _from_tar(archive: tarfile.TarFile, info: tarfile.TarInfo, most: int) -> bytes:
    if info.size > most:
        raise TooLongError(f"it unpacks to more than {most // MIB} MiB")
    try:
        stream = archive.extractfile(info)
        pieces = list(iter(partial(stream.read, PIECE), b"")) if stream else []
    except DAMAGED:
        raise RefusedError("damaged in the archive") from None
    content = b"".join(pieces)
    if len(content) < info.size:
        raise RefusedError("damaged in the archive")
    return content


class _Modest:
    """A file of which nobody reads much at once: a header of 10 GB is no header."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.tell, self.seek = stream.tell, stream.seek

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MOST_AT_ONCE:
            raise RefusedError("a header that is too long")
        return self._stream.read(size)
