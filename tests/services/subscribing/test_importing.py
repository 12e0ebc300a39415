"""Imports: what they plan, what they do, and what they never do."""

import os
from pathlib import Path

import pytest

from smakom_mail.model.person import Basis, Reason
from smakom_mail.services.importing import Defaults, FileRefusedError, import_people, people_file
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.adding import Details, edit_subscriber
from smakom_mail.services.subscribing.finding import find
from smakom_mail.services.subscribing.inviting import invite
from smakom_mail.services.subscribing.leaving import forget_subscriber, unsubscribe
from smakom_mail.services.subscribing.typed import Ground, SubscriberError
from tests.services.subscribing.keeping import (
    ACT,
    CONSENT,
    NOES,
    NOW,
    WORDING,
    added,
    counts,
    history,
    imported,
    later,
    planned,
    standing,
    table_of,
)

TWO = "e-post;namn;kommun\nanna@example.se;Anna Berg;Åmål\nbo@example.se;Bo Ek;Ängelholm\n"


def test_a_plan_changes_nothing(store: Store) -> None:
    done = imported(store, TWO, apply=False)

    assert counts(done) == {"added": 2}
    assert planned(store) == []


def test_new_people_go_to_the_default_list_with_their_ground(store: Store) -> None:
    done = imported(store, TWO, Defaults(Ground(Basis.CONSENT, WORDING, "blankett", "2021-01-04")))

    assert counts(done) == {"added": 2}
    assert planned(store) == ["anna@example.se", "bo@example.se"]
    anna = find(store, "anna@example.se").person
    assert anna is not None
    assert (anna.name, anna.organisation) == ("Anna Berg", "Åmål")
    assert [(c.list_slug, c.basis, c.at, c.source, c.wording) for c in anna.consents] == [
        ("medlemmar", Basis.CONSENT, "2021-01-04", "blankett", WORDING)
    ]
    assert history(store, "anna@example.se") == [("added", "", "import")]


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    imported(store, TWO)

    assert counts(imported(store, TWO, act=later(days=1))) == {"unchanged": 2}


def test_a_change_is_told_field_by_field(store: Store) -> None:
    imported(store, TWO)

    done = imported(
        store,
        "email,name,organisation,tags\n"
        "ANNA@example.se,Anna Berg-Ek,,styrelse\n"
        "bo@example.se,,Ängelholm,\n",
        apply=False,
    )

    assert counts(done) == {"changed": 1, "unchanged": 1}
    assert [(c.row, c.email, c.what, c.old, c.new) for c in done.changes] == [
        (2, "anna@example.se", "name", "Anna Berg", "Anna Berg-Ek"),
        (2, "anna@example.se", "tag", "", "styrelse"),
    ]


def test_a_bad_row_is_named_and_does_not_stop_the_rest(store: Store) -> None:
    done = imported(
        store,
        "email,name,lists,consent_at\n"
        "anna@example.se,Anna,,\n"
        "bo.example.se,Bo,,\n"
        "cia@example.se,Cia,pres,\n"
        "dan@example.se,Dan,,i går\n"
        "anna@example.se,Anna,,\n"
        "anna@example.se,Annan,,\n",
    )

    assert counts(done) == {"added": 1, "repeated": 1, "rejected_count": 4}
    assert [(r.row, r.email, r.message) for r in done.rejected] == [
        (3, "bo.example.se", "the e-mail address has no @"),
        (4, "cia@example.se", "there is no list pres; did you mean press?"),
        (5, "dan@example.se", 'the date "i går" cannot be read: write for example 2021-01-04'),
        (7, "anna@example.se", "the same address stands with other data on row 2, which counts"),
    ]
    assert planned(store) == ["anna@example.se"]


def test_somebody_new_without_a_ground_is_rejected(store: Store) -> None:
    done = imported(
        store,
        "email,basis,consent_at,consent_source\n"
        "anna@example.se,,,\n"
        "bo@example.se,medlemskap,,\n"
        "cia@example.se,,2021-01-04,pärm 3\n"
        "dan@example.se,,2021-01-04,\n",
        Defaults(),
    )

    reason = "nobody is written to without a legal ground: fill in the column basis, or write "
    assert [(r.row, r.message) for r in done.rejected] == [
        (2, f"{reason}--basis"),
        (5, f"{reason}--basis"),
    ]
    assert planned(store) == ["bo@example.se", "cia@example.se"]


def test_a_ground_of_the_row_is_not_mixed_with_another_one(store: Store) -> None:
    defaults = Defaults(Ground(Basis.CONSENT, WORDING))

    imported(store, "email,basis\nanna@example.se,medlemskap\nbo@example.se,samtycke\n", defaults)

    people = [find(store, email).person for email in ("anna@example.se", "bo@example.se")]
    assert [(c.basis, c.wording, c.source) for p in people if p for c in p.consents] == [
        (Basis.MEMBERSHIP, "", "import of people.csv"),
        (Basis.CONSENT, WORDING, "import of people.csv"),
    ]


def test_consent_that_could_hardly_be_shown_is_counted(store: Store) -> None:
    done = imported(
        store,
        "email,basis,wording,consent_at,consent_source\n"
        "anna@example.se,consent,,,\n"
        f'bo@example.se,consent,"{WORDING}",,\n'
        "cia@example.se,consent,,2021-01-04,pärm 3\n"
        "dan@example.se,membership,,,\n",
        Defaults(),
    )

    assert (done.added, done.thin) == (4, 1)


def test_lists_are_named_by_slug_or_name_and_those_of_the_options_fill_in(store: Store) -> None:
    added(store, "dan@example.se", "medlemmar")

    imported(
        store,
        "email,listor\n"
        "anna@example.se,Pressen\n"
        "bo@example.se,medlemmar; press\n"
        "cia@example.se,\n"
        "dan@example.se,\n",
        Defaults(CONSENT, ("Pressen",)),
    )

    assert {e: standing(store, f"{e}@example.se") for e in ("anna", "bo", "cia", "dan")} == {
        "anna": {"press": "confirmed"},
        "bo": {"medlemmar": "confirmed", "press": "confirmed"},
        "cia": {"press": "confirmed"},
        "dan": {"medlemmar": "confirmed", "press": "confirmed"},
    }


@pytest.mark.parametrize("reason", NOES)
def test_a_row_never_revives(store: Store, reason: Reason) -> None:
    imported(store, TWO)
    unsubscribe(store, "anna@example.se", (), later(hours=1), reason)
    before = standing(store, "anna@example.se")

    done = imported(store, TWO, Defaults(CONSENT, ("medlemmar", "press"), ("x",)))

    assert done.suppressed == 1
    assert done.not_revived == ((2, "anna@example.se", ""),)
    assert standing(store, "anna@example.se") == before
    assert planned(store) == ["bo@example.se"]


def test_a_row_never_brings_back_a_forgotten_person(store: Store) -> None:
    imported(store, TWO)
    forget_subscriber(store, "anna@example.se", later(hours=1))

    done = imported(store, TWO)

    assert counts(done) == {"unchanged": 1, "suppressed": 1}
    assert planned(store) == ["bo@example.se"]


def test_who_left_one_list_joins_only_the_other(store: Store) -> None:
    imported(store, TWO)
    unsubscribe(store, "anna@example.se", ("medlemmar",), later(hours=1))

    done = imported(store, "email,lists\nanna@example.se,medlemmar;press\n")

    assert counts(done) == {"changed": 1}
    assert done.not_revived == ((2, "anna@example.se", "medlemmar"),)
    assert standing(store, "anna@example.se") == {
        "medlemmar": "left",
        "press": "confirmed",
        "no medlemmar": "unsubscribed",
    }


def test_50_of_1000_who_said_no_are_not_revived_by_any_option(store: Store) -> None:
    emails = [f"p{number}@example.se" for number in range(1_000)]
    text = "email\n" + "".join(f"{email}\n" for email in emails)
    imported(store, text)
    for number, email in enumerate(emails[::20]):
        if number % 5:
            lists = () if number % 2 else ("medlemmar",)
            unsubscribe(store, email, lists, later(hours=1), NOES[number % 4])
        else:
            forget_subscriber(store, email, later(hours=1))
    reached = sorted(set(emails) - set(emails[::20]))

    for basis in Basis:
        for lists in ((), ("medlemmar",)):
            ground = Ground(basis, WORDING, "pärm 3", "2021-01-04")
            done = imported(store, text, Defaults(ground, lists, ("nya",)), act=later(days=2))
            assert (done.added, done.suppressed + done.changed + done.unchanged) == (0, 1_000)
            assert sorted(planned(store)) == reached


def test_what_was_mended_and_who_should_be_looked_at_is_told(store: Store) -> None:
    done = imported(
        store, 'email,name,ort\nkommun@example.se,"Anna\nBerg",Åmål\nbo@ехаmple.se,Bo,\n'
    )

    assert counts(done) == {"added": 2}
    assert done.file_notes == ("the column ort is not read",)
    assert [(n.row, n.message) for n in done.notes] == [
        (2, "line breaks, control or invisible characters in name were replaced by a space")
    ]
    assert dict(done.flags) == {"role": 1, "mixed-script": 1}
    assert [(f.row, f.message) for f in done.flagged] == [(3, "mixed-script")]


def test_no_more_than_a_thousand_of_a_kind_are_named(store: Store) -> None:
    done = imported(store, "email\n" + "".join(f"x{n}\n" for n in range(1_500)))

    assert (done.rejected_count, len(done.rejected), done.is_useless) == (1_500, 1_000, True)


def test_an_option_that_says_nothing_understandable_is_refused(store: Store) -> None:
    with pytest.raises(SubscriberError, match=r"^there is no list medlemar; did you mean medle"):
        imported(store, TWO, Defaults(CONSENT, ("medlemar",)))
    with pytest.raises(SubscriberError, match=r'^the date "igår" cannot be read'):
        imported(store, TWO, Defaults(Ground(Basis.CONSENT, consent_at="igår")))


def test_a_header_alone_is_no_table(store: Store) -> None:
    with pytest.raises(FileRefusedError, match="has a header and no rows"):
        imported(store, "email,name\n")


def test_it_tells_how_far_it_is(store: Store) -> None:
    said: list[tuple[str, int, int]] = []
    text = "email\n" + "".join(f"p{n}@example.se\n" for n in range(2_000))

    import_people(
        store,
        Path("people.csv"),
        table_of(text),
        Defaults(CONSENT),
        ACT,
        now=NOW,
        apply=True,
        position=lambda: (1, 2),
        progress=lambda *words: said.append(words),
    )

    assert said == [
        ("reading", 1, 2),
        ("comparing with who is there", 0, 0),
        ("writing", 0, 0),
    ]


def test_a_folder_a_pipe_and_a_missing_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    os.mkfifo(tmp_path / "pipe.csv")

    said = []
    for name in ("folder.csv", "pipe.csv", "missing.csv", "loop.csv", "a\0b.csv"):
        with pytest.raises(FileRefusedError) as error, people_file(tmp_path / name):
            pass
        said.append(error.value.message.replace(f"{tmp_path}/", ""))

    assert said == [
        "folder.csv is a folder",
        "pipe.csv is not a file",
        "missing.csv cannot be read: No such file or directory",
        "loop.csv cannot be read: Too many levels of symbolic links",
        "a\0b.csv cannot be read: that is no name of a file",
    ]


def test_a_row_with_an_address_of_before_is_named_and_adds_nobody(store: Store) -> None:
    imported(store, TWO)
    edit_subscriber(store, "anna@example.se", Details(email="anna@ny.example"), ACT, NOW)

    done = imported(store, TWO, act=later(days=1))

    assert counts(done) == {"unchanged": 2}
    assert done.note_count == 1
    assert [(each.row, each.email, each.message) for each in done.notes] == [
        (
            2,
            "anna@example.se",
            "a former address: the person is now anna@ny.example, and is left as they are",
        )
    ]
    assert planned(store) == ["anna@ny.example", "bo@example.se"]


@pytest.mark.parametrize(
    "ground",
    [
        CONSENT,
        Ground(Basis.CONSENT, WORDING, "mässan"),
        Ground(Basis.CONSENT, "", "", "2026-11-01"),
    ],
)
def test_who_waits_to_confirm_is_not_confirmed_by_a_consent_that_nothing_shows(
    store: Store, ground: Ground
) -> None:
    invite(store, "anna@example.se", (), ACT)

    done = imported(
        store, "email\nanna@example.se\n", Defaults(ground, ("medlemmar",)), act=later(hours=1)
    )

    assert counts(done) == {"unchanged": 1}
    assert done.unconfirmed == ((2, "anna@example.se", "medlemmar"),)
    assert planned(store) == []


@pytest.mark.parametrize(
    "ground", [Ground(Basis.CONSENT, "", "mässan", "2026-11-01"), Ground(Basis.MEMBERSHIP)]
)
def test_who_waits_to_confirm_is_confirmed_by_a_ground_of_its_own_and_the_plan_names_it(
    store: Store, ground: Ground
) -> None:
    invite(store, "anna@example.se", (), ACT)

    done = imported(
        store, "email\nanna@example.se\n", Defaults(ground, ("medlemmar",)), act=later(hours=1)
    )

    assert [(each.what, each.old, each.new) for each in done.changes] == [
        ("list medlemmar", "pending", "confirmed"),
        ("basis medlemmar", "", str(ground.basis)),
    ]
    assert done.unconfirmed == ()
    assert planned(store) == ["anna@example.se"]


def test_a_row_documents_the_consent_of_who_waits_to_confirm(store: Store) -> None:
    invite(store, "anna@example.se", ("press",), ACT)
    text = "email,lists,consent_at,consent_source,name\nanna@example.se,press,{},{},Anna\n"

    bare = imported(store, text.format("", ""), act=later(hours=1))
    assert [(each.what, each.new) for each in bare.changes] == [("name", "Anna")]
    assert bare.unconfirmed == ((2, "anna@example.se", "press"),)
    assert planned(store) == []

    documented = imported(store, text.format("2026-11-01", "mässan"), act=later(hours=2))
    assert documented.unconfirmed == ()
    assert planned(store) == ["anna@example.se"]
