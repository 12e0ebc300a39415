"""What an editor is told of an audience whose number is smaller than she thinks."""

from pathlib import Path

import pytest

from smakom_mail.model.person import MembershipState
from smakom_mail.services.building import build_edition
from smakom_mail.services.doubts import Doubt
from smakom_mail.services.reaching import Reach, count_reach
from tests.services.receiving import (
    EDITION,
    FIRST,
    PEOPLE,
    add,
    aimed_at,
    append,
    listed,
    newsletter,
    opened,
    person,
    place,
    say_no,
)

MEMBERS = PEOPLE.rpartition("[[people.list]]")[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a newsletter without people."""
    return newsletter(tmp_path / "brev")


def reach(root: Path) -> Reach:
    workplace = place(root)
    checked = build_edition(workplace, EDITION).checked
    found = count_reach(workplace, checked.edition, checked.rendered)
    assert found is not None
    return found


def messages(root: Path) -> list[str]:
    """Give what the send list warns of; a build warns of the same."""
    doubts = listed(root).doubts
    assert reach(root).doubts == doubts
    return [doubt.message for doubt in doubts]


def test_an_audience_without_doubt_has_none(root: Path) -> None:
    with opened(root) as store:
        add(store, person(store, "a@a.example", tags=["Styrelse"]))
    aimed_at(root, "everyone and not tag:styrelse or list:prenumeranter")

    assert messages(root) == []


def test_a_list_that_is_no_longer_configured_reaches_nobody_and_is_told(root: Path) -> None:
    with opened(root) as store:
        add(
            store,
            person(store, "a@a.example", "medlemmar"),
            person(store, "b@a.example", "medlemmar"),
            person(store, "c@a.example", "medlemmar", "prenumeranter"),
            person(store, "d@a.example", "medlemmar"),
        )
        say_no(store, "d@a.example")
    settings = root / "smakom-mail.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(f"[[people.list]]{MEMBERS}", ""), encoding="utf-8")
    aimed_at(root, "everyone")

    found = listed(root)

    assert found.doubts == (
        Doubt(
            "2 people are only on the list medlemmar, which is no longer configured: it reaches "
            "nobody",
            'put back [[people.list]] slug = "medlemmar" in smakom-mail.toml; a list that is to be '
            "called something else keeps its slug and gets another name",
        ),
    )
    assert (found.planned, found.by_list) == (1, (("prenumeranter", 1),))
    assert (reach(root).planned, reach(root).doubts) == (1, found.doubts)


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        ("tag:styrelsen", "tag; did you mean tag:styrelse?"),
        ("organisation:åmål", 'organisation; did you mean organisation:"åmåls kommun"?'),
        ("language:en", "language"),
        ("tag:qqq", "tag"),
    ],
)
def test_a_name_that_nobody_has_is_told_with_the_nearest_that_somebody_has(
    root: Path, audience: str, told: str
) -> None:
    with opened(root) as store:
        add(store, person(store, "a@a.example", organisation="Åmåls kommun", tags=["Styrelse"]))
    aimed_at(root, f"list:prenumeranter and not {audience}")

    assert messages(root) == [f"{audience} in the audience is nobody's {told}"]


def test_nobody_in_the_database_is_said_with_how_they_come_there(root: Path) -> None:
    opened(root).close()

    assert listed(root).doubts == (
        Doubt(
            "nobody would get it: there is nobody in the database",
            "bring people in: smakom-mail subscribers import FILE.csv --basis … --apply",
        ),
    )


def test_nobody_reached_is_said_with_all_the_reasons_most_first(root: Path) -> None:
    with opened(root) as store:
        add(
            store,
            *(person(store, f"p{n}@a.example", consent=False) for n in range(3)),
            person(store, "v@a.example", state=MembershipState.PENDING),
            person(store, "l@a.example"),
        )
        say_no(store, "l@a.example")

    assert listed(root).doubts == (
        Doubt(
            "nobody would get it: of 5 in the database, 3 without a recorded legal ground, "
            "1 waiting to confirm, 1 unsubscribed (audience: list:prenumeranter)",
            "record the ground: smakom-mail subscribers import FILE --basis …",
        ),
    )
    assert reach(root).doubts == listed(root).doubts


def test_whoever_would_be_met_by_a_hole_in_the_text_is_counted_apart(root: Path) -> None:
    with opened(root) as store:
        add(
            store,
            person(store, "a@a.example", organisation="Åmål"),
            person(store, "b@a.example", name=""),
            person(store, "c@a.example", organisation=""),
            person(store, "d@a.example", "medlemmar", name=""),
        )
    append(root / FIRST, "\nHej {name|du} i {organisation}!\n")

    found = reach(root)

    assert (found.planned, found.lacking, found.fields) == (3, 2, ("organisation",))
