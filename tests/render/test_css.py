"""Style sheets read strictly, with lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.cascade import Cascade, Marks, modes_of
from smakom_mail.render.css import parse_css, parse_style, split_outside


def shown(css: str) -> list[str]:
    """Give the rules of a style sheet as text."""
    return [
        f"{rule.line} {rule.media}|{'|'.join(rule.selectors)}|"
        + "|".join(f"{d.name}={d.value}{'!' * d.important}" for d in rule.declarations)
        for rule in parse_css(css).rules
    ]


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a { color: red }", ["1 |a|color=red"]),
        ("a, b > c\n{ X: 1; y : 2 !important }", ["1 |a|b > c|x=1|y=2!"]),
        ("/* a {\n} */\nb{c:d}", ["3 |b|c=d"]),
        ("@media screen {\n  a { b: c }\n}\nd { e: f }", ["2 screen|a|b=c", "4 |d|e=f"]),
        ("@media(min-width:1px){a{b:c}}", ["1 (min-width:1px)|a|b=c"]),
        ("@media x{@media y{a{b:c}}}", ["1 x and y|a|b=c"]),
        ('a{b:"};{";c:url(;)}', ['1 |a|b="};{"|c=url(;)']),
        ("a{--B:c}", ["1 |a|--B=c"]),
        ("a[b=',']{c:d}", ["1 |a[b=',']|c=d"]),
        ("@import url(x); a{b:c}", ["1 |a|b=c"]),
        ("@font-face{src:x} @keyframes k{0%{a:b}} c{d:e}", ["1 |c|d=e"]),
        ("", []),
    ],
)
def test_rules_are_read_with_their_lines(css: str, expected: list[str]) -> None:
    assert shown(css) == expected
    assert parse_css(css).faults == ()


@pytest.mark.parametrize(
    ("css", "fault"),
    [
        ("a{b:c", (1, "b:c")),
        ("a{b:c}\n}", (2, "}")),
        ("a{b}", (1, "b")),
        ("\na{b: c d: e}", (2, "b: c d: e")),
        ("a,{b:c}", (1, "a,")),
        ("a{b:'c}", (1, "'c}")),
        ("a{b:c!}", (1, "b:c!")),
        ("a{b:}", (1, "b:")),
        ("a{1b:c}", (1, "1b:c")),
        ("a{b{c:d}}", (1, "b")),
        ("/* a", (1, "/* a")),
        ("a;b{c:d}", (1, "a")),
        ("@media x{a{b:c}", (1, "{")),
        ("{a:b}", (1, "{")),
        ("a[{b:c}", (1, "a[")),
        ("a{b:url(c}", (1, "b:url(c")),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_its_line(css: str, fault: tuple[int, str]) -> None:
    assert fault in parse_css(css).faults


@given(st.text(alphabet="a{}();:@/*\"'!,\n .", max_size=60))
def test_no_text_stops_the_reader(css: str) -> None:
    sheet = parse_css(css)

    assert all(1 <= line <= css.count("\n") + 1 for line, _ in sheet.faults)
    assert all(declared.name and declared.value for declared in parse_style(css))


def test_a_great_many_faults_are_told_in_part_only() -> None:
    assert len(parse_css("'\n" * 10_000).faults) == 20


def test_marks_inside_brackets_and_strings_divide_nothing() -> None:
    assert split_outside("a,b(c,d),'e,f',[g,h]", ",") == ["a", "b(c,d)", "'e,f'", "[g,h]"]


@pytest.mark.parametrize(
    ("media", "modes"),
    [
        ("", ("light", "dark")),
        ("screen and (min-width: 480px)", ("light", "dark")),
        ("(prefers-color-scheme: dark)", ("dark",)),
        ("(PREFERS-COLOR-SCHEME:LIGHT)", ("light",)),
        ("print", ()),
        ("only screen and (max-width: 479px)", ()),
        ("@supports (display: grid)", ()),
    ],
)
def test_a_media_query_holds_in_these_schemes_on_a_wide_screen(
    media: str, modes: tuple[str, ...]
) -> None:
    assert modes_of(media) == modes


RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.mark.parametrize(
    ("css", "style", "expected"),
    [
        ("p { color: red }", "", RED),
        ("p { color: red } p { color: blue }", "", BLUE),
        (".a { color: blue } p { color: red }", "", BLUE),
        ("#i { color: blue } .a { color: red }", "", BLUE),
        ("p { color: red }", "color: blue", BLUE),
        ("p { color: red !important }", "color: blue", RED),
        ("p { color: red !important }", "color: blue !important", BLUE),
        ("div p { color: red }", "", RED),
        ("div > p { color: red }", "", RED),
        ("body p { color: red } body > p { color: blue }", "", RED),
        ("div { color: red }", "", RED),
        ("div { color: red } * { color: blue }", "", BLUE),
        ("div { color: red !important }", "color: inherit", RED),
        ("p::before, p:hover, a + p { color: red }", "color: blue", BLUE),
        ("p[data-x] { color: red }", "color: blue", BLUE),
        ("p { color: nonsense }", "color: blue", BLUE),
    ],
)
def test_the_strongest_rule_colours_the_text(
    css: str, style: str, expected: tuple[int, int, int]
) -> None:
    rules = Cascade([("", css)])
    body = rules.node(rules.root, Marks("body"))
    div = rules.node(body, Marks("div"))
    paragraph = rules.node(div, Marks("p", "a b", "i", style))

    assert paragraph.looks["light"].colour == expected
    assert rules.node(div, Marks("p", "a b", "i", style)) is paragraph


def test_a_page_of_endless_variety_does_not_fill_the_memory() -> None:
    rules = Cascade([("", "p { color: red }")])
    for number in range(20_010):
        rules.node(rules.root, Marks("p", f"c{number}"))

    assert len(rules.root.children) < 100
