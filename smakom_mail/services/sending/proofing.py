"""Proofs: the edition as it would be sent, to named people, marked, with dead links for leaving.

A proof counts for nobody's campaign. What is recorded is that the relay took one, of which digest;
and that it was given so many messages, which its quota counts like any others.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from smakom_mail.errors import SmakomMailError
from smakom_mail.mail.message import MessageTemplate
from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.mail.smtp.verdicts import Action
from smakom_mail.model.campaign import FrozenMessage, Recipient
from smakom_mail.model.person import Act
from smakom_mail.model.rendered import READER_FIELDS
from smakom_mail.services.checking import CheckedEdition, check_edition
from smakom_mail.services.doubts import Doubt
from smakom_mail.services.previewing.readers import read_readers
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.sending.freezing import freeze
from smakom_mail.services.sending.outbox import outbox_of
from smakom_mail.services.sending.proof_marks import marked
from smakom_mail.services.sending.quota import open_quota
from smakom_mail.services.sending.relay_access import RelayNotConfiguredError, open_access
from smakom_mail.services.sending.relaying import (
    Opener,
    Submission,
    envelope_sender,
    own_name,
    submit_once,
)
from smakom_mail.services.sending.signing import open_signer
from smakom_mail.services.storing import Store, open_store
from smakom_mail.services.subscribing.typed import read_address
from smakom_mail.services.workplace import Workplace
from smakom_mail.store.proofs import Proof, proofs_of, record_proof
from smakom_mail.tokens import message_id

MOST = 20
"""More people than this are readers, and an edition reaches readers by `send`."""
TAKEN, DEFERRED, REFUSED, UNKNOWN = "accepted", "deferred", "refused", "unknown"
NOT_SENT, LAID = "not sent", "in the outbox"
_STATES = {Action.ACCEPT: TAKEN, Action.REFUSE: REFUSED, Action.BREAKER: REFUSED}
_STATES[Action.STOP] = REFUSED

Letter = tuple[Envelope, list[bytes]]


class ProofMissingError(SmakomMailError):
    """No proof of an edition as it is now has gone out."""


class ProofAddressError(SmakomMailError):
    """An address that no proof can go to, or too many of them."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: the addresses as they were typed, and whose words fill the places.

    Without `reader`, an address of a subscriber, they are those of the sample reader.
    """

    to: tuple[str, ...]
    reader: str = ""
    outbox: bool = False


@dataclass(frozen=True, slots=True)
class ProofCopy:
    """What became of one copy of a proof: a state, and the relay's reply or why there is none."""

    email: str
    state: str
    message_id: str
    reply: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Proofed:
    """A proof that went out, or was laid in `outbox`; no copies where errors stand in the way.

    `doubts` warn of a database that is a copy: a proof goes to named people all the same.
    """

    checked: CheckedEdition
    digest: str = ""
    subject: str = ""
    copies: tuple[ProofCopy, ...] = ()
    outbox: Path | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every copy got where it should."""
        return bool(self.copies) and all(each.state in (TAKEN, LAID) for each in self.copies)


def prove_edition(  # noqa: PLR0913 - of what, to whom, and who asks when
    workplace: Workplace,
    environment: Mapping[str, str],
    slug: str,
    request: Request,
    *,
    act: Act,
    clock: Clock,
    said: Callable[[str], None],
) -> Proofed:
    """Send a proof of the edition `slug`, or lay it in the outbox, where it counts for nothing.

    Raises ProofAddressError, RelayNotConfiguredError, RelayRefusedError, and SmakomMailError for
    whatever else stands in the way.
    """
    addresses = read_addresses(request.to, workplace)
    checked = check_edition(workplace, slug)
    if checked.rendered is None or checked.broken:
        return Proofed(checked)
    opener = None if request.outbox else _opener(workplace, environment, slug, clock, said)
    date = datetime.fromtimestamp(clock.time(), UTC).astimezone()
    frozen = freeze(checked.rendered, workplace.config, date)
    proof = marked(frozen, _words(workplace, request.reader))
    template = MessageTemplate(proof, open_signer(workplace, lambda: int(clock.time())))
    with open_store(workplace, environment, create=True) as store:
        copies = _recipients(store, frozen, addresses)
        letters = [_letter(workplace, template, each) for each in copies]
        done = Proofed(checked, frozen.digest, proof.subject.fill({}))
        if opener is None:
            return _laid(workplace, done, copies, letters)
        quota = open_quota(store.database, workplace.config.relay, clock)
        submission = submit_once(opener, letters, quota)
        rest = _why_not(submission, clock)
        told = tuple(_told(submission, n, each, rest) for n, each in enumerate(copies))
        _record(store, done, told, act)
        return replace(done, copies=told, doubts=_doubts(store))


def read_addresses(typed: Iterable[str], workplace: Workplace) -> tuple[str, ...]:
    """Give addresses as they are written to, each once however it is spelled.

    Raises ProofAddressError, SubscriberError.
    """
    found = [read_address(text, workplace.config.people) for text in typed]
    addresses = {address.key: address.email for address in reversed(found)}
    if not addresses:
        raise ProofAddressError("a proof goes to somebody", "name her: --to ADDRESS")
    if len(addresses) > MOST:
        raise ProofAddressError(
            f"a proof goes to {MOST} people at most, and these are {len(addresses)}",
            "readers get an edition by smakom-mail send",
        )
    return tuple(dict.fromkeys(addresses[address.key] for address in found))


def require_proof(store: Store, slug: str, digest: str, *, needed: bool = True) -> None:
    """See that a proof of this very digest has gone out, unless none is `needed`.

    Raises ProofMissingError.
    """
    if not needed:
        return
    found = proofs_of(store.database, slug)
    if any(each.digest == digest for each in found):
        return
    hint = (
        f"send one, and read it: smakom-mail proof {slug} --to ADDRESS; or --no-proof, "
        "to go on without"
    )
    if found:
        raise ProofMissingError(
            f"{slug} has been changed since its last proof: that was {found[-1].digest[:8]}, "
            f"and it is {digest[:8]} now",
            hint,
        )
    raise ProofMissingError(f"no proof of {slug} ({digest[:8]}) has gone out", hint)


def _opener(
    workplace: Workplace,
    environment: Mapping[str, str],
    slug: str,
    clock: Clock,
    said: Callable[[str], None],
) -> Opener:
    settings = workplace.config.relay
    if not settings.configured:
        raise RelayNotConfiguredError(
            "no relay is configured, so no proof can be sent",
            "set host under [relay] in smakom-mail.toml, or SMAKOM_MAIL_RELAY_HOST "
            "(docs/sending.md); to lay the proof in var/outbox instead: --outbox",
        )
    access = open_access(workplace, environment, slug)
    return Opener(settings, access, clock, own_name(workplace.config), said=said)


def _words(workplace: Workplace, reader: str) -> dict[str, str]:
    """Give what fills the places: the words of a subscriber, or of the sample reader."""
    chosen = read_readers(workplace, [reader]) if reader else workplace.config.samples
    return {name: str(getattr(chosen[0], name)) for name in READER_FIELDS}


def _recipients(
    store: Store, frozen: FrozenMessage, addresses: Sequence[str]
) -> tuple[Recipient, ...]:
    """Give who gets a copy, each with a Message-ID that no other run has, and no token."""
    run = secrets.token_hex(8)
    return tuple(
        Recipient(
            number,
            email,
            "",
            "",
            "",
            message_id(
                store.keyring, frozen.edition, f"{email.lower()} {run}", frozen.host, "proof"
            ),
        )
        for number, email in enumerate(addresses)
    )


def _letter(workplace: Workplace, template: MessageTemplate, recipient: Recipient) -> Letter:
    config = workplace.config
    parts = template.compose(recipient)
    sender = envelope_sender(config.relay, config.sender.email)(recipient)
    envid = recipient.message_id.strip("<>")
    size = sum(map(len, parts))
    return Envelope(recipient.id, sender, recipient.email, size, envid=envid), parts


def _laid(
    workplace: Workplace, done: Proofed, copies: Sequence[Recipient], letters: Sequence[Letter]
) -> Proofed:
    """Lay the copies in the outbox, where nobody gets them: that is no proof that went out."""
    outbox = outbox_of(workplace.root)
    outbox.open()
    for _, parts in letters:
        outbox.add(parts, f"proof-{done.checked.edition.slug}")
    laid = tuple(ProofCopy(each.email, LAID, each.message_id) for each in copies)
    return replace(done, copies=laid, outbox=outbox.folder)


def _why_not(submission: Submission, clock: Clock) -> str:
    """Say why those did not go that come last."""
    if submission.fault is not None:
        return submission.fault.message
    if not submission.held_back:
        return submission.lost_why
    free = datetime.fromtimestamp(clock.time() + submission.held_back, UTC) + timedelta(minutes=1)
    at = free.astimezone().isoformat(sep=" ", timespec="minutes")
    return f"the relay's limits ([relay] in smakom-mail.toml) let no more go before {at}"


def _doubts(store: Store) -> tuple[Doubt, ...]:
    """Warn where the campaign itself cannot go out from here."""
    if not (why := store.installation.why_copy()):
        return ()
    return (
        Doubt(
            f"this database is a copy, from which the campaign cannot be sent: {why}",
            "only if the other one is out of use for ever: smakom-mail db adopt",
        ),
    )


def _told(submission: Submission, number: int, recipient: Recipient, rest: str) -> ProofCopy:
    """Say what became of a copy; `rest` is why the last ones did not go."""
    email, id_ = recipient.email, recipient.message_id
    if verdict := submission.verdicts.get(number):
        state = _STATES.get(verdict.action, DEFERRED)
        reply = str(verdict.reply) if verdict.reply.code else ""
        return ProofCopy(email, state, id_, reply, "" if state == TAKEN else verdict.why)
    if submission.failure is not None:
        reply = str(submission.failure.reply) if submission.failure.reply.code else ""
        return ProofCopy(email, NOT_SENT, id_, reply, submission.failure.why)
    doubtful = submission.doubtful and number == len(submission.verdicts)
    return ProofCopy(email, UNKNOWN if doubtful else NOT_SENT, id_, "", rest)


def _record(store: Store, done: Proofed, copies: Iterable[ProofCopy], act: Act) -> None:
    slug = done.checked.edition.slug
    with store.database.transaction():
        for each in copies:
            if each.state == TAKEN:
                proof = Proof(done.digest, act.at, act.actor, each.email, each.reply)
                record_proof(store.database, slug, proof)
