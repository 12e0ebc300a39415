"""What becomes of letters: each goes once, none is lost, and what is in doubt is left alone."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from smakom_mail.errors import CopyError
from smakom_mail.model.person import Reason
from smakom_mail.services.letters.hand import LettersHeldError, take_letters_in_hand
from smakom_mail.services.letters.ledger import DELAYS, GIVEN_UP, LetterLedger
from smakom_mail.services.subscribing.adding import Details, edit_subscriber
from smakom_mail.services.subscribing.leaving import forget_subscriber
from smakom_mail.services.subscribing.typed import Ground
from smakom_mail.store.letters import Kind, Letter
from tests.mail.smtp.relay import DIE, TAKE_AND_DIE, Answer, Relay, closing
from tests.services.letters.writing import (
    KIM,
    NOON,
    SECRET,
    Hands,
    add,
    asked_for,
    kept,
    newsletter,
    opened,
    outbox,
    passed,
    person,
    place,
    read,
    say_no,
    seconds_until,
    states,
    through,
    to,
    wanted,
)
from tests.services.receiving import THEN

HOURS = 3600.0


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a newsletter."""
    return newsletter(tmp_path / "brev")


def test_letters_go_over_one_connection_each_to_its_one_address(root: Path) -> None:
    ids = asked_for(root, "a@a.example", "b@b.example", "c@c.example")
    relay, done = asyncio.run(through(root))
    assert (states(root, *ids), done.trouble) == (["accepted"] * 3, "")
    assert [(mail.sender, mail.recipient) for mail in relay.accepted] == [
        ("nyhetsbrev@forening.example", "a@a.example"),
        ("nyhetsbrev@forening.example", "b@b.example"),
        ("nyhetsbrev@forening.example", "c@c.example"),
    ]
    assert len(relay.received) == 1
    letter = kept(root, ids[0])
    assert (letter.attempts, letter.code, letter.reply, letter.why, letter.message_id) == (
        1,
        250,
        "250 2.0.0 Ok: queued",
        "",
        read(relay.accepted[0].data)["Message-ID"],
    )


def test_a_letter_that_was_sent_is_not_sent_again(root: Path) -> None:
    (id_,) = asked_for(root, KIM)
    asyncio.run(through(root))
    relay, done = asyncio.run(through(root, hands=_later(48)))
    assert (relay.accepted, done.tried, kept(root, id_).attempts) == ([], (), 1)


def test_without_a_relay_letters_are_laid_in_the_outbox_each_once(root: Path) -> None:
    (id_,) = asked_for(root, KIM)
    asyncio.run(passed(root, SECRET))
    asyncio.run(passed(root, SECRET))
    assert [message["To"] for message in outbox(root)] == [KIM]
    assert (kept(root, id_).state, kept(root, id_).reply) == ("accepted", "250 laid in the outbox")


# ------------------------------------------------------------------------------ what a relay says


def _later(hours: float) -> Hands:
    hands = Hands()
    hands.passed = hours * HOURS
    return hands


def test_a_letter_that_is_put_off_is_the_same_message_when_it_goes(root: Path) -> None:
    (id_,) = asked_for(root, KIM)
    put_off = ["451 4.3.0 not now"]
    first, done = asyncio.run(through(root, {"DOT": put_off}))
    letter = kept(root, id_)
    assert (letter.state, letter.attempts, letter.reply, done.trouble) == (
        "deferred",
        1,
        "451 4.3.0 not now",
        "",
    )
    soon, _ = asyncio.run(through(root, hands=Hands()))
    second, _ = asyncio.run(through(root, hands=_later(1)))
    assert (soon.accepted, states(root, id_)) == ([], ["accepted"])
    body = first.received[0].partition(b"\r\nDATA\r\n")[2]
    assert body.startswith(second.accepted[0].data)


def test_the_delay_grows_and_after_a_day_a_letter_is_given_up(root: Path) -> None:
    (id_,) = asked_for(root, KIM)
    hands = Hands()
    tries: list[float] = []
    while states(root, id_) != ["refused"] and len(tries) < 100:
        tries.append(hands.passed)
        asyncio.run(through(root, {"RCPT": ["450 4.2.0 later"]}, hands))
        next_at = kept(root, id_).next_at
        hands.passed = seconds_until(next_at) if next_at else hands.passed
    pauses = [after - before for before, after in pairwise(tries)]
    assert 48 <= pauses[0] <= 72
    assert pauses[0] < pauses[1] < pauses[2] < pauses[-1] <= DELAYS[-1] * 1.2
    assert (kept(root, id_).why, 24 <= hands.passed / HOURS < 27) == (GIVEN_UP, True)
    assert len(tries) > 10  # the last of them found it too old


@pytest.mark.parametrize(
    ("step", "reply", "why"),
    [
        ("RCPT", "550 5.1.1 no such user", "the relay says that the address does not exist"),
        ("DOT", "554 5.7.1 this is spam", "the relay refuses the message"),
    ],
)
def test_a_letter_that_is_refused_is_given_up_and_the_others_go(
    root: Path, step: str, reply: str, why: str
) -> None:
    ids = asked_for(root, "a@a.example", "b@b.example")
    relay, _ = asyncio.run(through(root, {step: [reply]}))
    assert states(root, *ids) == ["refused", "accepted"]
    letter = kept(root, ids[0])
    assert (letter.attempts, letter.reply, letter.why) == (1, reply, why)
    assert [mail.recipient for mail in relay.accepted] == ["b@b.example"]


@pytest.mark.parametrize(
    "answers",
    [
        {"GREETING": ["554 5.7.1 no service for you"]},
        {"MAIL": ["550 5.7.60 SendAsDenied"]},
        {"RCPT": ["452 4.5.3 daily quota exceeded"]},
        {"GREETING": [closing("421 4.3.2 closing")]},
        {"RCPT": [DIE]},
        {"DATA": [DIE]},
        {"DOT": [closing("421 4.4.2 too long")]},
    ],
)
def test_a_relay_that_fails_loses_no_letter(
    root: Path, answers: dict[str, Sequence[str | Answer]]
) -> None:
    ids = asked_for(root, "a@a.example", "b@b.example")
    relay, done = asyncio.run(through(root, answers))
    assert (relay.accepted, set(states(root, *ids)) <= {"waiting", "deferred"}) == ([], True)
    assert done.trouble
    asyncio.run(through(root, hands=_later(1)))
    assert states(root, *ids) == ["accepted", "accepted"]


def test_a_relay_that_nobody_answers_at_leaves_the_letters_waiting(root: Path) -> None:
    (id_,) = asked_for(root, KIM)

    async def gone() -> dict[str, str]:
        async with Relay().running() as relay:
            return to(relay)

    done = asyncio.run(passed(root, asyncio.run(gone())))
    assert "no connection to 127.0.0.1" in done.trouble
    assert (kept(root, id_).state, kept(root, id_).attempts) == ("waiting", 0)


def test_a_letter_that_stops_the_sender_lets_the_others_go_first_next_time(root: Path) -> None:
    ids = asked_for(root, "a@a.example", "b@b.example")
    asyncio.run(through(root, {"RCPT": ["550 5.7.1 relaying denied"]}))
    assert kept(root, ids[0]).next_at > kept(root, ids[1]).next_at == ""
    relay, _ = asyncio.run(through(root, hands=Hands()))
    assert [mail.recipient for mail in relay.accepted] == ["b@b.example"]


@pytest.mark.parametrize("answer", [DIE, TAKE_AND_DIE])
def test_a_letter_whose_reply_is_lost_is_in_doubt_and_never_sent_again(
    root: Path, answer: Answer
) -> None:
    ids = asked_for(root, "a@a.example", "b@b.example")
    relay, _ = asyncio.run(through(root, {"DOT": [answer]}))
    assert states(root, *ids) == ["unknown", "waiting"]
    again, _ = asyncio.run(through(root, hands=_later(48)))
    assert states(root, *ids) == ["unknown", "accepted"]
    assert [mail.recipient for mail in again.accepted] == ["b@b.example"]
    assert len(relay.accepted) == (1 if answer.takes else 0)


# ------------------------------------------------------------------------------------ who may not


@pytest.mark.parametrize(
    ("reason", "kind", "state"),
    [
        (Reason.COMPLAINED, "sign-up", "withheld"),
        (Reason.MANUAL, "sign-up", "withheld"),
        (Reason.BOUNCED, "sign-up", "accepted"),
        (Reason.UNSUBSCRIBED, "sign-up", "accepted"),
        (Reason.COMPLAINED, "erasure", "withheld"),
        (Reason.MANUAL, "holdings", "withheld"),
        (Reason.BOUNCED, "holdings", "withheld"),
        (Reason.UNSUBSCRIBED, "holdings", "accepted"),
        (Reason.UNSUBSCRIBED, "moved", "accepted"),
    ],
)
def test_a_no_withholds_a_letter_unless_it_answers_what_was_asked(
    root: Path, reason: Reason, kind: Kind, state: str
) -> None:
    (id_,) = asked_for(root, KIM, kind=kind)
    with opened(root, SECRET) as store:
        say_no(store, KIM, reason=reason)
    relay, _ = asyncio.run(through(root))
    assert (states(root, id_), len(relay.accepted)) == ([state], int(state == "accepted"))


def test_somebody_who_complains_while_the_relay_waits_for_the_letter_does_not_get_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = asked_for(root, KIM, "b@b.example")
    original = LetterLedger.intend

    def complains_first(ledger: LetterLedger, letter: Letter) -> bool:
        with opened(root, SECRET) as store:
            say_no(store, KIM, reason=Reason.COMPLAINED)
        return original(ledger, letter)

    monkeypatch.setattr(LetterLedger, "intend", complains_first)
    relay, _ = asyncio.run(through(root))
    assert states(root, *ids) == ["withheld", "accepted"]
    assert [mail.recipient for mail in relay.accepted] == ["b@b.example"]
    assert any(command.startswith(f"RCPT TO:<{KIM}>") for command in relay.commands)


def test_a_letter_to_somebody_who_was_forgotten_is_withheld_and_says_nothing_of_her(
    root: Path,
) -> None:
    with opened(root, SECRET) as store:
        kim = person(store, KIM)
        add(store, kim)
        id_ = wanted(store, KIM, "erasure", person_id=kim.id)
        forget_subscriber(store, KIM, THEN)
    relay, _ = asyncio.run(through(root))
    letter = kept(root, id_)
    assert (relay.accepted, letter.state) == ([], "withheld")
    assert (letter.email, letter.key, letter.token, letter.why) == ("", "", "", "")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("sign-up", "withheld"),
        ("holdings", "withheld"),
        ("erasure", "withheld"),
        ("address", "accepted"),
        ("moved", "accepted"),
    ],
)
def test_what_is_for_the_person_does_not_go_to_the_address_she_had_before(
    root: Path, kind: Kind, state: str
) -> None:
    with opened(root, SECRET) as store:
        kim = person(store, KIM)
        add(store, kim)
        id_ = wanted(store, KIM, kind, person_id=kim.id)
        edit_subscriber(store, KIM, Details(email="kim@ny.example", ground=Ground()), THEN, NOON)
    asyncio.run(through(root))
    why = "the address was changed" if state == "withheld" else ""
    assert (kept(root, id_).state, kept(root, id_).why) == (state, why)


# -------------------------------------------------------------------------- one program at a time


def test_two_programs_never_send_letters_at_the_same_time(root: Path) -> None:
    asked_for(root, KIM)
    hand = take_letters_in_hand(place(root, SECRET), SECRET, Hands().clock())
    try:
        with pytest.raises(LettersHeldError, match="another program sends the letters just now"):
            asyncio.run(passed(root, SECRET))
    finally:
        hand.close()
    assert len(asyncio.run(passed(root, SECRET)).tried) == 1


def test_nothing_is_sent_from_a_copy_of_the_database(root: Path) -> None:
    (id_,) = asked_for(root, KIM)
    with opened(root, SECRET) as store:
        store.installation.raise_epoch()
        store.installation.file.unlink()
    with pytest.raises(CopyError, match="is a copy"):
        asyncio.run(passed(root, SECRET))
    assert states(root, id_) == ["waiting"]


def test_one_letter_can_be_sent_alone(root: Path) -> None:
    ids = asked_for(root, "a@a.example", "b@b.example")
    asyncio.run(passed(root, SECRET, only=ids[1]))
    assert states(root, *ids) == ["waiting", "accepted"]


def test_letters_keep_to_the_rate_of_the_relay_and_are_counted_in_its_quota(root: Path) -> None:
    ids = asked_for(root, "a@a.example", "b@b.example", "c@c.example")
    _, done = asyncio.run(through(root, rate="2/h"))
    assert (states(root, *ids), done.trouble) == (["accepted", "accepted", "waiting"], "")
    with opened(root, SECRET) as store:
        row = store.database.one("SELECT SUM(number) AS number FROM spent WHERE domain = ''")
    assert row
    assert row["number"] == 2


def test_a_letter_that_cannot_be_composed_is_refused_and_the_others_go(root: Path) -> None:
    ids = asked_for(root, "a@a.example", "b@b.example")
    with opened(root, SECRET) as store, store.database.transaction():
        store.database.run(
            "UPDATE letters SET email = :odd WHERE id = :id", {"odd": "a@a\n.example", "id": ids[0]}
        )
    relay, _ = asyncio.run(through(root))
    assert states(root, *ids) == ["refused", "accepted"]
    assert [mail.recipient for mail in relay.accepted] == ["b@b.example"]


def test_a_fault_of_the_program_in_one_letter_does_not_keep_the_others(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = asked_for(root, "a@a.example", "b@b.example")
    monkeypatch.setattr(
        "smakom_mail.services.letters.composing.content_of",
        _failing_for("a@a.example"),
    )
    done = asyncio.run(passed(root, SECRET))
    assert done.trouble == "a fault of the program: KeyError('a hole')"
    asyncio.run(passed(root, SECRET))
    assert states(root, *ids) == ["waiting", "accepted"]


def _failing_for(email: str) -> object:
    from smakom_mail.services.letters.wording import content_of

    def content(store: object, letter: object) -> object:
        if getattr(letter, "email", "") == email:
            raise KeyError("a hole")
        return content_of(store, letter)  # type: ignore[arg-type] # as it was called

    return content
