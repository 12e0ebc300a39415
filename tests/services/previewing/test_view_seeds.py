"""The sources beside what is taken from them, the taken words marked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.model.document import Correction, Credit, Excerpt, Passage, Quotation, Text
from smakom_mail.model.edition import Seed, SeedParagraph
from smakom_mail.services.previewing.passages_used import (
    excerpt_spans,
    joined,
    marked,
    quotation_spans,
)
from smakom_mail.services.previewing.snapshot import take_snapshot
from tests.content.written import make_project
from tests.render.making import TEXT, paragraph
from tests.services.previewing.drawn import (
    in_language,
    repository,
    snapshot,
    text_of,
    texts,
    tree,
    view,
)

SEED = """\
Lyssna på sidan

Vägen är stängd. Vägen, som binder ihop byarna, ska vara klar i höst.

Den blir två mil lång och skymd på somliga ställen.

- Det är ett stort steg för oss, säger Kim Exempel. Vi har väntat länge.
- Vi hoppas på bron också, säger Kim Exempel.

Det finns inget beslut om en bro.
"""
CATALOGUE = """\
[[seed]]
slug = "vagen"
file = "vagen.txt"
title = "Ny väg"
publisher = "Exempelkommunen"
published = 2021-04-01
url = "https://kommun.example/vag"
drop = ["Lyssna på sidan"]
"""


def drawn(root: Path, section: str, seed: str = SEED, catalogue: str = CATALOGUE) -> str:
    """Draw the sources of an edition whose one section holds this text."""
    files: dict[str, str | bytes] = {
        "seeds/vagen.txt": seed,
        "seeds/seeds.toml": catalogue,
        "newsletters/maj-2021/10-a.md": f"# Titel\n\n{section}\n",
    }
    return view(take_snapshot(make_project(root, files), {}, "maj-2021"), "seeds").html


def marks(html: str) -> list[str]:
    """Give the marked words, each under the number of its paragraph."""
    return [
        f"{text_of(item[0])}: {text_of(mark)}"
        for item in tree(html).iterfind(".//ol[@class='paragraphs']/li")
        for mark in item.iter("mark")
    ]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            "::: excerpt vagen\nparagraphs: 3\n:::",
            ["3: Den blir två mil lång och skymd på somliga ställen."],
        ),
        (
            "::: excerpt vagen\nfrom: som binder\n:::",
            ["2: som binder ihop byarna, ska vara klar i höst."],
        ),
        (
            "::: excerpt vagen\nfrom: som binder\nto: två mil\n:::",
            [
                "2: som binder ihop byarna, ska vara klar i höst.",
                "3: Den blir två mil lång och skymd på somliga ställen.",
            ],
        ),
        (
            "::: excerpt vagen\nfrom: som\nto: mil\nfix: ihop -> samman nu\nfix: skymd -> d\n:::",
            [
                "2: som binder ihop byarna, ska vara klar i höst.",
                "3: Den blir två mil lång och skymd på somliga ställen.",
            ],
        ),
        (
            "::: excerpt vagen\nfrom: som binder\nfix: som -> vilken\nlink: byarna -> https://a.example/\n:::",
            ["2: som binder ihop byarna, ska vara klar i höst."],
        ),
        (
            "> Det är ett stort steg för oss\n> — Kim Exempel, [Källa](seed:vagen)",
            ["4: Det är ett stort steg för oss"],
        ),
        (
            "> ”Ett stort steg […] Vi har väntat länge.”\n> — Kim Exempel, [Källa](seed:vagen)",
            ["4: ett stort steg", "4: Vi har väntat länge."],
        ),
        (
            "> – Vi har väntat länge. Vi hoppas på bron\n> — Kim Exempel, [Källa](seed:vagen)",
            ["4: Vi har väntat länge.", "5: Vi hoppas på bron"],
        ),
        ("> Vi vill ha en flygplats\n> — Kim Exempel, [Källa](seed:vagen)", []),
    ],
)  # fmt: skip
def test_exactly_the_words_that_are_taken_are_marked(
    tmp_path: Path, block: str, expected: list[str]
) -> None:
    assert marks(drawn(tmp_path, block)) == expected


def test_the_whole_source_is_there_and_what_is_dropped_is_struck_through(tmp_path: Path) -> None:
    html = drawn(tmp_path, "::: excerpt vagen\nparagraphs: 3\n:::")
    items = list(tree(html).iterfind(".//ol[@class='paragraphs']/li"))

    assert [(item.get("class"), text_of(item)[:24]) for item in items] == [
        ("heading dropped", "1 Lyssna på sidanutelämn"),
        ("text", "2 Vägen är stängd. Vägen"),
        ("text used", "3 Den blir två mil lång "),
        ("speech", "4 Det är ett stort steg "),
        ("speech", "5 Vi hoppas på bron ocks"),
        ("text", "6 Det finns inget beslut"),
    ]


def test_what_the_catalogue_knows_is_said_and_an_address_is_text(tmp_path: Path) -> None:
    html = drawn(tmp_path, "::: excerpt vagen\nparagraphs: 3\n:::")

    assert texts(html, ".//section/h2") == ["Ny väg"]
    assert texts(html, ".//dl/div") == [
        "UtgivareExempelkommunen",
        "Publicerat1 april 2021",
        "Adresshttps://kommun.example/vag",
        "Filseeds/vagen.txt",
    ]
    assert list(tree(html).iter("a")) == []


def test_beside_it_stands_what_the_edition_has_with_its_corrections(tmp_path: Path) -> None:
    block = (
        "::: excerpt vagen\nfrom: som binder\nto: två mil\nfix: skymd -> dold\n"
        "link: två mil -> https://a.example/\n:::"
    )
    use = next(tree(drawn(tmp_path, block)).iter("article"))

    assert [text_of(p) for p in use.iter("p")] == [
        "Utdrag Titel newsletters/maj-2021/10-a.md:3",
        "[…] som binder ihop byarna, ska vara klar i höst.",
        "Den blir två mil lång och dold på somliga ställen.",
        "Källa: Exempelkommunen, 1 april 2021",
        "Rättat skymd → dold",
        "Länkat två mil → https://a.example/",
    ]


def test_a_quotation_names_its_speaker_and_says_when_it_is_not_found(tmp_path: Path) -> None:
    typed = "> Vi vill ha en flygplats\n> — Kim Exempel, väghållare, [Källa](seed:vagen)"
    use = next(tree(drawn(tmp_path, typed)).iter("article"))

    assert [text_of(p) for p in use.iter("p")] == [
        "Citat Titel newsletters/maj-2021/10-a.md:3",
        "Vi vill ha en flygplats",
        "— Kim Exempel, väghållare",
        "Källa: Exempelkommunen, 1 april 2021",
        "Orden är inte funna i källan.",
    ]


def test_each_use_stands_beside_the_paragraph_where_it_begins(tmp_path: Path) -> None:
    html = drawn(
        tmp_path,
        "> Vi hoppas på bron\n> — Kim Exempel, [Källa](seed:vagen)\n\n"
        "::: excerpt vagen\nparagraphs: 3-4\n:::",
    )
    bands = [
        (
            [text_of(use)[:6].strip() for use in band.iter("article")],
            [text_of(number) for number in band.iterfind("./ol/li/span")],
        )
        for band in tree(html).iterfind(".//div[@class='band']")
    ]

    assert bands == [([], ["1", "2"]), (["Utdrag"], ["3", "4"]), (["Citat"], ["5", "6"])]


def test_the_sources_come_in_the_order_in_which_they_are_used() -> None:
    html = view(repository("april-2021"), "seeds").html

    assert [title[:30] for title in texts(html, ".//section/h2")] == [
        "Viktiga frågor på bordet när c",
        "Artikel om social dumpning i S",
        "Söderhamns kommun tar nya grep",
        "Uppdrag att decentralisera kom",
    ]


@pytest.mark.parametrize("slug", ["januari-2021", "april-2021"])
def test_every_use_of_our_own_editions_is_found_in_its_source(slug: str) -> None:
    html = view(repository(slug), "seeds").html

    assert "Orden är inte funna" not in html
    assert len(marks(html)) >= len(list(tree(html).iter("article")))


def test_an_edition_without_sources_says_so() -> None:
    html = view(in_language(snapshot(paragraph("Hej")), "en"), "seeds").html

    assert texts(html, ".//main/p") == ["The edition quotes no sources."]


def seed_of(*texts: str) -> Seed:
    paragraphs = tuple(
        SeedParagraph(number, text, "text", dropped=False, line=number)
        for number, text in enumerate(texts, 1)
    )
    return Seed("s", "s.txt", "", "", "", "", "", False, paragraphs, "", "")  # noqa: FBT003 - no credit


def excerpt_of(text: str, number: int, *fixes: Correction) -> Excerpt:
    passage = Passage(number, "text", (Text(text),), gap=True)
    return Excerpt("s", (passage,), Credit("x", "", ""), fixes)


@pytest.mark.parametrize(
    ("excerpt", "expected"),
    [
        (excerpt_of("tre", 1), ((1, 8, 11),)),
        (excerpt_of("trettio", 1, Correction("fix", "tre", "trettio")), ((1, 8, 11),)),
        (excerpt_of("t", 1, Correction("link", "tre", "https://a.example/")), ((1, 10, 11),)),
        (excerpt_of("mycket längre än stycket självt", 1), ((1, 0, 11),)),
        (excerpt_of("okänt", 7), ()),
    ],
)
def test_a_passage_from_inside_a_paragraph_is_its_end(
    excerpt: Excerpt, expected: tuple[tuple[int, int, int], ...]
) -> None:
    assert excerpt_spans(excerpt, seed_of("ett två tre")) == expected


@given(st.lists(TEXT, min_size=1, max_size=4), st.data())
def test_a_quotation_of_any_words_marks_words_that_are_the_same(
    texts: list[str], data: st.DataObject
) -> None:
    seed = seed_of(*texts)
    chosen = data.draw(st.sampled_from(seed.paragraphs))
    quotation = Quotation("s", (paragraph(chosen.text),), "Kim", "", None, (chosen.number,))
    spans = quotation_spans(quotation, seed)

    assert [chosen.text[start:end] for number, start, end in spans if number != chosen.number] == []
    assert all(0 <= start < end <= len(chosen.text) for _, start, end in spans)


@given(
    st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5)
)
def test_marking_loses_no_character(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(min(pair), max(pair)) for pair in spans if min(pair) < max(pair) <= len(text)]
    pieces = marked(text, inside)
    places = {at for start, end in inside for at in range(start, end)}

    assert "".join(piece for piece, _ in pieces) == text
    assert "".join(piece for piece, used in pieces if used) == "".join(
        text[at] for at in sorted(places)
    )
    assert joined(joined(inside)) == joined(inside)
