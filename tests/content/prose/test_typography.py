"""How words are set: each slip is found at its line, and what only looks like one is not."""

import pytest

from tests.content.prose.edited import hints, said


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("21-23 april", "21–23 april"),
        ("21 - 23 april", "21–23 april"),
        ("30 april-2 maj", "30 april–2 maj"),
        ("2019-2021", "2019–2021"),
        ("1977-78", "1977–78"),
        ("10-12 personer", "10–12 personer"),
        ("10-12", "10–12"),
        ("kl. 9-11", "kl. 9–11"),
        ("kl. 13.30-15.00", "kl. 13.30–15.00"),
        ("13:30-15:00", "13:30–15:00"),
        ("1 000-1 500 kronor", "1 000–1 500 kronor"),
        ("1,5-2 procent", "1,5–2 procent"),
        ("5-10 %", "5–10 %"),
        ("s. 12-15", "s. 12–15"),
        ("årskurs 7-9", "årskurs 7–9"),
        ("måndag-fredag", "måndag–fredag"),
        ("januari-mars", "januari–mars"),
        ("9-11-åringar", "9–11-åringar"),
    ],
)
def test_a_hyphen_in_a_range_is_found(wrong: str, right: str) -> None:
    assert said(f"En rad.\nDet gäller {wrong} i år.") == [
        f"4 T14 bindestreck i ett intervall: ”{wrong}”"
    ]
    assert hints(f"Det gäller {wrong} i år.") == [f"skriv ”{right}” med tankstreck utan mellanslag"]


@pytest.mark.parametrize(
    "text",
    [
        "Den 21–23 april.",
        "Ring 0706-72 56 49 eller 08-465 00 000.",
        "Ring 046-12 13 14 eller +46-8-465 00.",
        "Arbetet med covid-19 och för- och nackdelar.",
        "Vi vann med 2-3 och förlorade med 1-4.",
        "Det röstades ned med 12-19.",
        "Formationen 4-4-2 och reglerna i 3:12-systemet.",
        "Ärendet har dnr 2019-2021 och KS 2019-2020.",
        "Möte 2021-01-04, i månaden 2021-03.",
        "Standarden EN 301-549 och SS-EN 12-15.",
        "Organisationsnumret är 802000-0000.",
        "Oddsen står 50-50.",
        "E-post, T-bana, A4-papper och 10-årsjubileum.",
        "Se https://a.example/2019-2021/10-12 om det.",
        "Raden `10-12 personer` är kod.",
        "Vi ses på Stockholm-Arlanda.",
    ],
)
def test_a_hyphen_that_belongs_is_left_alone(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Vi fick 10% mer.", "T23 det saknas ett mellanslag: ”10%”"),
        ("Enligt 5§ gäller det.", "T23 det saknas ett mellanslag: ”5§”"),
        ("Enligt §5 gäller det.", "T23 det saknas ett mellanslag: ”§5”"),
        ("Två  ord.", "T17 dubbelt mellanslag: ”Två ord.”"),
        (
            "Lokal service.Vi svarar.",
            "T18 det saknas ett mellanslag efter punkten: ”service.Vi”",
        ),
        ("Är det så?Ja.", "T18 det saknas ett mellanslag efter punkten: ”så?Ja.”"),
        ("Det blev 2021.Sedan.", "T18 det saknas ett mellanslag efter punkten: ”2021.Sedan.”"),
        ("Han sa ”ja.”Sedan gick han.", "T18 det saknas ett mellanslag efter punkten: ”ja.”Sedan”"),
        ("E-post; namn@forening.example", "T19 semikolon efter en etikett: ”E-post;”"),
        ("Telefon; 08-465 00 000", "T19 semikolon efter en etikett: ”Telefon;”"),
        ("Kim Ek\nTelefon; 08-465 00 000", "T19 semikolon efter en etikett: ”Telefon;”"),
        ("Styrelsen, fr v; Kim och Bo.", "T19 semikolon efter en etikett: ”fr v;”"),
        (
            "Sedan kom en\u00a0liten bil.",
            "T20 ett hårt mellanslag står där det inte hör hemma: ”en liten”",
        ),
        (
            "Sedan kom\u00a0 bilen.",
            "T20 ett hårt mellanslag står där det inte hör hemma: ”kom bilen.”",
        ),
        (
            "Kommun\u00adstyrelsen sa ja.",
            "T20 ett osynligt tecken (U+00AD) står i ”Kommunstyrelsen”",
        ),
    ],
)
def test_a_slip_is_found_at_its_line(text: str, message: str) -> None:
    line = 5 + text.count("\n")
    found = [row.replace("  ", " ") for row in said(f"Först en rad.\n\n{text}")]

    assert found == [f"{line} {message}"]


@pytest.mark.parametrize(
    "text",
    [
        "Vi fick 10 % mer, enligt 5 § och §§ 5–6.",
        "Se https://a.example/10-12 om det.",
        "Det gäller t.ex. A.B. Andersson, s.k. Dr.Phil och fil.kand.",
        "Filen Rapport.md finns på www.Smakom.se i dag.",
        "Åren 300 f.Kr. till 200 e.Kr. var torra.",
        "Klockan 13.30 … sedan vilade vi.",
        "Det var kallt; vinden låg på. Ja; så var det.",
        "Skriv per e-post; vi svarar på telefon; så är det.",
        "Vi ses den 10 december kl. 13 i sal 5, med 3 miljoner kronor och 5 procent.",
        "Kung Karl\u00a0XII och Kim\u00a0Ek kom s.\u00a03 till\u00a0– slut.",
        "En rad\nsom går vidare på nästa.",
        "| Tal | Ord |\n| --- | --- |\n| 1   | ett |",
    ],
)
def test_what_only_looks_like_a_slip_is_left_alone(text: str) -> None:
    assert said(text) == []


def test_the_two_kinds_of_quotation_marks_are_not_mixed_in_a_text() -> None:
    text = 'Han sa ”ja” först.\n\nSedan sa hon "nej" till allt.\n'

    assert said(text) == [
        '5 T15 raka och typografiska citattecken blandas i texten: "nej"',
    ]


@pytest.mark.parametrize(
    "text",
    [
        'Han sa "ja" och hon "nej".',
        "Han sa ”ja” och hon ”nej”.",
        'Skärmen på 15" kallas ”stor”.',
        'Skriv `"` så blir det ”bra”.',
    ],
)
def test_one_kind_of_quotation_mark_is_enough(text: str) -> None:
    assert said(text) == []


def test_english_has_its_own_rules() -> None:
    assert said("We met 21-23 April in May and got 10% more. On Monday; E-mail; x.", "en") == []
    assert said("We  met.", "en") == ["3 T17 two spaces: “We  met.”"]
    assert said("We met.They left.", "en") == [
        "3 T18 a space is missing after the full stop: “met.They”"
    ]


def test_own_words_in_quotation_marks_give_notes() -> None:
    assert said("Han sa ”vi ses 21-23 april” och gick.") == [
        "3 T14 note bindestreck i ett intervall: ”21-23 april”"
    ]
