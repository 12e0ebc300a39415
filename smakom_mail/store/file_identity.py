"""What tells a file from every other one, also from a copy with the same bytes.

Its number in the file system and when it was made there. A copy, or a file that was put back from
an archive, was made at another time; a snapshot of the whole disk or machine has both the same, so
that nothing on the disk can tell it.
"""

import ctypes
import os
import struct
import sys
from pathlib import Path

_AT_FDCWD = -100
_STATX_BTIME = 0x800
_SIZE, _MASK_AT, _BTIME_AT = 256, 0, 80


def file_identity(path: Path) -> str:
    """Give the identity of a file; empty where the system does not tell when it was made."""
    try:
        found = path.stat()
    except OSError:
        return ""
    made = int(getattr(found, "st_birthtime", 0) * 1_000_000_000)
    if not made and sys.platform == "linux":
        made = _linux_birth(path)
    return f"{found.st_ino}.{made}" if made else ""


def _linux_birth(path: Path) -> int:
    """Ask Linux when a file was made, in nanoseconds (statx(2), which Python does not call)."""
    answer = ctypes.create_string_buffer(_SIZE)
    try:
        statx = ctypes.CDLL(None, use_errno=True).statx
        failed = statx(_AT_FDCWD, os.fsencode(path), 0, _STATX_BTIME, answer)
    except (AttributeError, OSError):
        return 0
    (known,) = struct.unpack_from("I", answer.raw, _MASK_AT)
    if failed or not known & _STATX_BTIME:
        return 0
    seconds, nanoseconds = struct.unpack_from("qI", answer.raw, _BTIME_AT)
    return int(seconds) * 1_000_000_000 + int(nanoseconds)
