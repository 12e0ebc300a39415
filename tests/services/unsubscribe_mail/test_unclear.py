"""Mail that is no proof: bounces and programs, words, and what is not to us."""

from pathlib import Path

import pytest

from smakom_mail.services.public.leaving import undo_leaving
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.leaving import unsubscribe
from tests.services.subscribing.keeping import ACT, added, later, planned
from tests.services.unsubscribe_mail.mailing import OURS, box, counted, mail, named, read, token

AUTOMATIC = [
    ("Return-Path: <>",),
    ("Return-Path: <>", "Auto-Submitted: auto-replied"),
    ("Content-Type: multipart/report; report-type=delivery-status; boundary=x",),
    ("X-Failed-Recipients: anna@example.se",),
]
PROGRAMS = [
    ("Auto-Submitted: auto-replied",),
    ("Auto-Submitted: auto-generated",),
    ("Precedence: auto_reply",),
    ("X-Autoreply: yes",),
]


@pytest.mark.parametrize("head", AUTOMATIC)
def test_a_bounce_that_quotes_a_token_is_ignored(
    store: Store, tmp_path: Path, head: tuple[str, ...]
) -> None:
    anna = added(store, "anna@example.se")

    done = read(store, box(tmp_path / "in", mail(f"Re: {token(store, anna)}", *head)))

    assert counted(done) == {"ignored": 1}
    assert planned(store) == ["anna@example.se"]


@pytest.mark.parametrize("head", PROGRAMS)
def test_what_a_program_sent_with_a_token_is_named_and_nothing_is_done(
    store: Store, tmp_path: Path, head: tuple[str, ...]
) -> None:
    anna = added(store, "anna@example.se")
    source = box(tmp_path / "in", mail(token(store, anna), *head, sender=anna.email))

    done = read(store, source)

    assert named(done) == [("anna@example.se", "", "PROGRAM", True)]
    assert planned(store) == ["anna@example.se"]
    unsubscribe(store, anna.email, (), ACT)
    assert counted(read(store, source)) == {"gone": 1}


def test_the_button_of_apple_mail_unsubscribes_although_it_marks_its_mail_as_automatic(
    store: Store, tmp_path: Path
) -> None:
    anna = added(store, "anna@example.se")
    head = ("Auto-Submitted: auto-replied", "X-Apple-Unsubscribe: true")

    done = read(store, box(tmp_path / "in", mail(token(store, anna), *head)))

    assert counted(done) == {"unsubscribed": 1}


def test_a_token_that_came_through_a_mailing_list_is_a_token(store: Store, tmp_path: Path) -> None:
    anna = added(store, "anna@example.se")
    head = ("List-Id: <avsluta.forening.example>", "Precedence: list")

    done = read(store, box(tmp_path / "in", mail(f"[avsluta] {token(store, anna)}", *head)))

    assert counted(done) == {"unsubscribed": 1}


def test_it_can_be_taken_back_by_the_link_in_the_mail(store: Store, tmp_path: Path) -> None:
    anna = added(store, "anna@example.se")
    link = token(store, anna)
    source = box(tmp_path / "in", mail(link))
    read(store, source)

    with store.database.transaction():
        assert undo_leaving(store, link, later(days=1))

    assert planned(store) == ["anna@example.se"]
    assert counted(read(store, source, later(days=2))) == {"before": 1}
    assert planned(store) == ["anna@example.se"]


def test_who_asks_in_words_is_named_until_somebody_has_done_it(
    store: Store, tmp_path: Path
) -> None:
    anna = added(store, "anna@example.se")
    source = box(
        tmp_path / "in",
        mail("Avsluta", sender=anna.email),
        mail("Re: Brevet", sender="okand@example.se", text="Ta bort mig, tack!"),
        mail("unsubscribe", sender="not an address"),
        mail("Re: Brevet", sender=anna.email, text="Tack!\r\n> Avsluta prenumerationen"),
        mail("Avsluta", "List-Id: <annan.example>", sender="lista@example.se"),
        mail("Re: Brevet", "List-Id: <annan.example>", text="unsubscribe here"),
        mail("Autosvar: borta", sender=anna.email, text="unsubscribe"),
        mail("Avsluta", "Return-Path: <>", sender=anna.email),
    )

    done = read(store, source)

    assert named(done) == [
        ("anna@example.se", "Avsluta", "WORDS", True),
        ("okand@example.se", "Re: Brevet", "WORDS", False),
        ("", "unsubscribe", "WORDS", False),
        ("lista@example.se", "Avsluta", "WORDS", False),
    ]
    assert counted(done) == {"unclear": 4, "ignored": 4}
    assert planned(store) == ["anna@example.se"]
    unsubscribe(store, anna.email, (), ACT)
    assert counted(read(store, source)) == {"unclear": 3, "ignored": 4, "gone": 1}


def test_mail_that_is_not_to_us_is_not_about_us(store: Store, tmp_path: Path) -> None:
    letter = mail("Avsluta", sender="anna@example.se").replace(OURS.encode(), b"to@example.se")

    assert counted(read(store, box(tmp_path / "in", letter))) == {"ignored": 1}
