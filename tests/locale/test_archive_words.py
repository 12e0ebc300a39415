"""The archive's words are the same in both languages."""

from string import Formatter

import pytest

from smakom_mail.locale.archive import ARCHIVE_WORDS, LISTEN_WORDS, SEARCH_WORDS


def fields(sentence: str) -> set[str]:
    """Give the names of the values that a sentence shows."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("table", [ARCHIVE_WORDS, LISTEN_WORDS, SEARCH_WORDS])
def test_both_languages_have_the_same_words_with_the_same_values(
    table: dict[str, dict[str, str]],
) -> None:
    assert {key: fields(text) for key, text in table["sv"].items()} == {
        key: fields(text) for key, text in table["en"].items()
    }
    assert [key for each in table.values() for key, text in each.items() if not text.strip()] == []
