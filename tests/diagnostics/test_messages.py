"""The table of messages: whole in both languages, and used as it is written."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from string import Formatter

import pytest

from smakom_mail.diagnostics import Diagnostic, Severity, finding, in_order, nearest
from smakom_mail.diagnostics.messages import MESSAGES, Message
from smakom_mail.diagnostics.phrases import PHRASES, translate
from tests.conftest import ROOT

ROWS = sorted(MESSAGES)
FAMILIES = "PQMCHAILTS"


def fields(sentence: str) -> set[str]:
    """Give the names of the values that a sentence shows."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def needed(row: Message) -> set[str]:
    """Give the names of all values that a row's sentences and hints show."""
    return set().union(*map(fields, (row.sv, row.en, row.hint_sv, row.hint_en)))


# ------------------------------------------------------------------------------------- the rows


def test_no_kind_stands_in_two_tables() -> None:
    folder = ROOT / "smakom_mail" / "diagnostics"
    tables = [
        import_module(f"smakom_mail.diagnostics.{path.stem}")
        for path in sorted(folder.glob("messages_*.py"))
    ]
    rows = [
        kind
        for module in tables
        for name, table in vars(module).items()
        if name.isupper() and not name.startswith("_")
        for kind in table
    ]

    assert sorted(rows) == ROWS


@pytest.mark.parametrize("kind", ROWS)
def test_both_languages_say_the_same(kind: str) -> None:
    row = MESSAGES[kind]

    assert row.sv
    assert row.en
    assert fields(row.sv) == fields(row.en)
    assert [fields(half) for half in row.hint_sv.split("¦")] == [
        fields(half) for half in row.hint_en.split("¦")
    ]


@pytest.mark.parametrize("kind", ROWS)
def test_a_hint_has_two_halves_exactly_where_it_may_name_the_nearest(kind: str) -> None:
    row = MESSAGES[kind]

    for hint in (row.hint_sv, row.hint_en):
        known, *unknown = hint.split("¦")
        assert len(unknown) == (1 if "nearest" in fields(known) else 0)
        assert "nearest" not in fields("".join(unknown))
    assert "nearest" not in fields(row.sv)
    assert "¦" not in row.sv + row.en


@pytest.mark.parametrize("kind", ROWS)
def test_a_code_is_a_family_and_two_digits(kind: str) -> None:
    assert re.fullmatch(rf"[{FAMILIES}]\d\d", MESSAGES[kind].code)
    assert MESSAGES[kind].severity in {"error", "warning", "note"}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_two_kinds_say_the_same_sentence(language: str) -> None:
    """Only a rule about quoted words (KIND-quoted, a note) speaks as the rule itself does."""
    kinds: dict[str, list[str]] = {}
    for kind, row in MESSAGES.items():
        if not quoted_twin(kind):
            kinds.setdefault(re.sub(r"\{\w+\}", "{}", getattr(row, language)), []).append(kind)

    assert [same for same in kinds.values() if len(same) > 1] == []


def quoted_twin(kind: str) -> bool:
    """Say whether `kind` is a row about quoted words beside one about the editor's own."""
    twin = MESSAGES.get(kind.removesuffix("-quoted"))
    row = MESSAGES[kind]
    return (
        twin is not None
        and kind.endswith("-quoted")
        and row == twin._replace(severity="note", hint_sv=row.hint_sv, hint_en=row.hint_en)
    )


def test_swedish_stands_in_swedish_quotation_marks_and_english_in_english_ones() -> None:
    wrong = [
        kind
        for kind, row in MESSAGES.items()
        if "“" in row.sv + row.hint_sv
        or (row.en + row.hint_en).count("“") != (row.en + row.hint_en).count("”")
    ]

    assert wrong == []


# ---------------------------------------------------------------------------- who uses the rows


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of the package, the tables of messages left out, with its file."""
    for path in sorted((ROOT / "smakom_mail").rglob("*.py")):
        if not path.name.startswith("messages"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield path.relative_to(ROOT).as_posix(), node


NODES = list(nodes())
WORDS = {node.value for _, node in NODES if isinstance(node, ast.Constant)}
CALLS = {
    f"{file}:{node.lineno}": node
    for file, node in NODES
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "finding"
}
PLAIN = {place: call for place, call in CALLS.items() if isinstance(call.args[0], ast.Constant)}
# Calls whose kind is chosen before: each of these kinds is raised by tests of its own.
CHOSEN = {place for place in CALLS if place not in PLAIN}


def test_the_scan_sees_the_package() -> None:
    assert len(PLAIN) > 80
    assert len(CHOSEN) < len(PLAIN) / 10


@pytest.mark.parametrize("place", sorted(PLAIN))
def test_a_finding_gives_exactly_the_values_that_its_sentences_show(place: str) -> None:
    kind = ast.literal_eval(PLAIN[place].args[0])
    given = {keyword.arg for keyword in PLAIN[place].keywords}

    assert kind in MESSAGES
    assert given == needed(MESSAGES[kind])


@pytest.mark.parametrize("kind", ROWS)
def test_every_kind_is_used(kind: str) -> None:
    assert kind in WORDS or (kind.removesuffix("-quoted") in WORDS and quoted_twin(kind))


# ------------------------------------------------------------------------- the words in between


def said_in_code() -> Iterator[tuple[str, str]]:
    """Yield the reasons and expectations that the package writes in English, with their place."""
    for file, node in NODES:
        spoken: list[ast.expr] = []
        if isinstance(node, ast.keyword) and node.arg in {"reason", "expected"}:
            spoken = [node.value]
        elif isinstance(node, ast.FunctionDef) and node.name.endswith("_problem"):
            spoken = [n.value for n in ast.walk(node) if isinstance(n, ast.Return) and n.value]
        for text in spoken:
            if isinstance(text, ast.Constant) and text.value:
                yield f"{file}:{text.lineno}", str(text.value)


SAID = dict(said_in_code())


def test_every_reason_and_expectation_has_its_swedish() -> None:
    assert len(SAID) > 10
    assert {place: text for place, text in SAID.items() if text not in PHRASES} == {}


@pytest.mark.parametrize(
    ("reason", "swedish"),
    [
        ("it has 99 pixels, at most 9", "den har 99 bildpunkter, högst 9"),
        ("Cannot declare ('a',) twice", "tabellen finns redan här ovanför"),
        ("unexpected '}'", "unexpected '}'"),
    ],
)
def test_reasons_with_figures_are_translated_and_other_programs_words_left(
    reason: str, swedish: str
) -> None:
    assert translate("reason", reason, "sv") == swedish
    assert translate("reason", reason, "en") == reason


def test_the_words_of_an_author_are_never_translated() -> None:
    found = finding("words-not-found", "a.md", 1, seed="s", words="a date", number=0, nearest="")

    assert found.message("sv") == "inget stycke i ”s” innehåller ”a date”"


# ---------------------------------------------------------------------------------- the findings


def test_a_finding_without_a_nearest_name_still_says_what_is_wrong() -> None:
    found = finding("unknown-seed", "a.md", 3, seed="budget", nearest="")

    assert found.message("sv") == "det finns ingen källa ”budget”"
    assert found.hint("sv") == "smakom-mail seeds list visar dem som finns"
    assert found.message("en") == "there is no seed “budget”"
    assert found.hint("en") == "smakom-mail seeds list shows those there are"


def test_a_finding_with_a_nearest_name_asks_whether_it_was_meant() -> None:
    found = finding("unknown-seed", "a.md", 3, seed="budjet", nearest="budget")

    assert found.hint("sv") == "menade du ”budget”?"
    assert found.hint("en") == "did you mean “budget”?"


def test_braces_and_dividers_in_an_authors_words_are_words() -> None:
    words = "{seed} {0} {{ ¦ }"
    found = finding("words-not-found", "a.md", 1, seed="s", words=words, number=1, nearest=words)

    assert found.message("sv") == "inget stycke i ”s” innehåller ”{seed} {0} {{ ¦ }”"
    assert found.hint("sv") == "närmast är stycke 1: ”{seed} {0} {{ ¦ }”"


def test_a_finding_may_carry_its_cause_and_says_it_in_the_same_language() -> None:
    cause = finding("file-encoding", "seeds/a.txt", 2, byte=7)
    found = finding("seed-refused", "seeds/a.txt", 2, file="seeds/a.txt", reason=cause)

    assert found.message("sv") == (
        "källan seeds/a.txt går inte att läsa: "
        "filen är inte UTF-8 (byte nummer 7 går inte att läsa)"
    )
    assert found.message("en") == (
        "the seed seeds/a.txt cannot be read: the file is not UTF-8 (byte 7 cannot be read)"
    )


def test_a_waived_finding_is_a_note_with_its_reason() -> None:
    found = finding("subject-missing", "e.toml", 4).waive("styrelsen vill ha det så")

    assert found.severity is Severity.NOTE
    assert found.hint("sv") == "godtaget: styrelsen vill ha det så"
    assert found.hint("en") == "waived: styrelsen vill ha det så"


def test_findings_stand_in_the_order_of_the_files_worst_first_and_once() -> None:
    note = finding("seed-undated", "b.md", 2, seed="s")
    warning = finding("empty-section", "b.md", 2)
    error = finding("no-title", "b.md", 2)
    first = finding("no-title", "a.md", 9)
    nested = [
        finding("seed-refused", "c.txt", 1, file="c.txt", reason=finding("no-title", "c.txt", n))
        for n in (1, 2)
    ]

    assert in_order([*nested, note, warning, error, first, note]) == (
        *(first, error, warning, note),
        *nested,
    )


def test_a_line_is_never_below_one() -> None:
    assert finding("no-title", "a.md", 0).location.line == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Leder", "leader"), ("ARTIKLE", "article"), ("xyzzy", ""), ("", "")],
)
def test_the_nearest_name_is_one_that_could_be_meant(name: str, expected: str) -> None:
    assert nearest(name, ("article", "leader", "report")) == expected


def test_findings_can_be_compared_and_kept_in_sets() -> None:
    def make() -> Diagnostic:
        return finding("unknown-seed", "a.md", 1, seed="s", nearest="")

    assert {make(), make()} == {make()}
