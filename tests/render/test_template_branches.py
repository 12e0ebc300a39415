"""What a check of templates must leave alone, and what it can say of branches and of nonsense."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.layout import Layout
from smakom_mail.render.template_check import check_templates
from smakom_mail.render.template_markup import read_markup
from smakom_mail.render.template_source import HOLE, VALUE, read_source
from tests.conftest import ROOT

PARTIAL = "partials/x.mjml.j2"


def found(text: str, name: str = PARTIAL) -> list[str]:
    """Check a layout of one template; give line, code, severity and sentence of each finding."""
    layout = Layout("prov", ((name, text),), "", (), ())
    return [
        f"{f.location.line} {f.code} {f.severity} {f.message('sv')}"
        for f in check_templates(layout)
    ]


RIGHT = {
    "branches that close what they open": "{% if a %}<p>x</p>{% else %}<b>y</b>{% endif %}",
    "branches that open the same": "{% if a %}<p>{% else %}<p class='b'>{% endif %}x</p>",
    "one condition that opens and closes": (
        "{% if a %}<a href='x'>{% endif %}y{% if a %}</a>{% endif %}"
    ),
    "one condition that opens one of two": (
        "{% if a %}<p>{% else %}<b>{% endif %}x{% if a %}</p>{% else %}</b>{% endif %}"
    ),
    "a new row now and then": (
        "<table><tr>{% for x in xs %}{% if loop.index0 is divisibleby(3) and not loop.first %}"
        "</tr><tr>{% endif %}<td>{{ x }}</td>{% endfor %}</tr></table>"
    ),
    "branches in a tag": (
        "<td{% if a %} class='b'{% endif %} {% if b %}id='c'{% else %}id='d'{% endif %}>x</td>"
    ),
    "a branch in a value": "<p class='a{% if b %} c{% endif %}'>x</p>",
    "a printed name and a printed attribute": (
        "<h{{ n }} {{ attributes }} data-{{ x }}='1'>x</h{{ n }}>"
    ),
    "HTML in Jinja's strings and comments": "{{ '<b>' }}{# <i> #}{% if a == '%}<u>' %}x{% endif %}",
    "brackets in Jinja": "{{ {'a': {'b': '}}'}}['a'] }}<p>x</p>",
    "a raw block": "{% raw %}<b>{{ <i>x</i> %}</b>{% endraw %}",
    "a macro, a call and a filter that are whole": (
        "{% macro m() %}<td>{{ caller() }}</td>{% endmacro %}"
        "{% call m() %}<b>x</b>{% endcall %}{% filter trim %}<p>x</p>{% endfilter %}"
    ),
    "void elements, with and without a slash": "<p>a<br>b<br/>c<img src='x' alt=''><hr /></p>",
    "capitals in HTML": "<P>x</p>",
    "empty attributes and none": "<p class='' hidden>x</p>",
    "a tag on several lines": "<a\n  href='x'\n  title='y'\n>z</a>",
    "a greater-than and a bare ampersand in text": "<p>a > b & c</p>",
    "what only Outlook sees": (
        "<!--[if mso]><table><tr><td><![endif]-->x<!--[if mso]></td></tr></table><![endif]-->"
        "<!--[if !mso]><!--><p>y</p><!--<![endif]-->"
    ),
    "a comment with tags": "<!-- <b> {% if a %}x{% endif %} -->",
    "values of every type": (
        "<mj-text color='White' background-color='rgba(1, 2, 3, 0.5)' line-height='1.5' "
        "padding='0px 10% 2.5px' letter-spacing='-1px' align='justify' css-class='å'>x</mj-text>"
        "<mj-table width='auto' cellpadding='3'>x</mj-table><mj-image height='auto' "
        "fluid-on-mobile='true' src='x' alt='' padding='0' />"
    ),
    "values that Jinja prints": "<mj-text color='{{ c }}' font-size='{{ s }}px'>x</mj-text>",
    "components in mj-attributes": (
        "<mj-attributes><mj-all padding='0px' /><mj-class name='a' color='red' />"
        "<mj-text color='red' /></mj-attributes>"
    ),
    "a printed element in a column": "<mj-column>{{ draw.top(section) }}</mj-column>",
    "a style with signs": "<mj-style>a > b { content: 'x'; } /* @import url(x) */</mj-style>",
    "a field of a value that the template made": (
        "{% for i in [{'title': 'x'}] %}{{ i.title | upper }}{% endfor %}"
        "{% set n = namespace(label='x') %}{{ n.label | upper }}"
    ),
    "a parameter called as a value of the frame": (
        "{% macro m(title) %}{{ title | upper }}{% endmacro %}"
    ),
    "what a macro gets made": (
        "{% macro m(b) %}{{ b.title | upper }}{% endmacro %}{{ m({'title': 'x'}) }}"
    ),
    "numbers, lists and names of kinds": (
        "{{ block.width | int }}{{ section.items | length }}{{ sections[0].kind | upper }}"
        "{{ section.items[:2] }}{% if title == 'x' or block.type in ('a', 'b') %}y{% endif %}"
    ),
    "filters that leave a value whole": (
        "{{ title | default('x') | e | trim }}{{ title ~ ' – ' ~ newsletter }}"
    ),
    "an include that is computed, or may be missing": (
        "{% include 'sections/' ~ kind ~ '.mjml.j2' %}{% include 'y' ignore missing %}"
        "{% if a %}{% include ['y', 'partials/x.mjml.j2'] %}{% endif %}"
    ),
    "an include of itself under a condition": (
        "{% if a %}{% include 'partials/x.mjml.j2' %}{% endif %}"
    ),
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_is_right_is_left_alone(case: str) -> None:
    assert found(RIGHT[case]) == []


BRANCHES = {
    "{% if a %}<p>{% endif %}x": (
        "1 M01 error kolumn 11: <p> öppnas i en gren men stängs inte i samma fall"
    ),
    "{% for x in xs %}\n<p>{% endfor %}": (
        "2 M01 error kolumn 1: <p> öppnas i en gren men stängs inte i samma fall"
    ),
    "{% if a %}<p>{% endif %}x</p>": (
        "1 M01 error kolumn 11: <p> öppnas i en gren men stängs inte i samma fall"
    ),
    "{% if a %}<p>{% endif %}\n{% if b %}</p>{% endif %}": (
        "2 M01 warning kolumn 11: om </p> passar till rad 1 beror på två olika villkor"
    ),
    "<p>{% if a %}</p>{% endif %}": (
        "1 M01 warning kolumn 14: om </p> passar till rad 1 beror på två olika villkor"
    ),
    "{% macro m() %}<td>{% endmacro %}": "1 M01 error kolumn 16: <td> stängs aldrig",
    "<!--[if mso]><table><![endif]-->x": "1 M01 error kolumn 14: <table> stängs aldrig",
    "<MJ-Text>x</MJ-Text>": "1 M02 error kolumn 1: MJML har inget element <MJ-Text>",
    "<mj-image>x</mj-image>": "1 M02 error kolumn 11: text får inte stå direkt i <mj-image>",
    "<mj-title>a<b>c</b></mj-title>": (
        "1 M02 error kolumn 12: HTML (<b>) får inte stå direkt i <mj-title>"
    ),
    "<mj-column><div><mj-text>x</mj-text></div></mj-column>": (
        "1 M02 error kolumn 12: HTML (<div>) får inte stå direkt i <mj-column>"
    ),
    "<mj-image padding-left='0' src='x' alt='' />": (
        '1 M06 error kolumn 11: en nolla utan enhet i padding-left="0" gör bredderna fel'
    ),
    "<a href='x'title='y'>z</a>": "1 M01 error kolumn 12: <a> går inte att läsa härifrån",
    "<p title='a\nb'>x</p>": "1 M08 error kolumn 12: tecknet U+000A i title blir fel i MJML-motorn",
    "<p title='säg \"x\"'>y</p>": (
        "1 M08 error kolumn 15: tecknet U+0022 i title blir fel i MJML-motorn"
    ),
    "{% filter upper %}{{ title }}{% endfilter %}": (
        "1 M07 error kolumn 4: filter upper ändrar title, som är en platshållare när mallen körs"
    ),
    "{{ said.partner | lower }}": (
        "1 M07 error kolumn 17: | lower ändrar said.partner, som är en platshållare när mallen körs"
    ),
    "{{ (title or subject) | upper }}": (
        "1 M07 error kolumn 23: | upper ändrar title, som är en platshållare när mallen körs"
    ),
    "{{ x is defind }}": "1 M01 error kolumn 9: Jinja har inget ”defind”",
}


@pytest.mark.parametrize("text", BRANCHES)
def test_what_is_wrong_is_told_once(text: str) -> None:
    assert found(text) == [BRANCHES[text]]


def test_what_stands_outermost_is_held_against_every_place_of_its_include() -> None:
    section = (PARTIAL, "<mj-section></mj-section>")
    body = "<mjml><mj-body>{}</mj-body></mjml>"
    include = '{% include "partials/x.mjml.j2" %}'
    fits = body.format(include)
    fits_not = body.format(f"<mj-section><mj-column>{include}</mj-column></mj-section>")

    def places(edition: str) -> list[str]:
        layout = Layout("prov", (("edition.mjml.j2", edition), section), "", (), ())
        return [f.message("sv") for f in check_templates(layout)]

    assert places(fits) == []
    assert places(fits_not) == ["kolumn 1: <mj-section> får inte stå i <mj-column>"]
    assert places(fits + "{# and there #}" + fits_not) == []


# ---------------------------------------------------------------------------- nonsense and size


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<div>" * 10_000 + "</div>" * 10_000,
            ["1 M01 error kolumn 501: element ligger i element djupare än 100 steg"],
        ),
        (
            "{% if a %}" * 19 + "{% endif %}" * 19,
            ["1 M01 error kolumn 181: Jinja ligger i Jinja djupare än 18 steg"],
        ),
        (
            "{% if a %}" * 10_000 + "{% endif %}" * 10_000,
            ["1 M01 error kolumn 1: Jinja ligger i Jinja djupare än 100 steg"],
        ),
        (
            "{{ " + " + ".join("1" * 10_000) + " }}",
            ["1 M01 error kolumn 1: Jinja ligger i Jinja djupare än 100 steg"],
        ),
    ],
    ids=["elements", "blocks", "blocks beyond the parser", "expressions"],
)
def test_deep_nesting_is_a_finding(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            mark * (200_000 // len(mark))
            for mark in ("<", "<p ", "<a =", "</", "<!--[if", "<p x='")
        ),
        *(mark * (200_000 // len(mark)) for mark in ("<p>", "</p>", "<b>\n</i>", "{{ x }}", "'\"")),
        "<a>" * 40_000 + "</b>" * 40_000,
    ],
    ids=lambda text: text[:10],
)
def test_a_long_stretch_of_one_thing_takes_time_in_step_with_its_length(text: str) -> None:
    # What grew with the square of the length would take minutes, and be seen.
    assert len(found(text)) <= 30


PIECES = st.sampled_from(
    (
        "{{ x }}",
        "{{",
        "}}",
        "{%",
        "%}",
        "{% if a %}",
        "{% else %}",
        "{% endif %}",
        "{% raw %}",
        "{% for a in b %}",
        "{% endfor %}",
        "{#",
        "#}",
        "{% endraw %}",
        "{% macro m() %}",
        "<p>",
        "</p>",
        "<",
        ">",
        "/>",
        "<mj-text ",
        "</mj-text>",
        'a="',
        '"',
        "'",
        "=",
        "<!--",
        "-->",
        "<![endif]-->",
        "<!--[if mso]>",
        "\n",
        " ",
        "\xa0",
        "\x00",
        "\x01",
        "å",
        "&amp;",
        "{% include 'x' %}",
        "{{ title | upper }}",
        "{% extends '../x' %}",
        "<br>",
        "{% set a %}",
    )
)
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))


@given(TEXTS)
def test_no_text_raises_and_every_finding_lies_in_the_text(text: str) -> None:
    lines = text.count("\n") + 1
    for name in (PARTIAL, "edition.mjml.j2", "edition.txt.j2", "web.html.j2"):
        for fault in found(text, name):
            assert 1 <= int(fault.split()[0]) <= lines + 1


@given(TEXTS)
def test_blanking_keeps_length_lines_and_all_that_is_no_jinja(text: str) -> None:
    source = read_source(text)

    assert len(source.blank) == len(text)
    assert [i for i, c in enumerate(source.blank) if c == "\n"] == [
        i for i, c in enumerate(text) if c == "\n"
    ]
    for before, after in zip(source.text, source.blank, strict=True):
        assert after in (before, HOLE, VALUE)


@given(TEXTS)
def test_tags_and_text_are_the_whole_template(text: str) -> None:
    tags = list(read_markup(read_source(text).blank))

    assert [tag.start for tag in tags] == [0, *(tag.end for tag in tags)][: len(tags)]
    assert (tags[-1].end if tags else 0) == len(text)


@given(st.integers(0), st.data())
def test_a_template_of_the_house_cut_anywhere_is_no_accident(
    seed: int, data: st.DataObject
) -> None:
    files = sorted((ROOT / "layouts").rglob("*.mjml.j2"))
    text = files[seed % len(files)].read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    for fault in found(text[:start] + text[end:]):
        assert re.fullmatch(r"\d+ [CM]\d\d (error|warning) .+", fault)
