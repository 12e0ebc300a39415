"""The coroutine beside `serve`: it looks for letters until it is closed, whatever goes wrong."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest

from smakom_mail.services.letters.hand import take_letters_in_hand
from smakom_mail.services.letters.sender import LetterSender
from smakom_mail.services.secrets import rotate_secret
from tests.mail.smtp.relay import SILENCE, Relay, closing
from tests.services.letters.writing import (
    KIM,
    SECRET,
    Hands,
    asked_for,
    eventually,
    kept,
    newsletter,
    opened,
    outbox,
    place,
    states,
    to,
    wanted,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a newsletter."""
    return newsletter(tmp_path / "brev")


@dataclass
class Running:
    """A sender that runs, and what it says."""

    sender: LetterSender
    said: list[str] = field(default_factory=list)


@contextlib.asynccontextmanager
async def beside(root: Path, environment: Mapping[str, str]) -> AsyncIterator[Running]:
    """Let a sender run until the end of the block."""
    said: list[str] = []
    sender = LetterSender(
        place(root, environment), environment, clock=Hands().clock(), said=said.append
    )
    task = asyncio.create_task(sender.run())
    try:
        yield Running(sender, said)
    finally:
        await sender.close()
        await task


async def until(root: Path, id_: str, state: str) -> None:
    """Wait until a letter is in a state."""
    await eventually(lambda: states(root, id_) == [state])


def test_a_letter_that_is_asked_for_while_it_runs_goes_soon(root: Path) -> None:
    async def scenario() -> str:
        async with beside(root, SECRET):
            first, second = await asyncio.to_thread(asked_for, root, "a@a.example", "b@b.example")
            await until(root, first, "accepted")
            await until(root, second, "accepted")
            later = (await asyncio.to_thread(asked_for, root, "c@c.example"))[0]
            await until(root, later, "accepted")
            return later

    asyncio.run(scenario())
    assert sorted(message["To"] for message in outbox(root)) == [
        "a@a.example",
        "b@b.example",
        "c@c.example",
    ]


def test_a_relay_that_fails_is_named_once_and_so_is_that_it_works_again(root: Path) -> None:
    (id_,) = asked_for(root, KIM)
    refused = [closing("421 4.3.2 closing for tonight")] * 3

    async def scenario() -> list[str]:
        async with Relay(answers={"GREETING": refused}).running() as relay:
            async with beside(root, to(relay)) as running:
                await until(root, id_, "accepted")
                await eventually(lambda: len(running.said) == 2)
            assert len(relay.received) == 4
            return running.said

    said = asyncio.run(scenario())
    assert said == ["letters wait: the relay closes the connection", "letters are sent again"]


def test_faulty_settings_are_named_and_end_nothing(root: Path) -> None:
    asked_for(root, KIM)
    environment = SECRET | {
        "SMAKOM_MAIL_RELAY_HOST": "relay.example",
        "SMAKOM_MAIL_RELAY_SECURITY": "none",
    }

    async def scenario() -> list[str]:
        async with beside(root, environment) as running:
            await eventually(lambda: len(running.said) == 1)
        return running.said

    assert asyncio.run(scenario()) == [
        "letters wait: nothing is sent to relay.example, port 25 without encryption"
    ]


def test_it_waits_without_a_word_while_another_program_has_the_letters(root: Path) -> None:
    (id_,) = asked_for(root, KIM)
    hand = take_letters_in_hand(place(root, SECRET), SECRET, Hands().clock())

    async def scenario() -> list[str]:
        async with beside(root, SECRET) as running:
            await asyncio.sleep(0.2)
            assert await asyncio.to_thread(states, root, id_) == ["waiting"]
            await asyncio.get_running_loop().run_in_executor(None, hand.lock.release)
            await until(root, id_, "accepted")
        return running.said

    assert asyncio.run(scenario()) == []
    hand.store.close()


def test_closing_it_while_the_relay_is_silent_leaves_the_letter_in_doubt(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (id_,) = asked_for(root, KIM)
    monkeypatch.setattr("smakom_mail.services.letters.sender._CLOSING", 0.2)

    async def scenario() -> None:
        async with (
            Relay(answers={"DOT": [SILENCE]}).running() as relay,
            beside(root, to(relay)),
        ):
            await until(root, id_, "submitting")

    asyncio.run(scenario())
    assert (kept(root, id_).state, kept(root, id_).why) == (
        "unknown",
        "the program was told to stop",
    )


def test_it_goes_on_with_the_database_that_is_put_in_the_place_of_another(root: Path) -> None:
    file = root / "var" / "smakom-mail.db"
    (first,) = asked_for(root, "a@a.example")

    async def scenario() -> None:
        async with beside(root, SECRET):
            await until(root, first, "accepted")
            await asyncio.to_thread(_exchange, file)
            second = (await asyncio.to_thread(asked_for, root, "b@b.example"))[0]
            await until(root, second, "accepted")

    asyncio.run(scenario())


def _exchange(file: Path) -> None:
    """Put a copy in the place of a database, as who restores a backup does."""
    copy = file.with_name("copy.db")
    copy.write_bytes(file.read_bytes())
    copy.replace(file)
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)


def test_a_letter_of_a_newer_secret_is_read_by_who_began_with_the_older_one(root: Path) -> None:
    def ask(email: str) -> None:
        with opened(root) as store:
            wanted(store, email, lists=("medlemmar",))

    def arrived() -> int:
        return len(list((root / "var" / "outbox" / "new").glob("*")))

    async def scenario() -> None:
        async with beside(root, {}) as running:
            await asyncio.to_thread(ask, "a@a.example")
            await eventually(lambda: arrived() == 1)
            await asyncio.to_thread(rotate_secret, place(root, {}), {})
            await asyncio.to_thread(ask, "b@b.example")
            await eventually(lambda: arrived() == 2)
            assert running.said == []

    asyncio.run(scenario())
    # Only who can read the token of a letter can name the list that it is about.
    assert ["Medlemmar" in text(message) for message in outbox(root)] == [True, True]


def text(message: EmailMessage) -> str:
    """Give the plain text of a letter."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
