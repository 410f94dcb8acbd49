"""Hostile archives and folders: nothing is written outside, nothing hangs, the rest is taken, the reason told."""

import bz2
import io
import lzma
import os
import socket
import stat
import struct
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.batch import intake
from grader.batch.trees import MIB, Limits
from tests.batch.made import HELLO, contents, tarred, zipped

RLO = "\N{RIGHT-TO-LEFT OVERRIDE}"
SMALL = Limits(members=1000, size=MIB, listing=MIB, unpacked=4 * MIB, seconds=60)
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
GOOD = "ex01_api_key.py"


def member(name, kind=tarfile.REGTYPE, target=""):
    """A tar's member of a kind."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def in_zip(name, mode=stat.S_IFREG, flags=0):
    """A zip's member with a mode and flags."""
    info = zipfile.ZipInfo(name)
    info.external_attr = (mode | 0o644) << 16
    info.flag_bits |= flags
    return info


@pytest.fixture
def only(take, tmp_path):
    """Take in one student's archive; the submission."""

    def run(content, name="ann.zip", limits=SMALL):
        folder = tmp_path / "archives"
        folder.mkdir()
        (folder / name).write_bytes(content)
        (submission,) = take(folder, of_a_student=limits).submissions
        return submission

    return run


def reasons(submission):
    """What was refused, by its path."""
    return {"/".join(one.path): one.reason for one in submission.refused}


# --- members of archives


NAMES = [
    (f"../../{HELLO}", "leads out"),
    (f"a/../../{HELLO}", "leads out"),
    (f"..\\..\\{HELLO}", "leads out"),
    (f"/tmp/{HELLO}", "absolute"),  # noqa: S108 - nothing is written there
    (f"\\\\server\\{HELLO}", "absolute"),
    (f"C:\\{HELLO}", "absolute"),
    (f"C:{HELLO}", "absolute"),
    (f"{RLO}yp.olleh_30xe/{HELLO}", "direction"),
    (f"a\nb/{HELLO}", "control"),
    (f"a\x1b[2J/{HELLO}", "control"),
    (f"{'d/' * 30}{HELLO}", "folders deep"),
    (f"{'n' * 300}/{HELLO}", "longer than"),
]


@pytest.mark.parametrize(("name", "reason"), NAMES, ids=[reason for _, reason in NAMES])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_that_no_honest_archive_has(only, pack, name, reason):
    """The member is refused with the reason, in printable words; the rest is taken."""
    submission = only(pack({name: "boom", GOOD: "x"}))
    assert contents(submission) == {GOOD: b"x"}
    assert [reason in one.reason for one in submission.refused] == [True]
    assert str(submission.refused[0]).isprintable()


def test_a_name_with_a_null_character(only):
    """What a viewer shows ends at the null; the whole name is looked at."""
    content = zipped({"ex03_hello.pyX.txt": "boom", GOOD: "x"}).replace(b".pyX.txt", b".py\0.txt")
    submission = only(content)
    assert contents(submission) == {GOOD: b"x"}
    assert "control" in submission.refused[0].reason


@pytest.mark.parametrize(
    ("kind", "target", "reason"),
    [
        (tarfile.SYMTYPE, "/etc/passwd", "a link"),
        (tarfile.LNKTYPE, GOOD, "a link"),
        (tarfile.CHRTYPE, "", "device"),
        (tarfile.BLKTYPE, "", "device"),
        (tarfile.FIFOTYPE, "", "pipe"),
    ],
)
@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2"])
def test_what_is_no_file_in_a_tar(only, kind, target, reason, mode):
    """Links, devices and pipes are refused; nothing is opened to find out."""
    submission = only(tarred({GOOD: "x", member(HELLO, kind, target): None}, mode), "ann.tar.gz")
    assert contents(submission) == {GOOD: b"x"}
    assert reason in reasons(submission)[HELLO]


@pytest.mark.parametrize(
    ("mode", "reason"),
    [(stat.S_IFLNK, "a link"), (stat.S_IFIFO, "pipe"), (stat.S_IFCHR, "device"), (stat.S_IFSOCK, "socket")],
)
def test_what_is_no_file_in_a_zip(only, mode, reason):
    """A zip keeps the kind of a file, too."""
    submission = only(zipped({GOOD: "x", in_zip(HELLO, mode): "/etc/passwd"}))
    assert contents(submission) == {GOOD: b"x"}
    assert reason in reasons(submission)[HELLO]


def test_an_encrypted_member(only):
    """A file with a password is told; nobody is asked for one."""
    content = bytearray(zipped({HELLO: "x", GOOD: "x"}))
    for header, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(header) + at] |= 1
    submission = only(bytes(content))
    assert contents(submission) == {GOOD: b"x"}
    assert "password" in reasons(submission)[HELLO]


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_two_members_of_one_name(only, pack):
    """Which of them a viewer shows nobody knows: both are refused."""
    first, second = (HELLO, f"./{HELLO}") if pack is tarred else (in_zip(HELLO), in_zip(HELLO))
    with pytest.warns(UserWarning, match="Duplicate") if pack is zipped else tempfile.TemporaryDirectory():
        content = pack({first: "1", second: "2", GOOD: "x"})
    submission = only(content)
    assert contents(submission) == {GOOD: b"x"}
    assert "same name" in reasons(submission)[HELLO]


def test_windows_and_old_macos_names(only):
    """Backslashes are folders; UTF-8 that is not declared, and decomposed letters, are what they mean."""
    submission = only(zipped({f"hw\\lesson1\\{HELLO}": "x", "hw\\lesson1\\": ""}))
    assert contents(submission) == {HELLO: b"x"}


def test_a_name_in_utf_8_without_the_flag(take, tmp_path):
    """As macOS writes them: the student is `Zoë`, and not `ZoÃ«`."""
    content = zipped({f"Zo__/{HELLO}": "x", f"Ann/{HELLO}": "x"}).replace(b"Zo__", "Zoë".encode())
    source = tmp_path / "class.zip"
    source.write_bytes(content)
    assert [one.student.id for one in take(source).submissions] == ["Ann", "Zoë"]


# --- bombs


def test_a_member_that_unpacks_to_very_much(only):
    """It is stopped at what a solution may have; the others are taken."""
    submission = only(zipped({HELLO: b"#" * (200 * MIB), GOOD: "x"}))
    assert contents(submission) == {GOOD: b"x"}
    assert "unpacks to more than 1 MiB" in reasons(submission)[HELLO]


def test_a_member_that_lies_about_its_size(only):
    """A small size in the list of files does not help."""
    content = bytearray(zipped({HELLO: b"#" * (20 * MIB), GOOD: "x"}))
    for header, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", content, content.find(header) + at, 10)
    submission = only(bytes(content))
    assert contents(submission) == {GOOD: b"x"}
    assert reasons(submission)[HELLO] == "damaged in the archive"


def overlapping():
    """A zip whose second member points at the bytes of the first."""
    content = bytearray(zipped({HELLO: b"#" * 5000, "ex02_client.py": b"#" * 5000, GOOD: "x"}))
    listing = content.find(b"PK\x01\x02", content.find(b"PK\x01\x02") + 4)
    struct.pack_into("<L", content, listing + 42, 0)
    return bytes(content)


def test_members_that_share_their_bytes(only):
    """Overlapping members, as in a bomb that needs no nesting, are refused."""
    submission = only(overlapping())
    assert contents(submission) == {GOOD: b"x"}
    assert set(reasons(submission).values()) == {"it shares its bytes with another file"}


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2"])
def test_a_tar_that_unpacks_to_very_much(only, mode):
    """It is stopped while it is unpacked, and refused as a whole."""
    submission = only(tarred({GOOD: "x", "zeros.bin": bytes(20 * MIB)}, mode), "ann.tar.gz")
    assert submission.is_empty
    assert "unpacks to more than 4 MiB" in submission.why_empty()


def test_a_tar_that_takes_too_long(only):
    """Time is a limit, too."""
    submission = only(tarred({GOOD: "x"}), "ann.tgz", Limits(seconds=-1))
    assert "takes too long" in submission.why_empty()


def crowded(count):
    """A zip of so many empty files; zipfile itself would take long to write it."""
    names = [f"{number:06}.txt".encode() for number in range(count)]
    files = [struct.pack("<4s5H3L2H", b"PK\3\4", 20, *[0] * 7, len(name), 0) + name for name in names]
    size = len(files[0])
    listing = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, *[0] * 7, len(name), 0, 0, 0, 0, 0, size * number) + name
        for number, name in enumerate(names)
    )
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(listing), size * count, 0)
    return b"".join(files) + listing + end


def test_very_many_members_of_a_zip(only):
    """A hundred thousand files are no lesson; a virtual environment that was packed, too, is far below."""
    submission = only(crowded(100_000), "ann.zip", Limits())
    assert submission.why_empty() == "not read: ann.zip: more than 50,000 files"


def test_very_many_members_of_a_tar(only):
    """A tar has no list of its files: they are counted."""
    submission = only(tarred({f"{number}.txt": "" for number in range(1001)}), "ann.zip")
    assert submission.why_empty() == "not read: ann.zip: more than 1,000 files"


def test_a_list_of_files_without_end(only):
    """What zipfile would read whole is looked at before it reads."""
    submission = only(
        zipped({f"{number}{'x' * 200}": "" for number in range(900)}), "ann.zip", Limits(listing=1000)
    )
    assert "list of files is too long" in submission.why_empty()


def test_archives_in_archives(only):
    """A student's archive is opened once, whatever it holds."""
    content = zipped({GOOD: "x"})
    for _ in range(50):
        content = zipped({"inner.zip": content})
    submission = only(content)
    assert submission.is_empty
    assert "an archive in an archive" in submission.why_empty()


def test_a_large_archive(only):
    """An archive beyond the limit is not read at all."""
    submission = only(os.urandom(2 * MIB))
    assert "larger than 1 MiB" in submission.why_empty()


# --- damage


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("ann.zip", b"hello", "damaged"),
        ("ann.zip", b"PK\x03\x04", "damaged"),
        ("ann.zip", zipped({GOOD: "x"})[:-30], "damaged"),
        ("ann.tar.gz", tarred({GOOD: "x" * 5000})[:-40], "damaged"),
        ("ann.tar", tarred({GOOD: os.urandom(5000)}, "w")[:3000], "damaged"),
        ("ann.tar.gz", b"\x1f\x8bnonsense", "damaged"),
        ("ann.tar.bz2", bz2.compress(b"no tar" * 1000), "damaged"),
        ("ann.zip", lzma.compress(b"x"), "an xz archive"),
        ("ann.7z", b"7z\xbc\xaf\x27\x1c\0\0", "a 7z archive"),
    ],
    ids=["text", "head", "zip", "tar.gz", "tar", "no gzip", "no tar", "xz", "7z"],
)
def test_damaged_and_foreign_archives(only, name, content, says):
    """They are told, and nothing of them is guessed."""
    submission = only(content, name)
    assert submission.is_empty
    assert says in submission.why_empty()


@pytest.mark.parametrize(
    ("name", "content"),
    [("ann.zip", tarred({GOOD: "x"})), ("ann.tar.gz", zipped({GOOD: "x"})), ("ann.zip", tarred({GOOD: "x"}, "w"))],
)
def test_a_wrong_suffix(only, name, content):
    """What an archive is, its bytes say."""
    assert contents(only(content, name)) == {GOOD: b"x"}


def header(**changes):
    """A tar's header with other bytes at some places, and the sum that belongs to them."""
    raw = bytearray(tarfile.TarInfo(GOOD).tobuf())
    for at, content in changes.values():
        raw[at : at + len(content)] = content
    raw[148:156] = b" " * 8
    raw[148:156] = f"{sum(raw):06o}\0 ".encode()
    return bytes(raw)


@pytest.mark.parametrize(
    "content",
    [
        header(size=(124, b"\xff" * 12)) * 3,  # a size below zero leads back to itself
        header(size=(124, b"\x80" + b"\x7f" * 11)) * 3,
        header(type=(156, b"L"), size=(124, b"77777777777\0")) + b"x" * 1024,  # a name of 8 GiB
        header(type=(156, b"x"), size=(124, b"77777777777\0")) + b"x" * 1024,  # a header of 8 GiB
        b"".join(header(type=(156, b"L"), size=(124, b"00000000001\0")) + b"x" * 512 for _ in range(3000)),
    ],
    ids=["negative", "huge", "long name", "long header", "names of names"],
)
def test_headers_of_tars_that_lie(only, content):
    """They end as damaged, without much memory and without a loop."""
    submission = only(content + bytes(1024), "ann.tar", Limits())
    assert submission.is_empty
    assert submission.refused


# --- folders on disk


@POSIX
def test_what_is_no_file_in_a_folder(take, tree, monkeypatch):
    """Links are not followed, pipes are not waited for, sockets are left; the reason is told."""
    secret = tree({HELLO: "secret"}, "elsewhere")
    source = tree({f"ann/{GOOD}": "x", "bob/x.txt": "x"})
    ann = source / "ann"
    (ann / HELLO).symlink_to(secret / HELLO)
    (ann / "more").symlink_to(secret)
    os.mkfifo(ann / "ex02_client.py")
    (source / "cat").symlink_to(secret)
    monkeypatch.chdir(ann)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("ex04_response.py")
        taken = take(source)
    one, other = taken.submissions
    assert contents(one) == {GOOD: b"x"}
    assert reasons(one) == {
        HELLO: "a link",
        "more": "a link",
        "ex02_client.py": "a pipe, a socket or a device",
        "ex04_response.py": "a pipe, a socket or a device",
    }
    assert other.is_empty
    assert taken.problems == ("cat: a link",)


@POSIX
def test_names_on_disk(take, tmp_path):
    """Names that are no text, turn the direction or hold control characters are refused or made printable."""
    source = tmp_path / "class"
    for name in (b"Jos\xe9", b"a\nb", b"ann", f"{RLO}bob".encode(), b"back\\slash"):
        folder = os.path.join(os.fsencode(source), name)  # noqa: PTH118 - a name in bytes
        os.makedirs(folder)  # noqa: PTH103
        Path(os.fsdecode(folder), HELLO).write_text("x")
    taken = take(source)
    assert sorted(one.student.id for one in taken.submissions) == ["Jos\\udce9", "ann", "back"]
    assert len(taken.problems) == 2
    assert all(line.isprintable() for line in taken.report())


def test_a_folder_with_very_many_files(take, tree):
    """One student's folder does not take the others with it."""
    source = tree({**{f"ann/{number}.txt": "" for number in range(60)}, f"bob/{HELLO}": "x"})
    ann, bob = take(source, of_a_student=Limits(members=50)).submissions
    assert "more than 50 files" in ann.why_empty()
    assert contents(bob) == {HELLO: b"x"}


# --- whatever the names

PART = st.one_of(
    st.sampled_from(
        ["..", ".", "", "~", "CON", HELLO, GOOD, "lesson1.ipynb", "conftest.py", "assignments", "lesson1", "a.zip"]
    ),
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=8),
)
NAME = st.builds(
    lambda start, parts, between: start + between.join(parts),
    st.sampled_from(["", "/", "\\", "C:\\", "../"]),
    st.lists(PART, min_size=1, max_size=5),
    st.sampled_from(["/", "\\"]),
)
KINDS = st.sampled_from([tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])


def found_below(folder):
    """Every file below a folder, and what it holds."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def prove(source, course, work):
    """Take in a source, and assert that what was written is allowed and in its place."""
    before = found_below(work)
    taken = intake.read(source, course, "lesson1", work / "into")
    after = found_below(work)
    written = {name for name in after if name not in before}
    allowed = {exercise.file for exercise in course.lesson("lesson1").exercise}
    assert {name: after[name] for name in before} == before
    assert all(name.startswith("into/") and name.count("/") == 2 for name in written)
    assert all(Path(name).name in allowed or name.endswith(".ipynb") for name in written)
    assert {Path(name).parts[1] for name in written} <= {one.folder.name for one in taken.submissions}
    assert written == {f"into/{one.folder.name}/{file}" for one in taken.submissions for file in one.files}
    assert not [path for path in (work / "into").rglob("*") if path.is_symlink()]
    assert all(line.isprintable() for line in taken.report())


@settings(suppress_health_check=list(HealthCheck), max_examples=150)
@given(files=st.dictionaries(NAME, st.binary(max_size=20), max_size=6), name=st.sampled_from(["c.zip", "c.tar"]))
def test_whatever_the_names_in_an_archive(course, tmp_path_factory, files, name):
    """Nothing is written outside, and nothing that is not allowed is there afterwards."""
    work = tmp_path_factory.mktemp("work")
    (work / "outside.txt").write_text("kept")
    files = {each: content for each, content in files.items() if len(each) < 90 or name == "c.zip"}
    stream = io.BytesIO()
    if name == "c.zip":
        with zipfile.ZipFile(stream, "w") as archive:
            for each, content in files.items():
                info = zipfile.ZipInfo("x")
                info.filename = info.orig_filename = each
                archive.writestr(info, content)
    else:
        stream.write(tarred({each.replace("\0", "?"): content for each, content in files.items()}, "w"))
    (work / name).write_bytes(stream.getvalue())
    prove(work / name, course, work)


@settings(suppress_health_check=list(HealthCheck), max_examples=60)
@given(
    files=st.lists(st.tuples(NAME, KINDS, st.sampled_from([HELLO, "/etc/passwd", "../outside.txt"])), max_size=6)
)
def test_whatever_the_kinds_in_a_tar(course, tmp_path_factory, files):
    """Links lead nowhere, whatever they are called."""
    work = tmp_path_factory.mktemp("work")
    (work / "outside.txt").write_text("kept")
    (work / "c.tar").write_bytes(
        tarred({member(name.replace("\0", "?"), kind, target): None for name, kind, target in files}, "w")
    )
    prove(work / "c.tar", course, work)


@settings(suppress_health_check=list(HealthCheck), max_examples=100)
@given(
    content=st.binary(max_size=300),
    start=st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh9"]),
)
def test_whatever_the_bytes_of_a_students_archive(course, tmp_path_factory, content, start):
    """It is told, or empty; it never ends the intake of a class."""
    work = tmp_path_factory.mktemp("work")
    (work / "class" / "bob").mkdir(parents=True)
    (work / "class" / "ann.zip").write_bytes(start + content)
    (work / "class" / "bob" / HELLO).write_text("x")
    ann, bob = intake.read(work / "class", course, "lesson1", work / "into").submissions
    assert ann.is_empty
    assert bob.files == (HELLO,)


@settings(suppress_health_check=list(HealthCheck), max_examples=100)
@given(at=st.integers(min_value=0), byte=st.integers(0, 255), pack=st.sampled_from(["zip", "tar"]))
def test_whatever_byte_is_changed(course, tmp_path_factory, at, byte, pack):
    """A sound archive with one other byte is read, in part read, or told; it never ends the intake of a class."""
    files = {HELLO: "hello = 1\n" * 30, f"more/{GOOD}": "key = 1\n"}
    content = bytearray(zipped(files) if pack == "zip" else tarred(files, "w")[:4096])
    content[at % len(content)] = byte
    work = tmp_path_factory.mktemp("work")
    (work / "class" / "bob").mkdir(parents=True)
    (work / "class" / f"ann.{pack}").write_bytes(content)
    (work / "class" / "bob" / HELLO).write_text("x")
    prove(work / "class", course, work)
