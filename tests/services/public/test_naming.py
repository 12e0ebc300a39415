"""What is taken for a name: what people are called, and nothing that a mail makes a link of."""

import pytest

from smakom_mail.services.public.naming import name_fault, tidied_name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Kim Exempel",
        "J.K. Berg",
        "Dr.Berg",
        "Anna-Karin d'Örn, Exempelby kommun",
        "Åsa (kommunchef) 2/3",
        "山田 太郎",
        "x" * 60,
    ],
)
def test_a_name_is_taken(name: str) -> None:
    assert name_fault(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "Du har vunnit! Se https://evil.example/vinst",
        "Köp på WWW.evil",
        "vinst@evil.example",
        "kim @ kommunen",
        "Se evil.example",
        "Se EVIL.EXAMPLE nu",
        "Se Evil.Example/vinst",
        "Se evil\uff0eexample",
        "Se evil\u3002example",
        "kim\uff20kommunen",
        "mailto://x",
    ],
)
def test_what_leads_somewhere_is_none(name: str) -> None:
    assert name_fault(name) == "link"


def test_sixty_characters_are_the_most() -> None:
    assert name_fault("x" * 61) == "long"


def test_a_name_is_put_on_one_line_without_what_is_not_seen() -> None:
    assert tidied_name(" Kim\r\nBcc: x\u200b  \u202eExempel ") == "Kim Bcc: x Exempel"
