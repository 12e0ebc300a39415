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


@pytest.mark.parametrize("subject", ["", "Brevet", "Re: Exempelföreningens nyhetsbrev"])
@pytest.mark.parametrize(
    "text", ["{}", "Hej!\r\n\r\n{}\r\n\r\n-- \r\nAnna", "https://a.example/u/{}"]
)
def test_a_good_token_in_the_text_is_named_and_nothing_is_done(
    store: Store, tmp_path: Path, subject: str, text: str
) -> None:
    anna = added(store, "anna@example.se")
    sent = mail(subject, sender=anna.email, text=text.format(token(store, anna)))
    source = box(tmp_path / "in", sent)

    done = read(store, source)

    assert named(done) == [("anna@example.se", subject, "TEXT", True)]
    assert done.named[0].why == "its token stands in the text, not in the subject"
    assert planned(store) == ["anna@example.se"]
    unsubscribe(store, anna.email, (), ACT)
    assert counted(read(store, source)) == {"gone": 1}


def test_a_token_in_the_text_of_who_has_left_from_another_address_is_not_named(
    store: Store, tmp_path: Path
) -> None:
    anna = added(store, "anna@example.se")
    link = token(store, anna)
    unsubscribe(store, anna.email, (), ACT)

    done = read(store, box(tmp_path / "in", mail("", sender="hemma@example.se", text=link)))

    assert counted(done) == {"gone": 1}


FOOT = "Avsluta prenumerationen: https://nyhetsbrev.forening.example/u/{token}"
QUOTING = [
    ("text/plain", "Tack!\r\n\r\nDen 4 jan. 2021 kl. 10:00 skrev Brevet:\r\n" + FOOT),
    ("text/plain", "Tack!\r\n\r\n> Hej!\r\n> " + FOOT),
    ("text/plain", "> Hej!\r\n> " + FOOT + "\r\n\r\nTack!"),
    ("text/plain", "Tack!\r\n\r\nFrån: Brevet\r\nSkickat: i dag\r\n\r\n" + FOOT),
    ("text/plain", "Tack!\r\n\r\n-----Ursprungligt meddelande-----\r\n" + FOOT),
    ("text/plain", "Tack!\r\n\r\n---------- Forwarded message ---------\r\n" + FOOT),
    ("text/plain", "Tack!\r\n\r\nBörjan på brevet.\r\n" + "Ord på ord.\r\n" * 40 + FOOT),
    ("text/html", "<p>Tack!</p><blockquote type=cite><p>" + FOOT + "</p></blockquote>"),
    ("text/html", "<p>Tack!</p><div class=gmail_quote><p>" + FOOT + "</p></div>"),
    ("text/html", "<p>Tack!</p><div><p><b>Från:</b> Brevet</p></div><p>" + FOOT + "</p>"),
    ("text/html", '<p>Tack!</p><p><a href="https://a.example/u/{token}">Avsluta här</a></p>'),
]


@pytest.mark.parametrize(("kind", "text"), QUOTING)
def test_a_reply_that_quotes_the_link_of_its_reader_is_no_wish_to_leave(
    store: Store, tmp_path: Path, kind: str, text: str
) -> None:
    anna = added(store, "anna@example.se")
    head = f"Content-Type: {kind}; charset=utf-8"
    quoted = text.replace("{token}", token(store, anna))

    done = read(store, box(tmp_path / "in", mail("Re: Brevet", head, text=quoted)))

    assert "TEXT" not in [each.why.name for each in done.named]
    assert planned(store) == ["anna@example.se"]


def test_a_token_in_a_text_that_no_person_wrote_to_us_is_ignored(
    store: Store, tmp_path: Path
) -> None:
    link = token(store, added(store, "anna@example.se"))
    source = box(
        tmp_path / "in",
        mail("", "List-Id: <annan.example>", text=link),
        mail("", "Auto-Submitted: auto-replied", text=link),
        mail("", "Return-Path: <>", text=link),
        mail("", sender=OURS, text=link),
        mail("", text=link).replace(OURS.encode(), b"to@example.se"),
    )

    assert counted(read(store, source)) == {"ignored": 5}


def test_mail_that_is_not_to_us_is_not_about_us(store: Store, tmp_path: Path) -> None:
    letter = mail("Avsluta", sender="anna@example.se").replace(OURS.encode(), b"to@example.se")

    assert counted(read(store, box(tmp_path / "in", letter))) == {"ignored": 1}
