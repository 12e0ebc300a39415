"""A sender of letters that is killed between its intent and the relay's reply."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.mail.smtp.relay import SILENCE, Answer, Relay
from tests.services.letters.writing import KIM, asked_for, eventually, kept, newsletter, states, to


def start(root: Path, relay: Relay) -> "subprocess.Popen[str]":
    """Start `letters send`; coverage is of no use in what is killed."""
    mine = {name: value for name, value in os.environ.items() if "COV" not in name.upper()}
    return subprocess.Popen(
        [sys.executable, "-m", "smakom_mail", "letters", "send", "--project", str(root)],
        cwd=ROOT,
        env=mine | to(relay),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def killed_at(root: Path, step: str, id_: str, state: str) -> Relay:
    """Kill a sender once the relay is silent at a step and the letter is in that state."""
    answers: dict[str, list[str | Answer]] = {step: [SILENCE]}
    async with Relay(answers=answers).running() as relay:
        process = start(root, relay)
        await eventually(lambda: _asked(relay) == step and states(root, id_) == [state])
        process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(process.communicate)
        return relay


def _asked(relay: Relay) -> str:
    """Say at which step the relay has become silent."""
    if not relay.received:
        return ""
    if relay.received[0].endswith(b"\r\n.\r\n"):
        return "DOT"
    return "RCPT" if b"\r\nRCPT TO:" in relay.received[0] else ""


async def sent_after(root: Path) -> tuple[Relay, int]:
    """Send what there is through a relay that takes everything; give it and the exit code."""
    async with Relay().running() as relay:
        process = start(root, relay)
        await asyncio.to_thread(process.communicate)
        return relay, process.returncode


def test_behind_the_dot_the_letter_is_unknown_and_never_sent_again(tmp_path: Path) -> None:
    root = newsletter(tmp_path / "brev")
    id_, other = asked_for(root, KIM, "b@b.example")
    asyncio.run(killed_at(root, "DOT", id_, "submitting"))
    relay, code = asyncio.run(sent_after(root))
    assert [mail.recipient for mail in relay.accepted] == ["b@b.example"]
    assert (states(root, id_, other), code) == (["unknown", "accepted"], 4)
    assert kept(root, id_).why == "the program was stopped"


def test_before_the_intent_nothing_has_happened_and_the_letter_goes(tmp_path: Path) -> None:
    root = newsletter(tmp_path / "brev")
    (id_,) = asked_for(root, KIM)
    asyncio.run(killed_at(root, "RCPT", id_, "waiting"))
    relay, code = asyncio.run(sent_after(root))
    assert [mail.recipient for mail in relay.accepted] == [KIM]
    assert (kept(root, id_).state, kept(root, id_).attempts, code) == ("accepted", 1, 0)
