"""Addresses: one canonical form for each, and the kind of fault of what is none.

email-validator decides, always. What is saved is doing the same domain twice: its answer for a
domain is kept, and an address that is plain to split is not split by its careful reader.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from email_validator import EmailNotValidError, EmailSyntaxError, validate_email
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES, EMAIL_MAX_LENGTH
from email_validator.syntax import validate_email_domain_name, validate_email_local_part

from smakom_mail.content.people.scripts import script_flags
from smakom_mail.model.person import Fault

ROLE = "role"
_ROLES = """
    abuse admin arkiv bibliotek bokning bygg diarium diariet ekonomi epost e-post expedition
    expeditionen faktura fakturor folkbibliotek hej hello help hostmaster hr info information
    inkop invoice kansli kansliet kommun kommundirektor kommunen kommunikation
    kommunkansli kommunkansliet kommunledning kommunstyrelse kommunstyrelsen kontakt
    kontaktcenter ks kultur kundcenter kundservice kundtjanst mail marketing medborgarcenter
    medborgarkontor medborgarkontoret medborgarservice namnd namnden nyhetsbrev newsletter
    no-reply noreply office ordforande overformyndare overformyndaren personal post postmaster
    press reception receptionen redaktion redaktionen registrator registratur sales security
    sekretariat sekretariatet servicecenter socialtjanst socialtjansten stadshus stadshuset
    styrelse styrelsen support turism turistbyra upphandling utbildning vaxel webb
    webbredaktion webmaster contact kommunhus kommunhuset
"""
ROLES = frozenset(_ROLES.split())
"""Local parts that belong to a desk, not to a person."""

LOCAL_LIMIT = 64
"""The longest local part that every server takes, in bytes (RFC 5321, 4.5.3.1.1)."""
_DOMAINS = 10_000
_NAMED = 2_000
"""Of a longer text no more is said than that it is too long."""
_CASELESS = frozenset(CASE_INSENSITIVE_MAILBOX_NAMES)
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_BETWEEN = re.compile(r"[,;\s]")
_IP_LITERAL = re.compile(r"@\s*\[")
_RESERVED = re.compile(r"(?:^|\.)(arpa|invalid|local|localhost|onion)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """An address: `email` as it is stored and sent to, `key` as it is compared.

    The domain of both is in IDNA's ASCII form. `flags` are "role", "mixed-script" and
    "look-alike".
    """

    email: str
    key: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddressFault(Fault):
    """Why a text is no address that can be written to."""


class _Domain(NamedTuple):
    """What email-validator says of a domain; `longest` counts the bytes of its longest form."""

    ascii: str
    letters: str
    longest: int
    flags: tuple[str, ...]


def canonical(
    text: str, *, allow_smtputf8: bool = False, roles: Collection[str] = ROLES
) -> Address | AddressFault:
    """Give the canonical form of an address, or what is wrong with it.

    The text is taken as it is: blanks around it are a fault. A local part with letters outside
    ASCII is refused unless the relay has SMTPUTF8; it is then normalised by NFKC.
    """
    local, at, domain = text.partition("@")
    if at and text.isascii() and '"' not in local and "<" not in text and len(text) <= 254:
        found = _domain(domain)
        if found and len(local) + 1 + found.longest <= EMAIL_MAX_LENGTH:
            try:
                validate_email_local_part(local, allow_smtputf8=False)
            except EmailSyntaxError:
                return _fault(text)
            if local.lower() in _CASELESS:
                local = local.lower()
            return _address(local, found.ascii, found.flags, roles)
    return _carefully(text, roles, allow_smtputf8=allow_smtputf8)


def readable(email: str) -> str:
    """Give an address as people read it: its domain in letters instead of IDNA's ASCII form.

    A domain that is taken for another one by its letters keeps that form; so does what is none.
    """
    local, at, domain = email.rpartition("@")
    found = _domain(domain) if at and "xn--" in domain.lower() else None
    return email if found is None or found.flags else f"{local}@{found.letters}"


@lru_cache(maxsize=_DOMAINS)
def _domain(domain: str) -> _Domain | None:
    try:
        found = validate_email_domain_name(domain, test_environment=True)
    except EmailSyntaxError:
        return None
    forms = (domain, found["domain"], found["ascii_domain"])
    longest = max(len(form.encode("utf-8")) for form in forms)
    return _Domain(found["ascii_domain"], found["domain"], longest, script_flags(found["domain"]))


def _carefully(
    text: str, roles: Collection[str], *, allow_smtputf8: bool
) -> Address | AddressFault:
    """Let email-validator do it all: the address is long, odd, outside ASCII or none."""
    if len(text) > EMAIL_MAX_LENGTH:
        return _fault(text)
    try:
        found = validate_email(
            text, allow_smtputf8=allow_smtputf8, check_deliverability=False, test_environment=True
        )
        local = unicodedata.normalize("NFKC", found.local_part)
        if local != found.local_part:
            folded = f"{local}@{found.ascii_domain}"
            found = validate_email(
                folded, allow_smtputf8=True, check_deliverability=False, test_environment=True
            )
    except EmailNotValidError:
        return _fault(text)
    flags = script_flags(found.local_part, found.domain)
    return _address(found.local_part, found.ascii_domain, flags, roles)


def _address(
    local: str, domain: str, flags: tuple[str, ...], roles: Collection[str]
) -> Address | AddressFault:
    # email-validator lets longer ones through where it does not ask for strictness.
    if len(local.encode("utf-8")) > LOCAL_LIMIT:
        return AddressFault("email-local-long", (("limit", str(LOCAL_LIMIT)),))
    lower = local.lower()
    if not local.isascii():
        lower = unicodedata.normalize("NFKC", lower)
    if lower in roles or ("+" in lower and lower.partition("+")[0] in roles):
        flags = (ROLE, *flags)
    return Address(f"{local}@{domain}", f"{lower}@{domain}", flags)


def _fault(text: str) -> AddressFault:
    """Name the fault of a text that email-validator has refused."""
    if len(text) > _NAMED:
        return AddressFault("email-too-long", (("limit", str(EMAIL_MAX_LENGTH)),))
    if not text.strip():
        return AddressFault("email-empty")
    for character in text:
        if unicodedata.category(character) in _UNSEEN:
            return AddressFault("email-control", (("character", f"U+{ord(character):04X}"),))
    _, _, behind = text.partition("@")
    if _BETWEEN.search(behind.rpartition("@")[0]) and '"' not in text:
        return AddressFault("email-several")
    if "<" in text or ">" in text:
        return AddressFault("email-display-name")
    if len(text.encode("utf-8")) > EMAIL_MAX_LENGTH:
        return AddressFault("email-too-long", (("limit", str(EMAIL_MAX_LENGTH)),))
    if "@" not in text:
        return AddressFault("email-no-at")
    return _fault_of_parts(*text.rsplit("@", 1))


def _fault_of_parts(local: str, domain: str) -> AddressFault:
    if '"' in local:
        return AddressFault("email-quoted")
    if "(" in local + domain or ")" in local + domain:
        return AddressFault("email-comment")
    if _IP_LITERAL.match(f"@{domain}"):
        return AddressFault("email-ip")
    if re.search(r"\s", f"{local}@{domain}"):
        return AddressFault("email-space")
    if "@" in local:
        return AddressFault("email-two-ats")
    if found := _RESERVED.search(domain):
        return AddressFault("email-reserved", (("domain", found[1].lower()),))
    if _domain(domain) is None:
        return AddressFault("email-domain", (("domain", domain),))
    odd = next((character for character in local if not character.isascii()), "")
    if odd:
        return AddressFault("email-smtputf8", (("character", odd),))
    return AddressFault("email-local", (("local", local),))
