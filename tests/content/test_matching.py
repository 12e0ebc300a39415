"""Finding words: what counts as the same, where it stands, and what comes closest."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smakom_mail.content.matching import Nearest, find_words, fold, nearest_words
from tests.content.seeded import REAL

# Letters, marks and spaces among which folding has something to do.
ODD = st.text(
    st.sampled_from("aåÅßſΐİnŉ1 .…,:-–—'\"”»\u00ad\u200b\u00a0\n\t\u0301\u0308\ufeff")
    | st.characters(),
    max_size=40,
)


def words_at(text: str, words: str, *, case: bool = False) -> list[str]:
    """Give what stands in `text` where `words` are found."""
    folded = fold(text, case=case)
    found = find_words(folded, words, case=case)
    return [text[start:end] for start, end in (folded.span(*place) for place in found)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("”Vi” sa 'han'", '"Vi" sa ´han`'),
        ("21–23 april — nu", "21-23 april - nu"),
        ("en  lång\u00a0\n rad", " en lång rad "),
        ("kommu\u00adnalråd\u200bet", "kommunalrådet"),
        ("och så…", "och så..."),
        ("och\u00a0\u00ad\u00a0så", "och så"),
    ],
)
def test_the_same_words_set_otherwise_are_the_same(one: str, other: str) -> None:
    assert fold(one, case=True).text == fold(other, case=True).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kan", "kän"),
        ("kan", "Kan"),
        ("å", "a"),
        ("10 000", "10000"),
        ("ihop", "i hop"),
        ("a.", "a"),
    ],
)
def test_other_words_are_not(one: str, other: str) -> None:
    assert fold(one, case=True).text != fold(other, case=True).text


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Vi vill. Vi kan.", "vi", ["Vi", "Vi"]),
        ("Vill vi ville?", "vill", ["Vill"]),
        ("kommu\u00adnal\u00a0 makt", "KOMMUNAL MAKT", ["kommu\u00adnal\u00a0 makt"]),
        ("så… vidare", "så... vidare", ["så… vidare"]),
        ("så… vidare", "så..", []),
        ("Anna-Karin Ek", "karin", []),
        ("Anna-Karin Ek", "anna-karin", ["Anna-Karin"]),
        ("social- och vård", "social", ["social"]),
        ("10,5 procent kl. 13.30", "5 procent", []),
        ("10,5 procent kl. 13.30", "kl. 13", []),
        ("år 2021. Den", "2021", ["2021"]),
        ("x\u0302y x", "x", ["x"]),
        ("ΐ ι", "ι", ["ι"]),
        ("något", "", []),
        ("något", "\u00ad", []),
        ("", "något", []),
    ],
)
def test_words_are_found_whole(text: str, words: str, found: list[str]) -> None:
    assert words_at(text, words) == found


def test_typed_words_are_composed_first() -> None:
    assert words_at("Näs kommun", unicodedata.normalize("NFD", "Näs")) == ["Näs"]


@given(ODD, ODD, st.booleans())
def test_what_is_found_folds_to_the_words(text: str, words: str, case: bool) -> None:  # noqa: FBT001 - drawn
    wanted = fold(unicodedata.normalize("NFC", words), case=case).text

    for found in words_at(text, words, case=case):
        assert fold(found, case=case).text == wanted


@given(ODD, ODD, ODD, st.booleans())
def test_words_between_others_are_found(before: str, words: str, after: str, case: bool) -> None:  # noqa: FBT001 - drawn
    words = unicodedata.normalize("NFC", words)
    assume(fold(words, case=case).text)
    text = f"{before} | {words} | {after}"

    assert fold(words, case=case).text in [
        fold(found, case=case).text for found in words_at(text, words, case=case)
    ]


@given(ODD, st.booleans())
def test_folding_twice_changes_nothing_more(text: str, case: bool) -> None:  # noqa: FBT001 - drawn
    once = fold(text, case=case).text

    assert fold(once, case=case).text == once


# ------------------------------------------------------------------------------------- closest


def closest(slug: str, words: str) -> tuple[str, str]:
    """Give the paragraph and words of a real seed that come closest to `words`."""
    (seed,) = REAL.find(slug)
    found = nearest_words([(p.number, p.text) for p in seed.paragraphs if not p.dropped], words)
    return f"{found.number} {found.text}", found.shown


@pytest.mark.parametrize(
    ("slug", "words", "text", "shown"),
    [
        (
            "social-dumpning",
            "vi vill inte skicka dem vidare i något system, utan kunna",
            "5 … inte skicka dem vidare i nåt system, utan kunna erbjuda …",
            "… inte skicka dem vidare i något system, utan kunna",
        ),
        (
            "soderhamn-civilminister",
            "I stort är det ett bra tillfälle",
            "7 I stort var det ett bra tillfälle att informera",
            "I stort är det ett bra tillfälle",
        ),
        (
            "soderhamn-civilminister",
            "Dels ett mycket tydligt besked kring möjligheterna",
            "9 Dels ett tydligt besked kring möjligheterna till ökad samverkan",
            "Dels ett mycket tydligt besked kring möjligheterna",
        ),
        ("social-dumpning", "Karin Micko", "2 Lena Micko (S) gjorde", "Karin Micko"),
        ("social-dumpning", "Lena Mikko", "2 Lena Micko (S) gjorde", "Lena Mikko"),
        (
            "social-dumpning",
            "Erik Jansson",
            "5 John-Erik Jansson (C), kommunalråd.",
            "Erik Jansson",
        ),
        (
            "smakom-januari-2021",
            "utredningasansvrig",
            "17 utredningasansvarig och Agneta",
            "utredningasansvrig",
        ),
        (
            "smakom-januari-2021",
            "lokal statlig service Vi ska",
            "25 lokal statlig serviceVi ska göra vad vi",
            "lokal statlig service Vi ska",
        ),
        ("social-dumpning", "Kalle Anka", "0 ", "Kalle Anka"),
        ("social-dumpning", "xyzzy i det plugh", "0 ", "xyzzy i det plugh"),
    ],
)
def test_the_closest_words_show_the_difference(
    slug: str, words: str, text: str, shown: str
) -> None:
    assert closest(slug, words) == (text, shown)


def test_a_long_word_is_cut() -> None:
    (found,) = [nearest_words([(1, "x" * 500)], "x" * 500 + " y")]

    assert found == Nearest(1, "x" * 159 + "…", "x" * 159 + "…")


@given(
    st.lists(st.tuples(st.integers(1, 9), st.text(max_size=60)), max_size=4), st.text(max_size=60)
)
def test_no_text_raises_and_the_closest_comes_from_the_source(
    paragraphs: list[tuple[int, str]], words: str
) -> None:
    found = nearest_words(paragraphs, words)

    bare = found.text.removeprefix("… ").removesuffix(" …")
    assert not bare or bare in [bare for _, text in paragraphs if bare in " ".join(text.split())]
