"""`proof` and `approve`: what people see of an edition before its readers do."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.errors import ExitCode, SmakomMailError
from smakom_mail.services.sending.approving import require_approval
from smakom_mail.services.sending.proofing import require_proof
from smakom_mail.store.proofs import approvals_of, proofs_of
from tests.mail.smtp.relay import TAKE_AND_DIE, Answer, Relay
from tests.services.receiving import EDITION, FIRST, aimed_at, append, opened
from tests.services.running import as_json, ran
from tests.services.sending.underway import peopled

Cli = Callable[..., Result]
Script = Mapping[str, Sequence[str | Answer]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a newsletter with a reader."""
    return peopled(tmp_path / "brev", "asa")


@pytest.fixture
def digest(cli: Cli) -> str:
    """Give the digest of the edition as it is."""
    return str(as_json(cli("build", EDITION, "--format", "json"))["digest"])


@contextmanager
def relay(monkeypatch: pytest.MonkeyPatch, answers: Script | None = None) -> Iterator[Relay]:
    """Run a relay with a script in a thread of its own, and name it in the environment."""
    running = Relay(answers or {})
    loop = asyncio.new_event_loop()
    listening, over = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with running.running():
            listening.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert listening.wait(30)
    for name, value in (("HOST", "127.0.0.1"), ("PORT", str(running.port)), ("SECURITY", "none")):
        monkeypatch.setenv(f"SMAKOM_MAIL_RELAY_{name}", value)
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(30)
        loop.close()


def messages(running: Relay) -> list[EmailMessage]:
    """Give what the relay has taken."""
    return [message_from_bytes(mail.data, policy=policy.default) for mail in running.accepted]


def bodies(message: EmailMessage) -> list[str]:
    """Give text and HTML."""
    return [str(part.get_content()) for part in message.iter_parts()]


# ------------------------------------------------------------------------------------- proof


def test_a_proof_goes_to_everybody_named_once_and_is_recorded_with_the_digest(
    cli: Cli, project: Path, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = ("Ordf@a.example", "ordf@A.example", "ToR@a.example")

    with relay(monkeypatch) as running:
        out, err = ran(cli("proof", EDITION, *(f"--to={address}" for address in typed)))

    subject = f"[PROV {digest[:8]}] Ett första nummer av nyhetsbrevet"
    assert [mail.recipient for mail in running.accepted] == ["Ordf@a.example", "ToR@a.example"]
    assert [message["To"] for message in messages(running)] == ["Ordf@a.example", "ToR@a.example"]
    assert {str(message["Subject"]) for message in messages(running)} == {subject}
    assert out.splitlines() == [
        f"exempel, digest {digest[:8]}: {subject}",
        "    accepted   Ordf@a.example  250 2.0.0 Ok: queued",
        "    accepted   ToR@a.example  250 2.0.0 Ok: queued",
    ]
    assert err == ""
    with opened(project) as store:
        assert [(each.email, each.digest) for each in proofs_of(store.database, EDITION)] == [
            ("Ordf@a.example", digest),
            ("ToR@a.example", digest),
        ]


def test_a_proof_cannot_unsubscribe_anybody(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with relay(monkeypatch) as running:
        ran(cli("proof", EDITION, "--to", "asa@a.example"))

    (message,) = messages(running)
    assert [name for name in message if name.startswith("List-Unsubscribe")] == []
    assert all("/u/" not in body for body in bodies(message))


def test_each_run_has_message_ids_of_its_own(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with relay(monkeypatch) as running:
        ran(cli("proof", EDITION, "--to", "a@a.example", "--to", "b@a.example"))
        ran(cli("proof", EDITION, "--to", "a@a.example", "--to", "b@a.example"))

    assert len({str(message["Message-ID"]) for message in messages(running)}) == 4


def test_it_is_filled_in_for_the_sample_reader_or_for_a_subscriber(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(project / FIRST, "\nHej {name} ({email})!\n")

    with relay(monkeypatch) as running:
        ran(cli("proof", EDITION, "--to", "ordf@a.example"))
        ran(cli("proof", EDITION, "--to", "ordf@a.example", "--as", "asa@a.example"))

    sample, asa = (bodies(message)[0] for message in messages(running))
    assert "Hej Kim Exempel (kim@exempel.example)!" in sample
    assert "Hej Asa Ek (asa@a.example)!" in asa


def test_what_the_relay_refuses_is_said_and_not_recorded(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = {"RCPT": ["550 5.1.1 No such user", "450 4.2.0 Greylisted, later"]}

    with relay(monkeypatch, script):
        result = cli("proof", EDITION, *(f"--to={name}@a.example" for name in ("en", "tva", "tre")))

    out, err = ran(result, ExitCode.PROBLEM)
    refused = "the relay says that the address does not exist: 550 5.1.1 No such user"
    deferred = "the relay makes a new sender wait: 450 4.2.0 Greylisted, later"
    assert out.splitlines()[1:] == [
        f"    refused    en@a.example  {refused}",
        f"    deferred   tva@a.example  {deferred}",
        "    accepted   tre@a.example  250 2.0.0 Ok: queued",
    ]
    assert err == "    hint: mend what is said above, and send it again\n"
    with opened(project) as store:
        assert [each.email for each in proofs_of(store.database, EDITION)] == ["tre@a.example"]


def test_a_connection_that_breaks_behind_the_dot_is_told(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch, {"DOT": [TAKE_AND_DIE]}):
        result = cli("proof", EDITION, "--to=en@a.example", "--to=tva@a.example", "--format=json")

    proofs = as_json(result, ExitCode.PROBLEM)["proofs"]
    assert [(each["email"], each["state"]) for each in proofs] == [
        ("en@a.example", "unknown"),
        ("tva@a.example", "not sent"),
    ]
    with opened(project) as store:
        assert proofs_of(store.database, EDITION) == ()


def test_a_relay_that_lets_nobody_in_sends_nothing(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch, {"GREETING": ["554 5.7.1 Not you"]}):
        result = cli("proof", EDITION, "--to", "en@a.example", "--format", "json")

    (proof,) = as_json(result, ExitCode.PROBLEM)["proofs"]
    assert (proof["state"], proof["reply"]) == ("not sent", "554 5.7.1 Not you")


def test_without_a_relay_the_outbox_is_named(cli: Cli) -> None:
    _, err = ran(cli("proof", EDITION, "--to", "en@a.example"), ExitCode.PROBLEM)

    assert err == (
        "error: no relay is configured, so no proof can be sent\n"
        "    hint: set host under [relay] in smakom-mail.toml, or SMAKOM_MAIL_RELAY_HOST "
        "(docs/sending.md); to lay the proof in var/outbox instead: --outbox\n"
    )


def test_a_proof_in_the_outbox_did_not_go_out(cli: Cli, project: Path, digest: str) -> None:
    out, _ = ran(cli("proof", EDITION, "--to", "en@a.example", "--outbox"))

    assert out.splitlines()[1:] == [
        "    in the outbox  en@a.example",
        "laid in var/outbox, and sent to nobody: send still wants a proof",
    ]
    (file,) = (project / "var/outbox/new").iterdir()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert str(message["Subject"]).startswith(f"[PROV {digest[:8]}] ")
    with opened(project) as store:
        assert proofs_of(store.database, EDITION) == ()


def test_errors_in_the_edition_stop_it(cli: Cli, project: Path) -> None:
    aimed_at(project, "list:medlemar")

    out, err = ran(cli("proof", EDITION, "--to", "en@a.example", "--outbox"), ExitCode.PROBLEM)

    assert out == ""
    assert err.endswith(
        "exempel: 1 error, 0 warnings, 2 notes; no proof was sent\n"
        "    hint: mend the errors above\n"
    )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["kansli"], "this is no address that can be written to: the e-mail address has no @"),
        (["bad addr"], "this is no address that can be written to: the e-mail address has no @"),
        (
            ["asa@a.example bo@a.example"],
            "these are several e-mail addresses where one is asked for",
        ),
        (
            [f"p{number}@a.example" for number in range(21)],
            "a proof goes to 20 people at most, and these are 21",
        ),
    ],
)
def test_whom_no_proof_can_go_to_is_said_first(cli: Cli, typed: list[str], message: str) -> None:
    arguments = [f"--to={address}" for address in typed]

    _, err = ran(cli("proof", EDITION, *arguments), ExitCode.PROBLEM)

    assert err.splitlines()[0] == f"error: {message}"


def test_twenty_people_however_often_they_are_named_are_not_too_many(cli: Cli) -> None:
    twice = [f"--to=p{number % 20}@a.example" for number in range(40)]

    found = as_json(cli("proof", EDITION, "--outbox", *twice, "--format", "json"))

    assert len(found["proofs"]) == 20


# ----------------------------------------------------------------------------------- approve


def test_an_approval_wants_a_proof_of_just_this_digest(
    cli: Cli, project: Path, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hint = (
        "    hint: send one, and read it: smakom-mail proof exempel --to ADDRESS; or --no-proof, "
        "to go on without\n"
    )
    _, err = ran(cli("approve", EDITION, "--yes"), ExitCode.PROBLEM)
    assert err == f"error: no proof of exempel ({digest[:8]}) has gone out\n{hint}"

    with relay(monkeypatch):
        ran(cli("proof", EDITION, "--to", "ordf@a.example"))
    ran(cli("approve", EDITION, "--yes"))
    append(project / FIRST, "\nEn rad till.\n")
    changed = as_json(cli("build", EDITION, "--format", "json"))["digest"]

    _, err = ran(cli("approve", EDITION, "--yes"), ExitCode.PROBLEM)
    assert err == (
        f"error: exempel has been changed since its last proof: that was {digest[:8]}, and it is "
        f"{changed[:8]} now\n{hint}"
    )


def test_an_approval_is_recorded_with_digest_time_and_name(
    cli: Cli, project: Path, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smakom_mail.cli.acting.actor", lambda: "ordf")

    found = as_json(cli("approve", EDITION, "--no-proof", "--yes", "--format", "json"))

    with opened(project) as store:
        (approval,) = approvals_of(store.database, EDITION)
    assert found == {
        "edition": "exempel",
        "digest": digest,
        "at": approval.at,
        "actor": "ordf",
    }
    assert (approval.digest, approval.actor) == (digest, "ordf")


def test_it_asks_and_without_an_answer_nothing_is_recorded(
    cli: Cli, project: Path, digest: str
) -> None:
    out, err = ran(cli("approve", EDITION, "--no-proof"), ExitCode.PROBLEM)

    assert out == ""
    assert err == (
        f"exempel, digest {digest[:8]}\n"
        "    subject   Ett första nummer av nyhetsbrevet\n"
        "nothing was recorded; with --yes it is not asked\n"
    )
    with opened(project) as store:
        assert approvals_of(store.database, EDITION) == ()


def test_what_is_approved_is_shown_with_its_proofs_and_earlier_approvals(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch):
        ran(cli("proof", EDITION, "--to", "ordf@a.example"))
    ran(cli("approve", EDITION, "--yes"))

    _, err = ran(cli("approve", EDITION, "--yes"))

    lines = err.splitlines()
    assert [line.split()[0] for line in lines] == ["exempel,", "subject", "proof", "approved"]
    assert lines[2].endswith(" to ordf@a.example")


def test_errors_are_told_in_json_too(cli: Cli, project: Path) -> None:
    aimed_at(project, "list:medlemar")

    for command in (("proof", EDITION, "--to", "a@a.example"), ("approve", EDITION)):
        found = as_json(cli(*command, "--format", "json"), ExitCode.PROBLEM)
        assert (found["digest"], found["errors"]) == (None, 1)


def test_an_edition_with_errors_is_not_approved(cli: Cli, project: Path) -> None:
    aimed_at(project, "list:medlemar")

    out, err = ran(cli("approve", EDITION, "--no-proof", "--yes"), ExitCode.PROBLEM)

    assert out == ""
    assert err.endswith("; nothing was recorded\n    hint: mend the errors above\n")


# ----------------------------------------------------------------------------- what send asks


def test_only_a_proof_of_the_very_digest_will_do(
    cli: Cli, project: Path, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relay(monkeypatch):
        ran(cli("proof", EDITION, "--to", "ordf@a.example"))

    with opened(project) as store:
        require_proof(store, EDITION, digest)
        require_proof(store, EDITION, "f" * 64, needed=False)
        with pytest.raises(SmakomMailError, match="has been changed since its last proof"):
            require_proof(store, EDITION, "f" * 64)


def test_an_approval_is_asked_for_where_the_settings_say_so(
    cli: Cli, project: Path, digest: str
) -> None:
    with opened(project) as store:
        require_approval(store, EDITION, digest)
    append(project / "smakom-mail.toml", "\n[send]\nrequire_approval = true\n")
    with opened(project) as store, pytest.raises(SmakomMailError) as caught:
        require_approval(store, EDITION, digest)
    assert caught.value.message == (
        f"nobody has approved exempel ({digest[:8]}), as require_approval under [send] asks for"
    )

    ran(cli("approve", EDITION, "--no-proof", "--yes"))

    with opened(project) as store:
        require_approval(store, EDITION, digest)
        with pytest.raises(SmakomMailError, match="has been changed since"):
            require_approval(store, EDITION, "f" * 64)
