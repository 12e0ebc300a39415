"""The command unsubscribes read: what it prints, and a whole rehearsal answered by mail."""

import mailbox
import re
from collections.abc import Callable
from email import message_from_binary_file
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.cli import acting
from smakom_mail.cli.output_unsubscribes import mail_read
from smakom_mail.services.unsubscribe_mail.reading import MailRead, Unclear, Why
from tests.services.running import as_json, ran
from tests.services.subscribing.keeping import NOW, SECRET

Cli = Callable[..., Result]
GROUND = ("--basis", "consent", "--wording", "Ja, jag vill.")
PEOPLE = ("anna@example.se", "bo@example.se", "cia@example.se")


@pytest.fixture(autouse=True)
def kim(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Kim do it all at one time, on a machine that is never slow."""
    monkeypatch.setattr(acting, "PATIENCE", 1e9)
    monkeypatch.setenv("LOGNAME", "kim")
    monkeypatch.setattr(acting, "now", lambda: NOW)
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def rehearsed(cli: Cli, project: Path) -> dict[str, str]:
    """Rehearse an edition for three people; give what leaving by mail takes: subject by address."""
    for address in PEOPLE:
        ran(cli("subscribers", "add", address, *GROUND))
    ran(cli("rehearse", "januari-2021"))
    subjects = {}
    for path in (project / "var" / "outbox" / "new").iterdir():
        with path.open("rb") as file:
            message = message_from_binary_file(file)
        found = re.search(r"<mailto:(.+)\?subject=(.{36})>", str(message["List-Unsubscribe"]))
        assert found
        assert found[1] == "charlotta@smakom.se"
        subjects[str(message["To"])] = found[2]
    return subjects


def reply(subject: str, sender: str, **head: str) -> EmailMessage:
    """Write what a reader's mail program sends to the address of List-Unsubscribe."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "charlotta@smakom.se", subject
    message["Message-ID"] = f"<{abs(hash((subject, sender)))}@example.se>"
    for name, value in head.items():
        message[name.replace("_", "-")] = value
    message.set_content("")
    return message


def test_readers_who_answer_a_rehearsal_by_mail_leave(
    cli: Cli, project: Path, rehearsed: dict[str, str]
) -> None:
    box = mailbox.Maildir(str(project / "in"))
    box.add(reply(rehearsed["anna@example.se"], "anna@example.se"))
    box.add(reply(f"Re: {rehearsed['bo@example.se']}", "privat@example.org"))
    box.add(reply("Avsluta", "cia@example.se"))
    box.add(reply(rehearsed["cia@example.se"], "cia@example.se", Return_Path="<>"))

    first = ran(cli("unsubscribes", "read", "in"))
    second = ran(cli("unsubscribes", "read", "in", "--yes"))

    lines = first[0].splitlines()
    assert lines[:6] == [
        "read               4",
        "unsubscribed       2",
        "already gone       0",
        "read before        0",
        "ignored            1",
        "unclear            1",
    ]
    assert re.fullmatch(r"    in/new/\S+: cia@example\.se “Avsluta”: asks in words", lines[6])
    assert lines[7:] == ["        ask, or: smakom-mail subscribers unsubscribe cia@example.se"]
    assert first[1] == ""
    assert second[0].splitlines()[:6] == [
        "read               4",
        "unsubscribed       0",
        "already gone       0",
        "read before        2",
        "ignored            1",
        "unclear            1",
    ]
    assert ran(cli("subscribers", "list", "--state", "subscribed"))[0].startswith("cia@example.se")
    shown = as_json(cli("sendlist", "januari-2021", "--format", "json"))
    assert (shown["planned"], shown["excluded"]) == (1, {"unsubscribed": 2})


def test_a_trial_as_json(cli: Cli, project: Path, rehearsed: dict[str, str]) -> None:
    (project / "a.eml").write_bytes(bytes(reply(rehearsed["anna@example.se"], "x@example.org")))
    (project / "b.eml").write_bytes(bytes(reply("unsubscribe", "bo@example.se")))

    arguments = ("unsubscribes", "read", "a.eml", "b.eml", "--dry-run", "--format", "json")

    assert as_json(cli(*arguments)) == {
        "dry_run": True,
        "read": 2,
        "unsubscribed": 1,
        "said_yes": 0,
        "already_gone": 0,
        "read_before": 0,
        "ignored": 0,
        "unclear": 1,
        "named": [
            {
                "place": "b.eml",
                "from": "bo@example.se",
                "subject": "unsubscribe",
                "why": "asks in words",
                "detail": None,
                "known": True,
            }
        ],
    }
    assert as_json(cli("sendlist", "januari-2021", "--format", "json"))["planned"] == 3


def test_a_source_that_is_none_is_told_before_anything_is_done(
    cli: Cli, project: Path, rehearsed: dict[str, str]
) -> None:
    (project / "a.eml").write_bytes(bytes(reply(rehearsed["anna@example.se"], "x@example.org")))

    out, err = ran(cli("unsubscribes", "read", "a.eml", "missing"), 1)

    assert (out, err) == (
        "",
        (
            "error: missing cannot be read: No such file or directory\n"
            "    hint: name a Maildir (a folder with cur and new), an mbox, "
            "or mails saved as .eml\n"
        ),
    )
    assert as_json(cli("sendlist", "januari-2021", "--format", "json"))["planned"] == 3


def test_the_plan_reminds_of_mail_that_nobody_has_read(
    cli: Cli, project: Path, rehearsed: dict[str, str]
) -> None:
    settings = project / "smakom-mail.toml"
    text = settings.read_text(encoding="utf-8")
    address = '[list]\nunsubscribe_email = "avsluta@smakom.example"\n'
    settings.write_text(text.replace("[list]\n", address), encoding="utf-8")
    assert rehearsed
    arguments = ("send", "januari-2021", "--dry-run", "--format", "json")

    assert as_json(cli(*arguments))["notes"] == []
    begin_a_campaign(project)
    assert as_json(cli(*arguments))["notes"] == [
        (
            "read the unsubscriptions by mail first (avsluta@smakom.example, never read yet): "
            "smakom-mail unsubscribes read MAILBOX"
        )
    ]
    (project / "empty").touch()
    ran(cli("unsubscribes", "read", "empty"))
    assert as_json(cli(*arguments))["notes"] == []
    begin_a_campaign(project, "2027-01-01T08:00:00.000+00:00")
    assert [note[:68] for note in as_json(cli(*arguments))["notes"]] == [
        "read the unsubscriptions by mail first (avsluta@smakom.example, last"
    ]


def begin_a_campaign(project: Path, at: str = "2020-12-01T08:00:00.000+00:00") -> None:
    """Let an older edition have been sent."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(project / "var" / "smakom-mail.db")) as database, database:
        database.execute(
            "UPDATE campaigns SET kind = 'campaign', begun_at = ?, edition = 'x'", [at]
        )


@pytest.mark.parametrize(
    ("sender", "command"),
    [
        ("kim@example.se", "unsubscribe kim@example.se"),
        ("$(id)@example.se", "unsubscribe '$(id)@example.se'"),
        ("-rf@example.se", "unsubscribe -- -rf@example.se"),
        ("a'b@example.se", "unsubscribe 'a'\"'\"'b@example.se'"),
    ],
)
def test_an_address_that_a_stranger_wrote_is_safe_to_copy(
    capsys: pytest.CaptureFixture[str], sender: str, command: str
) -> None:
    unclear = Unclear("in/new/1\x1b[2J", sender, "Avsluta\x07", Why.WORDS, known=True)

    mail_read(MailRead(read=1, unclear=1, named=[unclear]), "text", dry_run=True)

    out, err = capsys.readouterr()
    assert out.splitlines()[6:] == [
        f"    in/new/1\\x1b[2J: {sender} “Avsluta\\x07”: asks in words",
        f"        ask, or: smakom-mail subscribers {command}",
    ]
    assert err == "nothing is changed: without --dry-run it is done\n"


def test_of_many_unclear_ones_the_first_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    named = [Unclear(f"mail {number}", "", "", Why.ALTERED) for number in range(60)]

    mail_read(MailRead(read=60, unclear=60, named=named), "text", dry_run=False)

    lines = capsys.readouterr().out.splitlines()
    assert lines[6] == ("    mail 0: from no address: its token is not one of ours, or was altered")
    assert lines[-1] == "    and 10 more; --format json names them"
    assert len(lines) == 6 + 50 + 1
