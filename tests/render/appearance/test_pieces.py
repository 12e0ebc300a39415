"""A page in pieces: no character is lost, and a tag is what a browser takes for one."""

import pytest
from hypothesis import given

from smakom_mail.render.appearance.pieces import (
    read_attributes,
    read_pieces,
    rewritten,
    with_attributes,
    with_first_style,
)
from tests.render.appearance.odd import MARKUP


def named(html: str) -> list[str]:
    """Give the pieces as words."""
    return [f"{p.kind} {p.name or html[p.start : p.end]}" for p in read_pieces(html)]


def test_tags_and_comments_are_pieces_and_what_a_style_holds_is_not() -> None:
    html = "<!DOCTYPE html><P a='>'>x<!--<b>--></p><style>a > b{}</style><!--[if !mso]><!-->"
    assert named(html) == [
        "other <!DOCTYPE html>",
        "open p",
        "other <!--<b>-->",
        "close p",
        "open style",
        "close style",
        "other <!--[if !mso]><!-->",
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<!--><b>", ["other <!-->", "open b"]),
        ("<!---><b>", ["other <!--->", "open b"]),
        ("<!--a--!><b>", ["other <!--a--!>", "open b"]),
        ("<!-- <b>", ["other <!-- <b>"]),
        ("<title><b></title><b>", ["open title", "close title", "open b"]),
        ("<style><b>", ["open style"]),
        ("<stylex><b>", ["open stylex", "open b"]),
        ("a < b <3 </ x><b>", ["other </ x>", "open b"]),
        ("<b title=it's><i>", ["open b", "open i"]),
        ("<b <i>", ["open b"]),
        ("<b><p title='<i>", ["open b", "other <p title='<i>"]),
        ("<b><style a=", ["open b", "other <style a="]),
    ],
)
def test_what_is_broken_is_read_as_a_browser_does(html: str, expected: list[str]) -> None:
    assert named(html) == expected


def test_attributes_are_read_with_and_without_quotes() -> None:
    tag = """<td  A=1 b='2 &amp; "3"' c = "&lt;" disabled a=4 e=x/>"""
    read = [(each.name, each.value) for each in read_attributes(tag)]
    assert read == [("a", "1"), ("b", '2 & "3"'), ("c", "<"), ("disabled", ""), ("e", "x/")]


@pytest.mark.parametrize(
    ("tag", "changes", "expected"),
    [
        ('<p class=a style="x" >', {"style": "y"}, '<p class=a style="y" >'),
        ("<p class='a' style='x'>", {"style": "x"}, "<p class='a' style='x'>"),
        ("<p class=a style=x>", {"class": None}, "<p style=x>"),
        ("<p class=a>", {"style": 'a "b" & c'}, '<p style="a &quot;b&quot; &amp; c" class=a>'),
        ("<br/>", {"id": "x"}, '<br id="x"/>'),
        ("<p>", {"id": None}, "<p>"),
    ],
)
def test_a_tag_keeps_what_is_not_changed(
    tag: str, changes: dict[str, str | None], expected: str
) -> None:
    assert with_attributes(tag, changes) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<!DOCTYPE html><html><head><b>", "<!DOCTYPE html><html><head><style>x</style><b>"),
        ("<!DOCTYPE html><html><body>", "<!DOCTYPE html><html><style>x</style><body>"),
        ("<!-- a --><!doctype html>\n<div>", "<!-- a --><!doctype html><style>x</style>\n<div>"),
        ("ord", "<style>x</style>ord"),
    ],
)
def test_a_first_style_stands_behind_the_doctype_and_before_all_others(
    html: str, expected: str
) -> None:
    assert with_first_style(html, "x") == expected


@given(MARKUP)
def test_no_character_of_any_page_is_lost(html: str) -> None:
    assert rewritten(html, lambda _, tag: with_attributes(tag, {}), str) == html
    ends = [0]
    for piece in read_pieces(html):
        assert ends[-1] <= piece.start < piece.end <= piece.code
        ends.append(piece.code)
