"""What a screen reader meets in a page, in order."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.readout import Spoken, ambiguous, link_name, read_aloud
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import open_workplace
from tests.conftest import ROOT
from tests.render.making import CHARACTERS


def page(body: str, head: str = "") -> tuple[Spoken, ...]:
    return read_aloud(
        f'<!DOCTYPE html><html lang="sv"><head>{head}</head><body>{body}</body></html>'
    )


def met(body: str, head: str = "") -> list[str]:
    """Write each thing as ``kind[:level] words -> address (size x columns) @depth``."""
    return [
        item.kind
        + (f":{item.level}" if item.level else "")
        + (f" {item.text!r}" if item.text else "")
        + (f" -> {item.address}" if item.address else "")
        + (f" ({item.size} x {item.columns})" if item.size else "")
        + (" silent" if item.silent else "")
        + (f" @{item.depth}" if item.depth else "")
        for item in page(body, head)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Ett</p><p>Två</p>", ["text 'Ett'", "text 'Två'"]),
        ("<p>Ett <b>och</b> <i>två</i>.</p>", ["text 'Ett och två.'"]),
        ("<p>Kim<br>ordförande</p>", ["text 'Kim\\nordförande'"]),
        ("<p>rad\n  i källan</p>", ["text 'rad i källan'"]),
        ("<pre>a\n  b</pre>", ["text 'a\\nb'"]),
        ("<td>Ett</td><div>Två</div>tre", ["text 'Ett'", "text 'Två'", "text 'tre'"]),
        ("<p>·</p><p> – </p><p>…</p><p>\u00a0</p>", []),
        ("<p>👍</p><p>€</p>", ["text '👍'", "text '€'"]),
        ("<p>av\u00adstav\u200bning\ufeff</p>", ["text 'avstavning'"]),
        ("<h1>Ett</h1><h3>Tre</h3>", ["heading:1 'Ett'", "heading:3 'Tre'"]),
        ('<p role="heading" aria-level="4">Fyra</p>', ["heading:4 'Fyra'"]),
        ('<p role="heading" aria-level="x">Två</p>', ["heading:2 'Två'"]),
        ('<h2 role="presentation">Text</h2>', ["text 'Text'"]),
        ("<h2>Ett<br>två</h2>", ["heading:2 'Ett två'"]),
        ("<h2></h2>", ["heading:2"]),
        (
            '<h2>Om <a href="https://a.example/">vägen</a></h2>',
            ["heading:2 'Om vägen'", "link 'vägen' -> https://a.example/"],
        ),
        (
            '<p>Läs <a href="https://a.example/">mer här</a>, nu.</p>',
            ["text 'Läs'", "link 'mer här' -> https://a.example/", "text ', nu.'"],
        ),
        ('<a href="https://a.example/" aria-label="Vägen">här</a>', ["link 'Vägen' -> https://a.example/"]),
        ('<a href="https://a.example/" title="Vägen"></a>', ["link 'Vägen' -> https://a.example/"]),
        ('<a href="https://a.example/"></a>', ["link -> https://a.example/"]),
        (
            '<a href="https://a.example/"><img src="x/bro.png" alt="Bron"></a>',
            ["link 'Bron' -> https://a.example/"],
        ),
        ('<a name="x">Ingen länk</a>', ["text 'Ingen länk'"]),
        ('<img src="https://a.example/i/bro.png" alt="En bro">', ["image 'En bro' -> bro.png"]),
        ('<img src="bro.png" alt="">', ["image -> bro.png silent"]),
        ('<img src="bro.png" alt=" ">', ["image -> bro.png silent"]),
        ('<img src="bro.png" alt="En bro" role="presentation">', ["image -> bro.png silent"]),
        ('<img src="bro.png">', ["image -> bro.png"]),
        ('<span role="img" aria-label="Sol">☀</span>', ["image 'Sol'"]),
        ("<hr>", ["separator"]),
        (
            "<ul><li>Ett</li><li>Två<ol><li>Tre</li></ol></li></ul><p>Fyra</p>",
            [
                *("list (2 x 0)", "text 'Ett' @1", "text 'Två' @1"),
                *("list:1 (1 x 0) @1", "text 'Tre' @2", "text 'Fyra'"),
            ],
        ),
        ("<blockquote>Ord</blockquote>Mer", ["quote", "text 'Ord' @1", "text 'Mer'"]),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>",
            ["table (2 x 2)", *(f"text '{cell}' @1" for cell in "AB12")],
        ),
        ('<table role="none"><tr><td>A</td><td>B</td></tr></table>', ["text 'A'", "text 'B'"]),
        (
            '<div role="article" aria-label="Brevet"><p>Hej</p></div>',
            ["landmark 'Brevet' -> article", "text 'Hej'"],
        ),
        ("<main>Hej</main>", ["landmark -> main", "text 'Hej'"]),
        ('<div role="region">Hej</div>', ["text 'Hej'"]),
        (
            '<p>Hej <span lang="en">world</span> igen</p>',
            ["text 'Hej'", "language 'en'", "text 'world'", "language 'sv'", "text 'igen'"],
        ),
        ('<div lang="sv"><p lang="sv">Hej</p></div>', ["text 'Hej'"]),
        ('<p lang="en"></p><p>Hej</p>', ["text 'Hej'"]),
    ],
)  # fmt: skip
def test_each_thing_is_met_as_it_is_said(body: str, expected: list[str]) -> None:
    assert met(body) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">Dolt</div>',
        '<div style="visibility: hidden">Dolt</div>',
        "<div hidden>Dolt</div>",
        '<td aria-hidden="true">Dolt</td>',
        '<p class="away">Dolt</p>',
        "<p><!-- Dolt --></p>",
        "<!--[if mso]><p>Dolt</p><![endif]-->",
        "<script>Dolt</script><style>Dolt</style><template>Dolt</template>",
        '<div style="display:none"><a href="https://a.example/">Dolt</a><img alt="Dolt"></div>',
    ],
)
def test_what_is_hidden_is_not_met(hidden: str) -> None:
    head = "<style>.away { display: none; }</style>"

    assert met(f"<p>Ett</p>{hidden}<p>Två</p>", head) == ["text 'Ett'", "text 'Två'"]


def test_hidden_words_are_no_part_of_a_name() -> None:
    body = '<h2>Ett<span aria-hidden="true"> dolt</span></h2><a href="#x">Två<i hidden>dolt</i></a>'

    assert met(body) == ["heading:2 'Ett'", "link 'Två' -> #x"]


def test_blocks_in_a_name_are_words_apart() -> None:
    assert met('<a href="#x"><p>Ett</p><p>Två</p><b>t</b>re</a>') == ["link 'Ett Två tre' -> #x"]


def test_links_of_one_name_to_several_places_are_pointed_out() -> None:
    link = '<a href="https://a.example/{}">{}</a>'
    pairs = [("1", "Läs  mer"), ("2", "LÄS MER"), ("1", "Läs mer"), ("3", "Bron"), ("3", "Bron")]
    items = page("".join(link.format(*pair) for pair in pairs))

    assert ambiguous(items) == {"läs mer": 2}
    assert [link_name(item) for item in items] == ["läs mer"] * 3 + ["bron"] * 2


@pytest.mark.parametrize("html", ["", "<!DOCTYPE html>", "<p>Hej", "<html></html>", "&nbsp;"])
def test_a_page_that_is_hardly_one_is_read_too(html: str) -> None:
    assert [item.text for item in read_aloud(html)] in ([], ["Hej"])


def test_the_january_mail_begins_with_its_name_and_without_the_hidden_preheader() -> None:
    rendered = check_edition(open_workplace(ROOT, {}), "januari-2021").rendered
    assert rendered is not None
    html = rendered.html.fill({"unsubscribe": "https://a.example/u/x", "name": "Kim"})
    items = read_aloud(html)

    assert [(item.kind, item.text[:39]) for item in items[:6]] == [
        ("landmark", "Nyhetsbrev januari 2021: vindkraft, pos"),
        ("text", "Ordföranden om ett år av skärmmöten, st"),
        ("link", "Se det i webbläsaren"),
        ("text", "SmåKom"),
        ("image", ""),
        ("heading", "Nyhetsbrev januari 2021"),
    ]
    assert ambiguous(items) == {}


@given(st.lists(st.text(CHARACTERS, min_size=1, max_size=20), max_size=6))
def test_every_word_is_met_once_and_in_order(words: list[str]) -> None:
    bare = [" ".join(word.split()) for word in words if any(map(str.isalnum, word))]
    body = "".join(f"<p>{escape(word)}</p>" for word in words)
    unsaid = dict.fromkeys(map(ord, "\u034f\u00ad\u200b\u2060\ufeff"), "")
    heard = [item.text for item in page(body) if any(map(str.isalnum, item.text))]

    assert heard == [" ".join(word.translate(unsaid).split()) for word in bare]
