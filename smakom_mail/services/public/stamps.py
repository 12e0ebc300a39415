"""The signed time in a form: whoever sends it back sooner than a person can is a machine."""

import hmac
import re
from typing import Literal

from smakom_mail.tokens import Keyring

SOONEST, LATEST = 2, 86_400
"""Seconds between the page and its answer."""
_STAMP = re.compile(r"([0-9]{1,12})\.([0-9a-f]{32})", re.ASCII)


def make_stamp(keyring: Keyring, now: int) -> str:
    """Give the stamp of a form that is shown now (seconds of the epoch)."""
    return f"{now}.{_signature(keyring.mac('form', str(now).encode()))}"


def judge_stamp(keyring: Keyring, stamp: str, now: int) -> Literal["good", "again"]:
    """Say whether a form came back in a person's time; "again" where it has to be sent anew."""
    found = _STAMP.fullmatch(stamp)
    if not found:
        return "again"
    macs = keyring.macs("form", found[1].encode())
    ours = False
    for mac in macs:  # all of them, whichever it was
        ours |= hmac.compare_digest(_signature(mac), found[2])
    return "good" if ours and SOONEST <= now - int(found[1]) <= LATEST else "again"


def _signature(mac: bytes) -> str:
    return mac[:16].hex()
