"""Windows: a Job Object ends everything that a cell started, and limits its memory. Untested."""

import ctypes
import struct
import sys
from typing import Final

from grader.cell.isolation.process import MEMORY

EXTENDED_LIMITS: Final = 9  # JobObjectExtendedLimitInformation
ACTIVE_PROCESSES, PROCESS_MEMORY, KILL_ON_CLOSE = 0x8, 0x100, 0x2000
MOST_PROCESSES: Final = 2  # a virtual environment's python.exe starts the real one
# JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64-bit Windows: two times, flags, working set, processes, affinity,
# priority, scheduling; six counters of input and output; memory of a process, of the job, and two peaks
LIMITS: Final = struct.Struct("qqIxxxxQQIxxxxQII6Q4Q")


def limits() -> bytes:
    """The limits of a cell as Windows reads them."""
    flags = ACTIVE_PROCESSES | PROCESS_MEMORY | KILL_ON_CLOSE
    return LIMITS.pack(0, 0, flags, 0, 0, MOST_PROCESSES, 0, 0, 0, *[0] * 6, MEMORY, 0, 0, 0)


def job(process: int) -> int:
    """Put a process, by its handle, into a job of its own. Its handle; 0 where Windows refuses."""
    if sys.platform != "win32":
        return 0
    kernel32 = ctypes.WinDLL("kernel32")
    kernel32.CreateJobObjectW.restype = ctypes.c_void_p
    made = kernel32.CreateJobObjectW(None, None) or 0
    handle, content = ctypes.c_void_p(made), limits()
    kernel32.SetInformationJobObject(handle, EXTENDED_LIMITS, content, len(content))
    kernel32.AssignProcessToJobObject(handle, ctypes.c_void_p(process))
    return made


def end(made: int) -> None:
    """End all processes of a job, and the job."""
    if sys.platform == "win32" and made:
        kernel32 = ctypes.WinDLL("kernel32")
        kernel32.TerminateJobObject(ctypes.c_void_p(made), 1)
        kernel32.CloseHandle(ctypes.c_void_p(made))
