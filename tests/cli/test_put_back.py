"""A backup that is put back, in any way and at any moment of a campaign, mails nobody twice."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.store.campaigns import latest_campaign
from tests.cli.test_campaigns import NAMES, YES, counts, reached
from tests.cli.test_proofing import relay
from tests.services.receiving import EDITION, add, newsletter, opened, person
from tests.services.running import as_json, ran

Cli = Callable[..., Result]
OLDER = "it is older than the file beside it says"
SENDS_NOTHING = f"error: the database {{}} is a copy: {OLDER}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a newsletter with four readers."""
    root = newsletter(tmp_path / "brev")
    with opened(root) as store:
        add(store, *(person(store, f"{name}@a.example") for name in NAMES))
    return root


def database(project: Path) -> Path:
    return project / "var" / "smakom-mail.db"


def overwritten(project: Path, backup: Path) -> None:
    """Copy the backup's bytes over the very file, as cp does: it stays the same file."""
    number = database(project).stat().st_ino
    shutil.copyfile(backup, database(project))
    assert database(project).stat().st_ino == number


def test_a_backup_of_the_middle_copied_over_the_file_sends_nothing(
    cli: Cli, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        assert counts(cli("send", EDITION, "--limit", "1", *YES), 4)["waiting"] == 3
        ran(cli("db", "backup", str(tmp_path / "b.db")))
        assert counts(cli("resume", EDITION, *YES)) == {"state": "finished", "accepted": 4}
        overwritten(project, tmp_path / "b.db")
        checked, _err = ran(cli("db", "check"))
        _out, refused = ran(cli("resume", EDITION, *YES), 1)

    assert checked.splitlines()[0] == f"this is a copy, which may not send: {OLDER}"
    assert refused.splitlines()[0] == SENDS_NOTHING.format(database(project))
    assert reached(running) == sorted(NAMES)


def test_a_copy_made_by_hand_between_two_runs_is_behind_too(
    cli: Cli, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        cli("send", EDITION, "--limit", "1", *YES)
        shutil.copyfile(database(project), tmp_path / "b.db")
        cli("resume", EDITION, *YES)
        overwritten(project, tmp_path / "b.db")
        _out, refused = ran(cli("resume", EDITION, *YES), 1)

    assert refused.splitlines()[0] == SENDS_NOTHING.format(database(project))
    assert reached(running) == sorted(NAMES)


def test_a_backup_alone_makes_no_copy_of_what_it_was_made_of(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch):
        cli("send", EDITION, "--limit", "1", *YES)
        ran(cli("db", "backup", str(tmp_path / "b.db")))
        ran(cli("db", "backup", str(tmp_path / "c.db")))
        assert counts(cli("resume", EDITION, *YES)) == {"state": "finished", "accepted": 4}


def test_who_waited_in_an_adopted_copy_is_in_doubt_and_gets_nothing_by_itself(
    cli: Cli, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch) as running:
        cli("send", EDITION, "--limit", "1", *YES)
        ran(cli("db", "backup", str(tmp_path / "b.db")))
        cli("resume", EDITION, *YES)
        overwritten(project, tmp_path / "b.db")
        out, err = ran(cli("db", "adopt", "--yes"))
        resumed = cli("resume", EDITION, *YES)

        assert out.splitlines()[-1] == (
            f"{EDITION}: 3 who still waited may have got it since the copy was made: unknown"
        )
        assert err.splitlines()[-1] == (
            f"    hint: by the relay's log: smakom-mail reconcile {EDITION} --from LOG; to send it "
            f"again: smakom-mail reconcile {EDITION} --resend all, then smakom-mail resume "
            f"{EDITION}"
        )
        assert counts(resumed, 4) == {"state": "unsettled", "accepted": 1, "unknown": 3}
        assert len(reached(running)) == 4

        ran(cli("reconcile", EDITION, "--resend", "all", "--yes"))
        assert counts(cli("resume", EDITION, *YES)) == {"state": "finished", "accepted": 4}
        assert len(reached(running)) == 7


def test_an_edition_that_a_copy_knows_nothing_of_is_not_sent_from_it(
    cli: Cli, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(project / "newsletters" / EDITION, project / "newsletters" / "nytt-namn")
    backup = tmp_path / "b.db"
    with relay(monkeypatch) as running:
        ran(cli("db", "backup", str(backup)))
        cli("send", EDITION, *YES)
        overwritten(project, backup)
        adopted = as_json(cli("db", "adopt", *YES))
        _out, refused = ran(cli("send", EDITION, "--yes"), 1)

        assert (adopted["in_doubt"], adopted["begun_elsewhere"]) == ({}, [EDITION])
        assert refused.splitlines()[-2:] == [
            (
                f"error: {EDITION} was begun after the copy was made that this database is: who "
                "has got it is not known here"
            ),
            (
                "    hint: the relay's log tells; to send it to everybody all the same, give its "
                "folder another name"
            ),
        ]
        assert reached(running) == sorted(NAMES)
        assert counts(cli("send", "nytt-namn", *YES)) == {"state": "finished", "accepted": 4}


def test_the_same_backup_put_back_twice_still_knows_what_was_begun(
    cli: Cli, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "b.db"
    with relay(monkeypatch) as running:
        ran(cli("db", "backup", str(backup)))
        cli("send", EDITION, *YES)
        begun = []
        for _ in range(2):
            overwritten(project, backup)
            begun.append(as_json(cli("db", "adopt", *YES))["begun_elsewhere"])
            ran(cli("send", EDITION, "--yes"), 1)

    assert begun == [[EDITION], [EDITION]]
    assert reached(running) == sorted(NAMES)


def test_a_rehearsal_of_it_goes_as_before(
    cli: Cli, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch):
        ran(cli("db", "backup", str(tmp_path / "b.db")))
        cli("send", EDITION, *YES)
    overwritten(project, tmp_path / "b.db")
    ran(cli("db", "adopt", "--yes"))

    assert counts(cli("rehearse", EDITION, "--format", "json")) == {
        "state": "finished",
        "accepted": 4,
    }


def test_a_plan_that_was_begun_only_elsewhere_is_not_known_either(
    cli: Cli, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch):
        ran(cli("send", EDITION, "--dry-run"))
        cli("send", EDITION, *YES)
    with opened(project) as store:
        campaign = latest_campaign(store.database, EDITION)
        assert campaign is not None
        with store.database.transaction():
            store.database.run("UPDATE campaigns SET wish = 'planned'")
    shutil.copyfile(database(project), tmp_path / "b.db")
    database(project).unlink()
    shutil.copyfile(tmp_path / "b.db", database(project))

    adopted = as_json(cli("db", "adopt", *YES))

    assert adopted["begun_elsewhere"] == [EDITION]
