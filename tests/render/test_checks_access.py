"""Rules for readers who listen: each catches its slip, and lets its near miss be."""

from dataclasses import replace

import pytest

from smakom_mail.model.document import Heading, Paragraph, Text
from tests.render.altered import at, built_with, january, mail_with, rebuilt, web_with
from tests.render.making import edition, paragraph, section

MAIL, WEB = "edition.mjml.j2", "web.html.j2"
MASTHEAD, BLOCKS = "partials/masthead.mjml.j2", "partials/blocks.mjml.j2"
SUBJECT = "Nyhetsbrev januari 2021: vindkraft, posten och Vårmötet"
NONE = "on <div> is no language"
ROLE = 'a table has neither headings nor role="presentation"'
SCOPE = "a table heading does not say what it is about: “Kommun”"
BOTH = "a table with headings says that it only arranges: “Kommun”"
TABLE = "<table{}><tr><th{}>Kommun</th></tr><tr><td>x</td></tr></table>"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('<html lang="sv"', "<html", "<html> has no lang"),
        ('role="article" lang="sv"', 'role="article"', "<div> has no lang"),
        ('role="article" lang="sv"', 'role="article" lang="und"', f"lang=“und” {NONE}"),
        ('role="article" lang="sv"', 'role="article" lang="s"', f"lang=“s” {NONE}"),
        (
            'role="article" lang="sv"',
            'role="article" lang="en"',
            "lang=“en” on <div>, but the edition is written in “sv”",
        ),
    ],
)
def test_the_language_of_the_mail_is_said_on_the_page_and_inside_its_body(
    old: str, new: str, expected: str
) -> None:
    assert mail_with(old, new) == [at(MAIL, "<mjml") + f": A01 {expected}"]


@pytest.mark.parametrize("language", ["sv-SE", "sv-Latn-FI", "SV", "sv-x-latt"])
def test_a_language_may_be_narrower(language: str) -> None:
    assert mail_with('role="article" lang="sv"', f'role="article" lang="{language}"') == []


def test_the_language_of_the_web_version_is_checked_too() -> None:
    assert web_with('<html lang="sv" dir="ltr"', '<html lang="svenska"') == [
        at(WEB, "<html") + ": A01 lang=“svenska” on <html> is no language",
        at(WEB, "<html") + ": A02 <html> has no dir",
    ]


def test_mjmls_own_preheader_stands_outside_what_has_a_language() -> None:
    preview = "<mj-preview>Hej och välkommen till numret</mj-preview><mj-breakpoint"
    found = built_with(MAIL, ("<mj-breakpoint", preview))

    assert at(MAIL, "<mj-raw") + ": A01 <div> has no lang" in found
    assert at(MAIL, "<mj-raw") + ": A02 <div> has no dir" in found


def test_the_direction_of_the_mail_is_said() -> None:
    assert mail_with('lang="sv" dir="ltr" style', 'lang="sv" dir="left" style') == [
        at(MAIL, "<mjml") + ": A02 <div> has no dir"
    ]


@pytest.mark.parametrize("direction", ["rtl", "auto", "LTR"])
def test_any_direction_there_is_will_do(direction: str) -> None:
    assert mail_with('lang="sv" dir="ltr" style', f'lang="sv" dir="{direction}" style') == []


def name(stem: str) -> str:
    """Give the published name of one of the layout's pictures."""
    _, layout, _ = january()
    return dict(layout.pictures)[stem].name


def test_a_picture_of_the_layout_without_alt_is_told() -> None:
    assert built_with(MASTHEAD, (' alt=""', "")) == [
        at(MASTHEAD, "<img") + f": A03 the layout shows a picture without alt: {name('masthead')}"
    ]


def test_a_picture_of_the_author_whose_alt_the_template_forgets_is_told_at_the_template() -> None:
    found = built_with(BLOCKS, (' alt="{{ block.alt }}"', ""))
    start = at(BLOCKS, "block.src") + ": A03 the layout shows a picture without alt: "

    assert len(found) == 5
    assert all(each.startswith(start) for each in found)


def test_a_file_name_is_no_alternative_text() -> None:
    assert built_with(MASTHEAD, (' alt=""', ' alt="masthead.png"')) == [
        at(MASTHEAD, "<img")
        + f": A03 the layout's picture {name('masthead')} has a file name as its alternative text: "
        "“masthead.png”"
    ]


LINKED = (
    ("<img src", '<a href="{{ web_url }}"><img src'),
    ('class="picture" />', 'class="picture" /></a>'),
)


def test_a_linked_picture_says_where_the_link_leads() -> None:
    assert built_with(MASTHEAD, *LINKED) == [
        at(MASTHEAD, "<img")
        + f": A03 a linked picture does not say where the link leads: {name('masthead')}"
    ]
    assert built_with(MASTHEAD, *LINKED, ('alt=""', 'alt="Till webbversionen"')) == []


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<table><tr><td>x</td></tr></table>", [ROLE]),
        (TABLE.format("", ""), [SCOPE]),
        (TABLE.format(' role="none"', ' scope="col"'), [BOTH]),
        (TABLE.format("", ' scope="col"'), []),
        (TABLE.format("", ' scope="row"'), []),
        ('<table role="none"><tr><td>x</td></tr></table>', []),
    ],
)
def test_a_table_arranges_or_has_headings_with_a_scope(table: str, expected: list[str]) -> None:
    for found in (mail_with("</h1>", "</h1>" + table), web_with("</h1>", "</h1>" + table)):
        assert [each.partition(": A04 ")[2] for each in found] == expected


def test_a_table_for_outlook_only_is_checked_too() -> None:
    role = ' role="presentation"'
    begin = '<!--[if mso | IE]><table border="0" cellpadding="0" cellspacing="0"'

    assert mail_with(begin + role, begin) == [
        'layouts/smakom/edition.mjml.j2:1: A04 a table has neither headings nor role="presentation"'
    ]


def test_a_mail_without_its_main_heading_is_told() -> None:
    assert built_with(MASTHEAD, ("<h1>{{ title }}</h1>", "<p>{{ title }}</p>")) == [
        "layouts/smakom/edition.mjml.j2:1: A05 the page has 0 main headings (h1), there must be one"
    ]


def test_a_second_main_heading_is_told() -> None:
    assert built_with(MASTHEAD, ('<p class="wordmark">{{ organisation }}</p>', "<h1>x</h1>")) == [
        at(MASTHEAD, "wordmark") + ": A05 the page has 2 main headings (h1), there must be one"
    ]


def test_a_level_that_the_layout_leaves_out_is_told() -> None:
    heading = '<h3 id="{{ item.anchor }}">{{ item.heading }}</h3>'

    assert built_with(WEB, (heading, heading.replace("h3", "h4"))) == [
        at(WEB, heading) + ": A05 the layout shows the heading “Vindkraft” as h4 after an h2"
    ]


def test_a_level_that_the_author_leaves_out_is_not_told_of_the_layout() -> None:
    deep = Heading(4, (Text("Djupt"),), "djupt", 3)
    made = edition(Paragraph((Text("x"),)), deep, paragraph("y"))

    assert rebuilt(january()[1], made) == []


def test_an_empty_heading_is_told() -> None:
    title = "<h2>{{ section.title }}</h2>"

    assert built_with(BLOCKS, (title, title + "<h3></h3>")) == [
        at(BLOCKS, title) + ": A05 a heading (h3) is empty"
    ]


def test_title_and_label_of_the_mail_are_its_subject() -> None:
    start = at(MAIL, "<mj-title") + ": A06 the mail's "

    assert built_with(MAIL, ("{{ subject }}", "{{ title }}")) == [
        start + f"<title> is “Nyhetsbrev januari 2021”, the subject is “{SUBJECT}”",
        start + f"aria-label is “Nyhetsbrev januari 2021”, the subject is “{SUBJECT}”",
    ]


def test_a_subject_with_a_field_is_still_the_title() -> None:
    own, layout, _ = january()

    assert (
        rebuilt(layout, replace(own, subject="Nyheter till {organisation|din kommun} & < >")) == []
    )


def test_a_page_without_title_is_told() -> None:
    found = web_with("<title>", "<title></title><meta content='")

    assert at(WEB, "<title") + ": A06 the page has no title" in found


def test_a_link_of_the_layout_without_text_is_told() -> None:
    link = '<p><a href="{{ web_url }}"></a></p><p class="wordmark">'

    assert built_with(MASTHEAD, ('<p class="wordmark">', link)) == [
        at(MASTHEAD, "wordmark") + ": A07 a link of the layout has no text: "
        "https://nyhetsbrev.smakom.example/archive/januari-2021/"
    ]


@pytest.mark.parametrize(
    "inside", ["Webben", '<img src="{{ pictures.masthead.src }}" alt="Webben" width="600" />']
)
def test_a_link_with_words_or_a_picture_with_words_is_fine(inside: str) -> None:
    link = f'<p><a href="{{{{ web_url }}}}">{inside}</a></p><p class="wordmark">'

    assert built_with(MASTHEAD, ('<p class="wordmark">', link)) == []


def test_a_place_to_jump_to_is_no_link() -> None:
    assert web_with("</h1>", '</h1><a id="nar"></a>') == []


def test_sections_of_an_english_edition_are_english() -> None:
    made = edition(sections=(section(paragraph("x")),), language="en")

    assert rebuilt(january()[1], made) == []
