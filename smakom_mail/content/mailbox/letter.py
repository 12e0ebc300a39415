"""A mail that came in: what of it is looked at, and whether a person sent it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from smakom_mail.content.mailbox.body import kind_of, own_words
from smakom_mail.content.mailbox.head import Fields, decoded, read_fields, split_letter

_ADDRESS = re.compile(r"[^\s<>@\"(),;:\[\]\\]{1,64}@[^\s<>@\"(),;:\[\]\\]{1,255}")
_TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "resent-to")
_ASKS = re.compile(
    r"\bavslutar?\b|avregistrer|avanmäl|avprenumer|av-?anmälan|säg(a|er)? upp|sluta (att )?skicka"
    r"|(ta|tag) bort (mig|oss|min|vår|denna|den här|adressen)|stryk mig"
    r"|(inte|ej) (längre )?(ha|få|vill ha) (fler|mer|ert|era|nyhetsbrev)"
    r"|unsubscribe|opt[ -]?out|remove (me|us|my|this)|stop sending|cancel my",
    re.IGNORECASE,
)
_AUTOMATIC_SUBJECT = re.compile(
    r"(autosvar|automatiskt svar|automatic reply|auto(matic)?[ -]?reply|frånvaro|out of office"
    r"|undeliver|olevererbart|delivery (status|failure)|mail delivery|returned mail|failure notice"
    r"|läst:|read:)",
    re.IGNORECASE,
)
_ROBOT = re.compile(r"(mailer-daemon|postmaster)@", re.IGNORECASE)


class Author(StrEnum):
    """Who sent a mail: a person; a program for a person; a list; a program that reports."""

    PERSON = "person"
    PROGRAM = "program"
    LIST = "list"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is known of a mail. Nothing of it is proven: anybody may write anything in it.

    `sender` and `receivers` are addresses in small letters; `identity` is the same for the same
    mail, also where a mail program has marked it as read meanwhile.
    """

    subject: str
    sender: str
    receivers: frozenset[str]
    author: Author
    words: str
    identity: str

    @property
    def asks_to_leave(self) -> bool:
        """Whether its own words, not what they quote, ask to be written to no more."""
        return _ASKS.search(f"{self.subject}\n{self.words}") is not None

    @property
    def subject_asks_to_leave(self) -> bool:
        """Whether its subject asks to be written to no more."""
        return _ASKS.search(self.subject) is not None


def read_letter(data: bytes) -> Letter:
    """Read the beginning of a mail; there is nothing that it cannot be."""
    head, body = split_letter(data)
    fields = read_fields(head)
    subject = decoded(" ".join(fields.get("subject", ())[:3]))
    senders = _addresses(fields, ("from",))
    return Letter(
        subject,
        senders[-1] if senders else "",
        frozenset(_addresses(fields, _TO)),
        _author(fields, subject),
        own_words(fields, body),
        _identity(fields),
    )


def _addresses(fields: Fields, names: tuple[str, ...]) -> list[str]:
    values = " ".join(value for name in names for value in fields.get(name, ())[:5])
    return [found.lower() for found in _ADDRESS.findall(values[:20_000])][:200]


def _author(fields: Fields, subject: str) -> Author:
    """Tell by the marks of RFC 3834 and the usual ones; a bounce has no envelope sender.

    Apple's button "Unsubscribe" marks what it sends as a reply of a machine, and as its own.
    """
    said = {value.split(";")[0].strip().lower() for value in fields.get("auto-submitted", ())}
    precedence = {value.strip().lower() for value in fields.get("precedence", ())}
    if (
        any(value.strip() == "<>" for value in fields.get("return-path", ()))
        or kind_of(fields).startswith(("multipart/report", "message/d"))
        or "x-failed-recipients" in fields
        or any(_ROBOT.search(value) for value in fields.get("from", ())[:1])
    ):
        return Author.REPORT
    if said - {"no", ""}:
        by_button = any(v.strip().lower() == "true" for v in fields.get("x-apple-unsubscribe", ()))
        return Author.PERSON if by_button else Author.PROGRAM
    if (
        precedence & {"auto_reply", "auto-reply"}
        or any(name in fields for name in ("x-autoreply", "x-autorespond", "x-auto-reply"))
        or _AUTOMATIC_SUBJECT.match(subject)
    ):
        return Author.PROGRAM
    if precedence & {"bulk", "list", "junk"} or "list-id" in fields or "list-unsubscribe" in fields:
        return Author.LIST
    return Author.PERSON


def _identity(fields: Fields) -> str:
    """Give what tells this mail from every other: its id, else how it came."""
    own = decoded(" ".join(fields.get("message-id", ())[:1])).strip("<> ")
    if own:
        return f"id {own}"
    rest = (fields.get(name, ("",))[0] for name in ("date", "from", "received", "subject"))
    return "\n".join(["none", *rest])
