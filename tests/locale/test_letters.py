"""The words of letters: the same in both languages, with no place for what somebody typed."""

from collections.abc import Iterator
from dataclasses import fields
from string import Formatter
from typing import get_args

import pytest

from smakom_mail.locale.held import HELD_WORDS
from smakom_mail.locale.letters import LETTER_FRAME, LETTER_WORDS, LetterWords
from smakom_mail.store.letters import Kind

KINDS = {*get_args(Kind), "invited", "invited-by-mail"}
PLACES = {"newsletter", "organisation", "email", "days", "mailbox"}


def places(sentence: str) -> set[str]:
    """Give the names of the values that a sentence shows."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def sentences(words: LetterWords) -> Iterator[tuple[str, str]]:
    """Give every sentence of a letter with where it stands."""
    for each in fields(words):
        value = getattr(words, each.name)
        for number, text in enumerate(value if isinstance(value, tuple) else (value,)):
            yield f"{each.name} {number}", text


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_has_the_same_words_in_both_languages(kind: str) -> None:
    swedish, english = (dict(sentences(LETTER_WORDS[each][kind])) for each in ("sv", "en"))
    assert {k: places(text) for k, text in swedish.items()} == {
        k: places(text) for k, text in english.items()
    }
    assert {k for k, text in swedish.items() if not text.strip()} == {
        k for k, text in english.items() if not text.strip()
    }


@pytest.mark.parametrize("language", ["sv", "en"])
def test_there_are_words_for_every_kind_and_places_for_known_values_only(language: str) -> None:
    assert set(LETTER_WORDS[language]) == KINDS
    asked = {
        place
        for words in LETTER_WORDS[language].values()
        for _, text in sentences(words)
        for place in places(text)
    }
    assert asked == PLACES


@pytest.mark.parametrize("words", [LETTER_FRAME, HELD_WORDS], ids=["frame", "held"])
def test_the_other_words_are_the_same_in_both_languages(words: dict[str, dict[str, str]]) -> None:
    swedish, english = words["sv"], words["en"]
    assert {key: places(text) for key, text in swedish.items()} == {
        key: places(text) for key, text in english.items()
    }
    assert not [key for key, text in {**swedish, **english}.items() if text != text.strip()]


@pytest.mark.parametrize("kind", sorted(get_args(Kind)))
def test_what_is_held_names_every_kind_of_letter(kind: str) -> None:
    assert f"letter-{kind}" in HELD_WORDS["sv"]
