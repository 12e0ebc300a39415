"""Sending letters from a laptop, asking somebody to say yes by one, and how all of them stand."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from smakom_mail.errors import SmakomMailError
from smakom_mail.services.letters.sender import LetterSender, Round
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.outbox import outbox_of
from smakom_mail.services.storing import open_store
from smakom_mail.services.subscribing.inviting import Invitation
from smakom_mail.services.workplace import Workplace
from smakom_mail.store.letter_states import all_letters, count_letters
from smakom_mail.store.letters import Letter, find_letter

OPEN = ("waiting", "submitting", "deferred")


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a pass ended: the letters it tried, how many are in each state, what is in the way.

    `outbox` is where they were laid, where no relay is configured.
    """

    letters: tuple[Letter, ...]
    counts: Mapping[str, int]
    trouble: str = ""
    outbox: Path | None = None

    @property
    def complete(self) -> bool:
        """Whether no letter waits, or is in doubt."""
        return not any(self.counts.get(state) for state in (*OPEN, "unknown"))


def send_letters(
    workplace: Workplace,
    environment: Mapping[str, str],
    clock: Clock,
    said: Callable[[str], None],
    only: str = "",
) -> Delivered:
    """Send every letter that is due, or lay them in the outbox where there is no relay.

    `said` is told in sentences what else the one who sends should know. Raises LettersHeldError
    where another program sends them, CopyError, RelayRefusedError and SmakomMailError for whatever
    else stands in the way.
    """
    sending = _drained(workplace, environment, clock=clock, said=said, only=only)
    done = asyncio.run(sending)
    with open_store(workplace, environment, create=True) as store:
        found = (find_letter(store.database, id_) for id_ in dict.fromkeys(done.tried))
        letters = tuple(each for each in found if each is not None)
        counts = count_letters(store.database)
    outbox = None if workplace.config.relay.configured else outbox_of(workplace.root).folder
    return Delivered(letters, counts, done.trouble, outbox)


async def _drained(
    workplace: Workplace,
    environment: Mapping[str, str],
    *,
    clock: Clock,
    said: Callable[[str], None],
    only: str,
) -> Round:
    return await LetterSender(workplace, environment, clock=clock, said=said, only=only).drain()


def list_letters(workplace: Workplace, environment: Mapping[str, str]) -> tuple[Letter, ...]:
    """Give every letter that is kept, newest first."""
    with open_store(workplace, environment, create=True) as store:
        return all_letters(store.database)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked to say yes: by the `letter`, or by nobody where there is none yet.

    `trouble` is why the letter has not gone; it waits then.
    """

    invitation: Invitation
    letter: Letter | None = None
    trouble: str = ""

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do: the letter has left, or only the link was wanted."""
        return self.letter is None or self.letter.state == "accepted"


def deliver_invitation(
    workplace: Workplace,
    environment: Mapping[str, str],
    invitation: Invitation,
    clock: Clock,
    said: Callable[[str], None],
) -> Asked:
    """Send the letter of an invitation that was made, if it has one.

    Where that cannot be done now the letter waits, and it is said why.
    """
    if not invitation.letter:
        return Asked(invitation)
    try:
        trouble = send_letters(workplace, environment, clock, said, invitation.letter).trouble
    except SmakomMailError as error:
        trouble = error.message
    with open_store(workplace, environment, create=True) as store:
        letter = find_letter(store.database, invitation.letter)
    return Asked(invitation, letter, trouble)
