"""The letter that says what is held of somebody: all of it, readable, and harmless."""

from pathlib import Path

import pytest

from smakom_mail.model.letter import Group
from smakom_mail.model.person import Change, Reason
from smakom_mail.render.layout import load_layout
from smakom_mail.render.letter import render_letter
from smakom_mail.services.letters.holding import MOST, held_groups
from smakom_mail.services.letters.wording import content_of
from smakom_mail.services.subscribing.showing import as_data, show_subscriber
from smakom_mail.store.changing import write_history
from smakom_mail.store.leavings import Leaving, record_leaving
from smakom_mail.store.letters import Letter
from smakom_mail.store.proofs import Proof, record_proof
from tests.services.letters.writing import (
    AT,
    KIM,
    SECRET,
    add,
    newsletter,
    opened,
    person,
    say_no,
    wanted,
)

ASKED = Letter("ab", "holdings", "sv", KIM, KIM, AT)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a newsletter."""
    return newsletter(tmp_path / "brev")


def test_a_person_reads_everything_that_is_held_of_her(root: Path) -> None:
    with opened(root, SECRET) as store:
        kim = person(store, KIM, organisation="Exempelby", tags=["styrelse"])
        add(store, kim)
        say_no(store, KIM, "medlemmar", Reason.MANUAL)
        wanted(store, KIM, "preferences")
        with store.database.transaction():
            record_leaving(
                store.database,
                Leaving(kim.id, "medlemmar", "confirmed", said=True, how="page", at=AT),
            )
            record_proof(store.database, "januari", Proof("d" * 64, AT, "kansliet", KIM, "250 ok"))
        groups = held_groups(store, ASKED, "sv")
    assert groups == (
        Group(
            "Uppgifter",
            (
                ("E-postadress", KIM),
                ("Namn", "Kim Exempel"),
                ("Organisation", "Exempelby"),
                ("Etiketter", "styrelse"),
                ("Tillagd", "1 mars 2024"),
                ("Senast ändrad", "1 mars 2024"),
            ),
        ),
        Group("Listor", (("Prenumeranter", "prenumererar sedan 1 mars 2024"),)),
        Group(
            "Varför vi får skriva",
            (
                (
                    "Prenumeranter",
                    (
                        "samtycke 1 mars 2024; så gavs det: webb; det som stod: ”Ja tack.”; "
                        "antecknat 1 mars 2024"
                    ),
                ),
            ),
        ),
        Group("När ingenting skickas", (("Medlemmar", "spärrad av redaktionen 1 mars 2024"),)),
        Group(
            "När du slutade",
            (
                (
                    "Medlemmar",
                    "på webbsidan 22 november 2026; innan dess: prenumererar; ett nej antecknades",
                ),
            ),
        ),
        Group(
            "Prov som skickats till dig",
            (("januari", "22 november 2026; mejlserverns svar: 250 ok"),),
        ),
        Group(
            "Enstaka brev",
            (("22 november 2026", f"länken till din sida; till {KIM}; på svenska; ska skickas"),),
        ),
        Group(
            "Ändringar",
            (
                ("1 mars 2024", "tillagd"),
                ("1 mars 2024", "lista Prenumeranter: prenumererar"),
                ("1 mars 2024", "etikett: styrelse"),
                ("1 mars 2024", "grund för Prenumeranter: samtycke"),
            ),
        ),
        Group(
            "Koder",
            (
                (
                    "",
                    (
                        "En kod som räknas fram ur adressen med en hemlighet. Genom den känns ett "
                        "nej igen."
                    ),
                ),
                ("", "Ett slumptal, genom vilket länkarna i dina brev hittar dig."),
            ),
        ),
    )


def test_every_value_that_show_gives_is_in_the_letter(root: Path) -> None:
    with opened(root, SECRET) as store:
        add(store, person(store, KIM, "medlemmar", organisation="Exempelby", tags=["a", "b"]))
        shown = show_subscriber(store, KIM)
        assert shown.person is not None
        data = as_data(shown.person, shown.noes, shown.received, shown.history)
        said = str(held_groups(store, ASKED, "en"))
    for name in ("email", "name", "organisation", "tags"):
        values = data[name]
        for value in values if isinstance(values, list) else [values]:
            assert str(value) in said
    assert "Ja tack." in said


def test_of_somebody_who_is_nobody_the_letter_lists_nothing(root: Path) -> None:
    with opened(root, SECRET) as store:
        assert held_groups(store, ASKED, "sv") == ()


def test_hostile_values_stay_text_in_both_parts(root: Path) -> None:
    name = "<script>alert(1)</script>{{ 7*7 }}\u202ezq1x00000z&amp;\x00\n\nFrom here"
    wording = "</td></table><img src=x onerror=alert(2)>"
    with opened(root, SECRET) as store:
        kim = person(store, KIM, name=name)
        add(store, kim)
        with store.database.transaction():
            store.database.run("UPDATE consents SET wording = :words", {"words": wording})
        content = content_of(store, ASKED)
        config = store.workplace.config
    letter = render_letter(content, load_layout(root, "smakom"), config)
    assert "<script" not in letter.html
    assert "<img" not in letter.html
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }} zq1x00000z&amp;amp; From here"
        in letter.html
    )
    assert "- Namn: <script>alert(1)</script>{{ 7*7 }} zq1x00000z&amp; From here" in letter.text
    assert "\u202e" not in letter.html + letter.text


def test_a_long_history_is_cut_at_its_newest_and_says_so(root: Path) -> None:
    with opened(root, SECRET) as store:
        kim = person(store, KIM)
        add(store, kim)
        with store.database.transaction():
            for number in range(MOST + 50):
                change = Change(AT, "kansliet", "name", "", f"Namn {number}")
                write_history(store.database, kim.id, change)
        content = content_of(store, ASKED)
        config = store.workplace.config
    (history,) = [group for group in content.groups if group.title == "Ändringar"]
    assert history.rows[0] == (
        "",
        "Det finns 53 äldre rader till. Svara på brevet, så skickar vi dem.",
    )
    assert (len(history.rows), history.rows[-1][1]) == (MOST + 1, f"namn: Namn {MOST + 49}")
    letter = render_letter(content, load_layout(root, "smakom"), config)
    assert len(letter.html.encode("utf-8")) < 100_000


CHANGES = [
    ("leaving taken back", "* medlemmar okand prenumeranter", "",
     "avslut ångrat: alla listor, Medlemmar, okand, Prenumeranter",
     "leaving taken back: every list, Medlemmar, okand, Prenumeranter"),
    ("no *", "", "unsubscribed", "nej till alla listor: avslutad",
     "no to every list: unsubscribed"),
    ("no +", "", "unsubscribed", "nej till listor som görs senare: avslutad",
     "no to lists that are made later: unsubscribed"),
    ("no lifted", "", "medlemmar prenumeranter", "nej hävt för: Medlemmar, Prenumeranter",
     "no lifted for: Medlemmar, Prenumeranter"),
    ("lifted bounced", "*", "ny brevlåda",
     "nej hävt (breven gick inte fram): alla listor → ny brevlåda",
     "no lifted (mail did not arrive): every list → ny brevlåda"),
    ("invited", "", "medlemmar", "tillfrågad om: Medlemmar", "asked about: Medlemmar"),
    ("language", "sv", "en", "språk: svenska → engelska", "language: Swedish → English"),
    ("language", "", "fi", "språk: fi", "language: fi"),
    ("name", "left", "medlemmar", "namn: left → medlemmar", "name: left → medlemmar"),
    ("left by mail", "", "ab12", "avslutad genom ett mejl: mejlets kod ab12",
     "left by mail: the code of the mail ab12"),
    ("list medlemmar", "confirmed", "left", "lista Medlemmar: prenumererar → lämnad",
     "list Medlemmar: subscribed → left"),
    ("basis *", "", "consent", "grund för alla listor: samtycke", "ground for every list: consent"),
]  # fmt: skip


@pytest.mark.parametrize("told", CHANGES)
def test_a_change_is_told_in_the_words_and_lists_of_the_letter(
    root: Path, told: tuple[str, str, str, str, str]
) -> None:
    what, old, new, swedish, english = told
    with opened(root, SECRET) as store:
        kim = person(store, KIM)
        add(store, kim)
        with store.database.transaction():
            write_history(store.database, kim.id, Change(AT, "kansliet", what, old, new))
        for language, said in (("sv", swedish), ("en", english)):
            groups = {each.title: each.rows for each in held_groups(store, ASKED, language)}
            assert groups["Ändringar" if language == "sv" else "Changes"][-1][1] == said


def test_what_a_relay_said_is_told_as_the_mail_servers_words(root: Path) -> None:
    with opened(root, SECRET) as store:
        add(store, person(store, KIM))
        letter = wanted(store, KIM, "preferences")
        with store.database.transaction():
            store.database.run(
                "UPDATE letters SET state = 'deferred', at = :at, reply = '452 4.2.2 full', "
                "why = 'the reader''s mailbox is full' WHERE id = :id",
                {"at": AT, "id": letter},
            )
        swedish, english = (str(held_groups(store, ASKED, each)) for each in ("sv", "en"))
    told = "brevlådan är full, mejlserverns svar: 452 4.2.2 full"
    assert f"försenat 22 november 2026; {told}" in swedish
    assert "the reader's mailbox is full, the mail server's reply: 452 4.2.2 full" in english


def test_the_name_of_who_changed_something_is_not_in_the_letter(root: Path) -> None:
    with opened(root, SECRET) as store:
        add(store, person(store, KIM))
        assert "kansliet" not in str(held_groups(store, ASKED, "sv"))
