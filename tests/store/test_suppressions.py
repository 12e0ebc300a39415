"""Noes: recorded once, standing until lifted, known under every secret that there was."""

from smakom_mail.model.person import Reason, Suppression
from smakom_mail.store import Database
from smakom_mail.store.suppressions import (
    each_no,
    is_suppressed,
    known_fingerprint,
    lift,
    noes_of,
    standing_noes,
    suppress,
)
from tests.store.peopled import NOW, THEN, added, fingerprint, journal_of, no, person, say_no

KIM = "kim@exempel.example"
PRINT = fingerprint(KIM)


def test_a_no_for_one_list_keeps_from_that_one_and_a_global_one_from_all(
    database: Database,
) -> None:
    say_no(database, no(KIM, "press"))
    assert is_suppressed(database, [PRINT], "press") == no(KIM, "press")
    assert is_suppressed(database, [PRINT], "medlemmar") is None
    assert is_suppressed(database, [PRINT]) is None

    say_no(database, no(KIM, "", Reason.COMPLAINED))
    assert is_suppressed(database, [PRINT], "medlemmar") == no(KIM, "", Reason.COMPLAINED)
    assert is_suppressed(database, [PRINT]) == no(KIM, "", Reason.COMPLAINED)
    assert is_suppressed(database, ["0" * 64, PRINT]) is not None
    assert is_suppressed(database, []) is None


def test_the_same_no_twice_is_one(database: Database) -> None:
    with database.transaction():
        first = suppress(database, journal_of(database), no(KIM))
        second = suppress(database, journal_of(database), no(KIM, at=NOW.at))

    assert (first, second) == (True, False)
    assert list(each_no(database)) == [no(KIM)]
    assert len(list(journal_of(database).entries())) == 1


def test_a_lifted_no_is_kept_with_the_act_that_lifted_it(database: Database) -> None:
    say_no(database, no(KIM, "press"), no(KIM, "medlemmar"), no(KIM, "press", Reason.COMPLAINED))

    with database.transaction():
        lifted = lift(database, [PRINT], ["press"], [Reason.UNSUBSCRIBED], NOW)
        again = lift(database, [PRINT], ["press"], [Reason.UNSUBSCRIBED], NOW)

    assert (lifted, again) == (1, 0)
    assert [(n.list_slug, n.reason) for n in standing_noes(database, [PRINT])] == [
        ("medlemmar", Reason.UNSUBSCRIBED),
        ("press", Reason.COMPLAINED),
    ]
    assert Suppression(
        PRINT, "press", Reason.UNSUBSCRIBED, THEN.at, "kansliet", "", NOW.at, NOW.actor
    ) in noes_of(database, [PRINT])


def test_said_lifted_and_said_again_in_one_moment_is_said(database: Database) -> None:
    for _ in range(3):
        say_no(database, no(KIM))
        with database.transaction():
            lift(database, [PRINT], [""], [Reason.UNSUBSCRIBED], THEN)
    say_no(database, no(KIM))

    assert len(noes_of(database, [PRINT])) == 4
    assert len(standing_noes(database, [PRINT])) == 1
    assert len({entry.at for entry in journal_of(database).entries()}) == 4


def test_a_person_keeps_the_fingerprint_that_was_made_first(database: Database) -> None:
    prints = [fingerprint(KIM, "newest"), fingerprint(KIM), fingerprint(KIM, "oldest")]
    assert known_fingerprint(database, prints) == prints[0]

    say_no(database, no(KIM))
    assert known_fingerprint(database, prints) == prints[1]

    added(database, person("bo@exempel.example"))
    bo = [fingerprint("bo@exempel.example", "newest"), fingerprint("bo@exempel.example")]
    assert known_fingerprint(database, bo) == bo[1]
