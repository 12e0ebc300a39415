"""The reading order drawn: the whole list, the headings, the links."""

from dataclasses import replace

from smakom_mail.model.document import Heading, Link, Paragraph, Text
from smakom_mail.model.rendered import PersonalText
from smakom_mail.services.previewing.snapshot import Snapshot
from tests.render.making import paragraph
from tests.services.previewing.drawn import (
    in_language,
    repository,
    snapshot,
    text_of,
    tree,
    view,
)


def mail(body: str) -> Snapshot:
    """Give a snapshot whose mail has this body."""
    taken = snapshot(paragraph("Hej"))
    assert taken.rendered is not None
    html = f'<!DOCTYPE html><html lang="sv"><body>{body}</body></html>'
    return replace(taken, rendered=replace(taken.rendered, html=PersonalText((html,))))


def rows(html: str, part: str = "order") -> list[str]:
    """Give each row of a list as ``label | words | what more is said``."""
    found = tree(html).iterfind(f".//section[@aria-labelledby='{part}']/ol/li")
    return [" | ".join(filter(None, _cells(row))) for row in found]


def _cells(row: object) -> list[str]:
    spans = [row[0], *row[1]]  # type: ignore[index] # an element
    return [text_of(span) for span in spans]


BODY = """
<div role="article" aria-label="Brevet"><h1>Ett</h1><h3>Tre</h3>
<p>Läs <a href="https://a.example/1">mer</a> och <a href="https://a.example/2">Mer</a>.</p>
<img src="images/bro.png" alt="En bro"><img src="images/linje.png" alt=""><img src="images/x.png">
<ul><li>ett</li></ul><ol><li>två</li><li>tre</li></ol><a href="#x"></a><h2> </h2>
<table><tr><th>A</th></tr></table><blockquote>ord</blockquote><hr><p lang="en">word</p>
<div style="display:none">dolt</div></div>
"""


def test_everything_that_is_met_stands_in_order_with_what_is_said_of_it() -> None:
    same = "Länkar med det här namnet leder till 2 olika ställen."

    assert rows(view(mail(BODY), "order").html) == [
        "Område | Brevet | artikel",
        "Rubrik 1 | Ett",
        "Rubrik 3 | Tre | Hoppar över nivå 2.",
        "Text | Läs",
        f"Länk | mer | https://a.example/1 | {same}",
        "Text | och",
        f"Länk | Mer | https://a.example/2 | {same}",
        "Bild | En bro",
        "Bild | Läses inte upp: linje.png",
        "Bild | Utan alternativtext. Skärmläsaren kan läsa upp filnamnet: x.png",
        "Lista | 1 punkt",
        "Text | ett",
        "Numrerad lista | 2 punkter",
        "Text | två",
        "Text | tre",
        "Länk | #x | Länken har inget namn.",
        "Rubrik 2 | Rubriken är tom.",
        "Tabell | rader: 1, kolumner: 1",
        "Text | A",
        "Citat",
        "Text | ord",
        "Avdelare",
        "Språk | engelska",
        "Text | word",
    ]


def test_headings_and_links_have_lists_of_their_own() -> None:
    html = view(mail(BODY), "order").html

    assert rows(html, "headings") == [
        "Rubrik 1 | Ett",
        "Rubrik 3 | Tre | Hoppar över nivå 2.",
        "Rubrik 2 | Rubriken är tom.",
    ]
    assert [row.split(" | ")[1] for row in rows(html, "links")] == ["mer", "Mer", "#x"]


def test_a_mail_without_any_says_so() -> None:
    html = view(in_language(mail("<p>Hej</p>"), "en"), "order").html
    said = [text_of(found) for found in tree(html).iterfind(".//section/p")]

    assert said == ["The mail has no headings.", "The mail has no links."]


def test_a_long_text_is_shortened_and_its_words_are_counted() -> None:
    html = view(mail(f"<p>{'ord ' * 60}</p>"), "order").html

    assert rows(html) == [f"Text | {'ord ' * 35}… | 60 ord"]


def test_a_heading_and_a_links_name_are_never_shortened() -> None:
    long = " ".join(["ord"] * 60)
    body = f'<h1>{long}</h1><a href="https://a.example/">{long}</a><img src="x.png" alt="{long}">'

    assert rows(view(mail(body), "order").html) == [
        f"Rubrik 1 | {long}",
        f"Länk | {long} | https://a.example/",
        f"Bild | {long}",
    ]


def test_words_are_in_their_own_language() -> None:
    html = view(mail('<p>Hej <i lang="en">world</i></p>'), "order").html
    spoken = [span.get("lang") for span in tree(html).iterfind(".//span[@class='words']")]

    assert spoken == ["sv", "en"]


def test_links_of_the_list_are_text_that_leads_nowhere() -> None:
    link = Paragraph((Link("https://a.example/", (Text("Vägen"),)),))
    html = view(snapshot(Heading(2, (Text("Rubrik"),), "rubrik"), link), "order").html

    assert "Vägen | https://a.example/" in " ".join(rows(html, "links"))
    assert list(tree(html).iter("a")) == []


def test_the_january_mail_skips_no_level_and_has_no_nameless_link() -> None:
    html = view(repository(), "order").html

    assert "Hoppar över" not in html
    assert "inget namn" not in html
