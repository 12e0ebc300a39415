"""Words twice, left over, glued together, and the small letters of dates."""

import pytest

from tests.content.prose.edited import hints, said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vi vet att att det går.", "att att"),
        ("Det det handlar om är tid.", "Det det"),
        ("Han bor i i Rättvik.", "i i"),
        ("De som\nsom kom hit.", "som som"),
        ("Vi *vill* vill så gärna.", "vill vill"),
    ],
)
def test_the_same_word_twice_is_found(text: str, words: str) -> None:
    found = said(text)

    assert [row.partition(" ")[2] for row in found] == [f"T16 dubbelt ord: ”{words}”"]
    assert hints(text) == ["stryk det ena, eller skriv om meningen"]


@pytest.mark.parametrize(
    "text",
    [
        "Det var så så, men bra bra blev det. Ja ja, nej nej.",
        "Det är för för- och eftermiddagar. Vård- vård.",
        "Det leder till till exempel bättre vård.",
        "Kom hit. Hit kom alla. Det var kul, kul var det.",
        "Vi såg Duran Duran och Baden Baden. Vi åkte tåg Tåg heter filmen.",
        "Rummet är 5 5 gånger.",
        "Var och en\\\nen gång.",
        "En rad\n\nrad två.",
    ],
)
def test_words_meant_twice_are_left_alone(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("TODO: skriv om budgeten.", "TODO"),
        ("Mer kommer FIXME här.", "FIXME"),
        ("Lorem ipsum dolor sit amet.", "Lorem ipsum"),
        ("Plats: [ ] i höst.", "[ ]"),
        ("Ring XXX för mer.", "XXX"),
        ("Mötet är i ???", "???"),
        ("Hälsar [fyll i namn] på kansliet.", "[fyll i namn]"),
    ],
)
def test_what_is_still_to_be_written_is_found(text: str, words: str) -> None:
    assert said(text) == [f"3 T24 något är kvar att skriva: ”{words}”"]


@pytest.mark.parametrize(
    "text",
    ["Metodo och todos är spanska.", "Vem? Vad?? När?", "Rad [1] och […] klipp.", "Koden `TODO`."],
)
def test_what_is_written_is_left_alone(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "words", "right"),
    [
        ("Vi ses den 10:e december.", "10:e", "10"),
        ("Vi ses den 10e.", "10e", "10"),
        ("Vi ses 1:a maj.", "1:a", "1"),
        ("Sista dag är 1:sta april.", "1:sta", "1"),
        ("Vi ses måndagen den 10:e.", "10:e", "10"),
    ],
)
def test_an_ordinal_in_a_date_is_found(text: str, words: str, right: str) -> None:
    assert said(text) == [f"3 T21 ändelse i ett datum: ”{words}”"]
    assert hints(text) == [f"skriv ”{right}”, som i ”den 10 december”"]


@pytest.mark.parametrize(
    "text",
    [
        "Den 10 december och den 10.",
        "Den 5:e upplagan kom på 19:e plats, 2:a linjen var den 3:e raden.",
        "Från 1800-talet till 5-årsdagen.",
    ],
)
def test_other_ordinals_are_left_alone(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Vi ses i Januari igen.", "Januari"),
        ("Vi ses på Måndag igen.", "Måndag"),
        ("Vi ses den 5 Maj igen.", "Maj"),
        ("Det hände i Mars.", "Mars"),
        ("Vi träffas på Tisdagar i höst.", "Tisdagar"),
        ("## Nyhetsbrev Januari\n\nText.", "Januari"),
    ],
)
def test_a_capital_inside_a_sentence_is_found(text: str, word: str) -> None:
    assert said(text) == [f"3 T22 ”{word}” med stor bokstav inne i meningen"]
    assert hints(text)[0] == f"skriv ”{word.lower()}”: månader och veckodagar har liten bokstav"


@pytest.mark.parametrize(
    "text",
    [
        "Januari blev kall. Måndag blev tisdag. ”Fredag” sa hon.",
        "- Måndag: soppa\n- Tisdag: fisk",
        "Tid: Onsdag kl. 13",
        "| Dag | Rätt |\n| --- | --- |\n| Fredag | Pizza |",
        "Vi läste Maj Sjöwall och tackade Maj, April och Juni för maten.",
        "Raketen når planeten Mars före Maj-Britt.",
        "Vi ses i januari på måndag.",
    ],
)
def test_a_capital_that_belongs_is_left_alone(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Organisation för lokal statlig serviceVi svarar.", "serviceVi"),
        ("Statens roll på betalningsmarknadenI uppdraget ingår det.", "betalningsmarknadenI"),
    ],
)
def test_a_sentence_glued_to_the_next_is_found(text: str, words: str) -> None:
    assert said(text) == [f"3 T13 två ord sitter ihop: ”{words}”"]


def test_names_with_a_capital_inside_are_left_alone() -> None:
    assert said("SmåKom, YouTube, LinkedIn, GitHub, iPhone, PowerPoint och BankID.") == []
