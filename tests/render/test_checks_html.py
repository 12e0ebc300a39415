"""Rules over markup: each catches its slip in the real pages, and lets its near miss be."""

from dataclasses import replace

import pytest

from tests.render.altered import at, january, mail_with, rebuilt, web_with

L = "layouts/smakom/"
WEB = "web.html.j2"
OPEN, CLOSE = '<table role="presentation"><tr><td>', "</td></tr></table>"
ROW_END = "<!--[if mso | IE]></td></tr></table><![endif]-->"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "<![endif]-->",
            "-->",
            "<!--[if !mso]><!-->: a conditional comment has no end",
        ),
        (
            "<!--<![endif]-->",
            "",
            "<!--[if !mso]><!-->: a conditional comment has no end",
        ),
        (
            "<h1 ",
            "<!--[if mso]><p>x</p>--><h1 ",
            "<!--[if mso]>: a conditional comment has no end",
        ),
        (
            "<h1 ",
            "<!--<![endif]--><h1 ",
            "<!--<![endif]-->: a conditional comment has no start",
        ),
    ],
)
def test_a_condition_for_outlook_without_its_pair_is_told(
    old: str, new: str, expected: str
) -> None:
    said = f"{L}edition.mjml.j2:1: H02 a condition for Outlook is not whole: "

    assert said + expected in mail_with(old, new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (ROW_END, ROW_END.replace("</table>", ""), "</div>: it closes what is not open"),
        (ROW_END, ROW_END.replace("</td>", "</td></td>"), "</td>: it closes what is not open"),
    ],
)
def test_what_outlook_is_left_with_unbalanced_is_told(old: str, new: str, expected: str) -> None:
    said = f"{L}edition.mjml.j2:1: H02 as Outlook reads the mail it is broken: "

    assert mail_with(old, new)[0] == said + expected


@pytest.mark.parametrize(
    "added",
    [
        f"<!--[if mso]>{OPEN}x{CLOSE}<![endif]-->",
        "<!--[if !mso]><!--><p>x</p><!--<![endif]-->",
        "<!--[if lte mso 11]></td></td><![endif]-->",
        "<!-- an ordinary remark -->",
    ],
)
def test_whole_conditions_are_fine(added: str) -> None:
    assert mail_with("<h1 ", added + "<h1 ") == []


GUESSED = ": H03 HTML that a browser has to guess at: "


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "</main>",
            "</div></main>",
            [
                (at(WEB, "<main"), "<main> … </div>: an element is not closed"),
                (at(WEB, "</main"), "</main>: it closes what is not open"),
            ],
        ),
        (
            'id="_innehall"',
            'id="_innehall" ID="b"',
            [(at(WEB, "<main"), "<main id>: an attribute stands twice")],
        ),
        (
            "</h1>",
            "&bogus;</h1>",
            [(f"{L}{WEB}:1", "&bogus;: the character has no such name")],
        ),
        ("<h1>", "<p><h1>", []),
        ("</h1>", " AT&T &amp; &#8211; ?a=1&b=2 &Auml;</h1>", []),
    ],
)
def test_html_to_be_guessed_at_in_the_web_version_is_told(
    old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    found = [each for each in web_with(old, new) if each.startswith(f"{L}{WEB}")]

    assert found == [place + GUESSED + fault for place, fault in expected]


def test_html_to_be_guessed_at_in_the_mail_is_told_once() -> None:
    ends = at("partials/blocks.mjml.j2", "<h2") + GUESSED + "</h2>: it closes what is not open"
    begins = at("partials/masthead.mjml.j2", "<h1") + GUESSED
    begins += "<h1> … </div>: an element is not closed"

    assert mail_with("</h1>", "</h2>") == [ends, begins]


def test_an_id_that_stands_twice_is_told_at_the_section_that_has_it() -> None:
    assert web_with('<main id="_innehall"', '<main id="pa-gang"') == [
        "newsletters/januari-2021/40-pa-gang.md:1: H05 id=“pa-gang” stands in two places"
    ]


@pytest.mark.parametrize("slug", ["innehåll", "innehall", "contents", "main"])
def test_no_name_of_a_section_is_an_id_of_the_layout(slug: str) -> None:
    edition, layout, _ = january()
    first = replace(edition.sections[0], slug=slug)

    assert rebuilt(layout, replace(edition, sections=(first, *edition.sections[1:]))) == []


def test_tables_nested_more_than_twelve_deep_are_a_warning() -> None:
    assert mail_with("<h1 ", OPEN * 9 + "x" + CLOSE * 9 + "<h1 ") == [
        at("partials/blocks.mjml.j2", "<table")
        + ": H07 tables nest 13 deep, older Outlook copes with 12"
    ]


def test_tables_nested_twelve_deep_are_fine() -> None:
    assert mail_with("<h1 ", OPEN * 8 + "x" + CLOSE * 8 + "<h1 ") == []
