"""No-break spaces: where they come, and that nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.locale import bind


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Den 10 december", "sv", "Den 10~december"),
        ("3 miljoner kronor, 5 % och 2 procent", "sv", "3~miljoner kronor, 5~% och 2~procent"),
        ("enligt 5 § och § 7", "sv", "enligt 5~§ och §~7"),
        ("kl. 13.30", "sv", "kl.~13.30"),
        ("10 majs och 3 tonfiskar", "sv", "10 majs och 3 tonfiskar"),
        ("10 december", "en", "10 december"),
        ("10 December, 3 million", "en", "10~December, 3~million"),
        ("10  december\n5\nmaj", "sv", "10  december\n5\nmaj"),
        ("10\u00a0december", "sv", "10~december"),
    ],
)
def test_a_number_stays_with_what_it_counts(text: str, language: str, expected: str) -> None:
    assert bind(text, language) == expected.replace("~", "\u00a0")


@given(st.text(), st.sampled_from(["sv", "en"]))
def test_only_spaces_change_and_only_once(text: str, language: str) -> None:
    bound = bind(text, language)

    assert bound.replace("\u00a0", " ") == text.replace("\u00a0", " ")
    assert bind(bound, language) == bound
