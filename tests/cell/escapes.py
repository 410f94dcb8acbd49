"""A submission that tries to leave its cell, below Python and its audit hooks. `f` gives what became of each way.

It runs in the cell; a test adds one more line with the four values.
"""

import ctypes
import errno
import os
import struct

JUDGE, CANARY, PORT, UNIX = 0, "", 0, ""
libc = ctypes.CDLL(None, use_errno=True)
AT_FDCWD, RDONLY, WRONLY, CREATE, TRUNCATE = -100, 0, 1, 0o100, 0o1000


def did(result):
    """What a function of the C library says: an error's name, or what it gave."""
    return errno.errorcode.get(ctypes.get_errno(), "?") if result < 0 else f"done: {result}"


def opened(path, flags):
    return did(libc.open(os.fsencode(path), flags, 0o600))


def connected(family, kind, address):
    sock = libc.socket(family, kind, 0)
    return did(libc.connect(sock, address, len(address)) if sock >= 0 else sock)


def sent(function):
    sock = libc.socket(2, 2, 0)
    if function == "sendto":
        return did(libc.sendto(sock, b"x", 1, 0, internet(), 16))
    address = ctypes.create_string_buffer(internet())
    data = ctypes.create_string_buffer(b"x")
    vector = struct.pack("QQ", ctypes.addressof(data), 1)
    kept = ctypes.create_string_buffer(vector)
    message = struct.pack("QIxxxxQQQQIxxxx", ctypes.addressof(address), 16, ctypes.addressof(kept), 1, 0, 0, 0)
    return did(libc.sendmsg(sock, message, 0))


def internet():
    return struct.pack("=HH4s8x", 2, ((PORT & 255) << 8) | (PORT >> 8), bytes([127, 0, 0, 1]))


def forked(function):
    pid = function()
    if pid == 0:
        getattr(libc, "_exit")(0)  # noqa: B009
    if pid > 0:
        os.waitpid(pid, 0)
    return did(pid)


def owned():
    one, _ = os.pipe()
    return did(libc.fcntl(one, 8, JUDGE))


def call(number, *arguments):
    return did(
        libc.syscall(number, *(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments))
    )


WAYS = {
    "read a file": lambda: opened(CANARY, RDONLY),
    "read the users": lambda: opened("/etc/passwd", RDONLY),
    "list the root": lambda: opened("/", RDONLY | os.O_DIRECTORY),
    "list the folder above": lambda: opened("..", RDONLY | os.O_DIRECTORY),
    "read its environment": lambda: opened("/proc/self/environ", RDONLY),
    "read the judge's environment": lambda: opened(f"/proc/{JUDGE}/environ", RDONLY),
    "open the judge's memory": lambda: opened(f"/proc/{JUDGE}/mem", os.O_RDWR),
    "write a file": lambda: opened(CANARY, WRONLY),
    "truncate a file": lambda: did(libc.truncate(os.fsencode(CANARY), 0)),
    "truncate in passing": lambda: opened(CANARY, RDONLY | TRUNCATE),
    "create beside": lambda: opened("../beside", WRONLY | CREATE),
    "make a folder beside": lambda: did(libc.mkdir(b"../folder", 0o700)),
    "remove a file": lambda: did(libc.unlink(os.fsencode(CANARY))),
    "move a file": lambda: did(libc.rename(os.fsencode(CANARY), b"mine")),
    "link a file": lambda: did(libc.link(os.fsencode(CANARY), b"linked")),
    "write a library": lambda: opened(os.__file__, WRONLY),
    "use a device": lambda: did(libc.mknod(b"device", 0o20600, 0x0103)),
    "connect": lambda: connected(2, 1, internet()),
    "connect to a path": lambda: connected(1, 1, struct.pack("=H", 1) + os.fsencode(UNIX) + bytes(1)),
    "connect to an abstract name": lambda: connected(1, 1, struct.pack("=H", 1) + bytes(1) + b"grader-test"),
    "send a datagram": lambda: sent("sendto"),
    "send a message": lambda: sent("sendmsg"),
    "raw socket": lambda: did(libc.socket(2, 3, 1)),
    "netlink socket": lambda: did(libc.socket(16, 3, 0)),
    "bind": lambda: did(libc.bind(libc.socket(2, 1, 0), internet()[:2] + bytes(14), 16)),
    "fork": lambda: forked(libc.fork),
    "vfork": lambda: call(58) if os.uname().machine == "x86_64" else "EPERM",
    "execute": lambda: did(libc.execv(b"/nowhere", None)),
    "system": lambda: "done" if libc.system(b"true") == 0 else "EPERM",
    "leave the session": lambda: did(libc.setsid()) if os.getsid(0) != os.getpid() else "EPERM",
    "signal the judge": lambda: did(libc.kill(JUDGE, 0)),
    "signal the parent": lambda: did(libc.kill(os.getppid(), 0)),
    "signal everybody": lambda: did(libc.kill(-1, 0)),
    "own a pipe's signals": owned,
    "trace the judge": lambda: did(libc.ptrace(16, JUDGE, 0, 0)),
    "judge as a descriptor": lambda: call(434, JUDGE, 0),
    "read the judge": lambda: judge_read(),  # noqa: PLW0108 - it stands below
    "limit the judge": lambda: did(libc.prlimit(JUDGE, 7, None, ctypes.create_string_buffer(16))),
    "slow the judge": lambda: did(libc.setpriority(0, JUDGE, 10)),
    "new namespaces": lambda: did(libc.unshare(0x10000000)),
    "mount": lambda: did(libc.mount(b"x", b".", b"tmpfs", 0, None)),
    "chroot": lambda: did(libc.chroot(b".")),
    "io_uring": lambda: call(425, 1, bytes(120)),
    "memory file": lambda: did(libc.memfd_create(b"x", 0)),
    "shared memory": lambda: did(libc.shmget(0, 4096, 0o1600)),
    "keys": lambda: did(libc.syscall(ctypes.c_long(250 if os.uname().machine == "x86_64" else 219), 0, -3, 0)),
    "become another user": lambda: did(libc.setuid(65534)) if os.getuid() == 0 else "EPERM",
}


def judge_read():
    here = ctypes.create_string_buffer(8)
    local = ctypes.create_string_buffer(struct.pack("QQ", ctypes.addressof(here), 8))
    return did(libc.process_vm_readv(JUDGE, local, 1, struct.pack("QQ", ctypes.addressof(here), 8), 1, 0))


def f(names=None):
    found = {}
    for name in names or WAYS:
        ctypes.set_errno(0)
        found[name] = WAYS[name]()
    return found
