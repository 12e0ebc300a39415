"""What db check finds: every thing that must hold, broken once."""

import pytest

from smakom_mail.model.person import MembershipState, Reason
from smakom_mail.store import Database
from smakom_mail.store.erasing import forget
from smakom_mail.store.invariants import Problem, problems
from tests.store.peopled import NOW, added, fingerprint, journal_of, no, person, say_no

KIM = "kim@nas.example"
SLUGS = ("medlemmar", "press", "styrelse")


def found(database: Database) -> list[Problem]:
    """Give the problems of a database whose fingerprints are the tests' own."""
    return list(problems(database, journal_of(database), lambda key: [fingerprint(key)]))


def test_a_database_that_is_used_as_it_should_has_none(database: Database) -> None:
    ids = added(
        database,
        person(KIM, "medlemmar"),
        person("bo@nas.example", "press", state=MembershipState.PENDING, consent=False),
        person("eva@nas.example"),
    )
    say_no(database, no(KIM, "medlemmar"))
    forget(database, journal_of(database), ids[-1], NOW)

    assert found(database) == []


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        (
            "DELETE FROM consents",
            Problem(
                "no-basis",
                "person confirmed on a list without a record of consent",
                1,
                (KIM,),
            ),
        ),
        (
            "UPDATE subscribers SET key = 'KIM@nas.example' WHERE state = 'active'",
            Problem(
                "address-form",
                "person with an address that is not in its canonical form",
                1,
                (KIM,),
            ),
        ),
        (
            "UPDATE subscribers SET fingerprint = 'x' WHERE state = 'active'",
            Problem(
                "fingerprint",
                "person with a fingerprint that no key of today makes: their noes are not found",
                1,
                (KIM,),
            ),
        ),
        (
            "UPDATE lists SET is_default = 0",
            Problem("default-list", "lists are the default one", 0),
        ),
        (
            "UPDATE lists SET is_default = 1",
            Problem("default-list", "lists are the default one", 3, SLUGS),
        ),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_named(database: Database, sql: str, problem: Problem) -> None:
    added(database, person(KIM, "medlemmar"))
    with database.transaction():
        database.run(sql)

    assert problem in found(database)


def test_a_forgotten_person_who_is_half_there_is_named(database: Database) -> None:
    (id_,) = added(database, person(KIM, "medlemmar"))
    forget(database, journal_of(database), id_, NOW)
    with database.transaction():
        database.run("UPDATE history SET new = 'x'")
        database.run("DELETE FROM suppressions")

    assert [(each.code, each.count, each.examples) for each in found(database)] == [
        ("forgotten-traces", 1, (id_,)),
        ("forgotten-free", 1, (id_,)),
    ]


def test_a_person_who_is_here_although_forgotten_is_named(database: Database) -> None:
    added(database, person(KIM, "medlemmar"))
    say_no(database, no(KIM, "", Reason.FORGOTTEN))

    assert found(database) == [
        Problem("forgotten-here", "person forgotten, and here with an address", 1, (KIM,))
    ]


def test_the_first_of_many_are_shown(database: Database) -> None:
    added(database, *(person(f"p{n}@nas.example", "press", consent=False) for n in range(9)))

    (problem,) = found(database)

    assert (problem.count, len(problem.examples)) == (9, 5)
    assert problem.message == "people confirmed on a list without a record of consent"


def test_a_reference_to_nothing_is_damage(database: Database) -> None:
    added(database, person(KIM, "medlemmar"))
    database.one("PRAGMA foreign_keys = OFF")
    with database.transaction():
        database.run("DELETE FROM lists WHERE slug = 'medlemmar'")

    assert found(database) == [
        Problem(
            "damaged",
            "the file is damaged",
            1,
            ("a row of memberships refers to a row of lists that is not there",),
        )
    ]


@pytest.mark.parametrize(
    ("text", "count", "lines"), [("nonsense\n\nmore\n", 2, "lines"), ("nonsense\n", 1, "line")]
)
def test_lines_that_are_none_in_the_journal_are_counted(
    database: Database, text: str, count: int, lines: str
) -> None:
    say_no(database, no(KIM))
    with journal_of(database).path.open("a", encoding="utf-8") as stream:
        stream.write(text)

    message = f"{lines} of people.db.journal cannot be read"
    assert found(database) == [Problem("journal", message, count)]
