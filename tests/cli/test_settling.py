"""`report` and `reconcile`: what became of everybody, and settling whom nobody knows of."""

import csv
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.errors import ExitCode
from smakom_mail.model.campaign import Kind, Wish
from smakom_mail.model.delivery import Event, State
from smakom_mail.services.storing import Store
from smakom_mail.store.campaigns import latest_campaign
from smakom_mail.store.deliveries import each_delivery
from smakom_mail.store.ledger import Ledger, Outcome
from smakom_mail.store.senders import enter_sender
from smakom_mail.store.settling import settle
from tests.cli.test_proofing import messages, relay
from tests.mail.smtp.relay import TAKE_AND_DIE
from tests.services.receiving import EDITION, add, opened, person
from tests.services.running import as_json, ran
from tests.services.sending.underway import (
    AT,
    came_to,
    message_ids,
    peopled,
    planned,
    states,
    underway,
    wished,
)

Cli = Callable[..., Result]
LATER = "2024-05-01T09:00:00.000+00:00"
SHOWN = "2024-05-01 10:00:00+02:00"
"""AT, as it is said in Sweden."""


@pytest.fixture(autouse=True)
def sweden() -> Iterator[None]:
    """Let this machine be in Sweden."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Europe/Stockholm")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a newsletter that was sent: asa and bo are unknown."""
    return underway(
        tmp_path / "brev",
        asa=Event.LOSE,
        bo=Event.LOSE,
        cia=Event.ACCEPT,
        dan=Event.REFUSE,
        eva=Event.DEFER,
    )


def log_of(project: Path, *names: str, taken: bool = True) -> Path:
    """Write a log of Postfix's, in which these people's messages were taken, or only begun."""
    ids = message_ids(project)
    lines = []
    for number, name in enumerate(names):
        begin = f"Nov 22 00:37:47 relay postfix/{{}}[1]: ABCDE{number}: "
        lines.append(begin.format("cleanup") + f"message-id={ids[name]}")
        if taken:
            lines.append(begin.format("qmgr") + "from=<x@y.example>, size=1 (queue active)")
    log = project / "mail.log"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return log


# ------------------------------------------------------------------------------------ report


def test_a_report_begins_with_the_sums_and_names_the_unknown_with_their_message_id(
    cli: Cli, project: Path
) -> None:
    ids = message_ids(project)

    out, err = ran(cli("report", EDITION))

    head, rest = out.split("unknown, whether", 1)
    assert head.splitlines()[1:] == [
        "            5 planned of 5",
        "            1 accepted: the relay has taken them",
        "            1 deferred: the relay asked to come again later",
        "            1 refused: the relay said no for good",
        "            2 unknown: the connection broke in the one moment when nobody can know",
    ]
    assert head.startswith("exempel  ")
    assert f"unknown, whether{rest}" == (
        f"""\
unknown, whether the relay took it:
    {SHOWN}  asa@a.example  Asa Ek
        {ids["asa"]}
    {SHOWN}  bo@a.example  Bo Ek
        {ids["bo"]}
recipients:
    unknown     {SHOWN}  asa@a.example  the relay closed the connection
    unknown     {SHOWN}  bo@a.example  the relay closed the connection
    accepted    {SHOWN}  cia@a.example  250 2.0.0 Ok: queued as 4F
    refused     {SHOWN}  dan@a.example  the address does not exist: 550 5.1.1 no such user
    deferred    {SHOWN}  eva@a.example  the relay asks to try again later: 450 4.2.0 later
"""
    )
    assert err.startswith("    hint: ")


def test_what_was_tried_before_is_told_with_its_time(cli: Cli, project: Path) -> None:
    with opened(project) as store:
        campaign = latest_campaign(store.database, EDITION)
        assert campaign is not None
        sender = enter_sender(store.installation, campaign, LATER)
        ledger = Ledger(store.database, campaign, sender.id)
        (eva,) = (each.id for each in ledger.claim(State.DEFERRED, 10, LATER))
        ledger.commit([], [eva], LATER)
        ledger.commit([Outcome(eva, Event.ACCEPT, LATER, reply="250 2.0.0 Ok")], [], LATER)

    out, _ = ran(cli("report", EDITION, "--state", "accepted"))

    assert out.splitlines()[-2:] == [
        "    accepted    2024-05-01 11:00:00+02:00  eva@a.example  2 tries  250 2.0.0 Ok",
        f"        before: deferred {SHOWN}  the relay asks to try again later: 450 4.2.0 later",
    ]


def test_a_report_of_some_states_keeps_the_sums_of_all(cli: Cli) -> None:
    found = as_json(
        cli("report", EDITION, "--format", "json", "--state", "refused", "--state", "deferred")
    )

    deliveries = found.pop("deliveries")
    assert [each["email"] for each in deliveries] == ["dan@a.example", "eva@a.example"]
    assert {name: found[name] for name in ("planned", "accepted", "refused", "unknown")} == {
        "planned": 5,
        "accepted": 1,
        "refused": 1,
        "unknown": 2,
    }


def test_the_json_is_that_of_status_with_every_recipient_and_every_try(
    cli: Cli, project: Path
) -> None:
    found = as_json(cli("report", EDITION, "--format", "json"))
    status = as_json(cli("status", EDITION, "--format", "json"), ExitCode.INCOMPLETE)

    deliveries = found.pop("deliveries")
    assert found.pop("leavings")["total"] == 0
    assert found == status
    assert deliveries[4] == {
        "email": "eva@a.example",
        "name": "Eva Ek",
        "organisation": "",
        "state": "deferred",
        "at": AT,
        "attempts": 1,
        "first_at": AT,
        "phase": "RCPT TO",
        "code": 450,
        "reply": "450 4.2.0 later",
        "why": "the relay asks to try again later",
        "message_id": message_ids(project)["eva"],
        "tries": [
            {
                "number": 1,
                "at": AT,
                "state": "deferred",
                "phase": "RCPT TO",
                "code": 450,
                "reply": "450 4.2.0 later",
                "why": "the relay asks to try again later",
            }
        ],
    }


def test_the_csv_has_one_row_a_recipient(cli: Cli) -> None:
    out, err = ran(cli("report", EDITION, "--format", "csv"))

    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == [
        *("email", "name", "organisation", "state", "at", "attempts", "first_at"),
        *("phase", "code", "reply", "why", "message_id"),
    ]
    assert [(row["email"], row["state"], row["code"]) for row in rows] == [
        ("asa@a.example", "unknown", ""),
        ("bo@a.example", "unknown", ""),
        ("cia@a.example", "accepted", "250"),
        ("dan@a.example", "refused", "550"),
        ("eva@a.example", "deferred", "450"),
    ]
    assert err == ""


def test_a_name_that_a_spreadsheet_would_run_is_disarmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    root = peopled(tmp_path / "annat")
    with opened(root) as store:
        add(store, person(store, "x@a.example", name="=HYPERLINK(1)", organisation="\x1b[31mRöd"))
        planned(root, store)
    monkeypatch.chdir(root)

    out, _ = ran(cli("report", EDITION, "--format", "csv"))

    row = next(csv.DictReader(io.StringIO(out)))
    assert (row["name"], row["state"]) == ("'=HYPERLINK(1)", "waiting")


def test_a_rehearsal_has_a_report_of_its_own(cli: Cli, project: Path) -> None:
    with opened(project) as store:
        came_to(store, planned(project, store, Kind.REHEARSAL), {"asa": Event.ACCEPT})

    found = as_json(cli("report", EDITION, "--rehearsal", "--format", "json"))

    assert (found["kind"], found["accepted"], found["waiting"]) == ("rehearsal", 1, 4)


def test_an_edition_that_was_not_sent_has_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    monkeypatch.chdir(peopled(tmp_path / "annat", "asa"))

    out, err = ran(cli("report", EDITION), ExitCode.PROBLEM)

    assert out == ""
    assert err == (
        "error: exempel has not been sent\n    hint: to begin: smakom-mail send exempel\n"
    )


def test_what_a_dead_sender_had_in_hand_is_unknown_in_the_report(cli: Cli, project: Path) -> None:
    with opened(project) as store:
        campaign = latest_campaign(store.database, EDITION)
        assert campaign is not None
        sender = enter_sender(store.installation, campaign, AT)
        ledger = Ledger(store.database, campaign, sender.id)
        ids = [each.id for each in ledger.claim(State.DEFERRED, 10, LATER)]
        ledger.commit([], ids, AT)
        sender.lock.release()

    found = as_json(cli("report", EDITION, "--format", "json"))

    assert (found["unknown"], found["deferred"]) == (3, 0)
    assert found["deliveries"][4]["why"] == "the program was stopped"


def test_a_report_reads_its_rows_one_by_one(project: Path) -> None:
    with opened(project) as store:
        campaign = latest_campaign(store.database, EDITION)
        assert campaign is not None
        rows = each_delivery(store.database, campaign)

        assert [len(tries) for _, tries in rows] == [1, 1, 0, 1, 1]


# --------------------------------------------------------------------------------- reconcile


def test_without_evidence_the_unknown_are_only_named(cli: Cli, project: Path) -> None:
    ids = message_ids(project)

    out, err = ran(cli("reconcile", EDITION), ExitCode.INCOMPLETE)

    assert out == (
        f"""\
unknown, whether the relay took it:
    {SHOWN}  asa@a.example  Asa Ek
        {ids["asa"]}
    {SHOWN}  bo@a.example  Bo Ek
        {ids["bo"]}
"""
    )
    assert err == (
        "    hint: look for the Message-ID in the relay's log (--from LOG); that it is in no line "
        "proves nothing. Then say: smakom-mail reconcile exempel --accepted, --refused or "
        "--resend ADDRESS\n"
    )


def test_the_relays_log_settles_what_it_shows_and_nothing_else(cli: Cli, project: Path) -> None:
    log_of(project, "asa", "dan")

    out, _ = ran(cli("reconcile", EDITION, "--from", "mail.log"), ExitCode.INCOMPLETE)

    assert out.splitlines()[0] == (
        "accepted    asa@a.example  mail.log, line 1: the relay took it as ABCDE0"
    )
    assert states(project) == {
        "asa": "accepted",
        "bo": "unknown",
        "cia": "accepted",
        "dan": "refused",
        "eva": "deferred",
    }


def test_a_message_whose_beginning_was_read_was_not_taken(cli: Cli, project: Path) -> None:
    log_of(project, "asa", taken=False)

    found = as_json(
        cli("reconcile", EDITION, "--from", "mail.log", "--format", "json"), ExitCode.INCOMPLETE
    )

    assert found["settled"] == []
    assert found["seen"] == [
        {
            "email": "asa@a.example",
            "evidence": "mail.log, line 1: the relay read its beginning as ABCDE0, and no line "
            "says it took it",
        }
    ]
    assert [each["email"] for each in found["unknown"]] == ["asa@a.example", "bo@a.example"]


def test_who_settled_what_and_why_is_kept_in_the_report(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smakom_mail.cli.acting.actor", lambda: "kansliet")
    log_of(project, "asa")

    ran(cli("reconcile", EDITION, "--from", "mail.log", "--refused", "bo@a.example"))
    found = as_json(cli("report", EDITION, "--format", "json"))

    asa, bo = found["deliveries"][:2]
    assert [(t["state"], t["why"]) for t in asa["tries"]] == [
        ("unknown", "the relay closed the connection"),
        (
            "accepted",
            "settled by kansliet: mail.log, line 1: the relay took it as ABCDE0",
        ),
    ]
    assert (bo["state"], bo["why"]) == ("refused", "settled by kansliet: by hand")


def test_a_word_is_only_about_the_unknown(cli: Cli, project: Path) -> None:
    before = states(project)
    hint = "    hint: see how everybody stands: smakom-mail report exempel\n"

    for address, why in (
        ("cia@a.example", "cia@a.example is accepted: only what is unknown is settled"),
        ("ingen@a.example", "ingen@a.example is no recipient of exempel"),
    ):
        _, err = ran(
            cli("reconcile", EDITION, "--accepted", "asa@a.example", "--accepted", address),
            ExitCode.PROBLEM,
        )
        assert err == f"error: {why}\n{hint}"

    assert states(project) == before


def test_one_address_has_one_outcome(cli: Cli, project: Path) -> None:
    before = states(project)

    _, err = ran(
        cli("reconcile", EDITION, "--accepted", "ASA@a.example", "--refused", "asa@A.example"),
        ExitCode.PROBLEM,
    )

    assert err == "error: asa@A.example can be only one of these\n    hint: say which\n"
    assert states(project) == before


def test_all_of_them_have_one_outcome(cli: Cli, project: Path) -> None:
    words = ("--accepted", "all", "--resend", "all", "--yes")

    _, err = ran(cli("reconcile", EDITION, *words), ExitCode.PROBLEM)

    assert err == "error: all of them can be only one of these\n    hint: say which\n"
    assert states(project)["asa"] == "unknown"


def test_what_another_program_has_settled_meanwhile_is_left_alone(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settled_meanwhile(*_: object) -> None:
        with opened(project) as store:
            for found in each_unknown(store):
                settle(store.database, found, Event.SETTLE_REFUSED, LATER, "by another")

    monkeypatch.setattr("smakom_mail.cli.output_settling.doubted", settled_meanwhile)

    found = as_json(cli("reconcile", EDITION, "--accepted", "all", "--yes", "--format", "json"))

    assert found["settled"] == []
    assert states(project)["asa"] == "refused"


def each_unknown(store: Store) -> list[int]:
    """Give the ids of the unknown deliveries."""
    rows = store.database.all("SELECT id FROM deliveries WHERE state = 'unknown' ORDER BY id")
    return [row["id"] for row in rows]


def test_what_is_sent_again_waits_and_is_asked_about(cli: Cli, project: Path) -> None:
    asked = cli("reconcile", EDITION, "--resend", "asa@a.example")
    _, err = ran(asked, ExitCode.PROBLEM)
    assert err == (
        "a second copy may reach, where the relay had taken the first:\n"
        "    asa@a.example\n"
        "nothing was settled; with --yes it is not asked\n"
    )
    assert states(project)["asa"] == "unknown"

    out, err = ran(
        cli(
            "reconcile", EDITION, "--resend", "asa@a.example", "--accepted", "bo@a.example", "--yes"
        )
    )

    assert out == ("waiting     asa@a.example  by hand\naccepted    bo@a.example  by hand\n")
    assert err.endswith("    hint: to send it again: smakom-mail resume exempel\n")
    assert states(project)["asa"] == "waiting"


def test_all_is_asked_about_and_leaves_nobody_unknown(cli: Cli, project: Path) -> None:
    ran(cli("reconcile", EDITION, "--accepted", "all"), ExitCode.PROBLEM)
    assert states(project)["asa"] == "unknown"

    out, _ = ran(
        cli("reconcile", EDITION, "--refused", "bo@a.example", "--accepted", "all", "--yes")
    )

    assert out == ("accepted    asa@a.example  by hand\nrefused     bo@a.example  by hand\n")
    assert ran(cli("reconcile", EDITION))[0] == "exempel: nobody is unknown\n"


def test_what_the_log_shows_goes_before_what_a_person_says(cli: Cli, project: Path) -> None:
    log_of(project, "asa")

    out, _ = ran(cli("reconcile", EDITION, "--from", "mail.log", "--resend", "all", "--yes"))

    assert out == (
        "accepted    asa@a.example  mail.log, line 1: the relay took it as ABCDE0\n"
        "waiting     bo@a.example  by hand\n"
    )


def test_of_a_cancelled_campaign_nothing_is_sent_again(cli: Cli, project: Path) -> None:
    with opened(project) as store:
        campaign = latest_campaign(store.database, EDITION)
        assert campaign is not None
        wished(store, campaign, Wish.CANCELLED)

    _, err = ran(cli("reconcile", EDITION, "--resend", "asa@a.example", "--yes"), ExitCode.PROBLEM)

    assert err == (
        "error: asa@a.example belongs to a campaign that was cancelled\n"
        "    hint: settle it with --refused ADDRESS: then a new campaign of the edition plans for "
        "her again\n"
    )
    ran(cli("reconcile", EDITION, "--refused", "asa@a.example"), ExitCode.INCOMPLETE)
    with opened(project) as store:
        assert planned(project, store).planned == 3  # asa, dan and eva; bo stays unknown


def test_a_log_of_another_kind_is_told(cli: Cli, project: Path) -> None:
    (project / "mail.log").write_text("hej\nhopp\n", encoding="utf-8")

    _, err = ran(cli("reconcile", EDITION, "--from", "mail.log"), ExitCode.INCOMPLETE)

    assert err.splitlines()[:2] == [
        "note: none of 2 lines is about a message",
        "    hint: for another format than Postfix's: --pattern REGEX",
    ]


def test_a_pattern_reads_a_log_of_another_kind(cli: Cli, project: Path) -> None:
    id_ = message_ids(project)["asa"].strip("<>")
    (project / "main.log").write_text(f"1vMabc <= x@y.example id={id_}\n", encoding="utf-8")

    out, _ = ran(
        cli("reconcile", EDITION, "--from", "main.log", "--pattern", r"id=(?P<message_id>\S+)"),
        ExitCode.INCOMPLETE,
    )

    assert out.splitlines()[0] == ("accepted    asa@a.example  main.log, line 1: the relay took it")


def test_a_pattern_needs_a_log(cli: Cli) -> None:
    _, err = ran(cli("reconcile", EDITION, "--pattern", "x"), ExitCode.USAGE)

    assert (
        err.splitlines()[-1] == "Error: --pattern says how to read a log: name it with --from LOG"
    )


def test_a_copy_of_the_database_settles_nothing(cli: Cli, project: Path) -> None:
    (project / "var/smakom-mail.db.installation").unlink()

    _, err = ran(cli("reconcile", EDITION, "--accepted", "all", "--yes"), ExitCode.PROBLEM)

    assert err.startswith("error: ")
    assert states(project)["asa"] == "unknown"


def test_whoever_is_sent_it_again_gets_the_same_message_from_resume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    root = peopled(tmp_path / "annat", "asa", "bo")
    monkeypatch.chdir(root)

    with relay(monkeypatch, {"DOT": [TAKE_AND_DIE]}) as running:
        monkeypatch.setenv("SMAKOM_MAIL_RELAY_CONNECTIONS", "1")
        sent = cli("send", EDITION, "--yes", "--format", "json")
        assert as_json(sent, ExitCode.INCOMPLETE)["unknown"] == 1
        assert states(root) == {"asa": "unknown", "bo": "accepted"}
        ran(cli("reconcile", EDITION, "--resend", "asa@a.example", "--yes"))
        done = as_json(cli("resume", EDITION, "--yes", "--format", "json"))

    assert (done["state"], done["accepted"], done["unknown"]) == ("finished", 2, 0)
    copies = [message for message in messages(running) if message["To"] == "asa@a.example"]
    assert len(copies) == 2
    assert len({str(message["Message-ID"]) for message in copies}) == 1
