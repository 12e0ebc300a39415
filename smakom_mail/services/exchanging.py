"""Putting a finished folder in the place of an older one, in one step where the system can."""

import os
import shutil
from pathlib import Path

_PRIVATE = 0o700


def put_in_place(fresh: Path, folder: Path) -> None:
    """Put `fresh` in the place of `folder`; what was there is gone afterwards.

    One step where the system can exchange two names. Elsewhere two renames: whoever looks
    between them sees the old folder or none, never half of one. What was there is for its owner
    alone from that moment on, also where it cannot be taken away at once. Raises OSError.
    """
    if not folder.exists():
        fresh.replace(folder)
        return
    if exchange_names(fresh, folder):
        _remove(fresh)
        return
    old = fresh.with_name(fresh.name + ".old")
    folder.replace(old)
    try:
        fresh.replace(folder)
    except BaseException:
        old.replace(folder)
        raise
    _remove(old)


def _remove(old: Path) -> None:
    old.chmod(_PRIVATE)
    shutil.rmtree(old, ignore_errors=True)


def exchange_names(one: Path, other: Path) -> bool:
    """Let two folders change names in one step (Linux, renameat2(2)); False if that cannot be."""
    import ctypes

    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    try:
        renameat2 = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return bool(renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)
