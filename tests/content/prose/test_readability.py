"""LIX against numbers worked out by hand, and the seeds' against those of another counter."""

import pytest

from smakom_mail.content.prose.readability import count_sentences, lix, meaning
from smakom_mail.content.prose.runs import line_run, section_runs
from tests.conftest import ROOT
from tests.content.prose.edited import as_section, edition, said


def test_the_number_is_words_a_sentence_and_long_words_in_a_hundred() -> None:
    # 8 words in 2 sentences, 2 of them longer than six letters: 4 + 25.
    run = line_run("a.md", 1, "Kommunen renoverar nu. Det är bra för byn.")

    assert lix([run]) == 29


def test_a_paragraph_ends_a_sentence() -> None:
    runs = [line_run("a.md", 1, "Vi ses snart"), line_run("a.md", 3, "Hej då")]

    assert lix(runs) == round(5 / 2)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Ett. Två! Tre? Fyra", 4),
        ("Det gäller t.ex. Umeå, kl. 13.30 den 5 maj.", 1),
        ("A. Svensson kom.", 1),
        ("Han sa: ”Ja.” Sedan gick han.", 3),
        ("Vad?!", 1),
        ("", 1),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, sentences: int) -> None:
    assert count_sentences(text) == sentences


@pytest.mark.parametrize(
    ("score", "word"),
    [
        (29, "very easy"),
        (30, "easy"),
        (40, "medium"),
        (49, "medium"),
        (50, "hard"),
        (60, "very hard"),
    ],
)
def test_the_scale_is_bjornsson_s(score: int, word: str) -> None:
    assert meaning(score) == word


def test_a_section_of_a_hundred_own_words_gets_a_note() -> None:
    text = "Vi ses i byn nu. " * 20

    assert said(text) == ["1 T28 note LIX 5: mycket lätt att läsa"]
    assert said(text[: 17 * 19]) == []


@pytest.mark.parametrize(
    ("number", "score"), [("000", 50), ("001", 53), ("002", 45), ("003", 53), ("004", 45)]
)
def test_the_seeds_read_as_hard_as_was_measured(number: str, score: int) -> None:
    """Measured apart from this code: 49.5, 52.3, 44.6, 53.3 and 44.9."""
    path = next((ROOT / "seeds").glob(f"{number}_*.txt"))
    section = edition(as_section(path.read_text(encoding="utf-8"))).sections[0]

    assert lix(list(section_runs(section))) == score
