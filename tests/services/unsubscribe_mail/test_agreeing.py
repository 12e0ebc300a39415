"""Saying yes by mail, where no page answers: by the token of the invitation, once for each mail."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from smakom_mail.services.storing import Store, open_store
from smakom_mail.services.subscribing.finding import find
from smakom_mail.services.subscribing.inviting import BY_MAIL, invite
from smakom_mail.services.subscribing.leaving import unsubscribe
from smakom_mail.services.workplace import open_workplace
from tests.services.subscribing.keeping import (
    ACT,
    SECRET,
    added,
    later,
    made_project,
    standing,
)
from tests.services.unsubscribe_mail.mailing import box, counted, mail, named, read, token

WORDS = (
    "Vill du få Brevet? Brevet frågar om du vill få Brevet till k•••@k•••.example. Ingenting "
    "skickas dit förrän du har sagt ja. Knappen öppnar ett färdigskrivet mejl till "
    "brevet@forening.example. Skicka det som det är. Vill du inte? Då behöver du inte göra "
    "någonting. Ja, jag vill prenumerera"
)
KIM = "kim@kommun.example"
BACK = {"medlemmar": "confirmed", "no press": "unsubscribed", "no +": "unsubscribed"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open the store of a newsletter whose pages nobody serves."""
    root = made_project(tmp_path / "project")
    settings = root / "smakom-mail.toml"
    text = settings.read_text("utf-8").replace("[site]\n", "[site]\npages = false\n")
    settings.write_text(text, "utf-8")
    with open_store(open_workplace(root, {}), SECRET, create=True) as there:
        yield there


def invited(store: Store, hours: int = 0) -> str:
    """Invite Kim; give the subject of the mail that the link opens."""
    link = urlsplit(invite(store, KIM, (), later(hours=hours)).url)
    assert (link.scheme, link.path) == ("mailto", "brevet@forening.example")
    return parse_qs(link.query)["subject"][0]


@pytest.fixture
def asked(store: Store) -> str:
    """Let Kim say no to everything and be invited again; give the subject that says yes."""
    added(store, KIM)
    unsubscribe(store, KIM, (), ACT)
    return invited(store)


def test_a_yes_lifts_her_own_no_and_is_recorded_with_the_words_of_the_letter(
    store: Store, asked: str, tmp_path: Path
) -> None:
    done = read(store, box(tmp_path / "in", mail(asked)), later(hours=1))

    assert counted(done) == {"agreed": 1}
    assert standing(store, KIM) == BACK
    person = find(store, KIM).person
    assert person is not None
    newest = person.consents[-1]
    assert (newest.source, newest.wording, newest.actor) == (
        BY_MAIL,
        WORDS,
        "mail",
    )


def test_a_trial_says_it_and_changes_nothing(store: Store, asked: str, tmp_path: Path) -> None:
    before = standing(store, KIM)
    again = mail(f"SV: {asked}")

    done = read(store, box(tmp_path / "in", mail(asked), again), later(hours=1), dry_run=True)

    assert counted(done) == {"agreed": 1, "before": 1}
    assert standing(store, KIM) == before


def test_the_same_mail_is_no_yes_to_a_later_invitation(
    store: Store, asked: str, tmp_path: Path
) -> None:
    source = box(tmp_path / "in", mail(asked))
    read(store, source, later(hours=1))
    unsubscribe(store, KIM, (), later(hours=2))
    assert invited(store, hours=30) == asked

    done = read(store, source, later(hours=31))

    assert counted(done) == {"before": 1}
    assert standing(store, KIM) == BACK | {"medlemmar": "pending", "no *": "unsubscribed"}


def test_a_no_that_came_since_is_stronger_whichever_is_read_first(
    store: Store, asked: str, tmp_path: Path
) -> None:
    person = find(store, KIM).person
    assert person is not None
    leaves = mail(token(store, person, "medlemmar", "press"))

    done = read(store, box(tmp_path / "in", leaves, mail(asked)), later(hours=1))

    assert counted(done) == {"gone": 1, "unclear": 1}
    assert named(done) == [("x@evil.example", "", "LATE", False)]
    assert standing(store, KIM)["medlemmar"] == "left"


@pytest.mark.parametrize(
    ("head", "counts"),
    [
        (("Auto-Submitted: auto-replied",), {"unclear": 1}),
        (("Precedence: bulk",), {"unclear": 1}),
        (("Return-Path: <>",), {"ignored": 1}),
    ],
)
def test_no_program_says_yes_for_her(
    store: Store, asked: str, tmp_path: Path, head: tuple[str, ...], counts: dict[str, int]
) -> None:
    before = standing(store, KIM)

    done = read(store, box(tmp_path / "in", mail(asked, *head)), later(hours=1))

    assert counted(done) == counts
    assert all(each.why.name == "PROGRAM" for each in done.named)
    assert standing(store, KIM) == before


def test_a_subject_that_a_mail_program_folds_and_encodes_is_a_yes_all_the_same(
    store: Store, asked: str, tmp_path: Path
) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "kim@kommun.example", "brevet@forening.example"
    message["Subject"] = f"Sv: å ä ö {'långt ' * 12}{asked}"
    message["Message-ID"] = "<1@kommun.example>"

    done = read(store, box(tmp_path / "in", message.as_bytes()), later(hours=1))

    assert counted(done) == {"agreed": 1}
    assert standing(store, KIM) == BACK


def test_what_lets_her_leave_is_no_yes(store: Store, asked: str, tmp_path: Path) -> None:
    person = find(store, KIM).person
    assert person is not None
    assert asked.startswith("ja ")

    done = read(store, box(tmp_path / "in", mail(f"ja {token(store, person)}")), later(hours=1))

    assert counted(done) == {"gone": 1}
    assert standing(store, KIM)["no *"] == "unsubscribed"
