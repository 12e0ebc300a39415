"""What all documents that the preview draws have in common: safe, readable, complete."""

import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from playwright.sync_api import Browser

from smakom_mail.locale.preview import VIEW_WORDS
from smakom_mail.model.document import (
    Code,
    Correction,
    Credit,
    Excerpt,
    Heading,
    LineBreak,
    Link,
    List,
    ListItem,
    Passage,
    Quotation,
    Table,
    Text,
)
from smakom_mail.model.edition import Edition, Seed, SeedParagraph
from smakom_mail.model.rendered import PersonalText
from smakom_mail.services.previewing.snapshot import Snapshot
from tests.axe import violations
from tests.render.making import TEXT, edition, paragraph, section
from tests.services.previewing.drawn import (
    OWN,
    in_language,
    repository,
    snapshot_of,
    texts,
    tree,
    view,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONG = "oändligt" * 40
MADE = "<b>&amp;</b> 'x' \"y\" {{ z }}"


def everywhere(text: str, address: str = "https://a.example/") -> Edition:
    """Make an edition where `text` stands wherever an author's text can."""
    run = (Text(text), LineBreak(), Code(text), Link(address, (Text(text),)))
    cell = (Text(text),)
    credit = Credit(text, "2021-01", address)
    excerpt = Excerpt(
        "s",
        (Passage(1, "text", run, gap=True), Passage(2, "speech", cell), Passage(3, "bullet", cell)),
        credit,
        (Correction("fix", text, text), Correction("link", text, address)),
        title=text,
    )
    blocks = (
        paragraph(text),
        Heading(2, (Text(text),), "rubrik"),
        List((ListItem((paragraph(text),)), ListItem((paragraph(text),))), start=3),
        Table((cell, cell), ((cell, cell),)),
        excerpt,
        Quotation("s", (paragraph(text),), text, text, credit, (2,)),
    )
    paragraphs = tuple(
        SeedParagraph(number, text, style, dropped=number == 4, line=number)
        for number, style in enumerate(("text", "speech", "bullet", "heading"), 1)
    )
    seed = Seed("s", "s.txt", text, text, text, address, "2021-01-04", True, paragraphs, "", "")  # noqa: FBT003 - with credit
    return edition(
        sections=(section(*blocks, title=text, label=text, byline=text),),
        title=text,
        subject=re.sub(r"[{}\\]", "", text),
        preheader=text,
        seeds=(seed,),
    )


def test_both_languages_have_the_same_words_and_each_says_something() -> None:
    swedish, english = VIEW_WORDS["sv"], VIEW_WORDS["en"]

    assert list(VIEW_WORDS) == ["sv", "en"]
    assert list(swedish) == list(english)
    assert [key for key in swedish if not swedish[key].strip() or not english[key].strip()] == []
    assert [
        key
        for key in swedish
        if re.findall(r"\{\w+\}", swedish[key]).sort()
        != re.findall(r"\{\w+\}", english[key]).sort()
    ] == []


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_document_has_a_language_a_title_and_one_heading(name: str, language: str) -> None:
    html = view(in_language(repository(), language), name).html
    said = VIEW_WORDS[language][f"{name}_title"]

    assert html.startswith("<!DOCTYPE html>\n")
    assert tree(html).get("lang") == language
    assert texts(html, ".//title") == [f"{said} – Nyhetsbrev januari 2021"]
    assert texts(html, ".//h1") == [said]
    assert [element.tag for element in tree(html).iterfind(".//body/*")] == ["main"]


@pytest.mark.parametrize("name", OWN)
def test_a_document_holds_no_script_and_fetches_nothing(name: str) -> None:
    found = tree(view(snapshot_of(everywhere(MADE)), name).html)
    fetching = {"script", "link", "img", "iframe", "object", "embed", "form", "base", "a", "input"}
    names = {key for element in found.iter() for key in element.attrib}

    assert sorted({str(element.tag) for element in found.iter()} & fetching) == []
    assert sorted(key for key in names if key.startswith("on") or key in ("src", "href")) == []
    assert [style.text for style in found.iter("style") if "url(" in (style.text or "")] == []
    assert not [meta for meta in found.iter("meta") if meta.get("http-equiv")]


def showing(text: str) -> Snapshot:
    """Take a snapshot whose mail, text and subject are `text`, without all the rendering."""
    assert SMALL.rendered is not None
    html = f"<!DOCTYPE html><html><body><p>{escape(text)}</p></body></html>"
    rendered = replace(
        SMALL.rendered,
        html=PersonalText((html,)),
        text=PersonalText((text,)),
        subject=PersonalText((text,)),
    )
    return replace(SMALL, rendered=rendered, edition=everywhere(text))


def without_space(text: str) -> str:
    return "".join(text.split())


def letters(document: "Element", path: str) -> str:
    """Give all characters at `path` but spaces."""
    return without_space("".join("".join(each.itertext()) for each in document.iterfind(path)))


def tags(document: "Element") -> set[str]:
    return {str(element.tag) for element in document.iter()}


@given(TEXT)
def test_whatever_stands_in_an_edition_is_there_escaped_and_complete(text: str) -> None:
    taken, words = showing(text), without_space(text)
    drawn = {name: tree(view(taken, name).html) for name in OWN}
    heard = words.translate(dict.fromkeys(map(ord, "\u00ad\u200b\ufeff"), ""))

    assert letters(drawn["text"], ".//pre") == words
    assert letters(drawn["inbox"], ".//p[@class='what']").count(words) >= 3
    assert heard in letters(drawn["order"], ".//ol") or not any(map(str.isalnum, heard))
    assert letters(drawn["raw"], ".//tbody/tr[4]/td[1]") == words
    # Title, label, publisher, four paragraphs, a section for each of two uses, five passages …
    assert letters(drawn["seeds"], ".//section").count(words) >= 20
    assert [name for name in OWN if tags(drawn[name]) - PLAIN[name] - {"mark"}] == []


SMALL = snapshot_of(everywhere("ord"))
PLAIN = {name: tags(tree(view(SMALL, name).html)) for name in OWN}


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (700, "dark"), (1200, "light")])
@pytest.mark.parametrize("name", [*OWN, "nothing"])
def test_a_document_is_accessible_and_never_wider_than_its_frame(
    browser: Browser, name: str, width: int, scheme: str
) -> None:
    far = f"https://a.example/{quote('å' * 90)}"
    taken = snapshot_of(everywhere(f"{MADE} {LONG}", far))
    if name == "nothing":
        taken = replace(taken, rendered=None)
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.set_content(view(taken, "mail" if name == "nothing" else name).html)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("name", OWN)
def test_our_own_editions_are_accessible_too(browser: Browser, name: str) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 900})
    found = {}
    for slug in ("januari-2021", "april-2021"):
        page.set_content(view(repository(slug), name).html)
        found[slug] = violations(page)

    assert found == {"januari-2021": [], "april-2021": []}
    page.close()
