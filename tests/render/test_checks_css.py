"""Rules over style sheets: each catches its slip in the real layout, and lets its near miss be."""

import re

import pytest

from tests.render.altered import after, at, built_with, january, rebuilt

INLINE, NARROW = "inline.css", "head/10-narrow.css"
MAIL = "edition.mjml.j2"
L = "layouts/smakom/"


def style(css: str) -> tuple[str, str]:
    """Give the change that puts a style of a template's own into the mail."""
    return "<mj-breakpoint", f"<mj-style>{css}</mj-style><mj-breakpoint"


def rules(number: int) -> tuple[str, str]:
    """Give the change that adds so many rules at the end of a style sheet."""
    return "", "\n".join(f".x{i} {{ color: #123456 !important; }}" for i in range(number))


def test_the_real_layout_is_clean() -> None:
    assert rebuilt(january()[1]) == []


UNREAD = "is not read by every mail program"
FETCHES = "C01 CSS fetches something from outside: "


@pytest.mark.parametrize(
    ("file", "change", "expected"),
    [
        (
            NARROW,
            ("", '\n@import url("https://fonts.example/x.css");\n'),
            f'{after(NARROW, 1)}: {FETCHES}@import url("https://fonts.example/x.css")',
        ),
        (
            INLINE,
            (".gap {", ".gap { background: url( '//a.example/x.png' );"),
            f"{at(INLINE, '.gap {')}: {FETCHES}url( '//a.example/x.png' )",
        ),
        (
            INLINE,
            (".gap {", ".gap { background: url(file:///etc/passwd);"),
            f"{at(INLINE, '.gap {')}: {FETCHES}url(file:///etc/passwd)",
        ),
        (
            "web/style.css.j2",
            ("* { box-sizing", '@IMPORT "https://a.example/x.css";\n* { box-sizing'),
            f'{at("web/style.css.j2", "* { box-sizing")}: {FETCHES}@IMPORT "https://a.example/x.css"',
        ),
        (
            MAIL,
            style("@import url(https://a.example/x);"),
            f"{at(MAIL, '<mj-breakpoint')}: {FETCHES}@import url(https://a.example/x)",
        ),
        (
            "partials/masthead.mjml.j2",
            ('<p class="wordmark">', '<p style="background:url(https://a.example/x)">'),
            f"{at('partials/masthead.mjml.j2', 'wordmark')}: {FETCHES}url(https://a.example/x)",
        ),
    ],
)
def test_css_that_fetches_is_told_with_its_line(
    file: str, change: tuple[str, str], expected: str
) -> None:
    assert expected in built_with(file, change)


def test_css_that_fetches_in_a_comment_fetches_nothing() -> None:
    assert built_with(NARROW, ("", "/* @import url(https://a.example/x) */")) == []


def test_kept_styles_above_the_limit_of_gmail_are_an_error() -> None:
    (found,) = built_with(NARROW, rules(500))

    assert re.fullmatch(
        f"{L}{NARROW}:1: C02 the mail's style sheets are \\d{{5}} bytes; "
        "above 16384 Gmail drops them",
        found,
    )


def test_kept_styles_near_the_limit_are_a_warning() -> None:
    (found,) = built_with(NARROW, rules(180))

    assert re.fullmatch(
        f"{L}{NARROW}:1: C02 the mail's style sheets are \\d{{4}} bytes; "
        "older Gmail drops them above 8192",
        found,
    )


def test_kept_styles_below_the_limit_are_fine() -> None:
    assert built_with(NARROW, rules(120)) == []


def test_a_media_query_inside_another_is_an_error() -> None:
    nested = "@media screen {\n@media (min-width: 1px) { .x { margin: 0px !important; } } }"

    assert built_with(NARROW, ("", nested)) == [
        after(NARROW, 1)
        + ": C03 @media stands inside another @ block: Gmail drops the whole style sheet"
    ]


@pytest.mark.parametrize(
    ("file", "change", "expected"),
    [
        (
            NARROW,
            ("", ".x { color #8FD0BC !important; }"),
            f"{after(NARROW)}: C03 CSS cannot be read: color #8FD0BC !important",
        ),
        (
            INLINE,
            ("h1 { margin: 0;", "h1 { margin: 0"),
            at(INLINE, "h1 {")
            + ": C03 CSS cannot be read: margin: 0 font-family: Georgia, 'Times New Roman', serif",
        ),
        (
            NARROW,
            ("", ".x { color: #000000"),
            f"{after(NARROW)}: C03 CSS cannot be read: color: #000000",
        ),
        (NARROW, ("", "}"), f"{after(NARROW)}: C03 CSS cannot be read: }}"),
        (NARROW, ("", ".x[ { color: #000000; }"), f"{after(NARROW)}: C03 CSS cannot be read: .x["),
        (
            MAIL,
            style("p { margin }"),
            f"{at(MAIL, '<mj-breakpoint')}: C03 CSS cannot be read: margin",
        ),
    ],
)
def test_css_that_cannot_be_read_is_told_with_its_line(
    file: str, change: tuple[str, str], expected: str
) -> None:
    assert expected in built_with(file, change)


def test_empty_statements_and_comments_can_be_read() -> None:
    assert built_with(NARROW, ("", "/* { */ .x { color: #22302C !important;; } .y { }")) == []


@pytest.mark.parametrize(
    "written", ["color: #8FD0BC!important", "color: red !IMPORTANT", "color: red ! important"]
)
def test_important_that_some_programs_misread_is_told(written: str) -> None:
    said = f": C04 “{written}” is not understood by every mail program"

    assert built_with(NARROW, ("", f".x {{ {written}; }}")) == [after(NARROW) + said]
    assert built_with(MAIL, style(f".x {{ {written} }}")) == [at(MAIL, "<mj-breakpoint") + said]


@pytest.mark.parametrize("written", ["red !important", "red\n!important", "red  !important"])
def test_important_in_small_letters_after_a_space_is_fine(written: str) -> None:
    assert built_with(NARROW, ("", f".x {{ color: {written}; }}")) == []


def test_important_in_inline_css_is_told_because_it_stops_the_other_styles() -> None:
    assert built_with(INLINE, (".gap {", ".gap { height: 20px !important;")) == [
        at(INLINE, ".gap {") + ": C04 !important in inline.css keeps the style sheets in head/ "
        "from having effect: height: 20px !important"
    ]


@pytest.mark.parametrize("value", ["#154", "#1545", "hsl(168, 50%, 24%)", "rgb(30 91 79)"])
def test_a_colour_that_some_programs_cannot_read_is_told(value: str) -> None:
    assert built_with(INLINE, (".tag { ", f".tag {{ border-color: {value}; ")) == [
        at(INLINE, ".tag {") + f": C06 “{value}” in an element's style {UNREAD}"
    ]


@pytest.mark.parametrize("value", ["#115544", "#FFFFFF", "rgb(30, 91, 79)", "navy"])
def test_a_colour_that_all_programs_read_is_fine(value: str) -> None:
    assert built_with(INLINE, (".tag { ", f".tag {{ border-color: {value}; ")) == []


def test_a_variable_in_an_elements_style_is_told() -> None:
    assert built_with(INLINE, (".tag { ", ".tag { border-color: var(--line); ")) == [
        at(INLINE, ".tag {") + ": C05 CSS Variables (Custom Properties) does not work in "
        "Gmail, Outlook Windows, Outlook.com, Yahoo",
        at(INLINE, ".tag {") + f": C06 “var(--line)” in an element's style {UNREAD}",
    ]


def test_a_short_colour_of_a_template_is_told_at_the_template() -> None:
    assert built_with(MAIL, ('color="#22302C"', 'color="#222"')) == [
        at(MAIL, "#22302C") + f": C06 “#222” in an element's style {UNREAD}"
    ]


def test_a_comment_that_would_leave_with_the_mail_is_told() -> None:
    assert built_with(MAIL, style("/* mine */ .x { color: #22302C }")) == [
        f"{at(MAIL, '<mj-breakpoint')}: C07 a comment stays in the mail's style sheet: /* mine */"
    ]


def test_a_comment_in_a_file_of_the_layout_is_taken_out_and_so_fine() -> None:
    assert built_with(NARROW, ("", "/* mine */")) == []
