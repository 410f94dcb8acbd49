"""What is built for macOS and Windows, as far as it can be tested elsewhere: texts and layouts."""

import errno
import struct
from pathlib import Path

import pytest

from grader.cell.isolation import macos, seccomp, syscalls, windows

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


def test_the_sandbox_allows_the_folder_last():
    """The working folder is writable, its neighbours are not even readable, and odd names are quoted."""
    text = macos.profile(Path('/x/odd "name"/1'), ["/venv/lib", "/usr/lib"])
    rules = text.splitlines()
    assert rules[0] == "(version 1)"
    assert '(deny file-read-data (subpath "/x/odd \\"name\\""))' in rules
    assert rules.index("(deny file-write*)") < rules.index(
        '(allow file-read* file-write* (subpath "/x/odd \\"name\\"/1"))'
    )
    assert '(subpath "/venv/lib") (subpath "/usr/lib")' in text
    assert text.count("(") == text.count(")")


def test_windows_limits_have_the_size_that_windows_expects():
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION has 144 bytes on 64-bit Windows."""
    assert len(windows.limits()) == 144
    assert windows.job(1) == 0  # not on this system


def test_the_tables_of_calls():
    """No number stands for two calls, and none lies beyond the end of the tables."""
    for machine in syscalls.MACHINES:
        groups = (syscalls.ALLOWED, syscalls.GUARDED, syscalls.PRETENDED, syscalls.UNKNOWN, syscalls.OURS)
        found = [number for group in groups for number in syscalls.numbers(group, machine).values()]
        assert len(found) == len(set(found))
        assert max(found) < syscalls.NEWEST


def test_the_numbers_are_the_kernels():
    """Both tables agree with the kernel's headers, where these are installed."""
    for machine, header in HEADERS.items():
        if not header.exists():
            continue
        defined = {}
        for line in header.read_text("utf-8").splitlines():
            parts = line.split()
            if len(parts) >= 3 and parts[0] == "#define" and parts[1].startswith("__NR") and parts[2].isdecimal():
                defined.setdefault(parts[1].removeprefix("__NR3264_").removeprefix("__NR_"), int(parts[2]))
        defined.setdefault("newfstatat", defined.get("fstatat"))
        for group in (syscalls.ALLOWED, syscalls.GUARDED, syscalls.PRETENDED, syscalls.UNKNOWN, syscalls.OURS):
            ours = syscalls.numbers(group, machine)
            known = {name: defined[name] for name in ours if name in defined}
            assert {name: ours[name] for name in known} == known
            assert len(known) >= len(ours) - 1  # a header may be older than the newest call


def answer(machine, name, *arguments, me=77):
    """What the filter says to a call: True, or an error's number; a small interpreter of its program."""
    every = (syscalls.ALLOWED, syscalls.GUARDED, syscalls.PRETENDED, syscalls.UNKNOWN)
    known = {call: number for group in every for call, number in syscalls.numbers(group, machine).items()}
    number = name if isinstance(name, int) else known[name]
    data = struct.pack(
        "=IIQ6Q", number, seccomp.AUDIT_ARCHITECTURE[machine], 0, *arguments, *[0] * (6 - len(arguments))
    )
    code = list(seccomp.INSTRUCTION.iter_unpack(seccomp.program(me, machine)))
    at = value = 0
    while True:
        kind, if_true, if_false, constant = code[at]
        at += 1
        if kind == seccomp.LOAD:
            (value,) = struct.unpack_from("=I", data, constant)
        elif kind == seccomp.AND:
            value &= constant
        elif kind == seccomp.RETURN:
            return (
                True if constant == seccomp.ALLOW else constant & 0xFFFF if constant < seccomp.ALLOW else "killed"
            )
        else:
            holds = value == constant if kind == seccomp.EQUAL else value >= constant
            at += if_true if holds else if_false


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_the_filter_of_each_processor(machine):
    """The program answers calls as the tables say, also for the processor that these tests do not run on."""
    for name in syscalls.numbers(syscalls.ALLOWED, machine):
        assert answer(machine, name) is True
    thread, process, namespace = 0x3D0F00, 0x1200011, 0x10000 | 0x10000000
    assert answer(machine, "clone", thread) is True
    assert [answer(machine, "clone", flags) for flags in (process, namespace)] == [errno.EPERM] * 2
    assert [answer(machine, "kill", pid, 9) for pid in (77, 0)] == [True, True]
    assert [answer(machine, "kill", pid, 9) for pid in (1, 78, 2**32 - 1)] == [errno.EPERM] * 3
    assert answer(machine, "sendto", 3, 1, 1, 0, 0) is True
    assert [answer(machine, "sendto", 3, 1, 1, 0, at) for at in (1, 1 << 32, 1 << 40)] == [errno.EPERM] * 3
    assert answer(machine, "sendto", 3, 1, 1, 0x20000000, 0) == errno.EPERM
    assert [answer(machine, "socket", family, 1) for family in (1, 2, 10)] == [True] * 3
    assert [answer(machine, "socket", *kind) for kind in ((16, 3), (2, 3), (17, 2), (1, 5))] == [errno.EPERM] * 4
    assert answer(machine, "socketpair", 1, 1 | 0o2000000) is True
    assert answer(machine, "socketpair", 1, 2) == errno.EPERM
    assert [answer(machine, "openat", 0, 0, flags) for flags in (0, 0o2000000, 1 | 0o1100)] == [True] * 3
    assert answer(machine, "openat", 0, 0, 0o1000) == errno.EPERM
    assert answer(machine, "fcntl", 3, 8, 1) == errno.EPERM
    assert answer(machine, "prlimit64", 5) == errno.EPERM
    assert answer(machine, "fchmod", 3, 0) == 0
    assert answer(machine, "clone3") == errno.ENOSYS
    assert [answer(machine, number) for number in (462, 600)] == [errno.ENOSYS] * 2
    assert answer(machine, {"x86_64": 101, "aarch64": 117}[machine]) == errno.EPERM  # ptrace
