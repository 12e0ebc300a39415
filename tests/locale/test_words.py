"""The frame's words are the same in both languages, and each is used."""

import re
from string import Formatter

import pytest

from smakom_mail.locale import WORDS, words
from tests.conftest import ROOT


def fields(sentence: str) -> set[str]:
    """Give the names of the values that a sentence shows."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_both_languages_have_the_same_words_with_the_same_values() -> None:
    swedish, english = words("sv"), words("en")

    assert {key: fields(text) for key, text in swedish.items()} == {
        key: fields(text) for key, text in english.items()
    }


@pytest.mark.parametrize("key", sorted(WORDS["sv"]))
def test_every_word_says_something_and_is_translated(key: str) -> None:
    swedish, english = words("sv")[key], words("en")[key]

    assert swedish.strip() == swedish != ""
    assert english.strip() == english != ""
    assert swedish != english or not re.sub(r"\{\w+\}", "", swedish).strip("[…], ")


TEMPLATES = [*(ROOT / "layouts").rglob("*.j2")]
ASKED = {
    (path.relative_to(ROOT).as_posix(), key)
    for path in TEMPLATES
    for key in re.findall(r"\bsaid\.(\w+)", path.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize(("template", "key"), sorted(ASKED))
def test_every_word_that_a_template_asks_for_exists(template: str, key: str) -> None:
    assert key in words("sv"), f"{template} asks for said.{key}"


def test_templates_ask_for_words() -> None:
    assert len({key for _, key in ASKED}) > 4
