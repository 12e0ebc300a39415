"""Putting a finished folder in the place of an older one, in one step where the system can."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from secrets import token_hex

from smakom_mail.errors import StoreError
from smakom_mail.store.locks import Lock, take_lock

_PRIVATE = 0o700
_LOCK = ".lock"


@contextmanager
def fresh_folder(folder: Path) -> Iterator[Path]:
    """Give a new folder beside `folder`, to be filled and put in its place; afterwards it is gone.

    Only its owner can look into it. A lock beside it, which goes with the process, tells for how
    long somebody works at it. Raises OSError.
    """
    fresh = folder.with_name(f".{folder.name}-{token_hex(8)}")
    lock = _locked(fresh)  # before there is anything that could be taken for a leftover
    if lock is None:
        raise FileExistsError(f"{fresh.name} is taken")
    try:
        fresh.mkdir(mode=_PRIVATE)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        lock.release()


def remove_leftovers(folder: Path) -> None:
    """Take away what programs left beside `folder` that were killed before it was in its place.

    Only what has a lock of ours that nobody holds any more. Where one was killed between two
    renames, what stood there goes back to its place.
    """
    for path in folder.parent.glob(f".{escape(folder.name)}-*{_LOCK}"):
        with suppress(OSError):
            fresh = path.with_name(path.name.removesuffix(_LOCK))
            lock = _locked(fresh)
            if lock is None:
                continue
            if _before(fresh).exists() and not folder.exists():
                _before(fresh).replace(folder)
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.rmtree(_before(fresh), ignore_errors=True)
            lock.release()


def _locked(fresh: Path) -> Lock | None:
    try:
        return take_lock(fresh.with_name(fresh.name + _LOCK))
    except StoreError as error:
        raise (error.__cause__ if isinstance(error.__cause__, OSError) else error) from None


def _before(fresh: Path) -> Path:
    """Give the name that what stood there before has for a moment."""
    return fresh.with_name(fresh.name + ".old")


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
    old = _before(fresh)
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
