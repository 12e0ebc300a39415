"""A proof is counted by the relay's limits and as nobody's delivery; a copy sends it, and warns."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.errors import ExitCode
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.throttle import Throttle
from smakom_mail.store.proofs import proofs_of
from smakom_mail.store.spending import spent_since
from tests.cli.test_proofing import relay
from tests.services.receiving import EDITION, append, opened, place
from tests.services.running import as_json, ran
from tests.services.sending.underway import peopled

Cli = Callable[..., Result]
ACCOUNT = "@127.0.0.1"
TO = ("--to", "en@a.example", "--to", "tva@a.example", "--to", "tre@b.example")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a newsletter with two readers."""
    return peopled(tmp_path / "brev", "asa", "bo")


def limited(project: Path, settings: str) -> None:
    """Give the relay limits."""
    append(project / "smakom-mail.toml", f"\n[relay]\n{settings}\n")


def spent(project: Path) -> list[tuple[str, int]]:
    """Give what the relay was given: how many to which domain, or to all."""
    with opened(project) as store:
        rows = spent_since(store.database, ACCOUNT, 0)
        return sorted((row.domain, row.number) for row in rows)


def test_a_proof_is_counted_before_it_leaves_also_where_it_is_refused(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(project, 'rate = "200/h"\ndomain_rate = { "a.example" = "100/h" }')

    with relay(monkeypatch, {"RCPT": ["550 5.1.1 No such user"]}):
        ran(cli("proof", EDITION, *TO), ExitCode.PROBLEM)

    assert sum(number for domain, number in spent(project) if not domain) == 3
    assert sum(number for domain, number in spent(project) if domain == "a.example") == 2


def test_a_campaign_after_a_proof_keeps_to_the_same_limit(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(project, 'rate = "4/day"')
    with relay(monkeypatch):
        ran(cli("proof", EDITION, *TO))

    with opened(project) as store:
        throttle, clock = Throttle(place(project).config.relay.rate, relay=ACCOUNT), Clock()
        rows = spent_since(store.database, ACCOUNT, int(clock.time()) - throttle.horizon)
        throttle.load(rows, clock.monotonic(), clock.time())
        assert throttle.allowance(clock.monotonic()) == 1


def test_what_the_limit_does_not_let_go_within_a_minute_is_not_sent_and_says_when(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(project, 'rate = "2/h"')
    before = datetime.now().astimezone()

    with relay(monkeypatch) as running:
        found = as_json(cli("proof", EDITION, *TO, "--format", "json"), ExitCode.PROBLEM)
        again = as_json(cli("proof", EDITION, *TO, "--format", "json"), ExitCode.PROBLEM)

    assert [each["state"] for each in found["proofs"]] == ["accepted", "accepted", "not sent"]
    assert [each["state"] for each in again["proofs"]] == ["not sent"] * 3
    assert [mail.recipient for mail in running.accepted] == ["en@a.example", "tva@a.example"]
    said, at = found["proofs"][2]["why"].rsplit("before ", 1)
    assert said == "the relay's limits ([relay] in smakom-mail.toml) let no more go "
    assert 3000 < (datetime.fromisoformat(at) - before).total_seconds() < 4000
    assert sum(number for _, number in spent(project)) == 2


def test_a_proof_waits_for_its_turn_where_that_is_soon(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(project, 'rate = "2/s"')

    with relay(monkeypatch) as running:
        ran(cli("proof", EDITION, *TO))

    assert len(running.accepted) == 3


def test_a_relay_that_hangs_up_while_a_proof_waits_is_told(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(project, 'rate = "1/2 s"')

    with relay(monkeypatch, {"DOT": ["421 4.3.2 bye"]}):
        found = as_json(cli("proof", EDITION, *TO, "--format", "json"), ExitCode.PROBLEM)

    assert [each["state"] for each in found["proofs"]] == ["deferred", "not sent", "not sent"]


def test_a_proof_to_a_reader_is_no_delivery_of_hers(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        ran(cli("proof", EDITION, "--to", "asa@a.example"))
        ran(cli("status", EDITION), ExitCode.PROBLEM)
        done = as_json(cli("send", EDITION, "--yes", "--format", "json"))

    assert (done["planned"], done["accepted"], done["excluded"]) == (2, 2, {})
    assert sorted(mail.recipient for mail in running.accepted) == [
        *("asa@a.example", "asa@a.example", "bo@a.example")
    ]


def test_a_copy_sends_a_proof_and_warns_that_it_sends_no_campaign(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(project) as store:
        store.installation.raise_epoch()
    (project / "var/smakom-mail.db.installation").unlink()

    with relay(monkeypatch) as running:
        out, err = ran(cli("proof", EDITION, "--to", "ordf@a.example"))
        found = as_json(cli("proof", EDITION, "--to", "ordf@a.example", "--format", "json"))
        _, refused = ran(cli("send", EDITION, "--yes"), ExitCode.PROBLEM)

    why = "it has sent, but there is no smakom-mail.db.installation beside it"
    warning = f"this database is a copy, from which the campaign cannot be sent: {why}"
    hint = "only if the other one is out of use for ever: smakom-mail db adopt"
    assert "    accepted   ordf@a.example  250 2.0.0 Ok: queued" in out.splitlines()
    assert err == f"warning: {warning}\n    hint: {hint}\n"
    assert found["warnings"] == [{"message": warning, "hint": hint}]
    assert f"is a copy: {why}" in refused
    assert len(running.accepted) == 2
    with opened(project) as store:
        assert len(proofs_of(store.database, EDITION)) == 2
