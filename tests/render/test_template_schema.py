"""What template_schema says of the MJML engine, held against the engine itself."""

import json
import re

import pytest
from mjml import mjml2html

from smakom_mail.render.template_attributes import is_escaped
from smakom_mail.render.template_schema import IGNORED as IGNORED_BY_ENGINE
from smakom_mail.render.template_schema import REFUSED, fits, schema
from tests.conftest import ROOT

DATA = ROOT / "smakom_mail" / "data" / "mjml"

# Where a component stands, and a value for each kind of attribute.
PLACES = {
    "mj-body": "<mjml>{}</mjml>",
    "mj-section": "<mjml><mj-body>{}</mj-body></mjml>",
    "mj-column": "<mjml><mj-body><mj-section>{}</mj-section></mj-body></mjml>",
    "other": "<mjml><mj-body><mj-section><mj-column>{}</mj-column></mj-section></mj-body></mjml>",
    "mj-social-element": "<mj-social>{}</mj-social>",
    "mj-accordion-title": (
        "<mj-accordion><mj-accordion-element>{}</mj-accordion-element></mj-accordion>"
    ),
    "mj-carousel-image": "<mj-carousel>{}</mj-carousel>",
}
INSIDE = {
    "mj-body": "<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>",
    "mj-section": "<mj-column><mj-text>x</mj-text></mj-column><mj-column></mj-column>",
    "mj-wrapper": "<mj-section><mj-column></mj-column></mj-section>" * 2,
    "mj-column": "<mj-text>x</mj-text>",
    "mj-hero": "<mj-text>x</mj-text>",
    "mj-table": "<tr><td>x</td></tr>",
    "mj-social": '<mj-social-element name="facebook" href="x">x</mj-social-element>',
    "mj-image": "",
    "mj-carousel-image": "",
}
NEEDED = {"mj-social-element": 'name="facebook" href="x" ', "mj-image": 'src="x" alt="" '}


def rendered(source: str) -> str:
    return mjml2html(source, disable_comments=True, fonts={}, include_loader=None)


def with_attribute(name: str, attribute: str) -> str:
    """Give a document with one component that has `attribute`, or none."""
    element = f"<{name} {NEEDED.get(name, '')}{attribute}>{INSIDE.get(name, 'x')}</{name}>"
    if name in ("mj-wrapper", "mj-hero"):
        return PLACES["mj-section"].format(element)
    place = PLACES.get(name, "{}")
    return (place if "<mjml>" in place else PLACES["other"].format(place)).format(element)


def value_of(kind: str) -> str:
    """Give a value of a type, other than what is so anyway."""
    found = re.match(r"enum\((\w+)", kind)
    return found[1] if found else "17px"


IGNORED = [
    (name, attribute)
    for name, attributes in IGNORED_BY_ENGINE.items()
    for attribute in attributes.split()
]


@pytest.mark.parametrize(("name", "attribute"), IGNORED)
def test_the_engine_leaves_out_what_we_say_it_ignores(name: str, attribute: str) -> None:
    (kind,) = schema().kinds(name, attribute)
    value = value_of(kind)

    assert fits(kind, value)
    assert rendered(with_attribute(name, f'{attribute}="{value}"')) == rendered(
        with_attribute(name, "")
    )


def test_an_attribute_that_counts_changes_the_output() -> None:
    assert rendered(with_attribute("mj-image", 'border="17px"')) != rendered(
        with_attribute("mj-image", "")
    )


def width_of_picture(padding: str) -> list[str]:
    source = PLACES["other"].format(f'<mj-image src="x" alt="" {padding} />')
    return re.findall(r'width="(\d+)"', rendered(source))[-1:]


def test_the_engine_counts_wrongly_with_a_bare_zero_among_paddings_and_only_there() -> None:
    assert width_of_picture('padding="0px 20px"') == ["560"]
    assert width_of_picture('padding="0 20px"') == ["600"]
    assert width_of_picture('padding="0px"') == width_of_picture('padding="0"') == ["600"]
    assert width_of_picture('padding="0px" padding-left="0px" padding-right="20px"') == ["580"]
    assert width_of_picture('padding="10px" padding-left="0"') == ["580"]  # 590 would be right


@pytest.mark.parametrize(
    "character",
    ["\u00a0", "\u00ad", "\u200d", "\u0301", "\ufe0f", "\t", "\n", "\\", '"', "\u2003", "\u0085"],
)
def test_the_engine_spoils_what_we_say_it_spoils(character: str) -> None:
    page = rendered(PLACES["mj-section"].format(f"<mj-raw><p title='a{character}b'>x</p></mj-raw>"))

    assert is_escaped(character)
    assert f"a{character}b" not in page.replace('\\"', "")


@pytest.mark.parametrize("character", ["å", "–", "”", "…", "漢", "€", "'", "&", "👍", "/", "%"])
def test_the_engine_keeps_what_we_say_it_keeps(character: str) -> None:
    page = rendered(PLACES["mj-section"].format(f'<mj-raw><p title="a{character}b">x</p></mj-raw>'))

    assert not is_escaped(character)
    assert f'title="a{character}b"' in page


@pytest.mark.parametrize(
    "name", sorted({*REFUSED} - {"mj-font", "mj-selector", "mj-html-attribute"})
)
def test_the_engine_stops_at_what_we_refuse(name: str) -> None:
    with pytest.raises(ValueError, match=r"unexpected element|unable to load"):
        rendered(f'<mjml><mj-head><{name} path="x"></{name}></mj-head><mj-body></mj-body></mjml>')


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("color", "#fff #1E5B4F white WHITE rgb(1,2,3) rgba(1,2,3,0.5)", "#ffff #12345 wite 1px"),
        ("unit(px,%)", "0 1px 2.5% .5px", "1 1em -1px px auto 1.px"),
        ("unit(px,auto)", "auto 16px", "16 autopx"),
        ("unit(px,%,)", "1.5 150% 26px", "normal 1em"),
        ("unitWithNegative(px,em)", "-1px 0.1em", "--1px 1%"),
        ("enum(left,center)", "left center", "Left right"),
        ("boolean", "true false", "yes 1"),
        ("integer", "0 12", "1px 1.5"),
    ],
)
def test_values_are_held_against_their_type(kind: str, right: str, wrong: str) -> None:
    assert [value for value in right.split() if not fits(kind, value)] == []
    assert [value for value in wrong.split() if fits(kind, value)] == []


def test_several_lengths_are_right_where_the_type_says_so() -> None:
    lengths = "unit(px,%){1,4}"

    assert fits(lengths, "1px 2px 3% 4px")
    assert not fits(lengths, "1px 2px 3px 4px 5px")
    assert not fits("unit(px,%)", "1px 2px")


def test_the_schema_is_shipped_with_its_licence_and_its_source() -> None:
    data = json.loads((DATA / "schema.json").read_text(encoding="utf-8"))

    assert f"| version | {data['version']} |" in (DATA / "SOURCE.md").read_text(encoding="utf-8")
    assert "Copyright (c) 2016 Mailjet SAS" in (DATA / "LICENSE").read_text(encoding="utf-8")
    assert list(data["components"]) == sorted(data["components"])
    assert "scripts/refresh-mjml-schema" in (DATA / "SOURCE.md").read_text(encoding="utf-8")
    script = (ROOT / "scripts" / "refresh-mjml-schema").read_text(encoding="utf-8")
    assert not re.search(r"https?://", script)
