"""`send`, `rehearse`, `resume`, `pause`, `cancel`, `status`: what an editor does, and meets."""

import json
import os
import shutil
import signal
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.model.campaign import Campaign, Wish
from smakom_mail.services.sending.running import held
from smakom_mail.services.storing import Store
from smakom_mail.store.campaigns import require_campaign, set_due, set_wish
from smakom_mail.store.installation import Installation
from tests.cli.test_proofing import relay
from tests.mail.smtp.relay import Relay
from tests.services.receiving import EDITION, FIRST, add, append, newsletter, opened, person, say_no
from tests.services.running import as_json, ran

Cli = Callable[..., Result]
YES = ("--yes", "--format", "json")
NAMES = ("asa", "bo", "cia", "dan")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a newsletter with four readers."""
    root = newsletter(tmp_path / "brev")
    with opened(root) as store:
        add(store, *(person(store, f"{name}@a.example") for name in NAMES))
    return root


def reached(running: Relay) -> list[str]:
    """Give whose messages a relay has taken."""
    return sorted(mail.recipient.partition("@")[0] for mail in running.accepted)


def counts(result: Result, code: int = 0) -> dict[str, object]:
    """Give state and numbers of what a command printed, without the zeros."""
    found = as_json(result, code)
    names = ("waiting", "claimed", "submitting", "accepted", "deferred", "refused", "unknown")
    numbers = {name: found[name] for name in (*names, "withheld") if found[name]}
    assert sum(numbers.values()) == found["planned"]
    assert found["candidates"] == found["planned"] + sum(found["excluded"].values())
    return {"state": found["state"], **numbers}


# -------------------------------------------------------------------------------------- send


def test_everybody_gets_it_once_and_the_sums_are_told(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(project) as store:
        say_no(store, "bo@a.example")
    with relay(monkeypatch) as running:
        sent = cli("send", EDITION, *YES)
    assert counts(sent) == {"state": "finished", "accepted": 3}
    assert as_json(sent)["excluded"] == {"unsubscribed": 1}
    assert reached(running) == ["asa", "cia", "dan"]


def test_where_the_archive_is_uploaded_by_hand_it_is_called_to_mind(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = project / "smakom-mail.toml"
    text = settings.read_text("utf-8").replace("[site]\n", "[site]\npages = false\n")
    settings.write_text(text, "utf-8")
    with relay(monkeypatch):
        sent = cli("send", EDITION, "--yes")
    line = (
        f"{EDITION}: for the link to the web version: smakom-mail archive, and upload "
        "build/_archive to https://nyhetsbrev.forening.example (docs/archive.md)"
    )
    assert sent.stderr.splitlines().count(line) == 1


def test_an_edition_that_was_sent_is_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with relay(monkeypatch):
        ran(cli("send", EDITION, "--yes"))
        _out, err = ran(cli("send", EDITION, "--yes"), 1)
    assert "to 4 people: nobody gets it twice" in err


def test_a_person_on_two_lists_gets_one(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(project / "newsletters/exempel/edition.toml", "audience = 'everyone'\n")
    with opened(project) as store:
        add(store, person(store, "eva@a.example", "prenumeranter", "medlemmar"))
    with relay(monkeypatch) as running:
        ran(cli("send", EDITION, "--yes"))
    assert reached(running) == ["asa", "bo", "cia", "dan", "eva"]


def test_nobody_is_a_slip_and_no_success(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(project) as store:
        for name in NAMES:
            say_no(store, f"{name}@a.example")
    with relay(monkeypatch):
        _out, err = ran(cli("send", EDITION, "--yes"), 1)
    assert err.splitlines() == [
        "error: exempel would reach nobody: 4 unsubscribed",
        "    hint: see why: smakom-mail sendlist exempel",
    ]


def test_without_a_relay_it_names_the_rehearsal(cli: Cli) -> None:
    _out, err = ran(cli("send", EDITION, "--yes"), 1)
    assert "smakom-mail rehearse exempel" in err


def test_a_trial_shows_the_plan_and_leaves_nothing(cli: Cli, project: Path) -> None:
    found = as_json(cli("send", EDITION, "--dry-run", "--format", "json"))
    assert (found["planned"], found["state"]) == (4, "planned")
    ran(cli("status", EDITION), 1)
    with opened(project) as store:
        assert store.database.all("SELECT id FROM deliveries") == []


def test_where_nobody_can_agree_nothing_is_sent(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with relay(monkeypatch) as running:
        _out, err = ran(cli("send", EDITION, "--no-proof"), 1)
    assert "nothing was sent: the plan was not agreed to" in err
    assert running.accepted == []


@pytest.mark.parametrize(("typed", "number"), [("4\n", 4), ("5\n", 0), ("\n", 0), ("yes\n", 0)])
def test_the_number_of_recipients_has_to_be_typed(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch, typed: str, number: int
) -> None:
    append(project / "smakom-mail.toml", '\n[send]\nhold = "1 s"\n')
    monkeypatch.setattr("smakom_mail.cli.talking.Terminal._somebody_is_here", lambda _self: True)
    with relay(monkeypatch) as running:
        ran(cli("send", EDITION, "--no-proof", typed=typed), 0 if number else 1)
    assert len(running.accepted) == number


def test_ctrl_c_takes_it_back_during_the_hold(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smakom_mail.cli.talking.Terminal._somebody_is_here", lambda _self: True)
    stop = threading.Timer(3.0, os.kill, (os.getpid(), signal.SIGINT))
    with relay(monkeypatch) as running:
        stop.start()
        _out, err = ran(cli("send", EDITION, "--no-proof", typed="4\n"), 130)
        stop.join()
        assert "nothing was sent: it was taken back" in err
        assert running.accepted == []
        assert counts(cli("send", EDITION, *YES)) == {"state": "finished", "accepted": 4}


def test_a_second_program_leaves_a_campaign_in_its_hold_alone(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = on_hold(cli, project, monkeypatch)
    with opened(project) as store, relay(monkeypatch), held(store, EDITION):
        _out, err = ran(cli("send", EDITION, "--yes"), 1)
        assert require_campaign(store.database, campaign.id).wish is Wish.HELD
    assert "another program is sending exempel, or about to" in err


def test_a_hold_that_was_cut_short_is_planned_anew(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_hold(cli, project, monkeypatch)
    with relay(monkeypatch):
        assert counts(cli("send", EDITION, *YES)) == {"state": "finished", "accepted": 4}


def on_hold(cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch, due: str = "") -> Campaign:
    """Agree to a campaign of which nothing has left yet."""
    with relay(monkeypatch):
        ran(cli("send", EDITION, "--yes", "--limit", "1"), 4)
    with opened(project) as store, store.database.transaction():
        row = store.database.one("SELECT id FROM campaigns")
        assert row is not None
        campaign = require_campaign(store.database, row["id"])
        store.database.run("UPDATE deliveries SET state = 'waiting', sender = ''")
        store.database.run("UPDATE campaigns SET begun_at = ''")
        set_due(store.database, campaign, due)
        set_wish(store.database, campaign, Wish.HELD, list(Wish))
    return campaign


# ----------------------------------------------------------------------- parts, pauses, changes


def test_a_limit_stops_behind_the_first_and_resume_goes_on(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        first = counts(cli("send", EDITION, *YES, "--limit", "1"), 4)
        second = counts(cli("resume", EDITION, *YES, "--limit", "2"), 4)
        rest = counts(cli("resume", EDITION, *YES))
    assert first == {"state": "paused", "accepted": 1, "waiting": 3}
    assert second == {"state": "paused", "accepted": 3, "waiting": 1}
    assert rest == {"state": "finished", "accepted": 4}
    assert reached(running) == list(NAMES)


def test_the_limit_of_resume_counts_those_who_are_left(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch):
        ran(cli("send", EDITION, "--yes", "--limit", "2"), 4)
        with opened(project) as store, store.database.transaction():
            store.database.run("UPDATE campaigns SET pause_after = 0")
        second = counts(cli("resume", EDITION, *YES, "--limit", "1"), 4)
    assert second == {"state": "paused", "accepted": 3, "waiting": 1}


def test_the_canaries_get_it_first(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = tmp_path / "first.txt"
    canaries.write_text("# we\nDAN@a.example\ncia@a.example\ndan@a.example\n", encoding="utf-8")
    with relay(monkeypatch) as running:
        first = counts(cli("send", EDITION, *YES, "--canary", str(canaries)), 4)
        assert reached(running) == ["cia", "dan"]
        rest = counts(cli("resume", EDITION, *YES))
    assert (first, rest) == (
        {"state": "paused", "accepted": 2, "waiting": 2},
        {"state": "finished", "accepted": 4},
    )
    assert reached(running) == list(NAMES)


def test_a_canary_who_would_not_get_it_stops_the_sending(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = tmp_path / "first.txt"
    canaries.write_text("eva@a.example\n", encoding="utf-8")
    with relay(monkeypatch) as running:
        _out, err = ran(cli("send", EDITION, "--yes", "--canary", str(canaries)), 1)
    assert "not every canary would get exempel: not eva@a.example" in err
    assert running.accepted == []


def test_what_was_planned_is_sent_whatever_becomes_of_the_files(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        ran(cli("send", EDITION, "--yes", "--limit", "1"), 4)
        append(project / FIRST, "\nDetta skrevs efteråt.\n")
        settings = project / "smakom-mail.toml"
        settings.write_text(settings.read_text("utf-8").replace('name = "', 'name = "Annat ', 1))
        shutil.rmtree(project / "layouts", ignore_errors=True)
        ran(cli("resume", EDITION, "--yes"))
    first, second = (
        message_from_bytes(mail.data, policy=policy.default) for mail in running.accepted[:2]
    )
    for name in ("Subject", "From", "Date", "List-Id", "Feedback-ID"):
        assert first[name] == second[name]
    bodies = [
        [str(part.get_content()) for part in message.iter_parts()] for message in (first, second)
    ]
    links = [str(message["List-Unsubscribe"]).split("/u/")[1][:20] for message in (first, second)]
    assert len(set(links)) == 2
    assert "Detta skrevs" not in bodies[1][0]
    assert len(bodies[0][1]) == len(bodies[1][1])


def test_pause_and_cancel_say_what_is_left(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with relay(monkeypatch):
        ran(cli("send", EDITION, "--yes", "--limit", "1"), 4)
    assert counts(cli("pause", EDITION, *YES)) == {"state": "paused", "accepted": 1, "waiting": 3}
    assert counts(cli("cancel", EDITION, *YES)) == {
        "state": "cancelled",
        "accepted": 1,
        "withheld": 3,
    }
    _out, err = ran(cli("resume", EDITION, "--yes"), 1)
    assert "exempel was cancelled, which is for good" in err


def test_a_new_campaign_after_a_cancelled_one_leaves_out_whom_it_reached(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        ran(cli("send", EDITION, "--yes", "--limit", "1"), 4)
        ran(cli("cancel", EDITION, "--yes"))
        again = cli("send", EDITION, *YES)
    assert counts(again) == {"state": "finished", "accepted": 3}
    assert as_json(again)["excluded"] == {"already-sent": 1}
    assert reached(running) == list(NAMES)


def test_what_is_finished_is_neither_paused_nor_cancelled_and_resume_only_tells(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        ran(cli("send", EDITION, "--yes"))
        for command in ("pause", "cancel"):
            ran(cli(command, EDITION, "--yes"), 1)
        assert counts(cli("resume", EDITION, *YES)) == {"state": "finished", "accepted": 4}
    assert len(running.accepted) == 4


def test_a_deferred_one_is_left_where_it_is_not_waited_for_and_tried_by_resume(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch, {"RCPT": ["450 4.2.0 later"]}):
        assert counts(cli("send", EDITION, *YES, "--no-wait"), 4) == {
            "state": "deferred",
            "accepted": 3,
            "deferred": 1,
        }
        assert counts(cli("resume", EDITION, *YES)) == {"state": "finished", "accepted": 4}


# ----------------------------------------------------------------------------- hours, copies


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2020-01-01T08:00", "2020-01-01T08:00 is past"),
        ("imorgon", "'imorgon' is no time: write 2021-01-29T08:00, or 08:00"),
        ("25:00", "'25:00' is no time: write 2021-01-29T08:00, or 08:00"),
    ],
)
def test_an_hour_that_cannot_be_is_refused(cli: Cli, text: str, why: str) -> None:
    _out, err = ran(cli("send", EDITION, "--yes", "--at", text), 2)
    assert why in err


def test_a_campaign_that_is_late_for_its_hour_is_held(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_hold(cli, project, monkeypatch, due="2020-01-01T08:00:00.000+00:00")
    with relay(monkeypatch) as running:
        _out, err = ran(cli("resume", EDITION, "--yes"), 1)
        assert "exempel is held: it is " in err
        assert " h late for its hour" in err
        assert running.accepted == []
        assert as_json(cli("status", EDITION, "--format", "json"), 4)["state"] == "held"
        late = counts(cli("resume", EDITION, *YES, "--late"), 4)
    assert late == {"state": "paused", "accepted": 1, "waiting": 3}  # its limit still stands


@pytest.mark.parametrize("command", ["send", "resume"])
def test_a_copy_on_another_machine_sends_nothing(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    with relay(monkeypatch) as running:
        ran(cli("send", EDITION, "--yes", "--limit", "1"), 4)
        if command == "send":
            ran(cli("cancel", EDITION, "--yes"))
        sidecar = project / "var/smakom-mail.db.installation"
        told = json.loads(sidecar.read_text("ascii"))
        sidecar.write_text(json.dumps(told | {"machine": "0" * 32}), "ascii")
        _out, err = ran(cli(command, EDITION, "--yes"), 1)
    assert "is a copy: it has sent from another machine" in err
    assert len(running.accepted) == 1


def test_a_backup_that_was_put_back_sends_nothing(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = project / "var/smakom-mail.db"
    with opened(project) as store:
        Installation(store.database, store.installation.machine).raise_epoch()
    shutil.copy2(database, project / "before.db")
    with relay(monkeypatch) as running:
        ran(cli("send", EDITION, "--yes"))
        shutil.copy2(project / "before.db", database)
        _out, err = ran(cli("send", EDITION, "--yes"), 1)
    assert "is a copy: it is older than the file beside it says" in err
    assert len(running.accepted) == 4


# --------------------------------------------------------------------------------- rehearsals


def test_a_rehearsal_is_repeated_counts_for_nothing_and_blocks_nothing(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        assert counts(cli("rehearse", EDITION, *YES)) == {"state": "finished", "accepted": 4}
        assert len(list((project / "var/outbox/new").iterdir())) == 4
    ran(cli("status", EDITION), 1)
    ran(cli("status", EDITION, "--rehearsal"))
    with relay(monkeypatch) as running:
        assert counts(cli("send", EDITION, *YES)) == {"state": "finished", "accepted": 4}
    assert reached(running) == list(NAMES)


def test_an_outbox_that_cannot_be_written_stops_the_rehearsal(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        _out, err = ran(cli("rehearse", EDITION, "--yes"), 4)
    assert "cannot be written: No space left on device" in err
    assert counts(cli("rehearse", EDITION, *YES)) == {"state": "finished", "accepted": 4}
    assert len(list((project / "var/outbox/new").iterdir())) == 4


def test_a_commit_that_fails_at_the_relay_is_told_and_resumed(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smakom_mail.store.faults import NoRoomError
    from smakom_mail.store.ledger import Ledger

    original = Ledger.commit
    times = iter(range(100))

    def commit(ledger: Ledger, *arguments: object) -> object:
        if next(times) == 2:
            raise NoRoomError("there is no room on the disk", "make room")
        return original(ledger, *arguments)  # type: ignore[arg-type] # as it was called

    monkeypatch.setenv("SMAKOM_MAIL_RELAY_CONNECTIONS", "1")
    with relay(monkeypatch) as running, monkeypatch.context() as patch:
        patch.setattr(Ledger, "commit", commit)
        _out, err = ran(cli("send", EDITION, "--yes"), 4)
        assert "exempel: nothing more is sent: there is no room on the disk" in err
        assert counts(cli("resume", EDITION, *YES)) == {"state": "finished", "accepted": 4}
    assert reached(running) == list(NAMES)


def _untouched(store: Store) -> None:
    """See that no campaign is left."""
    assert store.database.all("SELECT id FROM campaigns") == []


def test_an_edition_with_errors_is_not_sent(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(project / FIRST, "\n::: excerpt finns-inte\n:::\n")
    with relay(monkeypatch) as running:
        _out, err = ran(cli("send", EDITION, "--yes"), 1)
    assert "nothing was sent" in err
    assert running.accepted == []
    with opened(project) as store:
        _untouched(store)


def test_without_a_proof_of_this_very_digest_it_is_not_sent(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        _out, err = ran(cli("send", EDITION), 1)
    assert "proof" in err
    assert running.accepted == []
