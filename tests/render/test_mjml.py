"""The MJML engine behind its fence: it gets nothing that it dies of."""

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import mjml
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.mjml import MAX_DEPTH, MjmlFault, depth, mjml_to_html

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMN = "<mjml><mj-body><mj-section><mj-column>{}</mj-column></mj-section></mj-body></mjml>"
TEXT = COLUMN.format("<mj-text>{}</mj-text>")
INSIDE = 5  # mjml, mj-body, mj-section, mj-column, mj-text


def fault(source: str) -> str:
    with pytest.raises(MjmlFault) as raised:
        mjml_to_html(source)
    return str(raised.value)


def test_mjml_becomes_html() -> None:
    page = mjml_to_html(TEXT.format("<p>Hej</p>"))
    assert page.startswith("<!doctype html>")
    assert "<p>Hej</p>" in page


def test_notes_of_a_layouts_author_do_not_come_into_the_mail() -> None:
    page = mjml_to_html(TEXT.format("<!-- a note --><p>Hej</p>"))
    assert "a note" not in page
    assert "<!--[if mso" in page


def test_no_font_is_fetched() -> None:
    page = mjml_to_html(COLUMN.format('<mj-text font-family="Ubuntu, Roboto">x</mj-text>'))
    assert "fonts.googleapis" not in page
    assert "<link" not in page


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "unable to find mjml element"),
        ("<mjml>", "unexpected end of stream in root template"),
        (TEXT.format("a < b"), "unable to parse next template in root template"),
        (TEXT.format("<![CDATA[a]]>"), "unexpected token in root template at position 47:60"),
        ("\x00", "unable to parse next template in root template"),
    ],
    ids=["empty", "unclosed", "less than", "CDATA", "NUL"],
)
def test_what_cannot_be_read_is_refused_with_the_engines_reason(source: str, reason: str) -> None:
    assert fault(source) == reason


@pytest.mark.parametrize("path", ["a.mjml", "../a.mjml", "/etc/passwd", "https://a.example/a"])
@pytest.mark.parametrize("kind", ["", ' type="html"', ' type="css"'])
def test_an_include_is_refused(path: str, kind: str) -> None:
    include = f'<mj-include path="{path}"{kind} />'
    assert fault(COLUMN.format(include)).startswith(
        ("unable to load included template", "invalid attribute")
    )


def test_a_panic_of_the_engine_is_refused_as_any_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a loader the engine panics on this include; PanicException is no Exception."""
    engine: Callable[..., str] = mjml.mjml2html

    def loading(source: str, **options: object) -> str:
        return engine(source, **options | {"include_loader": lambda _: "<p>a</p>"})

    monkeypatch.setattr(mjml, "mjml2html", loading)
    head = '<mjml><mj-head><mj-include path="a" type="html" /></mj-head></mjml>'
    assert fault(head) == "the engine gave up"


def test_an_interruption_is_not_taken_for_a_panic(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(mjml, "mjml2html", interrupted)
    with pytest.raises(KeyboardInterrupt):
        mjml_to_html("<mjml></mjml>")


# ---------------------------------------------------------------------------------------- nesting


def nested(opening: str, closing: str, times: int) -> str:
    return TEXT.format(opening * times + closing * times)


def test_a_hundred_levels_are_read() -> None:
    assert "<div>" in mjml_to_html(nested("<div>", "</div>", MAX_DEPTH - INSIDE))


def test_more_than_a_hundred_levels_are_refused() -> None:
    source = nested("<div>", "</div>", MAX_DEPTH - INSIDE + 1)
    assert fault(source) == "elements nest deeper than 100"


# Each is something that the engine nests, in a form that hides it from a careless count.
DEEP = {
    "plain": ("<div>", "</div>"),
    "with a comment that closes": ("<div><!-- </div> -->", "</div>"),
    "with an attribute that closes": ("<div a='</div>'>", "</div>"),
    "with a > in an attribute": ("<div a='\">'>", "</div>"),
    "named with a line": ("<_a>", "</_a>"),
    "named with a colon": ("<:a>", "</:a>"),
    "named in another script": ("<é>", "</é>"),
    "named as an empty element of MJML": ("<mj-image>", "</mj-image>"),
    "with a line break": ("<div\n>", "</div\n>"),
    "with a slash in an attribute": ('<div a="/">', "</div>"),
    "in capitals": ("<DIV>", "</DIV>"),
}


@pytest.mark.parametrize("form", DEEP)
def test_nesting_is_refused_in_whatever_form(form: str) -> None:
    opening, closing = DEEP[form]
    assert fault(nested(opening, closing, 200)) == "elements nest deeper than 100"


def test_without_the_fence_deep_nesting_ends_the_process() -> None:
    """The reason for the fence; when this fails the engine has been mended."""
    script = f"import mjml; mjml.mjml2html({TEXT!r}.format('<div>' * 20000 + '</div>' * 20000))"
    ended = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)
    assert ended.returncode < 0


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        ("", 0),
        ("a < b", 0),
        ("<a></a><a></a>", 1),
        ("<a><b/></a>", 1),
        ("<a><br><img src='x'><hr /></a>", 1),
        ("<a><b></b><b><c></c></b></a>", 3),
        ("</a></a><a></a>", 1),
        ("<!-- <a><b> --><c></c>", 1),
        ("<!doctype html><?x?><a></a>", 1),
    ],
)
def test_depth(source: str, levels: int) -> None:
    assert depth(source) == levels


PIECES = st.sampled_from(
    [
        "<mjml>",
        "</mjml>",
        "<mj-body>",
        "</mj-body>",
        "<mj-text>",
        "</mj-text>",
        "<p>",
        "</p>",
        "<",
        "&",
        ">",
        '"',
        "'",
        "<!--",
        "-->",
        "<mj-image/>",
        "<![CDATA[",
        "\n",
        "x",
        "/",
        "=",
        "<br>",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_a_template_gives_it_is_html_or_a_fault(source: str) -> None:
    try:
        page = mjml_to_html(source)
    except MjmlFault as raised:
        page = f"<!doctype html>{raised}"
    assert re.match("<!doctype html>.", page)
