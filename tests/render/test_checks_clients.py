"""What mail programs lack, after caniemail, and what the baseline accepts."""

import pytest

from smakom_mail.render.caniemail import (
    TARGETS,
    baseline,
    features,
    of_at_rule,
    of_declaration,
    of_element,
    of_selector,
    unaccepted,
)
from smakom_mail.render.css import parse_style
from tests.conftest import ROOT
from tests.render.altered import after, at, built_with

MASTHEAD = "partials/masthead.mjml.j2"


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "lacking"),
    [
        (
            *("inline.css", ".gap {", ".gap { position: absolute;"),
            at("inline.css", ".gap {"),
            "position does not work in Gmail, Outlook Windows",
        ),
        (
            *("head/10-narrow.css", "", ".x { display: flex; }"),
            after("head/10-narrow.css"),
            "display:flex does not work in Outlook Windows",
        ),
        (
            *(MASTHEAD, "{{ title }}", '<abbr title="x">{{ title }}</abbr>'),
            at(MASTHEAD, "{{ title }}"),
            "<abbr> element does not work in Outlook Windows, Yahoo",
        ),
        (
            *(MASTHEAD, '<p class="date">', '<p class="date" style="float:left">'),
            at(MASTHEAD, '<p class="date">'),
            "float does not work in Outlook Windows",
        ),
    ],
)
def test_what_a_program_lacks_is_told_where_it_is_first_asked_for(
    file: str, old: str, new: str, place: str, lacking: str
) -> None:
    assert built_with(file, (old, new)) == [f"{place}: C05 {lacking}"]


@pytest.mark.parametrize("css", ["border-radius: 9px;", "white-space: nowrap;", "margin: 1px;"])
def test_what_the_baseline_accepts_or_all_support_is_not_told(css: str) -> None:
    assert built_with("inline.css", (".gap {", ".gap { " + css)) == []


def test_the_baseline_accepts_nothing_that_works_everywhere_and_nothing_unknown() -> None:
    lacking = {slug: set(features()[slug].lacking) for slug in baseline()}

    assert {slug: set(clients) for slug, clients in baseline().items()} == lacking


def test_the_data_is_whole_small_and_says_where_it_comes_from() -> None:
    folder = ROOT / "smakom_mail" / "data" / "caniemail"

    assert len(features()) > 300
    assert (folder / "support.json.gz").stat().st_size <= 40_000
    assert "`caniemail` 2.0.2" in (folder / "SOURCE.md").read_text(encoding="utf-8")
    assert "Rémi Parmentier" in (folder / "LICENSE").read_text(encoding="utf-8")


def test_every_target_is_a_program_that_caniemail_tests() -> None:
    tested = {program for feature in features().values() for program in feature.support}

    assert {p for programs in TARGETS.values() for p in programs} <= tested


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("margin-left: 2em", {"css-margin", "css-unit-em"}),
        ("border-top-left-radius: 4px", {"css-border-radius", "css-unit-px"}),
        ("border-top: 1px solid #115544", {"css-border", "css-unit-px"}),
        ("display: flex", {"css-display", "css-display-flex"}),
        ("width: calc(9rem - 1rem)", {"css-width", "css-unit-calc", "css-unit-rem"}),
        ("color: var(--ink) !important", {"css-variables", "css-important"}),
        ("--ink: #115544", {"css-variables"}),
        ("background: url(a1.5em.png)", {"css-background"}),
        ("font-family: 'Font 12pt', system-ui", {"css-sytem-ui"}),
        ("mso-hide: all", set()),
        ("color: #1E5B4F", set()),
    ],
)
def test_a_declaration_needs_these_features(style: str, expected: set[str]) -> None:
    found = {slug for declared in parse_style(style) for slug in of_declaration(declared)}

    assert found == expected


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("p", {"css-selector-type"}),
        (".a.b", {"css-selector-class", "css-selector-chaining"}),
        (".a > p", {"css-selector-class", "css-selector-child", "css-selector-type"}),
        ("[lang] .a", {"css-selector-attribute", "css-selector-descendant", "css-selector-class"}),
        ("a:hover", {"css-selector-type", "css-pseudo-class-hover"}),
        ("p::before", {"css-selector-type", "css-pseudo-element-before"}),
        ("#x + *", {"css-selector-id", "css-selector-adjacent-sibling", "css-selector-universal"}),
        ('a[title="x > .y"]', {"css-selector-type", "css-selector-attribute"}),
    ],
)
def test_a_selector_needs_these_features(selector: str, expected: set[str]) -> None:
    assert set(of_selector(selector)) == expected


def test_elements_attributes_and_at_rules_need_these_features() -> None:
    assert of_element("h2", ("align", "style")) == ("html-h1-h6", "html-align")
    assert of_element("main", ()) == ("html-semantics",)
    assert of_element("svg", ()) == ("html-svg",)
    assert of_element("o:p", ("class",)) == ()
    assert of_at_rule("media", "(prefers-color-scheme: dark)") == (
        "css-at-media",
        "css-at-media-prefers-color-scheme",
    )
    assert of_at_rule("font-face", "") == ("css-at-font-face",)


def test_an_unknown_feature_is_nobodys_lack() -> None:
    assert unaccepted("css-unheard-of") == ()
