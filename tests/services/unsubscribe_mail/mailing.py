"""Mail to us, mailboxes of it, and what became of each when they were read."""

import hashlib
from pathlib import Path

from smakom_mail.model.person import Act, Subscriber
from smakom_mail.services.storing import Store
from smakom_mail.services.unsubscribe_mail.reading import MailRead, read_unsubscribes
from smakom_mail.store.lists import scope_code
from smakom_mail.tokens import Purpose, make_token
from tests.services.subscribing.keeping import ACT

OURS = "brevet@forening.example"


def token(store: Store, person: Subscriber, *lists: str, purpose: Purpose = "unsubscribe") -> str:
    """Give the token that stands in a person's message; without lists the default one's."""
    scope = scope_code(store.database, lists or ("medlemmar",))
    return make_token(store.keyring, purpose, bytes.fromhex(person.ref), scope)


def mail(subject: str, *head: str, sender: str = "x@evil.example", text: str = "") -> bytes:
    """Write a mail to us; its Message-ID is made of what it is."""
    lines = [f"From: <{sender}>", f"To: <{OURS}>", f"Subject: {subject}", *head]
    if not any(line.startswith("Message-ID") for line in lines):
        name = hashlib.sha256("".join(lines).encode()).hexdigest()
        lines.append(f"Message-ID: <{name}@example.se>")
    return "\r\n".join([*lines, "", text, ""]).encode()


def box(folder: Path, *mails: bytes) -> Path:
    """Write a Maildir."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(mails):
        (folder / "new" / f"{number:04}").write_bytes(data)
    return folder


def read(store: Store, source: Path, act: Act = ACT, *, dry_run: bool = False) -> MailRead:
    """Read a mailbox in silence."""
    return read_unsubscribes(
        store, [source], act, dry_run=dry_run, progress=lambda _what, _done, _all: None
    )


def counted(done: MailRead) -> dict[str, int]:
    """Give the counts that are not 0; together they are all that was read."""
    names = ("unsubscribed", "agreed", "gone", "before", "ignored", "unclear")
    found = {name: getattr(done, name) for name in names}
    assert sum(found.values()) == done.read
    assert len(done.named) == done.unclear
    return {name: number for name, number in found.items() if number}


def named(done: MailRead) -> list[tuple[str, str, str, bool]]:
    """Give who is named, with the subject, the reason, and whether a subscriber has the address."""
    return [(each.sender, each.subject, each.why.name, each.known) for each in done.named]
