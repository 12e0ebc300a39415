"""Who is selected: the small language, its faults, and its one canonical form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.config.selection import (
    DEEPEST,
    LONGEST,
    And,
    Not,
    Or,
    Selection,
    SelectionFault,
    Term,
    matches,
    parse_selection,
    print_selection,
    terms,
)

KNOWN = {"list": ["medlemmar", "prenumeranter"], "tag": ["styrelse", "ny 2021"]}
TERMS = 'list:NAME, tag:NAME, organisation:"NAME", language:sv, everyone, not eller ('
MEMBERS, BOARD = Term("list", "medlemmar"), Term("tag", "styrelse")


def read(text: str) -> Selection:
    found = parse_selection(text)
    assert not isinstance(found, SelectionFault), found.message("en")
    return found


def said(text: str, language: str = "sv") -> tuple[int, str]:
    """Give the place and the sentence of the fault of a text."""
    found = parse_selection(text, KNOWN)
    assert isinstance(found, SelectionFault)
    return found.position, found.message(language)


# -------------------------------------------------------------------------------------- what it is


@pytest.mark.parametrize(
    ("text", "selection"),
    [
        ("list:medlemmar", MEMBERS),
        ("everyone", Term("everyone")),
        ("list:medlemmar and not tag:styrelse", And((MEMBERS, Not(BOARD)))),
        ("not list:medlemmar and tag:styrelse", And((Not(MEMBERS), BOARD))),
        (
            "list:medlemmar or tag:a and tag:b",
            Or((MEMBERS, And((Term("tag", "a"), Term("tag", "b"))))),
        ),
        (
            "(list:medlemmar or tag:a) and tag:b",
            And((Or((MEMBERS, Term("tag", "a"))), Term("tag", "b"))),
        ),
        ("not (list:medlemmar or tag:styrelse)", Not(Or((MEMBERS, BOARD)))),
        ("not not tag:styrelse", Not(Not(BOARD))),
        ('organisation:"Åmåls kommun"', Term("organisation", "åmåls kommun")),
        ("organisation:”Åmåls kommun”", Term("organisation", "åmåls kommun")),
        ('tag:"a \\"b\\" \\\\"', Term("tag", 'a "b" \\')),
        ("LIST:Medlemmar AND NOT Tag:STYRELSE", And((MEMBERS, Not(BOARD)))),
        ("  (list:medlemmar)\n", MEMBERS),
        ("list:and or tag:not", Or((Term("list", "and"), Term("tag", "not")))),
        ("organisation:A\u030ama\u030al", Term("organisation", "åmål")),
        ("language:SV", Term("language", "sv")),
        ("tag:2021-01_x.y", Term("tag", "2021-01_x.y")),
    ],
)
def test_a_selection_is_read_into_a_tree(text: str, selection: Selection) -> None:
    assert parse_selection(text) == selection


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("list:a  AND(not tag:b)", "list:a and not tag:b"),
        ("((list:a or tag:b)) and everyone", "(list:a or tag:b) and everyone"),
        ("list:a and (tag:b and tag:c)", "list:a and tag:b and tag:c"),
        ("list:a or (tag:b or (tag:c))", "list:a or tag:b or tag:c"),
        ("(list:a and tag:b) or tag:c", "list:a and tag:b or tag:c"),
        ("not (list:a)", "not list:a"),
        ("not (list:a and tag:b)", "not (list:a and tag:b)"),
        ('organisation:"Eda"', "organisation:eda"),
        ('organisation:"Åmåls   Kommun"', 'organisation:"åmåls kommun"'),
    ],
)
def test_a_selection_has_one_canonical_form(text: str, canonical: str) -> None:
    assert print_selection(read(text)) == canonical


def test_the_terms_of_a_selection_can_be_listed() -> None:
    found = terms(read("list:medlemmar and not (tag:styrelse or everyone)"))
    assert found == (MEMBERS, BOARD, Term("everyone"))


# ------------------------------------------------------------------------------- whom it is about


@pytest.mark.parametrize(
    ("text", "selected"),
    [
        ("everyone", True),
        ("list:medlemmar", True),
        ("list:prenumeranter", False),
        ("tag:styrelse", True),
        ("list:medlemmar and not tag:styrelse", False),
        ("list:prenumeranter or tag:styrelse", True),
        ('organisation:"åmåls kommun"', True),
        ("organisation:åmål", False),
        ("language:sv and not language:en", True),
        ("not everyone", False),
        ("not (list:medlemmar and language:en)", True),
    ],
)
def test_somebody_is_selected_by_lists_tags_organisation_and_language(
    text: str, *, selected: bool
) -> None:
    found = matches(
        read(text),
        lists=["medlemmar"],
        tags=["Styrelse"],
        organisation="Åmåls  kommun",
        language="sv",
    )
    assert found is selected


def test_somebody_of_whom_nothing_is_known_is_in_no_term_but_everyone() -> None:
    words = ["list:a", "tag:a", "organisation:a", "language:sv", "everyone"]
    assert [matches(read(word)) for word in words] == [False, False, False, False, True]


# -------------------------------------------------------------------------------------- the faults


@pytest.mark.parametrize(
    ("text", "position", "sentence"),
    [
        ("", 0, f"urvalet är tomt; skriv {TERMS}"),
        (" \n", 0, f"urvalet är tomt; skriv {TERMS}"),
        (
            "list:medlemmar och tag:styrelse",
            15,
            'tecken 16: här står "och" i stället för and eller or; menade du and?',
        ),
        (
            "list:medlemmar tag:styrelse",
            15,
            'tecken 16: här står "tag" i stället för and eller or',
        ),
        (
            "lista:medlemmar",
            0,
            f'tecken 1: här står "lista" i stället för {TERMS}; menade du list?',
        ),
        (
            "medlemmar",
            0,
            f'tecken 1: här står "medlemmar" i stället för {TERMS}; menade du list:medlemmar?',
        ),
        (
            'kommun:"Eda"',
            0,
            f'tecken 1: här står "kommun" i stället för {TERMS}; menade du organisation?',
        ),
        (
            "everyone not tag:styrelse",
            9,
            'tecken 10: här står "not" i stället för and eller or',
        ),
        (
            "list:medlemmar; DROP TABLE subscribers",
            14,
            'tecken 15: här står ";" i stället för and eller or',
        ),
        (
            "list: medlemmar",
            6,
            'tecken 7: här står "medlemmar" i stället för list:NAME; menade du list:medlemmar?',
        ),
        ("list:", 5, "urvalet slutar för tidigt: list:NAME saknas"),
        ("list", 4, "urvalet slutar för tidigt: : saknas"),
        ('tag:""', 4, 'tecken 5: här står """" i stället för tag:NAME'),
        ('tag:"styrelse', 4, "tecken 5: citattecknet stängs aldrig"),
        ("list:medlemmar and", 18, f"urvalet slutar för tidigt: {TERMS} saknas"),
        ("(list:medlemmar", 15, "urvalet slutar för tidigt: and, or eller ) saknas"),
        ("list:medlemmar)", 14, 'tecken 15: här står ")" i stället för and eller or'),
        ("()", 1, f'tecken 2: här står ")" i stället för {TERMS}'),
        ("list:medlemar", 5, "tecken 6: list:medlemar finns inte; menade du list:medlemmar?"),
        ('tag:"ny 2020"', 4, 'tecken 5: tag:ny 2020 finns inte; menade du tag:"ny 2021"?'),
        ("list:xyz", 5, "tecken 6: list:xyz finns inte"),
        ("(" * 30, 21, "tecken 22: parenteser och not ligger i varandra djupare än 20 steg"),
        ("not " * 30, 84, "tecken 85: parenteser och not ligger i varandra djupare än 20 steg"),
        ("x" * 2001, 2000, "urvalet är längre än 2000 tecken"),
        ("\u202e", 0, f'tecken 1: här står "<U+202E>" i stället för {TERMS}'),
    ],
)
def test_a_fault_says_where_what_and_what_was_meant(
    text: str, position: int, sentence: str
) -> None:
    assert said(text) == (position, sentence)


def test_a_fault_is_said_in_english_too() -> None:
    assert said("list:medlemmar och tag:styrelse", "en") == (
        15,
        'character 16: here stands "och" in place of and or or; did you mean and?',
    )


def test_a_name_of_a_kind_that_nobody_has_listed_will_do() -> None:
    assert parse_selection("organisation:eda and tag:styrelse", KNOWN) == And(
        (Term("organisation", "eda"), BOARD)
    )


# -------------------------------------------------------------------------- any text, any tree

NAMES = st.text(st.sampled_from("abåÅ09_.- \"”\\:()'\t;,|"), min_size=1, max_size=8).filter(
    lambda name: name.strip()
)
LEAVES = st.one_of(
    st.just(Term("everyone")),
    st.builds(
        lambda kind, name: Term(kind, " ".join(name.split()).lower()),
        st.sampled_from(["list", "tag", "organisation", "language"]),
        NAMES,
    ),
)


def several(kind: type[And] | type[Or], parts: list[Selection]) -> Selection:
    """Join parts as the reader does: parts of the same kind lie side by side."""
    flat: list[Selection] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else [part]
    return kind(tuple(flat))


TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda parts: several(And, parts), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: several(Or, parts), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=8,
)


@given(TREES)
def test_what_is_printed_reads_back_as_the_same_selection(tree: Selection) -> None:
    text = print_selection(tree)
    assert parse_selection(text) == tree
    assert print_selection(read(text)) == text


@given(TREES, st.sets(NAMES, max_size=3), st.sets(NAMES, max_size=3))
def test_not_selects_exactly_the_others(tree: Selection, lists: set[str], tags: set[str]) -> None:
    one = matches(tree, lists=lists, tags=tags, organisation="a", language="sv")
    other = matches(Not(tree), lists=lists, tags=tags, organisation="a", language="sv")
    assert one is not other


WORDS = st.sampled_from(
    ["list", "tag", ":", "and", "or", "not", "(", ")", "everyone", '"', "a", " ", "\\", "\x00", "”"]
)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=30).map("".join)))
def test_any_text_is_a_selection_or_a_fault_with_its_place(text: str) -> None:
    found = parse_selection(text, KNOWN)
    if isinstance(found, SelectionFault):
        assert 0 <= found.position <= len(text)
        assert found.message("sv").isprintable()
        assert found.message("en").isprintable()
    else:
        assert parse_selection(print_selection(found)) == found


@pytest.mark.parametrize(
    "text",
    [
        "(" * LONGEST,
        '"' * LONGEST,
        "\\" * LONGEST,
        "list:a and " * 180 + "list:a",
        "not (" * (DEEPEST // 2) + "list:a" + ")" * (DEEPEST // 2),
        "list:" + "a" * 1_900,
    ],
)
def test_no_text_is_too_much(text: str) -> None:
    found = parse_selection(text)
    if not isinstance(found, SelectionFault):
        assert parse_selection(print_selection(found)) == found
