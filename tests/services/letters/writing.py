"""Letters of a small newsletter, the relay that they go to, and a clock that can be moved."""

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from smakom_mail.content.people.address import Address, canonical
from smakom_mail.services.letters.sender import LetterSender, Round
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.storing import Store
from smakom_mail.store.letters import Kind, Letter, add_letter, find_letter, new_letter_id
from smakom_mail.store.lists import scope_code
from smakom_mail.tokens import Purpose, make_token, new_ref
from tests.mail.smtp.relay import Answer, Relay
from tests.services.receiving import add, newsletter, opened, person, place, say_no

__all__ = ["add", "newsletter", "opened", "person", "place", "say_no"]

SECRET = {"SMAKOM_MAIL_SECRET": "en-hemlighet-som-bara-testerna-har"}
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = NOON.isoformat(timespec="milliseconds")
KIM = "kim@kommun.example"


class Hands:
    """A clock whose hands are moved by the test."""

    def __init__(self) -> None:
        """Begin at noon."""
        self.passed = 0.0

    def clock(self) -> Clock:
        """Give the clock; what waits by it waits hardly at all."""
        return Clock(lambda: NOON.timestamp() + self.passed, lambda: 1000.0 + self.passed, pace=1e6)


def seconds_until(at: str) -> float:
    """Give how far a time is from noon."""
    return datetime.fromisoformat(at).timestamp() - NOON.timestamp()


def to(relay: Relay) -> dict[str, str]:
    """Give the environment in which letters go to that relay."""
    return SECRET | {
        "SMAKOM_MAIL_RELAY_HOST": "127.0.0.1",
        "SMAKOM_MAIL_RELAY_PORT": str(relay.port),
        "SMAKOM_MAIL_RELAY_SECURITY": "none",
    }


def address(email: str) -> Address:
    """Give an address in its one spelling."""
    found = canonical(email)
    assert isinstance(found, Address), found
    return found


def wanted(  # noqa: PLR0913 - what a letter is
    store: Store,
    email: str = KIM,
    kind: Kind = "sign-up",
    *,
    language: str = "sv",
    lists: Sequence[str] = ("prenumeranter",),
    person_id: str = "",
    at: str = AT,
) -> str:
    """Ask for a letter; give its id."""
    whose = address(email)
    with store.database.transaction():
        code = scope_code(store.database, tuple(lists))
        own = kind in {"already", "preferences"}
        purpose: Purpose = "preferences" if own else "confirm"
        token = make_token(store.keyring, purpose, new_ref(), code)
        letter = Letter(
            new_letter_id(), kind, language, whose.key, whose.email, at, person_id, token
        )
        add_letter(store.database, letter)
    return letter.id


def asked_for(root: Path, *emails: str, kind: Kind = "sign-up") -> list[str]:
    """Ask for letters in a project, one after the other; give their ids."""
    with opened(root, SECRET) as store:
        times = [
            (NOON + timedelta(seconds=n - 100)).isoformat("T", "milliseconds")
            for n in range(len(emails))
        ]
        return [wanted(store, email, kind, at=at) for email, at in zip(emails, times, strict=True)]


def kept(root: Path, id_: str) -> Letter:
    """Give a letter as it stands."""
    with opened(root, SECRET) as store:
        found = find_letter(store.database, id_)
    assert found is not None
    return found


def states(root: Path, *ids: str) -> list[str]:
    """Say how letters stand."""
    return [kept(root, each).state for each in ids]


async def eventually(check: Callable[[], bool]) -> None:
    """Wait until something is so; a minute at most."""
    async with asyncio.timeout(60):
        for _ in itertools.count():
            if await asyncio.to_thread(check):
                return
            await asyncio.sleep(0.02)


async def passed(
    root: Path, environment: Mapping[str, str], hands: Hands | None = None, only: str = ""
) -> Round:
    """Let a sender make one pass."""
    clock = (hands or Hands()).clock()
    sender = LetterSender(place(root, environment), environment, clock=clock, only=only)
    return await sender.drain()


async def through(
    root: Path,
    answers: Mapping[str, Sequence[str | Answer]] = {},
    hands: Hands | None = None,
    rate: str = "",
) -> tuple[Relay, Round]:
    """Send what is due through a relay that plays a script."""
    async with Relay(answers=answers).running() as relay:
        environment = to(relay) | ({"SMAKOM_MAIL_RELAY_RATE": rate} if rate else {})
        return relay, await passed(root, environment, hands)


def outbox(root: Path) -> list[EmailMessage]:
    """Read what lies in the outbox."""
    files = sorted((root / "var" / "outbox" / "new").iterdir())
    return [read(path.read_bytes()) for path in files]


def read(data: bytes) -> EmailMessage:
    """Read a message as a mail program does."""
    return message_from_bytes(data, policy=policy.default)


def parts(message: EmailMessage) -> tuple[str, str]:
    """Give text and HTML of a message."""
    text, html = message.iter_parts()
    return str(text.get_content()).replace("\r\n", "\n"), str(html.get_content())
