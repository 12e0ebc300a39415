"""The DKIM key of a project: made once, published in DNS, used for every message."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smakom_mail.config.addresses import ascii_address
from smakom_mail.errors import SmakomMailError
from smakom_mail.services.sending.private_file import (
    PrivateFileError,
    read_private,
    write_private,
)
from smakom_mail.services.workplace import Workplace

if TYPE_CHECKING:
    from smakom_mail.mail.dkim import Signer

SELECTOR = "brev"
"""What a key is called where nothing says otherwise."""
KEYGEN = "smakom-mail dkim keygen"
_WHAT = "the DKIM key"


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A key in its file, and the DNS record by which receivers verify with it.

    `configured` says whether messages are signed with it, under this domain and selector;
    `settings` are the lines of smakom-mail.toml that make it so.
    """

    file: Path
    domain: str
    selector: str
    name: str
    value: str
    strings: tuple[str, ...]
    zone_line: str
    configured: bool
    settings: tuple[str, ...]


def make_dkim_key(
    workplace: Workplace,
    *,
    domain: str = "",
    selector: str = "",
    out: Path | None = None,
    replace: bool = False,
) -> PublishedKey:
    """Make a key and write it, where nobody else can read it and git does not keep it.

    A key that is there is left alone unless `replace`. Raises SmakomMailError.
    """
    from smakom_mail.mail.dkim_key import make_key

    path = _place(workplace, out)
    key = make_key()
    published = _published(workplace, path, key, domain, selector)
    try:
        write_private(path, key, replace=replace)
    except PrivateFileError as error:
        hint = error.hint or f"see its record: {KEYGEN.replace('keygen', 'show')}; or --replace it"
        raise PrivateFileError(error.message, hint) from None
    return published


def show_dkim_key(
    workplace: Workplace, *, domain: str = "", selector: str = "", file: Path | None = None
) -> PublishedKey:
    """Read a key and give its record again. Raises SmakomMailError."""
    path = _place(workplace, file)
    key = read_private(workplace.root, path, _WHAT, f"make one: {KEYGEN}")
    return _published(workplace, path, key, domain, selector)


def open_signer(workplace: Workplace, now: Callable[[], int]) -> "Signer | None":
    """Give what signs the messages of a project, or None where [dkim] says that none are.

    `now` gives the time in whole seconds of Unix time. Raises SmakomMailError.
    """
    from smakom_mail.mail.dkim import Signer

    settings = workplace.config.dkim
    if not settings.configured:
        return None
    path = Path(settings.key_file)
    key = read_private(workplace.root, path, _WHAT, f"make one: {KEYGEN}")
    return Signer(key, settings.domain, settings.selector, now)


def _place(workplace: Workplace, given: Path | None) -> Path:
    """Give the key's file: as it was named here, else as [dkim] names it from the project."""
    return given.absolute() if given else workplace.root / workplace.config.dkim.key_file


def _published(
    workplace: Workplace, path: Path, key: bytes, domain: str, selector: str
) -> PublishedKey:
    from smakom_mail.mail.dkim_key import dns_record

    config = workplace.config
    own = ascii_address(config.sender.email).rpartition("@")[2]
    domain = domain or config.dkim.domain or own
    if not domain:
        raise SmakomMailError(
            "nothing says which domain is signed for",
            "say it with --domain, or set [sender] email in smakom-mail.toml",
        )
    selector = selector or config.dkim.selector or SELECTOR
    record = dns_record(key, domain, selector)
    inside = path.is_relative_to(workplace.root)
    file = (path.relative_to(workplace.root) if inside else path).as_posix()
    said = {"domain": domain, "selector": selector, "key_file": file}
    return PublishedKey(
        file=path,
        domain=domain,
        selector=selector,
        name=record.name,
        value=record.value,
        strings=record.strings,
        zone_line=record.zone_line,
        configured=all(getattr(config.dkim, name) == value for name, value in said.items()),
        settings=("[dkim]", *(f"{name} = {json.dumps(value)}" for name, value in said.items())),
    )
