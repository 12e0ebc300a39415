"""Gmail's own rules, and those of its app with another's account."""

import pytest

from smakom_mail.render.shapes import shape_for
from smakom_mail.render.shapes.gmail import CLIP_AT, clipped
from tests.render.shapes.drawing import lost, shown, styled

BIG = "p { color: #123456; }"
CLIPPED = (
    '<div style="padding:16px;font-family:Arial,sans-serif;font-size:14px;color:#222222" '
    'data-lost="0">'
)


def test_the_body_becomes_a_box_that_keeps_its_style() -> None:
    html = '<body class="a" style="background-color:#ffffff;position:fixed" dir="ltr">ord</body>'
    assert shape_for(html, "gmail").html == (
        '<html><body style="margin:0"><div class="a" style="background-color:#ffffff" dir="ltr" '
        'data-lost="0">ord</div></body></html>'
    )


def test_rules_for_the_body_are_void() -> None:
    assert styled("body, p { color: red }", "gmail") == "p { color: red }"
    assert lost("<style>body, p { color: red }</style>ord", "gmail") == ["html-body | body | 1"]


def test_style_sheets_beyond_16_kb_are_dropped_and_smaller_ones_behind_them_kept() -> None:
    sheets = [BIG * 400, BIG * 400, BIG * 10]
    html = "<head>" + "".join(f"<style>{css}</style>" for css in sheets) + "</head><p>ord</p>"
    assert shape_for(html, "gmail").html.count("<style>") == 2
    assert lost(html, "gmail") == ["html-style | <style>: 8400 bytes | 1"]


def test_a_style_sheet_of_16_kb_is_read() -> None:
    css = "p { color: red }".ljust(16 * 1024)
    assert lost(f"<style>{css}</style><p>ord</p>", "gmail") == []
    assert lost(f"<style>{css} </style><p>ord</p>", "gmail") == [
        "html-style | <style>: 16385 bytes | 1"
    ]


def test_a_style_sheet_in_the_body_is_dropped() -> None:
    html = "<body><style>p { color: red }</style><p>ord</p></body>"
    assert shown(html, "gmail") == '<div><p data-lost="0">ord</p></div>'
    assert lost(html, "gmail") == ["html-style | <style>: 16 bytes | 1"]


@pytest.mark.parametrize(
    ("css", "fact"),
    [
        ("@media screen { @media (max-width: 9px) { p { color: red } } }", "gmail-style-nesting"),
        ("@media screen { @font-face { font-family: X } }", "gmail-style-nesting"),
        ("p { color: red } }", "gmail-style-fault"),
        ("p { color red }", "gmail-style-fault"),
        ("p { color: rgb(0 128 0) }", "css-rgb"),
    ],
)
def test_one_fault_drops_the_whole_style_sheet_and_no_other(css: str, fact: str) -> None:
    html = f"<style>p {{ color: blue }}</style><style>{css}</style><p>ord</p>"
    assert shape_for(html, "gmail").html.count("<style>") == 1
    assert lost(html, "gmail") == [f"{fact} | <style>: {len(css)} bytes | 1"]


def test_only_the_class_may_be_asked_for_and_only_word_by_word() -> None:
    css = "[class~=a] { color: red } [class=a] { color: blue } p[title] { color: green }"
    html = '<p class="a" title="x">ord</p>'
    assert styled(css, "gmail", html) == "[class~=a] { color: red }"
    assert lost(f"<style>{css}</style>{html}", "gmail") == [
        "css-selector-attribute | [class=a]; p[title] | 1"
    ]


def test_a_variable_is_not_declared_but_may_be_asked_for() -> None:
    html = '<p style="--x: red; color: var(--x, blue)">ord</p>'
    assert (
        shown(html, "gmail") == '<div><p style=" color: var(--x, blue)" data-lost="0">ord</p></div>'
    )


def test_a_colour_that_it_cannot_read_takes_all_styling_of_its_element() -> None:
    html = '<p style="margin: 0; color: oklch(1 0 0)"><b style="color: red">ord</b></p>'
    assert shown(html, "gmail") == ('<div><p data-lost="0"><b style="color: red">ord</b></p></div>')


@pytest.mark.parametrize("tag", ["main", "nav", "details", "summary"])
def test_some_parts_become_underlined(tag: str) -> None:
    html = f'<{tag} id="a" title="x">ord</{tag}><section>ord</section>'
    assert shown(html, "gmail") == (
        '<div><u id="a" data-lost="0">ord</u><section>ord</section></div>'
    )


def test_images_inside_the_mail_and_drawn_ones_are_gone() -> None:
    html = (
        '<img src="data:image/png;base64,AA" alt="a"><img src="https://a.example/b.svg?x" alt="b">'
        '<img src="https://a.example/c.png" alt="c"><svg><path></path></svg>'
    )
    assert shown(html, "gmail") == (
        '<div data-lost="0"><img alt="a" data-lost="1"><img alt="b" data-lost="2">'
        '<img src="https://a.example/c.png" alt="c"></div>'
    )


def test_a_mail_of_102_kb_is_shown_and_one_byte_more_is_clipped() -> None:
    html = f"<p>{'x' * (CLIP_AT - 7)}</p>"
    assert len(html) == CLIP_AT
    assert clipped(html) is None
    assert lost(html, "gmail") == []
    assert clipped(html + "y") == html
    assert lost(html + "y", "gmail") == ["gmail-clipping | HTML, 104449 bytes > 104448 | 1"]


@pytest.mark.parametrize(
    "cut",
    ["<b title='a>b'>", "<!-- en kommentar -->", "&aring;", "</b>", "å", "<style>p{}</style>"],
)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_mail_is_cut_where_nothing_is_open(cut: str, language: str) -> None:
    start = f'<html lang="{language}"><body><p>'
    said = {
        "sv": '[Meddelandet är avkortat] <a style="color:#1155cc">Visa hela meddelandet</a>',
        "en": '[Message clipped] <a style="color:#1155cc">View entire message</a>',
    }[language]
    for before in range(1, len(cut.encode())):
        text = "x" * (CLIP_AT - len(start) - before)
        html = f"{start}{text}{cut}{'y' * 200}</p></body></html>"
        shape = shape_for(html, "gmail")
        assert shape.html == (
            f'<html lang="{language}"><body style="margin:0"><div><p>{text}</p>'
            f"{CLIPPED}{said}</div></div></body></html>"
        )


def test_what_lies_behind_the_cut_is_lost_with_its_own_losses() -> None:
    html = f'<p style="position: fixed">a</p>{"<p>xx</p>" * 12000}<p style="z-index: 1">b</p>'
    assert lost(html, "gmail") == [
        "css-position | position: fixed | 1",
        f"gmail-clipping | HTML, {len(html)} bytes > 104448 | 1",
    ]


def test_with_another_account_only_what_stands_on_elements_is_left_and_nothing_is_guessed() -> None:
    html = (
        "<head><style>p { margin: 0 }</style><style media=print>b { color: red }</style></head>"
        '<p style="color: red; padding: 4px">ord <b>fet</b></p>'
    )
    shape = shape_for(html, "gmail-other")
    assert shape.html == (
        '<html><head></head><body style="margin:0"><div>'
        '<p style="color: red; padding: 4px" data-lost="0">ord <b data-lost="0">fet</b></p>'
        "</div></body></html>"
    )
    assert shape.badge == "exact"
    assert [loss.why_sv for loss in shape.losses] == [
        "Gmail-appen med ett annat konto tar bort alla stilmallar."
    ]


def test_with_another_account_more_that_goes_makes_the_picture_one_of_rules() -> None:
    html = '<p style="position: fixed; white-space: nowrap">ord</p>'
    shape = shape_for(html, "gmail-other")
    assert shape.badge == "rules"
    assert lost(html, "gmail-other") == [
        "css-position | position: fixed | 1",
        "css-white-space | white-space: nowrap | 1",
    ]
