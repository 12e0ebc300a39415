"""Rules for readers who see badly: each catches its slip, and lets its near miss be."""

import pytest

from tests.render.altered import after, at, built_with, mail_with

INLINE, DARK = "inline.css", "head/20-dark.css"
MAIL, MASTHEAD = "edition.mjml.j2", "partials/masthead.mjml.j2"
DATE = "4 januari 2021"


def date(css: str) -> tuple[str, str]:
    """Give the change that adds to how the date below the title looks."""
    return "", f".date {{ {css} }}"


def in_dark(css: str) -> tuple[str, str]:
    """Give the change that adds rules for dark mode."""
    return "", f"@media (prefers-color-scheme: dark) {{ {css} }}"


def worst(colour: str, background: str, ratio: str, needed: str = "4.5") -> str:
    return f": {colour} on {background} is {ratio}, at least {needed} is needed"


# Light.


def test_text_too_pale_for_its_ground_is_told_where_its_colour_stands() -> None:
    said = f": A09 the text “{DATE}” is hard to see" + worst("#999999", "#FFFFFF", "2.84")

    assert built_with(INLINE, date("color: #999999;")) == [after(INLINE) + said]


@pytest.mark.parametrize("colour", ["#767676", "rgb(118, 118, 118)", "black"])
def test_text_dark_enough_is_fine(colour: str) -> None:
    assert built_with(INLINE, date(f"color: {colour};")) == []


def test_large_text_needs_less() -> None:
    said = ": A09 the text “Nyhetsbrev januari 2021” is hard to see"

    assert built_with(INLINE, ("", "h1 { color: #949494; }")) == []
    assert built_with(INLINE, ("", "h1 { color: #969696; }")) == [
        after(INLINE) + said + worst("#969696", "#FFFFFF", "2.95", "3")
    ]


@pytest.mark.parametrize(
    ("css", "large"),
    [
        ("font-size: 24px; line-height: 30px", True),
        ("font-size: 23px; line-height: 30px", False),
        ("font-size: 19px; line-height: 30px; font-weight: bold", True),
        ("font-size: 18px; line-height: 30px; font-weight: bold", False),
        ("font-size: 14pt; line-height: 30px; font-weight: 700", True),
        ("font: bold 19px/30px Arial", True),
    ],
)
def test_text_is_large_from_24_px_or_bold_from_18_66(css: str, large: bool) -> None:  # noqa: FBT001 - a column of the table
    found = [
        each for each in built_with(INLINE, date(f"color: #888888; {css};")) if " A09 " in each
    ]

    assert (found == []) is large


def test_a_colour_from_a_template_is_told_at_the_template() -> None:
    found = built_with(MAIL, ('color="#22302C"', 'color="#AAAAAA"'))

    assert found
    assert all(each.startswith(at(MAIL, '"#22302C"') + ": A09 ") for each in found)


def test_a_ground_too_dark_for_its_text_is_told() -> None:
    found = built_with(MASTHEAD, ('<p class="date">', '<p class="date" bgcolor="#22302C">'))

    assert found == [
        at(INLINE, ".date {")
        + f": A09 the text “{DATE}” is hard to see"
        + worst("#55635E", "#22302C", "2.18")
    ]


def test_text_that_is_hidden_may_have_any_colour() -> None:
    assert built_with(INLINE, date("color: #999999; display: none;")) == []


def test_half_clear_text_is_as_pale_as_it_looks() -> None:
    (found,) = [each for each in built_with(INLINE, date("opacity: 0.6;")) if "see:" in each]

    assert found == (
        f"{at(INLINE, '.date {')}: A09 the text “{DATE}” is hard to see"
        + worst("#55635E", "#FFFFFF", "2.64")
    )


def test_the_words_for_a_picture_that_is_not_shown_are_text_too() -> None:
    (found,) = built_with(INLINE, ("", ".picture { color: #BBBBBB; }"))

    assert found.startswith(after(INLINE) + ": A09 the text “Ett litet samhälle i vinterljus")


# Dark.


def test_a_colour_that_dark_mode_forgot_is_told_at_the_dark_styles() -> None:
    said = f": A09 the text “{DATE}” is hard to see in dark mode"

    assert built_with(INLINE, date("color: #55635F !important;"))[0] == (
        at(DARK, "prefers-color-scheme") + said + worst("#55635F", "#18211E", "2.61")
    )


def test_a_ground_that_dark_mode_forgot_is_told() -> None:
    found = built_with(MASTHEAD, ('<p class="date">', '<p class="date" bgcolor="#FFFFFF">'))

    assert found == [
        at(DARK, ".date")
        + f": A09 the text “{DATE}” is hard to see in dark mode"
        + worst("#AEBBB5", "#FFFFFF", "1.98")
    ]


@pytest.mark.parametrize(
    "rule",
    [
        ".date { color: #333333 !important; }",
        "p.date { color: #333333 !important; }",
        ".ink .date { color: #333333 !important; }",
        "div > p.date { color: #333333 !important; }",
        "[class~=date] { color: #333333 !important; }",
    ],
)
def test_dark_rules_hold_by_class_element_descendant_child_and_attribute(rule: str) -> None:
    found = built_with(DARK, in_dark(rule))

    assert found[0] == (
        f"{after(DARK)}: A09 the text “{DATE}” is hard to see in dark mode"
        + worst("#333333", "#18211E", "1.30")
    )


@pytest.mark.parametrize(
    "rule",
    [
        ".date { color: #333333; }",  # an element's own style is stronger
        ".date:hover { color: #333333 !important; }",
        "table > .date { color: #333333 !important; }",
        ".dates, h1.date, #date, [data-x] .date { color: #333333 !important; }",
        "@media print { .date { color: #333333 !important; } }",
    ],
)
def test_rules_that_do_not_hold_for_it_change_nothing(rule: str) -> None:
    found = built_with(DARK, in_dark(rule))

    assert [each for each in found if " A09 " in each] == []


def test_what_dark_mode_says_does_not_count_in_light() -> None:
    assert built_with(DARK, in_dark(".date { color: #FFFFFF !important; }")) == []


# Links in running text.


def test_a_link_without_line_that_is_hardly_another_colour_is_told() -> None:
    found = built_with(INLINE, ("", "a { text-decoration: none; }"))

    assert found[0] == (
        f"{after(INLINE)}: A10 the link “Se det i webbläsaren” is not underlined "
        "and differs only 1.00 from the text around it"
    )


@pytest.mark.parametrize(("colour", "told"), [("#000000", False), ("#222222", True)])
def test_a_link_without_line_may_differ_by_three_to_one_from_its_text(
    colour: str,
    told: bool,  # noqa: FBT001 - a column of the table
) -> None:
    link = f'Läs <a href="#" style="text-decoration:none;color:{colour} !important">mer</a>'
    found = mail_with("2021</p>", f"2021 {link}</p>")

    assert (
        any("A10 the link “mer” is not underlined and differs only 2.52" in f for f in found)
        is told
    )
    assert any(" A10 " in each for each in found) is told


def test_a_link_that_stands_alone_needs_no_line() -> None:
    link = '<p><a href="{{ web_url }}" style="text-decoration:none">Webben</a></p><p class="date">'

    assert built_with(MASTHEAD, ('<p class="date">', link)) == []


# Size and shape.


@pytest.mark.parametrize(
    ("size", "shown"), [("13px", "13"), ("10pt", "13.3333"), ("0.8em", "12.8")]
)
def test_small_text_is_a_warning(size: str, shown: str) -> None:
    assert built_with(INLINE, date(f"font-size: {size}; line-height: 21px;")) == [
        after(INLINE) + f": A11 the text “{DATE}” is {shown} px, at least 14 is needed"
    ]


@pytest.mark.parametrize("size", ["14px", "10.5pt", "1em", "100%", "medium"])
def test_text_of_14_px_is_fine(size: str) -> None:
    assert built_with(INLINE, date(f"font-size: {size}; line-height: 28px;")) == []


def test_tight_lines_in_running_text_are_a_warning() -> None:
    found = built_with(MAIL, ('line-height="26px"', 'line-height="22px"'))

    assert len(found) == 1
    assert found[0].startswith(at(MAIL, 'line-height="26px"') + ": A11 the lines of “")
    assert found[0].endswith(
        "stand close: the line height is 1.37 times the text, at least 1.4 is needed"
    )


@pytest.mark.parametrize("height", ["22.4px", "1.4", "140%", "1.5"])
def test_lines_of_1_4_times_the_text_are_fine(height: str) -> None:
    assert built_with(MAIL, ('line-height="26px"', f'line-height="{height}"')) == []


def test_tight_lines_in_a_heading_are_fine() -> None:
    assert built_with(INLINE, ("", "h2 { line-height: 26px; }")) == []


def test_a_straight_right_margin_is_a_warning() -> None:
    file = "sections/article.mjml.j2"
    found = built_with(
        file, ('<mj-text css-class="ink">', '<mj-text css-class="ink" align="justify">')
    )

    assert found == [
        at(file, 'css-class="ink"')
        + ": A11 the text “Utredningar” is justified, which makes uneven spaces"
    ]


def test_capitals_by_style_are_a_warning_and_capitals_by_the_author_are_not() -> None:
    assert built_with(INLINE, date("text-transform: uppercase;")) == [
        after(INLINE) + f": A11 the text “{DATE}” is shown in capitals, which are harder to read"
    ]
    assert mail_with(">Nyhetsbrev januari 2021</h1>", ">NYHETSBREV JANUARI 2021</h1>") == []


@pytest.mark.parametrize("value", ["capitalize", "none", "lowercase"])
def test_other_ways_to_write_letters_are_fine(value: str) -> None:
    assert built_with(INLINE, date(f"text-transform: {value};")) == []
