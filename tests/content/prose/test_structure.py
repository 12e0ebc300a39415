"""The edition as a whole: empty parts, lost parts, and words that point at nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from smakom_mail.content.prose import ProseContext, other_editions, standing_slugs
from tests.content.prose.edited import DECEMBER, edition, keyed, said, whole
from tests.content.written import make_project

TEXT = "# Rubrik\n\nText.\n"


def test_a_heading_with_nothing_below_is_found() -> None:
    assert said("Text.\n\n## Tom\n\n## Full\n\nText.\n\n### Under\n\n---\n") == [
        "5 T25 det står ingenting under rubriken ”Tom”",
        "11 T25 det står ingenting under rubriken ”Under”",
    ]


def test_a_heading_with_headings_below_it_is_not_empty() -> None:
    assert said("## Över\n\n### Under\n\nText.\n\n## Sist\n\n- punkt\n") == []


def recurring(*slugs: str, standing: frozenset[str] = frozenset()) -> ProseContext:
    return ProseContext(others=(DECEMBER,), recurring=slugs, standing=standing)


def named(*slugs: str) -> list[str]:
    checked = edition(*([TEXT] * len(slugs)))
    sections = tuple(
        replace(section, slug=slug) for section, slug in zip(checked.sections, slugs, strict=True)
    )
    context = recurring("ledare", "pa-gang", "kontakt", standing=frozenset({"kontakt"}))
    return whole(replace(checked, sections=sections), context)


def test_a_recurring_section_that_the_last_edition_had_is_missed() -> None:
    assert named("ledare", "kontakt") == [
        "1 T25 avsnittet ”pa-gang” saknas; december-2020 hade det"
    ]


@pytest.mark.parametrize(
    "slugs",
    [("ledare", "pa-gang", "nytt"), ("egen", "kontakt"), ("pa-gang", "ledare")],
)
def test_a_full_edition_and_one_of_another_kind_miss_nothing(slugs: tuple[str, ...]) -> None:
    assert named(*slugs) == []


def test_later_editions_are_no_measure() -> None:
    later = replace(DECEMBER, date=DECEMBER.date and DECEMBER.date.replace(year=2021))
    context = ProseContext(others=(later,), recurring=("ledare", "pa-gang"))

    assert whole(edition(TEXT), context) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Läs mer längre ner i nyhetsbrevet.", "längre ner"),
        ("Se tabellen nedan.", "nedan"),
        ("Läs mer om det här nedan.", "här nedan"),
        ("Se nedanstående lista.", "nedanstående"),
    ],
)
def test_words_that_point_down_at_nothing_are_found(text: str, words: str) -> None:
    assert whole(edition(TEXT, f"# Sist\n\nFörst.\n\n{text}\n")) == [
        f"5 T26 ”{words}” pekar på något som inte finns där"
    ]


@pytest.mark.parametrize("text", ["Som sagt ovan.", "Se bilden här ovan.", "Ovanstående gäller."])
def test_words_that_point_up_at_nothing_are_found(text: str) -> None:
    found = whole(edition(f"# Först\n\n{text}\n"))

    assert [row[:6] for row in found] == ["3 T26 "]


@pytest.mark.parametrize(
    "text",
    [
        "Läs mer längre ner i nyhetsbrevet.\n\nHär står det.",
        "Nedan följer listan. Den har två rader.",
        "Så här är det, se nedan: ett, två och tre.",
        "Han är ovan vid vintern, i ny och nedan nedanför huset.",
        "Han är så ovan. Hon står längre ner på sidan av berget.",
        "Våra kontaktuppgifter finns nedan.",
        "Först en rad. Som sagt ovan.",
    ],
)
def test_words_that_point_at_something_are_left_alone(text: str) -> None:
    assert said(text) == []


def test_what_stands_in_the_next_section_is_further_down() -> None:
    assert (
        whole(edition("# A\n\nSe nedan, längre ner i numret.\n", "# B\n\nSom sagt ovan.\n")) == []
    )


def test_a_standing_section_is_nothing_to_point_at() -> None:
    checked = edition("# A\n\nLäs mer längre ner.\n", "# Följ oss\n\nHär.\n")

    assert whole(checked, ProseContext(standing=frozenset({"b"}))) == [
        "3 T26 ”längre ner” pekar på något som inte finns där"
    ]


def test_words_of_another_edition_are_found() -> None:
    other = replace(DECEMBER, title="Mötet", subject="Vårmötet  närmar sig", preheader="Kom hit.")
    checked = replace(
        edition(TEXT), title="mötet", subject="Vårmötet närmar sig", preheader="Kom hit."
    )

    assert whole(checked, ProseContext(others=(other,))) == [
        "1 S03 title är ordagrant den i december-2020",
        "3 S03 subject är ordagrant den i december-2020",
        "4 S03 preheader är ordagrant den i december-2020",
    ]


def test_own_words_are_not_another_edition_s() -> None:
    assert whole(edition(TEXT), ProseContext(others=(DECEMBER,))) == []
    assert keyed(subject="") == []


@pytest.mark.parametrize(
    "address",
    [
        "noreply@forening.example",
        "no-reply@forening.example",
        "No.Reply@forening.example",
        "donotreply@forening.example",
        "svara-inte@forening.example",
        "ej-svar@forening.example",
    ],
)
def test_a_sender_that_nobody_can_answer_is_an_error(address: str) -> None:
    lines = (("sender", 5), ("sender.email", 7), ("sender.reply_to", 8))

    assert whole(edition(TEXT), ProseContext(sender=address, lines=lines)) == [
        f"7 P20 ingen kan svara på {address} (email)"
    ]
    assert whole(edition(TEXT), ProseContext(reply_to=address, lines=lines)) == [
        f"8 P20 ingen kan svara på {address} (reply_to)"
    ]


@pytest.mark.parametrize("address", ["kansli@noreply.example", "noren@a.example", "svar@a.example"])
def test_a_sender_that_is_read_is_fine(address: str) -> None:
    assert whole(edition(TEXT), ProseContext(sender=address, reply_to=address)) == []


@pytest.mark.parametrize(
    "reason",
    [
        (
            "Du får detta nyhetsbrev eftersom du är en kund till oss eller för att du har skrivit"
            " upp dig på vårt nyhetsbrev."
        ),
        "Du får brevet för att du är medlem eller har skrivit upp dig.",
        "You get this because you are a customer or because you signed up.",
    ],
)
def test_two_reasons_at_once_are_found(reason: str) -> None:
    lines = (("newsletter.reason", 4),)
    message = "T27 två skäl på en gång till att läsaren får brevet"

    assert whole(edition(TEXT), ProseContext(reason=reason, lines=lines)) == [f"4 {message}"]
    assert said(reason) == [f"3 {message}"]


@pytest.mark.parametrize(
    "reason",
    [
        "Du får SmåKoms nyhetsbrev för att du har skrivit upp dig på det.",
        "Du får brevet eftersom du är anställd i en kommun eller region.",
        "Skriv till oss för att du undrar eller för att du vill veta mer.",
    ],
)
def test_one_reason_is_fine(reason: str) -> None:
    assert said(reason) == []


def test_the_other_editions_are_read_as_far_as_they_can_be(tmp_path: Path) -> None:
    root = make_project(
        tmp_path,
        {
            "newsletters/april-2021/edition.toml": (
                'title = "April"\ndate = 2021-04-01\nsubject = "Ämne"\npreheader = 3\n'
            ),
            "newsletters/april-2021/10-ledare.md": "# L\n",
            "newsletters/april-2021/bilder.txt": "",
            "newsletters/trasig/edition.toml": 'title = "\n',
            "newsletters/tom/10-a.md": "# A\n",
            "newsletters/_standing/90-kontakt.md": "# K\n",
        },
    )
    others = other_editions(root, "maj-2021")

    assert [(o.slug, o.title, o.subject, o.preheader, sorted(o.sections)) for o in others] == [
        ("tom", "", "", "", ["a"]),
        ("trasig", "", "", "", []),
        ("april-2021", "April", "Ämne", "", ["ledare"]),
    ]
    assert standing_slugs(root) == {"kontakt"}
