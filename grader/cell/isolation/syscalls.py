"""What student code may ask of the kernel: names with their numbers for x86_64 and aarch64.

A dash: the processor has no such call. `x86_64` numbers come from arch/x86/entry/syscalls/syscall_64.tbl,
`aarch64` ones from include/uapi/asm-generic/unistd.h.
"""

import platform
from typing import Final

# files, memory, threads, time, waiting: what reaches nothing but the process itself and what it may open
ALLOWED: Final = """
    read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, pwrite64 18 68, preadv 295 69,
    pwritev 296 70, preadv2 327 286, pwritev2 328 287, close 3 57, close_range 436 436, lseek 8 62, stat 4 -,
    fstat 5 80, lstat 6 -, newfstatat 262 79, statx 332 291, statfs 137 43, fstatfs 138 44, access 21 -,
    faccessat 269 48, faccessat2 439 439, readlink 89 -, readlinkat 267 78, getdents 78 -, getdents64 217 61,
    getcwd 79 17, chdir 80 49, fchdir 81 50, creat 85 -, mkdir 83 -, mkdirat 258 34, rmdir 84 -, unlink 87 -,
    unlinkat 263 35, rename 82 -, renameat 264 38, renameat2 316 276, symlink 88 -, symlinkat 266 36,
    link 86 -, linkat 265 37, ftruncate 77 46, fallocate 285 47, umask 95 166, fsync 74 82, fdatasync 75 83,
    sync_file_range 277 84, flock 73 32, fadvise64 221 223, readahead 187 213, copy_file_range 326 285,
    sendfile 40 71, splice 275 76, tee 276 77, pipe 22 -, pipe2 293 59, dup 32 23, dup2 33 -, dup3 292 24,
    poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72, epoll_create 213 -, epoll_create1 291 20,
    epoll_ctl 233 21, epoll_wait 232 -, epoll_pwait 281 22, epoll_pwait2 441 441, eventfd 284 -,
    eventfd2 290 19, timerfd_create 283 85, timerfd_settime 286 86, timerfd_gettime 287 87, mmap 9 222,
    mprotect 10 226, munmap 11 215, mremap 25 216, madvise 28 233, msync 26 227, mincore 27 232, brk 12 214,
    mlock 149 228, munlock 150 229, membarrier 324 283, rt_sigaction 13 134, rt_sigprocmask 14 135,
    rt_sigreturn 15 139, rt_sigpending 127 136, rt_sigtimedwait 128 137, rt_sigsuspend 130 133,
    sigaltstack 131 132, alarm 37 -, pause 34 -, getitimer 36 102, setitimer 38 103, signalfd4 289 74,
    nanosleep 35 101, clock_nanosleep 230 115, clock_gettime 228 113, clock_getres 229 114,
    gettimeofday 96 169, time 201 -, times 100 153, getpid 39 172, getppid 110 173, gettid 186 178,
    getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108 177, getgroups 115 158, getresuid 118 148,
    getresgid 120 150, getpgrp 111 -, getpgid 121 155, getsid 124 156, uname 63 160, sysinfo 99 179,
    getrusage 98 165, getrlimit 97 163, getpriority 140 141, getcpu 309 168, getrandom 318 278, wait4 61 260,
    waitid 247 95, capget 125 90, sched_yield 24 124, sched_getaffinity 204 123, sched_getparam 143 121,
    sched_getscheduler 145 120, sched_get_priority_max 146 125, sched_get_priority_min 147 126,
    sched_rr_get_interval 148 127, futex 202 98, futex_waitv 449 449, set_robust_list 273 99,
    get_robust_list 274 100, rseq 334 293, set_tid_address 218 96, arch_prctl 158 -, restart_syscall 219 128,
    exit 60 93, exit_group 231 94, recvfrom 45 207, recvmsg 47 212, getsockname 51 204, getpeername 52 205,
    getsockopt 55 209, shutdown 48 210, utimensat 280 88, getxattr 191 8, lgetxattr 192 9, fgetxattr 193 10,
    listxattr 194 11, llistxattr 195 12, flistxattr 196 13
"""
# allowed with some arguments only: see seccomp.py
GUARDED: Final = """
    open 2 -, openat 257 56, ioctl 16 29, fcntl 72 25, prctl 157 167, prlimit64 302 261, clone 56 220,
    kill 62 129, tgkill 234 131, socket 41 198, socketpair 53 199, sendto 44 206, setsockopt 54 208
"""
# modes and owners of files: nothing else guards them below tier 4, and honest copying sets them in passing
PRETENDED: Final = """
    chmod 90 -, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, chown 92 -, fchown 93 55, lchown 94 -,
    fchownat 260 54
"""
# libraries ask for these first, and fall back where the kernel does not know them
UNKNOWN: Final = """
    clone3 435 435, openat2 437 437
"""
# what the isolation itself needs and the C library has no function for
OURS: Final = """
    seccomp 317 277, landlock_create_ruleset 444 444, landlock_add_rule 445 445, landlock_restrict_self 446 446,
    mount_setattr 442 442, pivot_root 155 41
"""
NEWEST: Final = 462  # calls from here on are younger than these tables
MACHINES: Final = ("x86_64", "aarch64")


def numbers(table: str, machine: str | None = None) -> dict[str, int]:
    """The calls of a table that a processor has, by default this one. Raises OSError for other processors."""
    machine = machine or platform.machine()
    if machine not in MACHINES:
        raise OSError(f"no table of system calls for {machine}")
    column = 1 + MACHINES.index(machine)
    entries = (entry.split() for entry in table.split(","))
    return {entry[0]: int(entry[column]) for entry in entries if entry[column] != "-"}
