"""A campaign that was cancelled with people in doubt: they get no second copy by another one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.errors import ExitCode
from smakom_mail.model.campaign import Wish
from smakom_mail.model.delivery import Event, State
from smakom_mail.store.campaigns import latest_campaign
from smakom_mail.store.ledger import Ledger
from smakom_mail.store.senders import enter_sender
from tests.cli.test_proofing import relay
from tests.mail.smtp.relay import Relay
from tests.services.receiving import EDITION, opened
from tests.services.running import as_json, ran
from tests.services.sending.underway import AT, came_to, peopled, planned, wished

Cli = Callable[..., Result]
SETTLE = (
    "    hint: who is unknown: smakom-mail report exempel; to settle them: smakom-mail reconcile "
    "exempel"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a newsletter whose campaign was cancelled: asa and bo are unknown, cia got it."""
    root = peopled(tmp_path / "brev", "asa", "bo", "cia", "dan", "eva")
    with opened(root) as store:
        campaign = planned(root, store)
        came_to(store, campaign, {"asa": Event.LOSE, "bo": Event.LOSE, "cia": Event.ACCEPT})
    return root


@pytest.fixture
def cancelled(cli: Cli, project: Path) -> Path:
    """Cancel it."""
    ran(cli("cancel", EDITION, "--yes"))
    return project


def reached(running: Relay) -> list[str]:
    """Give whose messages a relay has taken."""
    return sorted(mail.recipient.partition("@")[0] for mail in running.accepted)


@pytest.mark.usefixtures("cancelled")
def test_the_status_says_how_many_are_in_doubt_and_what_settles_them(cli: Cli) -> None:
    out, err = ran(cli("status", EDITION), ExitCode.INCOMPLETE)

    unknown = "2 unknown: the connection broke in the one moment when nobody can know"
    assert f"            {unknown}" in out.splitlines()
    assert err.splitlines() == [SETTLE]


@pytest.mark.usefixtures("cancelled")
def test_the_plan_of_a_new_campaign_leaves_them_out_and_says_so(cli: Cli) -> None:
    plan = ("send", EDITION, "--dry-run")
    out, _ = ran(cli(*plan))

    note = (
        "    note      2 people stand in doubt since an earlier campaign of it, and are left out; "
        "to settle that first: smakom-mail reconcile exempel"
    )
    assert note in out.splitlines()
    found = as_json(cli(*plan, "--format", "json"))
    assert (found["planned"], found["excluded"]) == (2, {"already-sent": 3})


@pytest.mark.usefixtures("cancelled")
def test_a_new_campaign_mails_none_of_them_and_ends_as_incomplete(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        out, err = ran(cli("send", EDITION, "--yes"), ExitCode.INCOMPLETE)
        assert reached(running) == ["dan", "eva"]

    assert "            2 unknown since an earlier campaign of it" in out.splitlines()
    assert err.splitlines()[-1] == SETTLE
    _, err = ran(cli("send", EDITION, "--yes"), ExitCode.PROBLEM)
    assert err.partition(" was sent on ")[2].splitlines()[0][10:] == (
        " to 2 people, and 2 are in doubt: nobody gets it twice"
    )
    assert err.splitlines()[1] == (
        "    hint: who is: smakom-mail report exempel; "
        "to settle that: smakom-mail reconcile exempel"
    )


@pytest.mark.usefixtures("cancelled")
def test_who_was_settled_as_not_sent_gets_it_by_a_new_campaign_and_who_got_it_does_not(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--refused", "asa@a.example", "--accepted", "bo@a.example")
    ran(cli("reconcile", EDITION, *words))

    with relay(monkeypatch) as running:
        done = as_json(cli("send", EDITION, "--yes", "--format", "json"))

    assert reached(running) == ["asa", "dan", "eva"]
    assert (done["state"], done["earlier_unknown"]) == ("finished", 0)


def test_a_paused_campaign_names_both_ways_on(cli: Cli, cancelled: Path) -> None:
    with opened(cancelled) as store:
        wished(store, planned(cancelled, store), Wish.PAUSED)

    _, err = ran(cli("status", EDITION), ExitCode.INCOMPLETE)

    assert err.splitlines() == ["    hint: to go on: smakom-mail resume exempel", SETTLE]


def test_what_a_dead_sender_had_in_hand_is_sorted_out_before_the_next_plan(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dan was only claimed, and gets it now; eva's dot may have left, and she does not."""
    with opened(project) as store:
        campaign = latest_campaign(store.database, EDITION)
        assert campaign is not None
        sender = enter_sender(store.installation, campaign, AT)
        ledger = Ledger(store.database, campaign, sender.id)
        dan, eva = (each.id for each in ledger.claim(State.WAITING, 2, AT))
        assert ledger.commit([], [eva], AT).granted == {eva}
        wished(store, campaign, Wish.CANCELLED)
        sender.lock.release()

    with relay(monkeypatch) as running:
        done = as_json(cli("send", EDITION, "--yes", "--format", "json"), ExitCode.INCOMPLETE)

    assert reached(running) == ["dan"]
    assert (done["excluded"], done["earlier_unknown"]) == ({"already-sent": 4}, 3)
    assert dan < eva
