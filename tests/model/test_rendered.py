"""The rendered edition: what a slot is, and what the digest stands for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.model.edition import Picture
from smakom_mail.model.rendered import (
    Addresses,
    CalendarFile,
    PersonalText,
    RenderedEdition,
    Slot,
)

PICTURE = Picture("a.png", "a-1.png", 2, 1, b"pixels")
OTHER = Picture("b.png", "b-1.png", 2, 1, b"dots")
WHOLE = RenderedEdition(
    slug="januari-2021",
    language="sv",
    subject=PersonalText(("Hej ", Slot("name", "du"))),
    addresses=Addresses(("SmåKom", "a@b.example"), ("SmåKom", "svar@b.example")),
    html=PersonalText(("<p>", Slot("name", "du"), "</p>")),
    text=PersonalText(("Hej", Slot("unsubscribe"))),
    web="<p>",
    pictures=(PICTURE, OTHER),
    calendars=(CalendarFile("a.ics", b"x"),),
)


def test_slots_are_filled_through_an_escape_and_text_is_not() -> None:
    text = PersonalText(("<", Slot("name"), ">", Slot("name")))
    assert text.fill({"name": "a"}, lambda value: f"[{value}]") == "<[a]>[a]"
    assert text.slots == (Slot("name"), Slot("name"))


@pytest.mark.parametrize(
    ("slot", "values", "filled"),
    [
        (Slot("name", "du"), {"name": "Kim"}, "Kim"),
        (Slot("name", "du"), {"name": ""}, "du"),
        (Slot("name", "du"), {"name": " \u00a0"}, "du"),
        (Slot("name", "du"), {}, "du"),
        (Slot("name", ""), {}, ""),
        (Slot("name"), {"name": "Kim"}, "Kim"),
    ],
)
def test_a_reader_without_the_value_gets_the_default(
    slot: Slot, values: dict[str, str], filled: str
) -> None:
    assert PersonalText((slot,)).fill(values) == filled


@pytest.mark.parametrize("values", [{}, {"name": ""}, {"name": " \t"}])
def test_a_slot_that_nothing_can_fill_is_an_error(values: dict[str, str]) -> None:
    with pytest.raises(KeyError, match="name"):
        PersonalText((Slot("name"),)).fill(values)


def test_text_that_spells_like_a_slot_is_no_slot() -> None:
    spelled = '{"slot": "name", "default": null}'
    assert PersonalText((spelled,)).fill({"name": "Kim"}) == spelled
    as_text = replace(WHOLE, text=PersonalText((spelled,)))
    as_slot = replace(WHOLE, text=PersonalText((Slot("name"),)))
    assert as_text.digest != as_slot.digest


def test_the_digest_is_fixed_for_good() -> None:
    """Deliveries of years past are compared with it: whoever changes it breaks them."""
    assert WHOLE.digest == "0499a902bfe1fb984ae98b14c2db5ef4d3aaf85eb53b62fc145e8bbf80c6f55a"
    assert WHOLE.short_digest == WHOLE.digest[:8]


CHANGES: dict[str, RenderedEdition] = {
    "subject": replace(WHOLE, subject=PersonalText(("Hej  ", Slot("name", "du")))),
    "default in the subject": replace(WHOLE, subject=PersonalText(("Hej ", Slot("name", "ni")))),
    "slot without default": replace(WHOLE, subject=PersonalText(("Hej ", Slot("name")))),
    "empty default": replace(WHOLE, subject=PersonalText(("Hej ", Slot("name", "")))),
    "sender's name": replace(
        WHOLE, addresses=replace(WHOLE.addresses, sender=("Smakom", "a@b.example"))
    ),
    "sender's address": replace(
        WHOLE, addresses=replace(WHOLE.addresses, sender=("SmåKom", "c@b.example"))
    ),
    "reply address": replace(
        WHOLE, addresses=replace(WHOLE.addresses, reply_to=("SmåKom", "a@b.example"))
    ),
    "HTML": replace(WHOLE, html=PersonalText(("<b>", Slot("name", "du"), "</p>"))),
    "text": replace(WHOLE, text=PersonalText(("Hej.", Slot("unsubscribe")))),
    "place of a slot": replace(WHOLE, text=PersonalText((Slot("unsubscribe"), "Hej"))),
    "HTML and text exchanged": replace(WHOLE, html=WHOLE.text, text=WHOLE.html),
    "pixels": replace(WHOLE, pictures=(replace(PICTURE, data=b"other"), OTHER)),
    "name of a picture": replace(WHOLE, pictures=(replace(PICTURE, name="c.png"), OTHER)),
    "a picture less": replace(WHOLE, pictures=(PICTURE,)),
    "pictures exchanged": replace(
        WHOLE, pictures=(replace(PICTURE, data=b"dots"), replace(OTHER, data=b"pixels"))
    ),
}


@pytest.mark.parametrize("changed", CHANGES)
def test_the_digest_changes_with_everything_that_a_recipient_gets(changed: str) -> None:
    assert CHANGES[changed].digest != WHOLE.digest


def test_all_changes_differ_from_each_other() -> None:
    assert len({edition.digest for edition in CHANGES.values()}) == len(CHANGES)


@pytest.mark.parametrize(
    "same",
    [
        replace(WHOLE, slug="annat"),
        replace(WHOLE, language="en"),
        replace(WHOLE, web="<p>annat"),
        replace(WHOLE, calendars=()),
        replace(WHOLE, pictures=(OTHER, PICTURE)),
        replace(WHOLE, pictures=(replace(PICTURE, source="x", width=9, height=9), OTHER)),
    ],
    ids=["slug", "language", "web version", "calendars", "order of pictures", "source and size"],
)
def test_the_digest_depends_on_nothing_else(same: RenderedEdition) -> None:
    assert same.digest == WHOLE.digest


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(max_size=5))
def test_any_text_has_a_digest_of_its_own(text: str, other: str) -> None:
    first = replace(WHOLE, text=PersonalText((text,)))
    second = replace(WHOLE, text=PersonalText((text + other,)))
    assert (first.digest == second.digest) == (not other)
