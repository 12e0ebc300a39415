"""Each of the author's blocks is found on the page, and its element names file and line."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from hypothesis import given

from smakom_mail.model.document import (
    Block,
    Code,
    CodeBlock,
    Credit,
    Deadline,
    Divider,
    Emphasis,
    Event,
    Excerpt,
    Field,
    Figure,
    Heading,
    KeyFigure,
    LineBreak,
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
    walk,
)
from smakom_mail.model.edition import Edition, Picture
from smakom_mail.render.annotation import annotated
from smakom_mail.render.markup import outlook_view
from tests.render.appearance.odd import MARKUP
from tests.render.finishing import finished
from tests.render.making import edition, section

FILE = "newsletters/x/10-avsnitt.md"
DAY = dt.date(2021, 5, 21)


def said(text: str, line: int) -> Paragraph:
    """Make a paragraph that stands on `line`."""
    return Paragraph((Text(text, line),), line)


def short(html: str) -> str:
    """Write a mark as @line."""
    return re.sub(rf' data-source="{FILE}:(\d+)"', r"@\1", html)


def marked(page: str, *blocks: Block, pictures: tuple[Picture, ...] = ()) -> str:
    """Annotate a page of one section called Rubrik, and write each mark as @line."""
    made = edition(*blocks, pictures=pictures)
    shown = annotated(page, made)
    assert re.sub(r' data-source="[^"]*"', "", shown) == page
    return short(shown)


BLOCKS: list[tuple[Block, str, str]] = [
    (said("Ett stycke.", 3), "<p>Ett\u00a0stycke.</p>", "<p@3>Ett\u00a0stycke.</p>"),
    (said("a < b & c", 3), "<p>a &lt; b\n&amp; c</p>", "<p@3>a &lt; b\n&amp; c</p>"),
    (
        Paragraph((Text("Ett "), Emphasis((Text("två"),)), LineBreak(), Code("tre")), 3),
        "<p>Ett <em>två</em><br><code>tre</code></p>",
        "<p@3>Ett <em>två</em><br><code>tre</code></p>",
    ),
    (
        Paragraph((Strong((Text("Allt."),)),), 3),
        "<p><strong>Allt.</strong></p>",
        "<p><strong@3>Allt.</strong></p>",
    ),
    (
        Paragraph((Text("Hej "), Field("name", "du"), Text("!")), 3),
        "<p>Hejdå!</p><p>Hej <b>Kim</b>!</p>",
        "<p@3>Hejdå!</p><p>Hej <b>Kim</b>!</p>",
    ),
    (
        Paragraph((Field("name", "Du"), Text(", läs detta.")), 3),
        "<td>Ord<p>Kim Exempel, läs detta.</p></td>",
        "<td>Ord<p@3>Kim Exempel, läs detta.</p></td>",
    ),
    (Heading(2, (Text("Mellan"),), "mellan", 3), "<h3>Mellan</h3>", "<h3@3>Mellan</h3>"),
    (
        CodeBlock("a\n  b", 3),
        "<pre><code>a<br>  b</code></pre>",
        "<pre><code@3>a<br>  b</code></pre>",
    ),
    (
        List((ListItem((said("Ett", 3),), 3), ListItem((said("Två", 4),), 4)), None, 3),
        "<ul><li>Ett</li><li>Två</li></ul>",
        "<ul@3><li@3>Ett</li><li@4>Två</li></ul>",
    ),
    (
        Table(((Text("Ort", 3),),), (((Text("Sala", 5),),), ((Text("Mora", 6),),)), 3),
        "<table><tr><th>Ort</th></tr><tr><td>Sala</td></tr><tr><td>Mora</td></tr></table>",
        "<table@3><tr><th@3>Ort</th></tr><tr><td@5>Sala</td></tr><tr><td@6>Mora</td></tr></table>",
    ),
    (
        Excerpt(
            "k",
            (
                Passage(1, "text", (Text("Första."),)),
                Passage(4, "speech", (Text("Fjärde."),), gap=True),
                Passage(5, "bullet", (Text("Femte."),)),
            ),
            Credit("Källan", "", ""),
            (),
            "Utdrag",
            3,
        ),
        "<td><b>Utdrag</b><p>Första.</p><p>[…] – Fjärde.</p><ul><li>Femte.</li></ul>Källa</td>",
        (
            "<td@3><b>Utdrag</b><p@3>Första.</p><p@3>[…] – Fjärde.</p><ul><li@3>Femte.</li></ul>"
            "Källa</td>"
        ),
    ),
    (
        Quotation("k", (said("Ett.", 3), said("Två.", 5)), "Kim", "ombud", None, (), 3),
        "<div><p>”Ett.</p><p>Två.”</p><p><b>Kim</b>, ombud</p></div>",
        "<div@3><p@3>”Ett.</p><p@5>Två.”</p><p><b>Kim</b>, ombud</p></div>",
    ),
    (
        Numbers((KeyFigure("38", "hushåll", 4), KeyFigure("20", "år", 5)), 3),
        "<table><tr><td>38<br>hushåll</td><td>20<br>år</td></tr></table>",
        "<table><tr@3><td@4>38<br>hushåll</td><td@5>20<br>år</td></tr></table>",
    ),
    (
        Numbers((KeyFigure("38", "hushåll", 4),), 3),
        "<table><tr><td>38<br>hushåll</td></tr></table>",
        "<table><tr@3><td@4>38<br>hushåll</td></tr></table>",
    ),
    (
        Paragraph((Text("Hej "), Field("name", "du"), Text("och"), Field("email", "x")), 3),
        "<p>Hej du och glad och arg</p>",
        "<p@3>Hej du och glad och arg</p>",
    ),
    (
        Event("Mötet", DAY, DAY, "kl. 10", "Sala", "", 3),
        "<td><b>Mötet</b><br><i>21 maj 2021, kl. 10, Sala</i><br><a>Kalender</a></td>",
        "<td@3><b>Mötet</b><br><i>21 maj 2021, kl. 10, Sala</i><br><a>Kalender</a></td>",
    ),
    (
        Deadline("Svaret", DAY, "a@forening.example", 3),
        "<td><b>Svaret</b><br>Senast 21 maj 2021</td>",
        "<td@3><b>Svaret</b><br>Senast 21 maj 2021</td>",
    ),
    (
        Person("Kim", "ombud", "kim@forening.example", "", 3),
        "<td><b>Kim</b><br>ombud<br><a>kim@forening.example</a></td>",
        "<td@3><b>Kim</b><br>ombud<br><a>kim@forening.example</a></td>",
    ),
    (
        Partner("Bolaget", (said("Rutans text.", 4),), 3),
        "<td><p>Från vår samarbetspartner Bolaget</p><p>Rutans text.</p></td>",
        "<td@3><p>Från vår samarbetspartner Bolaget</p><p@4>Rutans text.</p></td>",
    ),
    (Divider(3), "<hr>", "<hr>"),
    (said("→", 3), "<p>→</p>", "<p@3>→</p>"),
    (said("Ja", 3), "<p>Jag</p><p>Ja</p>", "<p>Jag</p><p@3>Ja</p>"),
    (said("Visas inte", 3), "<p>Annat</p>", "<p>Annat</p>"),
]


@pytest.mark.parametrize(("block", "page", "expected"), BLOCKS)
def test_a_block_is_marked_on_the_deepest_element_with_all_its_words(
    block: Block, page: str, expected: str
) -> None:
    assert marked(f"<h2>Rubrik</h2>{page}", block) == f"<h2@1>Rubrik</h2>{expected}"


def test_a_picture_is_found_by_its_name_each_use_in_its_turn() -> None:
    picture = Picture("newsletters/x/images/a.png", "a-1234.png", 10, 10, b"")
    figures = (Figure(picture.source, "A", "Text", 3), Figure(picture.source, "A", "", 5))
    page = (
        '<h2>Rubrik</h2><img src="https://b.example/a-1234.png?x"><p>Text</p><img src=a-1234.png>'
    )
    assert marked(page, *figures, pictures=(picture,)) == (
        '<h2@1>Rubrik</h2><img@3 src="https://b.example/a-1234.png?x"><p@3>Text</p>'
        "<img@5 src=a-1234.png>"
    )


def test_words_that_stand_twice_get_the_places_of_their_turn() -> None:
    page = "<p>Samma</p><h2>Rubrik</h2><p>Samma</p><p>Annat</p><p>Samma</p><div>Samma</div>"
    blocks = (said("Samma", 3), said("Annat", 5), said("Samma", 7))
    assert marked(page, *blocks) == (
        "<p>Samma</p><h2@1>Rubrik</h2><p@3>Samma</p><p@5>Annat</p><p@7>Samma</p><div>Samma</div>"
    )


def test_words_that_a_layout_moves_are_found_in_their_section() -> None:
    page = "<h2>Rubrik</h2><p>Sist skrivet</p><p>Först skrivet</p><p>Och mer</p>"
    blocks = (said("Först skrivet", 3), said("Och mer", 5), said("Sist skrivet", 7))
    assert marked(page, *blocks) == (
        "<h2@1>Rubrik</h2><p@7>Sist skrivet</p><p@3>Först skrivet</p><p@5>Och mer</p>"
    )


def test_sections_of_one_name_are_told_apart_and_a_contents_list_is_none() -> None:
    page = (
        "<h1>Provnummer</h1><p><a>Program</a></p><h2>Rubrik</h2><h3>Program</h3><p>Mer</p>"
        "<h2>Program</h2><p>Mer</p><h2>Program</h2><p>Mer</p>"
    )
    made = edition(
        sections=(
            section(Heading(2, (Text("Program"),), "p", 3), said("Mer", 5), file="a.md"),
            section(said("Mer", 3), title="Program", file="b.md"),
            section(said("Mer", 3), title="Program", file="c.md", line=2),
        ),
        lines=(("title", 2),),
    )
    assert re.sub(r' data-source="([^"]*)"', r"@\1", annotated(page, made)) == (
        "<h1@newsletters/provnummer/edition.toml:2>Provnummer</h1><p><a>Program</a></p>"
        "<h2@a.md:1>Rubrik</h2><h3@a.md:3>Program</h3><p@a.md:5>Mer</p>"
        "<h2@b.md:1>Program</h2><p@b.md:3>Mer</p><h2@c.md:2>Program</h2><p@c.md:3>Mer</p>"
    )


def test_a_section_without_a_heading_is_found_by_its_words() -> None:
    page = "<div><p><a>Rubrik</a></p><p>Ett stycke</p></div><div>Rubrik</div><p>Två stycken</p>"
    made = edition(
        sections=(
            section(said("Ett stycke", 3), title="Saknas"),
            section(said("Två stycken", 5), file="b.md"),
        )
    )
    assert short(annotated(page, made)) == (
        "<div><p><a>Rubrik</a></p><p@3>Ett stycke</p></div>"
        '<div data-source="b.md:1">Rubrik</div><p data-source="b.md:5">Två stycken</p>'
    )


def test_hundreds_of_sections_are_told_apart() -> None:
    titles = [f"Rubrik {number % 250}" for number in range(500)]
    page = "".join(f"<h2>{title}</h2>" for title in ["Annat", *titles])
    made = edition(sections=tuple(section(title=title, line=at) for at, title in enumerate(titles)))
    expected = "".join(f"<h2@{at}>{title}</h2>" for at, title in enumerate(titles))
    assert short(annotated(page, made)) == f"<h2>Annat</h2>{expected}"


def test_what_edition_toml_says_of_a_section_names_edition_toml() -> None:
    page = "<p>Ledare</p><h2>Rubrik</h2><p>Text.</p><td><b>Kim Ek</b><br>ordförande</td>"
    made = edition(
        sections=(section(said("Text.", 3), label="Ledare", byline="Kim Ek, ordförande"),),
        lines=(("sections.avsnitt", 6),),
    )
    settings = ' data-source="newsletters/provnummer/edition.toml:6"'
    assert short(annotated(page, made)) == (
        f"<p{settings}>Ledare</p><h2@1>Rubrik</h2><p@3>Text.</p>"
        f"<td{settings}><b>Kim Ek</b><br>ordförande</td>"
    )


def test_a_mark_that_stands_stays_and_so_does_every_other_character() -> None:
    page = (
        "<!DOCTYPE html>\n<html><!--[if mso]><p>Ett stycke</p><![endif]--><title>Rubrik</title>"
        "<h2 data-source='x' >Rubrik</h2><P  CLASS=a\tTITLE='b'>Ett stycke"
    )
    assert marked(page, said("Ett stycke", 3)) == page.replace("<P ", "<P@3 ")


def test_what_is_inside_odd_markup_is_found_too() -> None:
    page = "<h2>Rubrik<p>Ett<td>Två</p></b><li>Tre<li>Fyra"
    blocks = (said("Ett", 3), said("Tre", 5), said("Fyra", 7))
    assert marked(page, *blocks) == "<h2>Rubrik<p@3>Ett<td>Två</p></b><li@5>Tre<li@7>Fyra"


def placed(made: Edition) -> Iterator[tuple[str, str]]:
    """Give the kind and place of every block that has words or a picture."""
    for each in made.sections:
        yield "title", f"{each.file}:{each.line}"
        for block in walk(each.blocks):
            if not isinstance(block, Divider | Numbers):
                yield type(block).__name__, f"{each.file}:{block.line}"
            if isinstance(block, Numbers):
                yield from (("number", f"{each.file}:{f.line}") for f in block.figures)


def gmail(html: str) -> str:
    """Make a page what Gmail makes of it, roughly: body a div, no style, no head."""
    body = html[html.index("<body") :].replace("<body", "<div", 1).replace("</body>", "</div>")
    return re.sub(r"<style.*?</style>|</html>", "", body, flags=re.DOTALL)


@pytest.mark.parametrize("layout", ["smakom", "brev"])
@pytest.mark.parametrize("slug", ["januari-2021", "april-2021", "allt"])
def test_every_block_of_the_editions_is_found(layout: str, slug: str) -> None:
    made = finished(layout, slug)
    for page in (made.mail, made.web, outlook_view(made.mail)[0], gmail(made.mail)):
        shown = annotated(page, made.edition)
        marks = set(re.findall(r' data-source="([^"]*)"', shown))
        assert [where for where in placed(made.edition) if where[1] not in marks] == []
        assert re.sub(r' data-source="[^"]*"', "", shown) == page


@pytest.mark.parametrize("layout", ["smakom", "brev"])
@pytest.mark.parametrize("slug", ["januari-2021", "april-2021"])
def test_every_passage_and_quoted_paragraph_is_marked_by_itself(layout: str, slug: str) -> None:
    made = finished(layout, slug)
    shown = annotated(made.mail, made.edition)
    for each in made.edition.sections:
        for block in walk(each.blocks):
            if isinstance(block, Excerpt):
                mark = f'data-source="{each.file}:{block.line}"'
                assert shown.count(mark) >= len(block.passages)
                assert shown.count(mark) > 0
            if isinstance(block, Quotation):
                for part in block.paragraphs:
                    assert f'<p data-source="{each.file}:{part.line}"' in shown


@given(MARKUP)
def test_any_page_can_be_marked_and_keeps_all_else(page: str) -> None:
    made = edition(*(block for block, _, _ in BLOCKS), said("Ett stycke med ord.", 9))
    own = page.replace(" data-source=", " data-own=")
    assert re.sub(rf' data-source="{FILE}:\d+"', "", annotated(own, made)) == own
