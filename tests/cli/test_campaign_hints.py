"""What `send`, `resume`, `status`, `pause` and `cancel` say of the way on."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.cli.spans import local_time
from smakom_mail.model.campaign import Wish
from smakom_mail.store.campaigns import latest_campaign, set_due
from tests.cli.test_proofing import relay
from tests.services.receiving import EDITION, opened
from tests.services.running import as_json, ran
from tests.services.sending.underway import peopled, planned, wished
from tests.terminals import on_terminal

Cli = Callable[..., Result]
JSON = ("--format", "json")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a newsletter with three readers."""
    return peopled(tmp_path / "brev", "asa", "bo", "cia")


# ------------------------------------------------------------------------------ limits, canaries


def test_behind_a_limit_it_asks_to_look_at_what_has_gone(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    hint = "    hint: {} got it, as asked; look at it, then: smakom-mail resume exempel\n"
    with relay(monkeypatch):
        sent = cli("send", EDITION, "--yes", "--limit", "1")
        assert ran(sent, 4)[1].endswith(hint.format("1 person has"))
        more = cli("resume", EDITION, "--yes", "--limit", "1")
        assert ran(more, 4)[1].endswith(hint.format("2 people have"))
    assert ran(cli("status", EDITION), 4)[1] == hint.format("2 people have")


def test_behind_the_canaries_it_asks_to_look_at_what_they_got(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = tmp_path / "first.txt"
    canaries.write_text("bo@a.example\n", encoding="utf-8")
    with relay(monkeypatch):
        _out, err = ran(cli("send", EDITION, "--yes", "--canary", str(canaries)), 4)
    assert err.splitlines()[-1] == (
        "    hint: 1 person has got it, as asked; look at it, then: smakom-mail resume exempel"
    )


# ------------------------------------------------------------------------------------- a quota


def test_a_quota_that_is_not_waited_for_is_told_as_it_is_and_kept(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = (
        "the relay's quota for this period is used up: 452 4.5.3 daily quota exceeded; "
        "it is not waited for, as --no-wait was given"
    )
    hint = "    hint: when the quota is free again: smakom-mail resume exempel"
    with relay(monkeypatch, {"MAIL": ["250 2.1.0 Ok", "452 4.5.3 daily quota exceeded"]}):
        out, err = ran(cli("send", EDITION, "--yes", "--no-wait"), 4)
        assert err.splitlines()[-2:] == [f"exempel: stopped: {why}", hint]
        assert "asked again" not in err
        assert f"campaign, paused: {why}" in out
        found = as_json(cli("status", EDITION, *JSON), 4)
        assert (found["state"], found["why"]) == ("paused", why)
        assert as_json(cli("resume", EDITION, *JSON))["state"] == "finished"


# ------------------------------------------------------------------------------------- cancel


def test_cancel_asks_nothing_where_nobody_can_be_asked(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch):
        ran(cli("send", EDITION, "--yes", "--limit", "1"), 4)
    assert as_json(cli("cancel", EDITION, *JSON))["state"] == "cancelled"


def test_cancel_asks_at_a_terminal_and_a_no_changes_nothing(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch):
        ran(cli("send", EDITION, "--yes", "--limit", "1"), 4)
    code, shown = on_terminal(project, "cancel", EDITION, typed="n\n")

    assert (code, shown.splitlines()) == (
        1,
        ["End the campaign of exempel for good? [y/N]: exempel goes on as it was"],
    )
    assert as_json(cli("status", EDITION, *JSON), 4)["state"] == "paused"


# ------------------------------------------------------------------- pause before the hour has come


def wait_for_hour(project: Path) -> "subprocess.Popen[str]":
    """Run a sender beside the test, until it waits for an hour of tomorrow."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")
    command = [sys.executable, "-m", "smakom_mail", "send", EDITION, "--yes", "--at", tomorrow]
    sender = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    with opened(project) as store:
        while (found := latest_campaign(store.database, EDITION)) is None or not found.due_at:
            assert sender.poll() is None, sender.communicate()
            threading.Event().wait(0.05)
    return sender


def let_begin(project: Path, **time: float) -> str:
    """Let the campaign's hour be so far from now; give it as people read it."""
    due = (datetime.now(UTC) + timedelta(**time)).isoformat(timespec="milliseconds")
    with opened(project) as store, store.database.transaction():
        campaign = latest_campaign(store.database, EDITION)
        assert campaign is not None
        set_due(store.database, campaign, due)
    return local_time(due)


def test_a_pause_before_the_hour_stops_the_sender_and_resume_waits_again(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        sender = wait_for_hour(project)
        assert as_json(cli("pause", EDITION, *JSON))["state"] == "paused"
        out, err = sender.communicate()
        assert sender.returncode == 4
        assert "exempel: nothing was sent: it was paused\n" in err
        assert "campaign, paused: by hand\n" in out
        assert running.accepted == []
        begins = let_begin(project, seconds=1)
        assert ran(cli("status", EDITION), 4)[1] == (
            f"    hint: to let it wait for its hour again, {begins}: smakom-mail resume exempel\n"
        )
        assert as_json(cli("resume", EDITION, *JSON))["state"] == "finished"
    assert len(running.accepted) == 3


def test_one_that_was_paused_past_its_hour_is_held(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        sender = wait_for_hour(project)
        ran(cli("pause", EDITION))
        sender.communicate()
        let_begin(project, hours=-3)
        assert ran(cli("resume", EDITION), 1) == (
            "",
            (
                "error: exempel is held: it is 3 h late for its hour\n"
                "    hint: to send it all the same: smakom-mail resume exempel --late; "
                "to take it back: smakom-mail cancel exempel\n"
            ),
        )
        assert running.accepted == []
        assert as_json(cli("resume", EDITION, "--late", *JSON))["state"] == "finished"


def test_the_time_to_take_it_back_is_none_to_pause_in(cli: Cli, project: Path) -> None:
    with opened(project) as store:
        wished(store, planned(project, store), Wish.HELD)
    assert ran(cli("pause", EDITION), 1) == (
        "",
        (
            "error: exempel is held, so there is nothing to pause\n"
            "    hint: to take it back before anything is sent: smakom-mail cancel exempel\n"
        ),
    )


# ------------------------------------------------------------------------------ the environment


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "smtp", 'a whole number from 1 to 65535, not "smtp"'),
        ("SECURITY", "ssl", '"starttls", "tls" or "none", not "ssl"'),
        ("CONNECTIONS", "many", 'a whole number from 1 to 50, not "many"'),
        ("HOST", "a b", 'the name of a server, without a port, not "a b"'),
        ("RATE", "fast", 'a number for each s, min, h or day, or "unlimited", not "fast"'),
    ],
)
def test_a_variable_that_cannot_be_read_is_named_and_no_line_of_the_settings(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    variable = f"SMAKOM_MAIL_RELAY_{name}"
    monkeypatch.setenv(variable, value)
    _out, err = ran(cli("send", EDITION, "--yes"), 1)
    assert err.startswith(f"error: environment: “{variable}” must be {expected}\n    hint: write ")
    out, _err = ran(cli("check", EDITION, "--lang", "en"), 1)
    assert f"environment: error[P04]: “{variable}” must be {expected}\n" in out
