"""Whatever the database holds of a person is shown to her, or it stands here why it is not.

Every column of every table that knows people is filled with a value of its own, and looked for in
the three answers: as JSON, as text for the editor, and in the letter that the person gets herself.
A table or column that is new fails here until somebody has decided what is told of it.
"""

import datetime as dt
import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from smakom_mail.cli import output_person
from smakom_mail.locale import format_date
from smakom_mail.services.letters.holding import held_groups
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.showing import show_subscriber, shown_data
from smakom_mail.store.letters import Letter
from tests.services.subscribing.keeping import opened

KIM = "kim@exempel.example"
ID = "0123456789abcdef"
_days = itertools.count(1)


def day() -> str:
    """Give a time that is nowhere else."""
    return f"{dt.date(2021, 1, 1) + dt.timedelta(days=next(_days))}T12:00:00.000+00:00"


ROWS: Mapping[str, Mapping[str, object]] = {
    "subscribers": {
        "id": ID,
        "ref": "subscribers.ref",
        "key": KIM,
        "email": KIM,
        "fingerprint": "",
        "name": "subscribers.name",
        "organisation": "subscribers.organisation",
        "language": "subscribers.language",
        "flags": "subscribers.flags",
        "sort_key": "subscribers.sort_key",
        "created_at": day(),
        "changed_at": day(),
        "state": "active",
    },
    "memberships": {
        "subscriber_id": ID,
        "list_slug": "medlemmar",
        "state": "pending",
        "since": day(),
    },
    "tags": {"subscriber_id": ID, "tag": "tags.tag"},
    "consents": {
        "subscriber_id": ID,
        "list_slug": "consents.list_slug",
        "basis": "public-task",
        "at": day(),
        "source": "consents.source",
        "wording": "consents.wording",
        "recorded_at": day(),
        "actor": "consents.actor",
    },
    "suppressions": {
        "fingerprint": "",
        "list_slug": "suppressions.list_slug",
        "reason": "bounced",
        "at": day(),
        "actor": "suppressions.actor",
        "note": "suppressions.note",
        "lifted_at": day(),
        "lifted_by": "suppressions.lifted_by",
    },
    "history": {
        "subscriber_id": ID,
        "at": day(),
        "step": 1,
        "actor": "history.actor",
        "what": "history.what",
        "old": "history.old",
        "new": "history.new",
    },
    "deliveries": {
        "id": 1,
        "campaign_id": "c1",
        "subscriber_id": ID,
        "key": KIM,
        "email": "deliveries.email",
        "name": "deliveries.name",
        "organisation": "deliveries.organisation",
        "scope": "deliveries.scope",
        "token": "deliveries.token",
        "message_id": "deliveries.message_id",
        "envelope_token": "deliveries.envelope_token",
        "state": "deferred",
        "sender": "s1",
        "attempts": 7919,
        "first_at": day(),
        "next_at": day(),
        "at": day(),
        "phase": "deliveries.phase",
        "code": 451,
        "reply": "deliveries.reply",
        "why": "deliveries.why",
    },
    "attempts": {
        "delivery_id": 1,
        "number": 7907,
        "at": day(),
        "state": "unknown",
        "phase": "attempts.phase",
        "code": 452,
        "reply": "attempts.reply",
        "why": "attempts.why",
    },
    "proofs": {
        "edition": "proofs.edition",
        "digest": "proofs.digest",
        "at": day(),
        "actor": "proofs.actor",
        "email": KIM,
        "reply": "proofs.reply",
    },
    "leavings": {
        "subscriber_id": ID,
        "list_slug": "leavings.list_slug",
        "was": "leavings.was",
        "said": 1,
        "how": "mail",
        "why": "too-often",
        "at": day(),
        "undone_at": day(),
    },
    "requests": {
        "ref": "requests.ref",
        "kind": "address",
        "subscriber_id": ID,
        "key": "new@a.example",
        "email": "requests.email",
        "name": "requests.name",
        "language": "requests.language",
        "lists": "requests.lists",
        "at": day(),
        "done_at": day(),
    },
    "letters": {
        "id": "letters.id",
        "kind": "already",
        "language": "letters.language",
        "subscriber_id": "",
        "key": KIM,
        "email": "letters.email",
        "token": "letters.token",
        "state": "refused",
        "message_id": "letters.message_id",
        "attempts": 7901,
        "next_at": day(),
        "at": day(),
        "code": 553,
        "reply": "letters.reply",
        "why": "letters.why",
        "created_at": day(),
    },
}
OTHERS = {
    "meta": "settings of the database itself",
    "migrations": "how the database was made",
    "lists": "the newsletter's lists",
    "scopes": "sets of lists, without whose",
    "campaigns": "what all recipients have in common",
    "campaign_lists": "what all recipients have in common",
    "senders": "programs that sent",
    "spent": "how much a relay was given, by domain",
    "approvals": "what an editor did; the name is the system's",
    "publications": "what an editor did; the name is the system's",
    "budgets": "keyed codes that nobody can read, kept a day",
}
"""The tables that know nobody, or nobody that can be told, and why."""

_ACTS = "whoever has it can act for the person"
_INSIDE = "a name inside the database, which says nothing of the person"
SECRETS = {
    "subscribers.ref": _ACTS,
    "deliveries.token": _ACTS,
    "requests.ref": _ACTS,
    "deliveries.envelope_token": _ACTS,
    "letters.token": _ACTS,
}
NOT_SHOWN = SECRETS | {
    "subscribers.fingerprint": "that there is one is said; it is made with the secret",
    "suppressions.fingerprint": "that there is one is said; it is made with the secret",
    "subscribers.sort_key": "made of the name, to sort by",
    "subscribers.state": "that she is shown at all says it",
    "history.step": "the order, in which they stand",
    "attempts.delivery_id": _INSIDE,
    "deliveries.id": _INSIDE,
    "deliveries.campaign_id": _INSIDE,
    "deliveries.scope": _INSIDE,
    "deliveries.sender": _INSIDE,
    **{f"{table}.subscriber_id": _INSIDE for table in ROWS},
    "subscribers.id": _INSIDE,
    "requests.key": "the address in one spelling",
}
_WHOLE = "the JSON has it; the sentence says it in other words"
NOT_PRINTED = NOT_SHOWN | {
    "deliveries.phase": _WHOLE,
    "deliveries.code": _WHOLE,
    "attempts.phase": _WHOLE,
    "attempts.code": _WHOLE,
    "attempts.number": _WHOLE,
    "letters.code": _WHOLE,
    "letters.id": _INSIDE,
    "proofs.digest": "what the edition is, not whose",
}
_SOMEBODY = "it is the name of somebody else"
NOT_MAILED = NOT_PRINTED | {
    "consents.actor": _SOMEBODY,
    "suppressions.actor": _SOMEBODY,
    "history.actor": _SOMEBODY,
    "suppressions.lifted_by": _SOMEBODY,
    "proofs.actor": _SOMEBODY,
}
IN_THE_LETTER = {
    "memberships.list_slug": "Medlemmar",
    "memberships.state": "waiting to be confirmed",
    "consents.basis": "task in the public interest",
    "suppressions.reason": "mail did not arrive",
    "deliveries.state": "delayed",
    "attempts.state": "not known whether it arrived",
    "leavings.said": "a no was written down",
    "leavings.how": "by mail",
    "leavings.why": "too often",
    "requests.kind": "to change the address",
    "letters.kind": "you subscribe already",
    "letters.state": "could not be sent",
}
IN_THE_DATA = {"leavings.said": "True"}
IN_THE_TEXT = {"leavings.said": "a no was recorded"}


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Store]:
    """Open a store of whose one person everything is held."""
    with opened(tmp_path / "brev") as store:
        mark = store.keyring.fingerprint(KIM)
        with store.database.transaction():
            store.database.run(
                "INSERT INTO campaigns VALUES ('c1', 'c', 'januari', 'campaign', 'd', 'sending',"
                " '', '', '', '', '', 0, 1, 1, '{}', 1, 1, '{}')"
            )
            for table, row in ROWS.items():
                given = {**row, **({"fingerprint": mark} if "fingerprint" in row else {})}
                places = ", ".join(f":{column}" for column in given)
                store.database.run(
                    f"INSERT INTO {table} ({', '.join(given)}) VALUES ({places})",  # noqa: S608 - names of this test
                    given,
                )
        yield store


def as_data(store: Store) -> str:
    """Give the answer as JSON, one value to a line."""
    return "\n".join(leaves(shown_data(show_subscriber(store, KIM))))


def leaves(value: object) -> Iterator[str]:
    """Give every value that is in some data."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield str(value)


def as_mailed(store: Store) -> str:
    """Give the answer that the person gets by letter."""
    asked = Letter("another", "holdings", "en", KIM, KIM, "2021-01-01T12:00:00.000+00:00")
    groups = held_groups(store, asked, "en")
    return "\n".join(f"{label}: {text}" for group in groups for label, text in group.rows)


def missing(
    answer: str, reasons: Mapping[str, str], words: Mapping[str, str], *, days: bool = False
) -> list[str]:
    """Name the columns whose value is not in an answer, and for which there is no reason."""
    found = []
    for table, row in ROWS.items():
        for column, value in row.items():
            name, text = f"{table}.{column}", str(value)
            if days and text.endswith("T12:00:00.000+00:00"):
                text = " ".join(format_date(dt.date.fromisoformat(text[:10]), "en").split())
            if name not in reasons and words.get(name, text) not in answer:
                found.append(name)
    return found


def test_every_table_and_column_is_filled_here_or_has_its_reason(filled: Store) -> None:
    tables = filled.database.tables()
    columns = {
        table: {row["name"] for row in filled.database.all(f"PRAGMA table_info({table})")}
        for table in ROWS
    }

    assert tables == set(ROWS) | set(OTHERS)
    assert columns == {table: set(row) for table, row in ROWS.items()}


def test_the_json_holds_every_value(filled: Store) -> None:
    assert missing(as_data(filled), NOT_SHOWN, IN_THE_DATA) == []


def test_the_text_holds_every_value(filled: Store, capsys: pytest.CaptureFixture[str]) -> None:
    output_person.shown_person(show_subscriber(filled, KIM), "text")

    assert missing(capsys.readouterr().out, NOT_PRINTED, IN_THE_TEXT) == []


def test_the_letter_holds_every_value_but_names_of_others(filled: Store) -> None:
    assert missing(as_mailed(filled), NOT_MAILED, IN_THE_LETTER, days=True) == []


def test_no_answer_holds_a_secret(filled: Store, capsys: pytest.CaptureFixture[str]) -> None:
    shown = show_subscriber(filled, KIM)
    output_person.shown_person(shown, "text")
    answers = json.dumps(shown_data(shown)) + capsys.readouterr().out + as_mailed(filled)

    fingerprint = filled.keyring.fingerprint(KIM)
    assert [each for each in (*SECRETS, fingerprint) if each in answers] == []
