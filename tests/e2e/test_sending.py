"""An edition through a real Postfix, from the import of people to the last mailbox."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.errors import ExitCode
from tests.mail.verifying import dkimpy_accepts
from tests.postfix import Postfix, running
from tests.services.receiving import opened
from tests.services.running import as_json

Cli = Callable[..., Result]

EDITION = "januari-2021"
DKIM = '\n[dkim]\ndomain = "brev.example"\nselector = "brev"\nkey_file = "var/dkim.pem"\n'
NAMES = ("Åsa Öberg", "Bo “Bosse” Ek", "Cia <script>", "", "Erik af Ström")


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    """Run a Postfix that delivers into a mailbox."""
    with running() as started:
        yield started


@pytest.fixture
def relay(postfix: Postfix, project: Path, monkeypatch: pytest.MonkeyPatch) -> Postfix:
    """Let the newsletter's relay be that Postfix, with STARTTLS and its own authority."""
    postfix.forget()
    authority = project / "ca.pem"
    authority.write_text(postfix.authority, encoding="ascii")
    for name, value in {
        "HOST": "localhost",
        "PORT": str(postfix.port),
        "SECURITY": "starttls",
        "CA_FILE": str(authority),
        "CONNECTIONS": "4",
    }.items():
        monkeypatch.setenv(f"SMAKOM_MAIL_RELAY_{name}", value)
    return postfix


def import_readers(cli: Cli, project: Path, number: int = 40) -> None:
    """Import so many readers, on the legal ground that the file names."""
    rows = ["email,name,kommun,consent_at,consent_source"]
    rows += [
        f'lasare{i}@kommun{i % 7}.example,"{NAMES[i % 5]}",Kommun {i % 7},2024-01-01,blankett'
        for i in range(number)
    ]
    file = project / "lasare.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert cli("subscribers", "import", str(file), "--apply").exit_code == ExitCode.DONE


def sendlist(cli: Cli, project: Path) -> Mapping[str, Mapping[str, str]]:
    """Give the send list by address."""
    out = project / "var" / "mottagare.csv"
    assert cli("sendlist", EDITION, "--out", str(out)).exit_code == ExitCode.DONE
    with out.open(encoding="utf-8", newline="") as stream:
        return {row["email"]: row for row in csv.DictReader(stream)}


def test_every_reader_finds_one_message_that_is_theirs_alone_and_verifies(
    cli: Cli, project: Path, relay: Postfix
) -> None:
    with (project / "smakom-mail.toml").open("a", encoding="utf-8") as settings:
        settings.write(DKIM)
    made = as_json(cli("dkim", "keygen", "--format", "json"))
    import_readers(cli, project)
    listed = sendlist(cli, project)

    sent = cli("send", EDITION, "--yes", "--format", "json")

    assert sent.exit_code == ExitCode.DONE
    assert json.loads(sent.stdout)["accepted"] == 40
    messages = relay.messages()
    assert sorted(str(m["To"]) for m in messages) == sorted(listed)
    for message in messages:
        row = listed[str(message["To"])]
        assert message["Message-ID"] == row["message_id"]
        assert str(message["List-Unsubscribe"]).startswith(f"<{row['unsubscribe_url']}>, <mailto:")
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["Delivered-To"] == row["email"]
        others = {each["unsubscribe_url"] for each in listed.values()} - {row["unsubscribe_url"]}
        assert not [url for url in others if url in message.as_string()]
    key = (project / "var" / "dkim.pem").read_bytes()
    assert made["selector"] == "brev"
    assert all(dkimpy_accepts(delivered(raw), key) for raw in relay.raw_messages())


def delivered(raw: bytes) -> bytes:
    """Give a message without what Postfix put before it, with the line ends of the wire."""
    wire = re.sub(rb"\r?\n", b"\r\n", raw)
    return wire[wire.index(b"DKIM-Signature:") :]


def test_a_message_in_the_mailbox_is_that_of_the_rehearsal_but_for_its_id_and_date(
    cli: Cli, project: Path, relay: Postfix
) -> None:
    import_readers(cli, project, 3)
    assert cli("rehearse", EDITION).exit_code == ExitCode.DONE
    laid = [path.read_bytes() for path in (project / "var" / "outbox" / "new").iterdir()]

    assert cli("send", EDITION, "--yes").exit_code == ExitCode.DONE

    got = [re.sub(rb"\r?\n", b"\r\n", raw) for raw in relay.raw_messages()]
    assert sorted(map(comparable, laid)) == sorted(map(comparable, got))


def comparable(message: bytes) -> bytes:
    """Give a message without its id and date, and without what a relay puts before it."""
    message = message[message.index(b"From: ") :]
    return re.sub(rb"(?m)^(Message-ID|Date): .*\r\n", b"", message)


def test_who_is_unknown_is_settled_by_the_log_of_the_relay(
    cli: Cli, project: Path, relay: Postfix
) -> None:
    import_readers(cli, project, 5)
    assert cli("send", EDITION, "--yes").exit_code == ExitCode.DONE
    relay.messages()
    log = project / "var" / "relay.log"
    log.write_text(relay.log, encoding="utf-8")
    doubt(project, "lasare1@kommun1.example", "lasare3@kommun3.example")
    assert cli("status", EDITION).exit_code == ExitCode.INCOMPLETE

    settled = cli("reconcile", EDITION, "--from", str(log))

    assert settled.exit_code == ExitCode.DONE
    assert as_json(cli("status", EDITION, "--format", "json"))["accepted"] == 5


def doubt(project: Path, *emails: str) -> None:
    """Let the ledger not know whether these were taken, as after a connection that broke."""
    with opened(project) as store, store.database.transaction():
        for email in emails:
            sql = "UPDATE deliveries SET state = 'unknown' WHERE email = :email"
            assert store.database.run(sql, {"email": email}) == 1
