"""A style sheet is cut into rules without losing a byte of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.shapes.sheet import Piece, pieces_of, split_selectors
from tests.render.shapes.drawing import styled


def joined(pieces: "tuple[Piece, ...]") -> str:
    """Put a style sheet together again."""
    return "".join(f"{p.head}{{{p.body}{joined(p.inner)}}}" if p.braces else p.head for p in pieces)


@pytest.mark.parametrize(
    "css",
    [
        "",
        "p { color: red }",
        "a, b > c{}\n\n/* x } */ .d::before { content: '}' } ",
        "@import url(x.css); @media screen and (min-width: 1px) { p { x: y } q { z: w } }",
        "@media a { @media b { p {} } } @font-face { font-family: X }",
        "p { a: url(data:image/png;base64,AA==) }",
    ],
)
def test_a_style_sheet_is_all_of_its_pieces(css: str) -> None:
    assert joined(pieces_of(css)) == css


@given(st.lists(st.sampled_from([*"{};@'\"", "/*", "*/", "p", "@media x", " ", "a: b", "\\"])))
def test_any_words_are_cut_and_none_is_lost(words: list[str]) -> None:
    css = "".join(words)
    assert joined(pieces_of(css)).replace("}", "") == css.replace("}", "")


def test_selectors_are_divided_outside_brackets_and_strings() -> None:
    assert split_selectors("a, b[title='x,y'], :is(c, d) e,") == (
        "a",
        "b[title='x,y']",
        ":is(c, d) e",
    )


@pytest.mark.parametrize("client", ["apple-mail", "samsung"])
def test_what_a_program_supports_keeps_its_bytes(client: str) -> None:
    css = "/* a */ p{color:red;;} \n@media  screen{ .a , b{ margin:0 } }@page{ margin:0 }"
    assert styled(css, client) == css
