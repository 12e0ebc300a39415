"""What is held of people by the editions they were sent: shown to them, and erased with them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.model.campaign import Kind
from smakom_mail.model.delivery import Event
from smakom_mail.services.subscribing.retaining import retain
from smakom_mail.store.proofs import Proof, proofs_of, record_proof
from tests.cli.test_proofing import relay
from tests.services.receiving import EDITION, THEN, opened
from tests.services.running import as_json, ran
from tests.services.sending.underway import AT, came_to, message_ids, planned, states, underway

Cli = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a newsletter whose edition was sent to three readers."""
    return underway(tmp_path / "brev", asa=Event.LOSE, bo=Event.REFUSE, cia=Event.ACCEPT)


def test_a_person_is_shown_the_editions_that_she_was_sent(cli: Cli, project: Path) -> None:
    with opened(project) as store:
        came_to(store, planned(project, store, Kind.REHEARSAL), {"bo": Event.ACCEPT})

    out, _ = ran(cli("subscribers", "show", "bo@a.example"))

    assert [line for line in out.splitlines() if line.startswith("edition")] == [
        f"edition      exempel: refused {AT}, the address does not exist: 550 5.1.1 no such user",
        f"edition      exempel (a rehearsal): accepted {AT}, 250 2.0.0 Ok: queued as 4F",
    ]


def test_as_json_an_edition_has_its_digest_and_message_id(cli: Cli, project: Path) -> None:
    digest = as_json(cli("report", EDITION, "--format", "json"))["digest"]

    shown = as_json(cli("subscribers", "show", "cia@a.example", "--format", "json"))
    exported = json.loads(ran(cli("subscribers", "export", "--format", "json"))[0])

    assert shown["editions"] == [
        {
            "edition": "exempel",
            "digest": digest,
            "kind": "campaign",
            "email": "cia@a.example",
            "name": "Cia Ek",
            "organisation": "",
            "state": "accepted",
            "at": AT,
            "attempts": 1,
            "first_at": AT,
            "next_at": None,
            "phase": "end of message",
            "code": 250,
            "reply": "250 2.0.0 Ok: queued as 4F",
            "why": "",
            "message_id": message_ids(project)["cia"],
            "tries": [],
        }
    ]
    assert exported["people"][2]["editions"] == shown["editions"]


def test_proofs_are_shown_and_forgotten_of_somebody_who_is_no_subscriber(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch):
        ran(cli("proof", EDITION, "--to", "ordf@a.example"))

    out, _ = ran(cli("subscribers", "show", "ordf@a.example"))
    first, proof = out.splitlines()
    assert first == "this is no subscriber; what is kept is that proofs went to the address"
    assert proof.startswith("proof        exempel: ")

    out, _ = ran(cli("subscribers", "forget", "ordf@a.example", "--yes"))
    assert out.splitlines()[:2] == [
        "erased",
        "    what stays: that a proof went out; this was no subscriber",
    ]
    with opened(project) as store:
        assert [each.email for each in proofs_of(store.database, EDITION)] == [""]
    assert cli("subscribers", "show", "ordf@a.example").exit_code == 1


def test_forgetting_leaves_the_sums_of_the_campaign(cli: Cli, project: Path) -> None:
    ran(cli("subscribers", "forget", "asa@a.example", "--yes"))

    found = as_json(cli("report", EDITION, "--format", "json"))
    assert (found["planned"], found["unknown"], found["accepted"]) == (3, 1, 1)
    forgotten = found["deliveries"][0]
    assert (forgotten["email"], forgotten["name"], forgotten["message_id"]) == (None, "", None)
    assert b"asa@a.example" not in (project / "var/smakom-mail.db").read_bytes()


def test_a_forgotten_person_who_is_unknown_can_still_be_settled_with_all_the_others(
    cli: Cli, project: Path
) -> None:
    ran(cli("subscribers", "forget", "asa@a.example", "--yes"))

    out, _ = ran(cli("reconcile", EDITION, "--accepted", "all", "--yes"))

    assert out == "accepted    (forgotten)  by hand\n"
    assert states(project) == {"": "accepted", "bo": "refused", "cia": "accepted"}


def test_nothing_is_sent_again_to_who_is_forgotten(cli: Cli, project: Path) -> None:
    ran(cli("subscribers", "forget", "asa@a.example", "--yes"))

    result = cli("reconcile", EDITION, "--resend", "all", "--yes")

    assert ran(result, 1)[1].startswith("error: somebody who was forgotten cannot be sent it again")
    assert states(project)[""] == "unknown"


def test_retention_forgets_to_whom_old_proofs_went(project: Path) -> None:
    with opened(project) as store:
        with store.database.transaction():
            old = Proof("d" * 64, AT, "kansliet", "ordf@a.example", "250 Ok")
            record_proof(store.database, EDITION, old)
            fresh = Proof("d" * 64, "2999-01-01T00:00:00.000+00:00", "kansliet", "ny@a.example", "")
            record_proof(store.database, EDITION, fresh)
        retain(store, THEN, datetime(2026, 11, 22, tzinfo=UTC), apply=True)

        assert [each.email for each in proofs_of(store.database, EDITION)] == ["", "ny@a.example"]


def test_of_who_was_forgotten_a_later_proof_is_shown_and_can_be_forgotten(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(cli("subscribers", "forget", "asa@a.example", "--yes"))
    with relay(monkeypatch):
        ran(cli("proof", EDITION, "--to", "asa@a.example"))

    shown = ran(cli("subscribers", "show", "asa@a.example"))[0].splitlines()
    assert (len(shown), shown[1].partition(": ")[0]) == (2, "proof        exempel")
    as_data = as_json(cli("subscribers", "show", "asa@a.example", "--format", "json"))
    assert (as_data["state"], len(as_data["proofs"])) == ("forgotten", 1)

    ran(cli("subscribers", "forget", "asa@a.example", "--yes"))
    assert len(ran(cli("subscribers", "show", "asa@a.example"))[0].splitlines()) == 1


def test_a_proof_to_a_subscriber_is_shown_with_all_else(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch):
        ran(cli("proof", EDITION, "--to", "Asa@A.example"))

    found = as_json(cli("subscribers", "show", "asa@a.example", "--format", "json"))

    assert [(each["edition"], each["reply"]) for each in found["proofs"]] == [
        ("exempel", "250 2.0.0 Ok: queued")
    ]
