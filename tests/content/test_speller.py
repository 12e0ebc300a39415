"""Spelling with a dictionary of a few words, written as Hunspell writes them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content import speller
from smakom_mail.content.hunspell import Dictionary, load_dictionary, read_rules
from smakom_mail.content.speller import check_spelling, find_dictionary, house_words
from smakom_mail.diagnostics import in_order
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import open_workplace
from tests.content.prose.edited import edition, rows
from tests.content.written import CONFIG, make_project

AFF = """\
SET UTF-8
NEEDAFFIX ¤
FORBIDDENWORD %
COMPOUNDPERMITFLAG W
COMPOUNDBEGIN X
COMPOUNDMIDDLE U
COMPOUNDEND Y
ONLYINCOMPOUND Z
SFX D Y 2
SFX D 0 en [^e]
SFX D e en e
SFX A Y 1
SFX A 0 s .
SFX v Y 1
SFX v 0 s/WXZ .
SFX w Y 1
SFX w 0 s/WUZ .
"""
LISTED = (
    "kommun/DAXY utredning/DAvwXY ansvarig/Y fall/XY lucka/XY bil/DAXYU ordna/¤Y styrelse/DAY"
    " den är en bra för vårt vi har ett och näring/vXY liv/XY bilkommun/% rad/Y på Söderhamn/A"
)
WORDS = LISTED.split()
HOUSE = frozenset({"vindkraft", "posten", "nyhetsbrev", "januari", "det", "här", "får", "du"})
HOUSE |= {"läsa", "om", "av"}


def dictionary(folder: Path, words: list[str] = WORDS, aff: str = AFF) -> Dictionary:
    folder.mkdir(exist_ok=True)
    (folder / "sv_SE.aff").write_text(aff, encoding="utf-8")
    (folder / "sv_SE.dic").write_text(f"{len(words)}\n" + "\n".join(words), encoding="utf-8")
    return load_dictionary(folder / "sv_SE.aff", (hash(str(folder)), len(words)))


@pytest.fixture
def words(tmp_path: Path) -> Dictionary:
    return dictionary(tmp_path / "ordbok")


@pytest.mark.parametrize(
    "word",
    [
        "kommun",
        "Kommun",
        "KOMMUN",
        "kommunen",
        "kommuns",
        "styrelsen",
        "utredningsansvarig",
        "bilutredningsansvarig",
        "utredningsbilkommunen",
        "fallucka",
        "kommunbil",
        "Söderhamns",
    ],
)
def test_words_endings_and_compounds_are_known(words: Dictionary, word: str) -> None:
    assert words.knows(word)


@pytest.mark.parametrize(
    "word",
    ["kommunn", "kommunens", "närings", "ordna", "styrelsebil", "bilkommun", "xyz", "a", ""],
)
def test_what_cannot_be_made_is_unknown(words: Dictionary, word: str) -> None:
    assert not words.knows(word)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("kommunn", "kommun"),
        ("komun", "kommun"),
        ("kmomun", "kommun"),
        ("kommum", "kommun"),
        ("utredningasansvarig", "utredningsansvarig"),
        ("zzzzzz", ""),
    ],
)
def test_a_word_one_slip_away_is_suggested(words: Dictionary, word: str, near: str) -> None:
    assert words.suggest(word) == near


def spelled(words: Dictionary, text: str, house: frozenset[str] = frozenset()) -> list[str]:
    checked = edition(f"# Vårt liv\n\n{text}\n")
    return rows(in_order(check_spelling(checked, words, house | HOUSE)))


def test_an_unknown_word_is_found_once_at_its_line(words: Dictionary) -> None:
    assert spelled(words, "Vi har en komun.\n\nKommunen är en komun.") == [
        "3 T30 ”komun” finns inte i ordlistan"
    ]


def test_the_hint_names_the_nearest_word_and_the_house_list(words: Dictionary) -> None:
    checked = edition("# Vårt liv\n\nEn komun och zzzzzz.\n")

    assert [f.hint("sv") for f in check_spelling(checked, words, HOUSE)] == [
        "menade du ”kommun”? Är ordet rätt, skriv in det i ordlista.txt",
        "är ordet rätt, skriv in det i ordlista.txt",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Vi har Rättvik, SmåKom och FNissar.",
        "Rättvik är bra.",
        "Vi har 5G, 3:12, A4 och covid-19.",
        "Vi har [en komun](https://a.example/) och a@komun.example, www.komun.se.",
        "Vi har ”en komun” och `komun`.",
        "Vi har närings- och kommunliv, närings-liv.",
        "Vi har dvs. en bil osv.",
        "Vi har en kommun\u00adbil.",
    ],
)
def test_names_numbers_links_and_quoted_words_are_left_alone(words: Dictionary, text: str) -> None:
    assert spelled(words, text) == []


def test_a_long_first_word_that_is_nearly_known_is_found(words: Dictionary) -> None:
    assert spelled(words, "Utredningasansvarig är en bil.") == [
        "3 T30 ”Utredningasansvarig” finns inte i ordlistan"
    ]


def test_house_words_are_known_in_any_case_and_as_genitives(words: Dictionary) -> None:
    assert (
        spelled(words, "Vi har webbinarier och webbinariers liv.", frozenset({"webbinarier"})) == []
    )


def test_the_house_list_has_a_word_a_line_and_remarks(tmp_path: Path) -> None:
    (tmp_path / "ordlista.txt").write_text("# våra ord\nWebbinarier  # plural\n\nRättvik\r\n")

    assert house_words(tmp_path) == (frozenset({"webbinarier", "rättvik"}), ())


def test_no_house_list_is_no_fault_and_a_broken_one_is(tmp_path: Path) -> None:
    assert house_words(tmp_path) == (frozenset(), ())
    (tmp_path / "ordlista.txt").write_bytes(b"r\xe4ttvik\n")

    assert [f"{f.location.file} {f.code}" for f in house_words(tmp_path)[1]] == ["ordlista.txt P01"]


def test_an_english_edition_is_not_spelled_in_swedish(words: Dictionary) -> None:
    assert (
        list(check_spelling(edition("# Wind\n\nWind.\n", language="en"), words, frozenset())) == []
    )


def test_a_dictionary_in_latin_1_is_read(tmp_path: Path) -> None:
    (tmp_path / "sv_SE.aff").write_bytes(b"SET ISO8859-1\n")
    (tmp_path / "sv_SE.dic").write_bytes("1\nvåg\n".encode("latin-1"))

    assert load_dictionary(tmp_path / "sv_SE.aff", (0, 0)).knows("våg")


@pytest.mark.parametrize("aff", ["SET NONSENSE\n", "SET UTF-8\nSFX A 0 s (\n", "\xff"])
def test_a_file_that_is_no_dictionary_is_none(tmp_path: Path, aff: str) -> None:
    (tmp_path / "sv_SE.aff").write_bytes(b"SET UTF-8\n" + aff.encode("latin-1"))
    (tmp_path / "sv_SE.dic").write_bytes(b"\xff\xfe")

    assert speller.open_dictionary(tmp_path / "sv_SE.aff") is None


def test_a_dictionary_needs_both_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "sv_SE.aff").write_text("SET UTF-8\n")
    assert find_dictionary(tmp_path) is None
    (tmp_path / "sv_SE.dic").write_text("0\n")
    assert find_dictionary(tmp_path) == tmp_path / "sv_SE.aff"


def test_without_a_dictionary_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speller, "PLACES", (str(tmp_path / "tom"),))
    root = make_project(tmp_path / "p", {"newsletters/maj-2021/10-a.md": "# Titel\n\nEn komun.\n"})

    found = check_edition(open_workplace(root, {}), "maj-2021", spelling=True).findings
    assert [f for f in found if f.code == "T30"] == []


def test_the_folder_in_the_settings_is_used_by_check_and_never_by_a_build(tmp_path: Path) -> None:
    words = [*WORDS, "Nyhetsbrev", "maj", "Det", "här", "får", "du", "läsa", "om", "i"]
    words += ["numret", "vägar", "broar", "bibliotek", "Titel"]
    root = make_project(
        tmp_path,
        {
            "smakom-mail.toml": CONFIG + '\n[checks]\ndictionary = "ordbok"\n',
            "newsletters/maj-2021/10-a.md": "# Titel\n\nVi har en komun.\n",
        },
    )
    dictionary(root / "ordbok", words)
    place = open_workplace(root, {})

    spelled = check_edition(place, "maj-2021", spelling=True).findings
    assert rows([f for f in spelled if f.code == "T30"]) == ["3 T30 ”komun” finns inte i ordlistan"]
    assert [f for f in check_edition(place, "maj-2021").findings if f.code == "T30"] == []


def test_a_folder_without_a_dictionary_is_said_at_its_line(tmp_path: Path) -> None:
    settings = CONFIG + '\n[checks]\ndictionary = "ordbok"\n'
    root = make_project(tmp_path, {"smakom-mail.toml": settings})
    line = settings.splitlines().index('dictionary = "ordbok"') + 1

    found = check_edition(open_workplace(root, {}), "maj-2021", spelling=True).findings
    assert rows([f for f in found if f.code == "T30"]) == [
        f"{line} T30 mappen ”ordbok” har ingen svensk ordlista (sv_SE.aff och sv_SE.dic)"
    ]


@given(word=st.text(max_size=30), aff=st.text(max_size=60))
def test_no_word_and_no_rules_crash(word: str, aff: str) -> None:
    rules = read_rules(AFF)
    rules.stems = {"kommun": ["DAXY"], word: ["XY"]}
    assert rules.knows(word)
    assert isinstance(rules.suggest(word + "x"), str)
    assert isinstance(read_rules(aff).knows(word), bool)


def test_a_dictionary_is_read_once_until_it_changes(tmp_path: Path) -> None:
    dictionary(tmp_path)
    aff = tmp_path / "sv_SE.aff"
    first = speller.open_dictionary(aff)
    assert speller.open_dictionary(aff) is first
    (tmp_path / "sv_SE.dic").write_text("1\nväg\n", encoding="utf-8")
    os.utime(tmp_path / "sv_SE.dic", (1, 1))

    second = speller.open_dictionary(aff)
    assert second is not first
    assert second is not None
    assert second.knows("väg")
