"""The last look at a finished mail: each rule catches its fault, and only that."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from smakom_mail.model.document import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Inline,
    Link,
    List,
    ListItem,
    Paragraph,
    Strong,
    Table,
    Text,
)
from smakom_mail.model.rendered import PersonalText, RenderedEdition, Slot
from smakom_mail.render.checks import bare_words, check_rendered, open_form, read_page
from tests.render.making import CONFIG, edition, paragraph, render, said

MAIL = "layouts/smakom/edition.mjml.j2:1: "
TEXT = "layouts/smakom/edition.txt.j2:1: "
WEB = "layouts/smakom/web.html.j2:1: "
BODY = Paragraph((Text("Läs "), Link("https://a.example/ö", (Text("mer"),)), Text(" nu.")))


def found(rendered: RenderedEdition) -> list[str]:
    return said(tuple(check_rendered(rendered, edition(), CONFIG, "layouts/smakom")))


def built(*blocks: Block) -> RenderedEdition:
    rendered, _ = render(edition(*(blocks or (BODY, paragraph("Slut.")))))
    return rendered


def changed(text: PersonalText, old: str, new: str) -> PersonalText:
    """Replace words in a finished part; they must be there."""
    parts = tuple(p.replace(old, new) if isinstance(p, str) else p for p in text.parts)
    assert parts != text.parts
    return PersonalText(parts)


def html(old: str, new: str) -> Callable[[RenderedEdition], RenderedEdition]:
    return lambda whole: replace(whole, html=changed(whole.html, old, new))


def text(old: str, new: str) -> Callable[[RenderedEdition], RenderedEdition]:
    return lambda whole: replace(whole, text=changed(whole.text, old, new))


def web(old: str, new: str) -> Callable[[RenderedEdition], RenderedEdition]:
    def change(whole: RenderedEdition) -> RenderedEdition:
        assert old in whole.web
        return replace(whole, web=whole.web.replace(old, new))

    return change


def without_slots(part: PersonalText) -> PersonalText:
    return PersonalText(tuple(p if isinstance(p, str) else "#" for p in part.parts))


def test_a_whole_edition_has_no_finding() -> None:
    assert found(built()) == []


# -------------------------------------------------------------------------- faults that are caught

ACTIVE = "the HTML part holds something that can run: "
LACKS = "the text part lacks what the HTML part has: "
MUTANTS: dict[str, tuple[Callable[[RenderedEdition], RenderedEdition], list[str]]] = {
    "no doctype": (
        html("<!DOCTYPE html>", ""),
        [f"{MAIL}H01 the HTML part does not begin with <!DOCTYPE html>"],
    ),
    "small doctype": (
        html("<!DOCTYPE html>", "<!doctype html>"),
        [f"{MAIL}H01 the HTML part does not begin with <!DOCTYPE html>"],
    ),
    "script": (html("</head>", "<script>1</script></head>"), [f"{MAIL}H04 {ACTIVE}<script>"]),
    "form": (html("<h1", "<form></form><h1"), [f"{MAIL}H04 {ACTIVE}<form>"]),
    "frame": (web("<h1", "<iframe></iframe><h1"), [f"{WEB}H04 {ACTIVE}<iframe>"]),
    "handler": (html("<h1", '<h1 onclick="x()"'), [f"{MAIL}H04 {ACTIVE}<h1>"]),
    "sheet from outside": (
        web("</head>", '<link rel="stylesheet" href="x.css"></head>'),
        [f"{WEB}H04 {ACTIVE}<link>"],
    ),
    "script in an address": (
        web('href="https://a.example/ö"', 'href=" java&#10;Script:x()"'),
        [f"{WEB}H04 {ACTIVE}javascript:"],
    ),
    "no way to leave by HTML": (
        lambda whole: replace(whole, html=without_slots(whole.html)),
        [f"{MAIL}L03 html has no unsubscribe link"],
    ),
    "no way to leave by text": (
        lambda whole: replace(whole, text=without_slots(whole.text)),
        [
            f"{TEXT}L03 text has no unsubscribe link",
            f"{TEXT}T01 {LACKS}https://unsubscribe.invalid/slot",
        ],
    ),
    "no sender in the text": (
        text("kansli@forening.example", "kansliet"),
        [
            f"{TEXT}L04 text does not say who the sender is",
            f"{TEXT}T01 {LACKS}mailto:kansli@forening.example",
            f"{TEXT}T01 {LACKS}“kansli@forening.example”",
        ],
    ),
    "no sender in the HTML": (
        html("kansli@forening.example", "k@f.example"),
        [
            f"{MAIL}L04 html does not say who the sender is",
            f"{TEXT}T01 {LACKS}mailto:k@f.example",
            f"{TEXT}T01 {LACKS}“k@f.example”",
        ],
    ),
    "a word missing": (text("nu.", ""), [f"{TEXT}T01 {LACKS}“nu.”"]),
    "a letter altered": (text("Slut.", "Slot."), [f"{TEXT}T01 {LACKS}“Slut.”"]),
    "an address missing": (
        text("<https://a.example/ö>", ""),
        [f"{TEXT}T01 {LACKS}https://a.example/%C3%B6"],
    ),
    "a heading missing": (
        text("Rubrik\n------", ""),
        [
            f"{TEXT}T01 {LACKS}h2 “Extra ord”",
            f"{TEXT}T01 {LACKS}“Extra”",
            f"{TEXT}T01 {LACKS}“ord”",
        ],
    ),
    "a wide line": (
        text("Slut.", f"Slut. {'ord ' * 20}"),
        [
            (
                f"{TEXT}T02 a line of the text part is 86 columns wide: "
                "LINE: Slut. ord ord ord ord ord ord ord ord or…"
            )
        ],
    ),
}


@pytest.mark.parametrize("name", [name for name in MUTANTS if name != "a heading missing"])
def test_a_fault_is_caught(name: str) -> None:
    mutate, expected = MUTANTS[name]
    mutant = mutate(built())
    lines = open_form(mutant.text).split("\n")
    wide = next((n for n, line in enumerate(lines, 1) if line.startswith("Slut. ord")), 0)
    assert found(mutant)[: len(expected)] == [line.replace("LINE", str(wide)) for line in expected]


def test_a_heading_that_the_text_lacks_is_named() -> None:
    mutant = html("</body>", "<h2>Extra ord</h2></body>")(built())
    assert found(mutant) == MUTANTS["a heading missing"][1]


def test_the_words_of_a_heading_must_stand_together() -> None:
    mutant = html("</body>", "<h2>Slut. Läs</h2></body>")(built())
    assert found(mutant) == [f"{TEXT}T01 {LACKS}h2 “Slut. Läs”"]


NEAR_LIMIT = "close to the limit of 100000; Gmail clips at 102 KB"
OVER_LIMIT = "the limit is 100000, just below the 102 KB where Gmail clips"


@pytest.mark.parametrize(
    ("size", "line"),
    [
        (80_000, None),
        (80_001, f"H06 the mail is 80001 bytes, {NEAR_LIMIT}"),
        (100_000, f"H06 the mail is 100000 bytes, {NEAR_LIMIT}"),
        (100_001, f"H06 the mail is 100001 bytes; {OVER_LIMIT}"),
    ],
)
def test_size_is_counted_in_bytes(size: int, line: str | None) -> None:
    whole = built()
    missing = size - len(open_form(whole.html).encode())
    filled = html("</body>", f"<!--å{'x' * (missing - 9)}--></body>")(whole)
    assert len(open_form(filled.html).encode()) == size
    expected = [f"newsletters/provnummer/edition.toml:1: {line}"] if line else []
    assert found(filled) == expected


def test_only_the_larger_size_is_an_error() -> None:
    severities = [
        [
            str(f.severity)
            for f in check_rendered(
                html("</body>", " " * n + "</body>")(built()), edition(), CONFIG, "x"
            )
        ]
        for n in (75_000, 100_000)
    ]
    assert severities == [["warning"], ["error"]]


# -------------------------------------------------------------------- what looks like a fault only


def linked(*children: Inline) -> Paragraph:
    return Paragraph(children)


NEAR: dict[str, Block] = {
    "a part of a word": linked(Text("Små"), Strong((Text("Kom"),)), Emphasis((Text("s"),))),
    "a genitive behind a link": linked(
        Link("https://a.example/b", (Text("SmåKom"),)), Text("s kansli")
    ),
    "a genitive behind a wrapped link": List(
        (ListItem((linked(Link("https://a.example/" + "b" * 60, (Text("Vi"),)), Text("s")),)),),
        None,
    ),
    "a link in a heading": Heading(
        2, (Text("Läs "), Link("https://a.example/b", (Text("mer"),)), Text(" här")), "a"
    ),
    "an address in another script": linked(
        Link("https://åmål.example/ö", (Text("https://åmål.example/ö"),))
    ),
    "a mailbox in another script": linked(
        Link("mailto:kommun@åmål.example", (Text("kommun@åmål.example"),))
    ),
    "an address said without its slash": linked(
        Link("https://a.example/", (Text("https://a.example"),))
    ),
    "an address said with a slash of its own": linked(
        Link("https://a.example", (Text("a.example/"),))
    ),
    "a place on a page": linked(Link("https://a.example/b#c", (Text("c"),))),
    "a telephone number": linked(Link("tel:+468123", (Text("08-123"),))),
    "a wide line of code": CodeBlock("ord " * 60),
    "a wide table": Table(
        ((Text("a " * 30),), (Text("b"),)), (((Text("c"),), (Text("d " * 40),)),)
    ),
    "a long word": paragraph("ord " + "a" * 100),
    "a long word of wide characters": List((ListItem((paragraph("漢" * 50),)),), None),
    "words about CSS": paragraph("@import url(https://a.example/x.css);"),
    "words about scripts": linked(Code("javascript:void(0)"), Text(" <script> onclick=")),
    "marks alone": paragraph("* – · [] <>"),
    "words in angles": paragraph("<b>fet</b> text"),
}


@pytest.mark.parametrize("name", NEAR)
def test_what_looks_like_a_fault_is_none(name: str) -> None:
    assert found(built(paragraph("Ingress."), NEAR[name], paragraph("Slut."))) == []


def test_reply_to_is_the_sender_that_readers_see() -> None:
    config = replace(CONFIG, sender=replace(CONFIG.sender, reply_to="svar@f.example"))
    rendered, _ = render(edition(BODY), config=config)
    assert list(check_rendered(rendered, edition(), config, "x")) == []
    assert "kansli@forening.example" not in open_form(rendered.text)


# ------------------------------------------------------------------------------- reading a page


def test_a_page_is_read_as_its_reader_hears_it() -> None:
    page = read_page(
        '<title>t</title><style>p{}</style><h1>Ett <em>t</em>vå</h1><p style="a:b">x<br>y</p>'
        '<p aria-hidden="true">dold</p><p style="display:none">dold</p><a href="u">l</a><a>n</a>'
        "<!-- c --><h2>a<br>b</h2>"
    )
    assert page.words == ["Ett", "två", "x", "y", "ln", "a", "b"]
    assert page.headings == [(1, "Ett två"), (2, "a b")]
    assert page.links == ["u"]
    assert page.active == []


@pytest.mark.parametrize("empty", ["", " ", "<!-- x -->"])
def test_an_empty_page_has_nothing(empty: str) -> None:
    assert (read_page(empty).words, read_page(empty).headings) == ([], [])


def test_open_slots_show_their_default() -> None:
    parts = PersonalText(("Hej ", Slot("name", "du"), Slot("email"), Slot("unsubscribe"), "."))
    assert open_form(parts) == "Hej duhttps://unsubscribe.invalid/slot."


def test_words_are_bare() -> None:
    assert bare_words("– Hej, (du). https://a.example/ <x> 1–2 · ~~") == (
        ["Hej", "du", "a.example", "x", "1–2"]
    )
