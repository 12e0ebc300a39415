"""letters send, letters list, and the invitation that goes out by letter."""

import json
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import Result

from tests.services.letters.mailbox import Mailbox, running_mailbox
from tests.services.letters.writing import SECRET, asked_for, newsletter

Cli = Callable[..., Result]
LINK = r"https://nyhetsbrev\.forening\.example/confirm/[\w-]{36}"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a newsletter and go there."""
    root = newsletter(tmp_path / "brev")
    monkeypatch.chdir(root)
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)
    return root


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """Run a real mail server, to which letters go."""
    with running_mailbox() as box:
        monkeypatch.setenv("SMAKOM_MAIL_RELAY_HOST", "127.0.0.1")
        monkeypatch.setenv("SMAKOM_MAIL_RELAY_PORT", str(box.port))
        monkeypatch.setenv("SMAKOM_MAIL_RELAY_SECURITY", "none")
        yield box


@pytest.fixture
def run(root: Path, cli: Cli) -> Cli:
    """Give the program, run in the newsletter."""

    def inside(*arguments: str) -> Result:
        return cli(*arguments, "--project", str(root))

    return inside


def test_an_invitation_goes_by_letter_and_prints_no_link(run: Cli, mailbox: Mailbox) -> None:
    done = run("subscribers", "invite", "kim@kommun.example")
    assert done.exit_code == 0, done.output
    assert re.sub(r"^\S+", "WHEN", done.stdout) == (
        "WHEN  accepted    sign-up      kim@kommun.example  250 OK queued\n"
    )
    assert done.stderr == "it asks for a yes to prenumeranter\n"
    ((sender, recipients, data),) = mailbox.mail
    assert (sender, recipients) == ("nyhetsbrev@forening.example", ["kim@kommun.example"])
    message = message_from_bytes(data, policy=policy.default)
    text = message.get_body(("plain",))
    assert text is not None
    assert len(re.findall(LINK, text.get_content())) == 1


def test_with_print_and_without_a_relay_there_is_only_the_link(
    run: Cli, root: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = run("subscribers", "invite", "kim@kommun.example", "--print")
    monkeypatch.delenv("SMAKOM_MAIL_RELAY_HOST")
    without = run("subscribers", "invite", "bo@b.example")
    for done, email in ((printed, "kim@kommun.example"), (without, "bo@b.example")):
        assert re.fullmatch(LINK + "\n", done.stdout)
        assert done.stderr == (
            f"nothing was sent; send this link to {email}: it asks for a yes to prenumeranter\n"
        )
    assert mailbox.mail == []
    assert not (root / "var" / "outbox").exists()
    assert run("letters", "list").stdout == ""


def test_a_letter_that_the_server_puts_off_waits_and_nobody_is_asked_again(
    run: Cli, mailbox: Mailbox
) -> None:
    mailbox.refuses = "451 4.7.1 Greylisted, try again"
    done = run("subscribers", "invite", "kim@kommun.example")
    assert done.exit_code == 4
    assert " deferred " in done.stdout
    assert run("subscribers", "invite", "kim@kommun.example").exit_code == 1
    listed = json.loads(run("letters", "list", "--format", "json").stdout)
    assert [(each["state"], each["attempts"]) for each in listed["letters"]] == [("deferred", 1)]
    again = run("letters", "send")
    assert (again.exit_code, again.stdout, again.stderr) == (4, "", "no letter is due\n")


def test_a_server_that_is_gone_is_named_and_the_letter_waits(
    run: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMAKOM_MAIL_RELAY_HOST", "127.0.0.1")
    monkeypatch.setenv("SMAKOM_MAIL_RELAY_PORT", "1")
    monkeypatch.setenv("SMAKOM_MAIL_RELAY_SECURITY", "none")
    done = run("subscribers", "invite", "kim@kommun.example")
    assert done.exit_code == 4
    assert done.stderr.startswith("the letter waits: no connection to 127.0.0.1 on port 1: ")
    assert done.stderr.endswith("    hint: to try it again: smakom-mail letters send\n")
    monkeypatch.delenv("SMAKOM_MAIL_RELAY_HOST")
    assert " accepted " in run("letters", "send").stdout


NOBODY = "[site] pages = false says that no page answers at https://nyhetsbrev.forening.example"
SERVE = "serve the pages (docs/deploy.md) and set pages = true in smakom-mail.toml"


def without_pages(root: Path) -> None:
    """Let no page answer."""
    settings = root / "smakom-mail.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("[site]\n", "[site]\npages = false\n"), "utf-8")


MAIL = r"mailto:kansli@forening\.example\?subject=ja%20[\w-]{36}"
NOTE = (
    "note: no page answers: the yes comes as a mail to kansli@forening.example, and is taken "
    "by smakom-mail unsubscribes read MAILBOX\n"
)


def test_where_no_page_answers_the_link_opens_a_mail(
    run: Cli, root: Path, mailbox: Mailbox
) -> None:
    without_pages(root)
    by_letter = run("subscribers", "invite", "kim@kommun.example")
    printed = run("subscribers", "invite", "bo@b.example", "--print")

    assert (by_letter.exit_code, by_letter.stderr) == (
        0,
        f"{NOTE}it asks for a yes to prenumeranter\n",
    )
    text = message_from_bytes(mailbox.mail[0][2], policy=policy.default).get_body(("plain",))
    assert text is not None
    assert len(re.findall(rf"<{MAIL}>", text.get_content())) == 1
    assert "https://nyhetsbrev.forening.example" not in text.get_content()
    assert re.fullmatch(MAIL + "\n", printed.stdout)
    assert printed.stderr == (
        f"{NOTE}nothing was sent; send this link to bo@b.example: it asks for a yes to "
        "prenumeranter\n"
    )


def test_where_no_page_answers_letters_that_lead_to_one_wait(run: Cli, root: Path) -> None:
    asked_for(root, "kim@kommun.example", "bo@b.example")
    without_pages(root)
    before = run("letters", "list", "--format", "json").stdout
    done = run("letters", "send")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        f"error: the link in 2 of the letters would lead nowhere: {NOBODY}\n"
        f"    hint: {SERVE}; until then all letters wait\n"
    )
    assert run("letters", "list", "--format", "json").stdout == before
    assert not (root / "var" / "outbox").exists()


def test_where_no_page_answers_a_letter_without_a_link_goes(run: Cli, root: Path) -> None:
    asked_for(root, "kim@kommun.example", kind="moved")
    without_pages(root)
    assert run("letters", "send").exit_code == 0


def test_letters_are_listed_without_what_would_let_others_say_yes(run: Cli, root: Path) -> None:
    asked_for(root, "kim@kommun.example", "bo@b.example")
    sent = run("letters", "send")
    assert (sent.exit_code, sent.stderr) == (
        0,
        f"no relay is configured: look in {root / 'var' / 'outbox'}\n",
    )
    listed = run("letters", "list")
    assert listed.stdout.splitlines() == [
        "2026-11-22T11:58  accepted    sign-up      bo@b.example  250 laid in the outbox",
        "2026-11-22T11:58  accepted    sign-up      kim@kommun.example  250 laid in the outbox",
    ]
    assert listed.stderr == "2 letters\n"
    data = json.loads(run("letters", "list", "--format", "json").stdout)
    assert sorted(data["letters"][0]) == [
        *("at", "attempts", "code", "created_at", "email", "id", "kind", "language"),
        *("message_id", "next_at", "reply", "state", "why"),
    ]


def test_an_invitation_in_json_has_the_letter_or_the_link(run: Cli, mailbox: Mailbox) -> None:
    by_letter = run("subscribers", "invite", "kim@kommun.example", "--format", "json")
    printed = run("subscribers", "invite", "bo@b.example", "--print", "--format", "json")
    data = json.loads(by_letter.stdout)
    assert (data["letter"]["state"], data["trouble"], "url" in data) == ("accepted", None, False)
    assert re.fullmatch(LINK, json.loads(printed.stdout)["url"])
    assert len(mailbox.mail) == 1


def test_a_layout_that_cannot_draw_letters_is_named(run: Cli, root: Path) -> None:
    (root / "layouts" / "smakom" / "letter.txt.j2").unlink()
    asked_for(root, "a@a.example", "b@b.example")
    assert run("letters", "send").stderr.splitlines()[0] == (
        "note: letters have the looks of the shipped layout: the layout smakom has no "
        "letter.mjml.j2 and letter.txt.j2"
    )
