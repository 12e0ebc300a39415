"""Whole editions: what an author wrote is what readers get, in mail, text and web version."""

import datetime as dt
from dataclasses import replace
from html import escape

import html5lib
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from smakom_mail.locale import WORDS
from smakom_mail.model.document import (
    Block,
    Code,
    CodeBlock,
    Credit,
    Event,
    Excerpt,
    Field,
    Figure,
    Heading,
    KeyFigure,
    Link,
    List,
    ListItem,
    Numbers,
    Paragraph,
    Partner,
    Passage,
    Person,
    Quotation,
    Strong,
    Table,
    Text,
)
from smakom_mail.model.edition import Edition, Picture
from smakom_mail.model.rendered import RenderedEdition, Slot
from smakom_mail.render.checks import open_form
from tests.render.flowed import words
from tests.render.making import (
    ARTICLE,
    CONFIG,
    TEXT,
    edition,
    faults,
    layout,
    paragraph,
    render,
    section,
    template,
    with_template,
)

DAY = dt.date(2021, 1, 7)
WRAPPED = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
PICTURE = Picture("newsletters/x/images/a.png", "a-12345678.png", 1072, 536, b"pixels")
SLOTS = (
    *("edition", "title", "label", "byline", "role", "lead", "paragraph", "bold", "link", "alt"),
    *("caption", "heading", "item", "head", "cell", "literal", "block", "event", "place"),
    *("quoted", "speaker", "passage", "credit", "figure", "meaning", "partner", "person"),
)


def every_slot(text: dict[str, str]) -> tuple[Block, ...]:
    """Make one block of every kind, its words from `text`."""
    return (
        paragraph(text["lead"]),
        paragraph(text["paragraph"]),
        Paragraph((Strong((Text(text["bold"]),)),)),
        Paragraph((Link("https://a.example/b", (Text(text["link"]),)),)),
        Paragraph((Code(text["literal"]),)),
        Figure(PICTURE.source, text["alt"], text["caption"]),
        Event(text["event"], DAY, DAY, "", text["place"], ""),
        Quotation("s", (paragraph(text["quoted"]),), text["speaker"], "", None),
        Excerpt(
            "s", (Passage(1, "text", (Text(text["passage"]),)),), Credit(text["credit"], "", ""), ()
        ),
        Numbers((KeyFigure(text["figure"], text["meaning"]),)),
        Partner("", (paragraph(text["partner"]),)),
        Person(text["person"], "", "", ""),
        List((ListItem((paragraph(text["item"]),)),), None),
        Table(((Text(text["head"]),),), (((Text(text["cell"]),),),)),
        CodeBlock(text["block"]),
        Heading(2, (Text(text["heading"]),), "a"),
        paragraph("Slut."),
    )


def edition_of(text: dict[str, str]) -> Edition:
    byline = f"{text['byline']}, {text['role']}"
    filled = section(
        *every_slot(text), kind="leader", title=text["title"], label=text["label"], byline=byline
    )
    return edition(sections=(filled,), title=text["edition"], pictures=(PICTURE,))


def strings(page: str) -> set[str]:
    """Give the text of every element and the value of every attribute, as a browser reads them."""
    root = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    found: set[str] = set()
    for element in root.iter():
        if isinstance(element.tag, str):
            found.add("".join(element.itertext()))
            found |= set(element.attrib.values())
    return found


def expected(text: dict[str, str]) -> dict[str, str]:
    """Give what stands in one element or attribute of a page, slot by slot."""
    place = f"7\u00a0januari\u00a02021, {text['place']}"
    credit = f"Källa: {text['credit']}"
    return text | {"place": place, "credit": credit}


# A byline is divided at its first comma, into name and role.
TEXTS = st.fixed_dictionaries(
    dict.fromkeys(SLOTS, TEXT) | {"byline": TEXT.map(lambda text: text.replace(",", ";"))}
)


@given(TEXTS)
@settings(max_examples=30, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_any_text_in_any_place_comes_out_as_it_was_written(text: dict[str, str]) -> None:
    rendered, findings = render(edition_of(text))
    assert faults(findings) == []
    for page in (open_form(rendered.html), rendered.web):
        found = strings(page)
        lost = {slot: want for slot, want in expected(text).items() if want not in found}
        assert lost == {}
    whole = words(open_form(rendered.text))
    lost_words = {
        slot: word
        for slot, value in text.items()
        for word in value.split()
        if not any(word in seen for seen in whole)
    }
    assert lost_words == {}


@given(TEXT, TEXT)
@settings(max_examples=40)
def test_any_subject_and_preheader_come_out_as_they_were_written(
    subject: str, preheader: str
) -> None:
    typed = subject.replace("{", "\\{").replace("}", "\\}")
    rendered, _ = render(edition(paragraph("Text."), subject=typed, preheader=preheader))
    assert rendered.subject.fill({}) == subject
    mail = strings(open_form(rendered.html))
    assert subject in mail
    assert any(string.startswith(preheader) for string in mail)
    assert preheader in strings(rendered.web)
    assert set(preheader.split()) <= set(words(open_form(rendered.text)))


@given(TEXT, TEXT)
@settings(max_examples=25)
def test_text_divided_by_emphasis_never_becomes_a_slot(first: str, second: str) -> None:
    made = edition(Paragraph((Text(first), Strong((Text(second),)))), paragraph("Slut."))
    rendered, findings = render(made)
    assert faults(findings) == []
    assert rendered.text.slots == (Slot("unsubscribe"),)


# ------------------------------------------------------------- words that look like something else


@pytest.mark.parametrize(
    "text",
    [
        'Skriv style="a; b" i mallen',
        'Märk den data-premailer="ignore" först',
        "Aldrig @import url(https://a.example/x.css) i ett brev",
        "url(//a.example/x.png)",
    ],
)
def test_words_about_html_and_css_are_no_html_and_no_css(text: str) -> None:
    rendered, findings = render(edition(paragraph(text)))
    assert faults(findings) == []
    assert text in strings(open_form(rendered.html))


def test_a_picture_may_be_called_javascript() -> None:
    figure = Figure(PICTURE.source, "JavaScript: en bok", "")
    rendered, findings = render(edition(figure, pictures=(PICTURE,)))
    assert faults(findings) == []
    assert 'alt="JavaScript: en bok"' in open_form(rendered.html)


@pytest.mark.parametrize("name", ["zq0x1", "zq0x00001z"])
def test_a_name_may_look_like_a_token(name: str) -> None:
    picture = replace(PICTURE, name=f"{name}-12345678.png")
    made = edition(Figure(picture.source, "Bild", ""), slug=name, pictures=(picture,))
    rendered, findings = render(made)
    assert faults(findings) == []
    address = f"https://brev.example/archive/{name}/images/{name}-12345678.png"
    assert f'src="{address}"' in open_form(rendered.html)


# ---------------------------------------------------------------------------- whole and unchanged


def test_a_figure_or_quotation_in_a_list_is_drawn() -> None:
    figure = Figure(PICTURE.source, "Ett <torg>", "På torget")
    credit = Credit("Exempelbladet", "2021-01", "https://a.example/")
    quotation = Quotation("s", (paragraph("Så sade hon."),), "Kim Ek", "ordförande", credit)
    listed = List((ListItem((figure,)), ListItem((quotation,))), None)
    rendered, findings = render(edition(listed, paragraph("Slut."), pictures=(PICTURE,)))
    assert faults(findings) == []
    address = "https://brev.example/archive/provnummer/images/a-12345678.png"
    drawn = (
        '<li><p><img src="{base}images/a-12345678.png" alt="Ett &lt;torg&gt;" width="472" '
        'style="width:100%;max-width:472px"><br>På torget</p></li>'
        "<li><blockquote><p>Så sade hon.</p><p>— Kim Ek, ordförande<br>Källa: Exempelbladet, "
        'januari\u00a02021<br><a href="https://a.example/">Läs mer hos Exempelbladet</a></p>'
        "</blockquote></li>"
    )
    assert drawn.format(base="") in rendered.web
    html = open_form(rendered.html)
    assert f'src="{address}" alt="Ett &lt;torg&gt;" width="472" style="width:100%' in html
    assert "<br>På torget</p>" in html
    assert "Så sade hon." in strings(html)


def test_two_dates_of_one_name_and_day_get_a_calendar_file_each() -> None:
    meetings = [Event("Möte", DAY, DAY, time, "", "") for time in ("9", "13", "9")]
    rendered, findings = render(edition(*meetings))
    assert faults(findings) == []
    assert {file.name: file.data.split(b"DTSTART:")[1][:13] for file in rendered.calendars} == {
        "2021-01-07-mote.ics": b"20210107T0900",
        "2021-01-07-mote-2.ics": b"20210107T1300",
    }
    for part in (open_form(rendered.html), open_form(rendered.text), rendered.web):
        assert part.count("calendar/2021-01-07-mote.ics") == 2
        assert part.count("calendar/2021-01-07-mote-2.ics") == 1


def test_no_two_places_of_the_web_page_have_one_name() -> None:
    heading = Heading(2, (Text("B"),), "b")
    title = Heading(2, (Text("Title"),), "title")
    sections = (
        section(paragraph("x"), heading, heading, title, slug="a"),
        section(paragraph("x"), slug="a-b"),
        section(paragraph("x"), slug="å"),
    )
    rendered, _ = render(edition(sections=sections))
    root = html5lib.parse(rendered.web, treebuilder="etree", namespaceHTMLElements=False)
    names = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(names) == len(set(names))
    for place in ("a", "a-2", "a-b", "a-b-2", "a-b-3", "a-title", "a-title-2"):
        assert place in names
    assert 'archive/provnummer/#a-2"' in open_form(rendered.html)


def test_every_field_of_a_reader_is_a_slot() -> None:
    made = edition(
        Paragraph((Text("Hej "), Field("name", "kära läsare"), Text("!"))),
        subject="{name|Hej}: nytt nummer",
    )
    rendered, findings = render(made)
    assert faults(findings) == []
    assert rendered.subject.parts == (Slot("name", "Hej"), ": nytt nummer")
    values = {"name": "<Åsa & Bo>", "unsubscribe": "https://brev.example/u/x"}
    html = rendered.html.fill(values, escape)
    assert "Hej &lt;Åsa &amp; Bo&gt;!" in html
    assert "<title>&lt;Åsa &amp; Bo&gt;: nytt nummer</title>" in html
    assert "\nHej <Åsa & Bo>!\n" in rendered.text.fill(values)
    assert "Hej kära läsare!" in rendered.web
    assert "{" not in rendered.text.fill(values)


def test_the_web_version_has_no_slot_and_no_way_to_leave() -> None:
    rendered, _ = render(edition(paragraph("Text.")))
    assert "unsubscribe" not in rendered.web
    assert "Avsluta" not in rendered.web


# ------------------------------------------------------------------------------------ same bytes


def everything(rendered: RenderedEdition) -> tuple[str, ...]:
    return (open_form(rendered.html), open_form(rendered.text), rendered.web, rendered.digest)


def test_the_same_edition_gives_the_same_bytes() -> None:
    text = {slot: f"{slot} & mer" for slot in SLOTS}
    first, _ = render(edition_of(text))
    second, _ = render(edition_of(dict(reversed(text.items()))))
    assert everything(first) == everything(second)


# --------------------------------------------------------------------------------------- language


def test_an_english_edition_has_an_english_frame() -> None:
    text = dict.fromkeys(SLOTS, "Words")
    rendered, findings = render(replace(edition_of(text), language="en"))
    assert faults(findings) == []
    swedish = {
        word for phrase in WORDS["sv"].values() for word in phrase.split() if "{" not in word
    }
    english = {word for phrase in WORDS["en"].values() for word in phrase.split()}
    names = {"Brevet", "Föreningen"}
    for part in (open_form(rendered.html), rendered.web):
        page = {word for string in strings(part) for word in string.split()}
        assert page & (swedish - english - names) == set()
        assert 'lang="en"' in part
    assert set(words(open_form(rendered.text))) & (swedish - english - names) == set()


# --------------------------------------------------------------------------- faults in templates


def test_a_value_that_a_template_forgets_is_reported() -> None:
    forgetful = with_template(ARTICLE, template(ARTICLE).replace("draw.parts(section)", "''"))
    _, findings = render(edition(paragraph("Ett."), paragraph("Två.")), forgetful)
    assert faults(findings) == [
        "layouts/smakom/edition.mjml.j2:1: M08 “Ett.” did not come into html",
        "layouts/smakom/edition.mjml.j2:1: M08 “<p>Två.</p>” did not come into html",
    ]


@pytest.mark.parametrize(
    ("attribute", "shown"),
    [
        ("a\u00a0b", 'title="a\\u{a0}b"'),
        ("a\u00adb", 'title="a\\u{ad}b"'),
        ("a\nb", 'title="a\\nb"'),
        ("a\tb", 'title="a\\tb"'),
        ("a\\b", 'title="a\\\\b"'),
    ],
    ids=["no-break space", "soft hyphen", "line break", "tab", "backslash"],
)
def test_a_template_attribute_that_the_engine_spoils_is_reported(
    attribute: str, shown: str
) -> None:
    extra = template(ARTICLE) + WRAPPED.format(f'<p title="{attribute}"></p>')
    _, findings = render(edition(paragraph("x")), with_template(ARTICLE, extra))
    assert faults(findings) == [
        f"layouts/smakom/edition.mjml.j2:1: M08 something was left unfilled in html: {shown}"
    ]


def test_odd_characters_in_a_value_survive_the_attribute() -> None:
    alt = "a\u00a0b\u00adc\td\\e 👩\u200d👧 a\u030a"
    rendered, findings = render(
        edition(Figure(PICTURE.source, alt, ""), pictures=(PICTURE,)), layout()
    )
    assert faults(findings) == []
    assert alt in strings(open_form(rendered.html))


def test_a_style_that_spells_like_a_selector_stops_nothing() -> None:
    extra = template(ARTICLE) + WRAPPED.format('<div style="p"></div>')
    made = edition(paragraph("Ett."), paragraph("Två."))
    rendered, findings = render(made, with_template(ARTICLE, extra))
    assert faults(findings) == []
    assert 'style="p"' not in open_form(rendered.html)


def test_an_empty_web_template_is_a_finding() -> None:
    _, findings = render(edition(paragraph("x")), with_template("web.html.j2", " "))
    assert faults(findings)[0] == (
        "layouts/smakom/web.html.j2:1: M08 “Provnummer” did not come into web"
    )


def test_a_mail_without_a_name_of_its_own_sender_uses_the_newsletters() -> None:
    config = replace(CONFIG, sender=replace(CONFIG.sender, name="", reply_to="svar@f.example"))
    rendered, _ = render(edition(paragraph("x")), config=config)
    assert rendered.addresses.sender == ("Brevet", "kansli@forening.example")
    assert rendered.addresses.reply_to == ("Brevet", "svar@f.example")
