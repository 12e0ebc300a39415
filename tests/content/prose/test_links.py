"""Links as they are read."""

import pytest

from tests.content.prose.edited import said

LONG = "https://www.avtal.example/upphandling-och-ramavtal/vara-ramavtal/"


@pytest.mark.parametrize(
    "words",
    ["klicka här", "Klicka här!", "här", "Läs mer", "läs mer »", "länk", "mer", "hit", "Read more"],
)
def test_words_that_say_nothing_alone_are_found(words: str) -> None:
    assert said(f"Rapporten finns, [{words}](https://a.example/).") == [
        f"3 A08 länktexten ”{words}” säger inte vart länken leder"
    ]


@pytest.mark.parametrize(
    "words",
    ["Läs hela rapporten", "här är rapporten", "Länkarna till avtalen", "Hitta hit", "SmåKom"],
)
def test_words_that_say_where_are_left_alone(words: str) -> None:
    assert said(f"Se [{words}](https://a.example/).") == []


@pytest.mark.parametrize("text", [f"Se {LONG} om det.", f"Se [{LONG}]({LONG}) om det."])
def test_a_long_address_as_words_is_found(text: str) -> None:
    assert said(text) == [
        (
            "3 L05 en lång adress står som länktext: "
            "https://www.avtal.example/upphandling-och-ramavtal/vara-ram…"
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Se www.smakom.se eller https://a.example/om.",
        "Skriv till namn.namnsson.med.langt.namn@kommunforbundet.example.",
        f"Se [alla avtal]({LONG}).",
    ],
)
def test_short_addresses_and_mail_addresses_are_fine(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Lokal service[Vi svarar](https://a.example/) nu.", "serviceVi"),
        ("Se [En utredning](https://a.example/)Vi svarar.", "utredningVi"),
        ("Se [länken](https://a.example/)och läs.", "länkenoch"),
        ("Se[länken](https://a.example/) nu.", "Selänken"),
        ("[Ett](https://a.example/)[Två](https://b.example/)", "EttTvå"),
        ("Utredningen *En utvecklad organisation*Vi svarar.", "organisationVi"),
    ],
)
def test_a_word_glued_to_a_link_is_found(text: str, words: str) -> None:
    assert f"3 T13 ”{words}”: det saknas ett mellanslag vid länken" in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Se [En utredning](https://a.example/). Vi svarar.",
        "Det är [SmåKom](https://a.example/)s brev om [remiss](https://a.example/)en.",
        "Gå med i [Facebook](https://a.example/)-gruppen (”[brevet](https://a.example/)”).",
        "Se [avtalet](https://a.example/)\noch läs.",
        "Skriv till a@b.example, eller www.a.example/b.",
        "**S**må**K**om är *ett* namn.",
    ],
)
def test_endings_and_marks_beside_a_link_are_left_alone(text: str) -> None:
    assert said(text) == []
