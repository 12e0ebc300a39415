"""Quotations: every typed word stands in the source, however it is set."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smakom_mail.content.quotations import Attribution, resolve_quotation
from smakom_mail.content.sources import Sources
from smakom_mail.diagnostics import Diagnostic
from smakom_mail.model.document import Credit, Paragraph, Quotation, Text
from tests.content.seeded import FILE, REAL, faults, notes, one_seed, quotation

SOURCE = """Skolan i Näs

Kommunen säger nej, men Anna-Karin Ek (S) vill bygga 10,5 kvarter.

– Vi vill bygga en skola för alla... Det är ”viktigt”, säger Kim Ek.

– Ja, vi bygger i höst, säger Bo Al.

Vi vill bygga en väg också.
"""
BY = "> — Kim Ek, [Källa](seed:plan)\n"


def quote(*lines: str, by: str = BY) -> str:
    """Write a quotation; its first line is line 2 of the section."""
    return "".join(f"> {line}\n" for line in lines) + by


# ------------------------------------------------------------------------------- what passes


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("Vi vill bygga en skola för alla", (3,)),
        ("– Vi vill bygga en skola för alla", (3,)),
        ("”Vi vill bygga en skola för alla”", (3,)),
        ("”– Vi vill bygga en skola för alla”", (3,)),
        ("En skola för alla", (3,)),
        ("”En skola för alla”", (3,)),
        ("Vi vill bygga […] för alla", (3,)),
        ("Vi vill bygga [...] för alla", (3,)),
        ("Vi vill bygga [ … ] för alla", (3,)),
        ("[…] bygga en skola […]", (3,)),
        ("Vi vill bygga en skola […] vi bygger i höst", (3, 4)),
        ("säger Kim Ek. Ja, vi bygger i höst", (3, 4)),
        ("Det är 'viktigt'", (3,)),
        ("en skola för alla…", (3,)),
        ("Anna-Karin Ek (S) vill bygga 10,5 kvarter", (2,)),
    ],
)
def test_words_of_the_source_may_be_quoted(
    tmp_path: Path, typed: str, numbers: tuple[int, ...]
) -> None:
    seeds = one_seed(tmp_path, SOURCE)

    assert faults(seeds, quote(typed)) == []
    assert quotation(seeds, quote(typed)).numbers == numbers


def test_a_quotation_may_cross_paragraphs_and_each_may_begin_with_its_dash(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, SOURCE)
    typed = quote("– […] Det är ”viktigt”, säger Kim Ek.", "", "– Ja, vi bygger i höst")

    assert faults(seeds, typed) == []
    assert quotation(seeds, typed).numbers == (3, 4)


@pytest.mark.parametrize("dash", ["-", "–", "- "])
def test_a_speech_dash_may_be_typed_as_it_stands_in_the_source(tmp_path: Path, dash: str) -> None:
    seeds = one_seed(tmp_path, SOURCE)

    assert faults(seeds, quote(f"{dash} Ja, vi bygger i höst")) == []
    assert quotation(seeds, quote(f"{dash} Ja, vi bygger i höst")).speaker == "Kim Ek"


def test_of_several_beginnings_with_one_end_the_closest_is_meant(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, SOURCE)

    typed = quote("Vi vill bygga […] väg också", by="> — Bo Al, [Källa](seed:plan)\n")

    assert faults(seeds, typed) == []
    assert quotation(seeds, typed).numbers == (5,)


def test_words_far_from_where_their_speaker_is_named_are_looked_at(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, SOURCE)
    another = quote("Vi vill bygga en väg också.")
    glued = quote("Vi vill bygga en skola […] en väg också.")
    hint = "se efter vem som säger dem; dela citatet om två personer talar"
    said = "”Kim Ek” nämns inte vid de citerade orden (stycke 5 i ”plan”)"

    assert faults(seeds, another) == [f"2 Q19 {said} | {hint}"]
    assert faults(seeds, glued) == [f"2 Q19 {said} | {hint}"]


def test_an_attribution_typed_with_a_hyphen_is_one(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, SOURCE)
    typed = quote("Det är ”viktigt”", by="> - Kim Ek, rektor, [Källa](seed:plan)\n")

    found = quotation(seeds, typed)

    assert faults(seeds, typed) == []
    assert (found.speaker, found.role) == ("Kim Ek", "rektor")


def test_a_quotation_has_its_speaker_role_and_credit(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, SOURCE)
    typed = quote("Det är viktigt".replace("v", "”v") + "”", by="> — Kim Ek, rektor, [x](seed:100)")

    found = quotation(seeds, typed)

    assert (found.seed, found.speaker, found.role) == ("plan", "Kim Ek", "rektor")
    assert found.credit == Credit("Näs kommun", "2021-01-02", "")
    assert found.line == 2


def test_a_speaker_who_is_named_only_in_a_caption_that_is_never_quoted_is_named(
    tmp_path: Path,
) -> None:
    seeds = one_seed(tmp_path, "Bild: Lo Hed\n\nHär är en skola.\n", 'drop = ["Bild:"]')

    assert faults(seeds, quote("en skola", by="> — Lo Hed, [Källa](seed:plan)")) == []
    assert faults(seeds, quote("Bild", by="> — Lo Hed, [Källa](seed:plan)")) == [
        (
            "2 Q08 citatet står inte så i ”plan”: ”Bild”"
            " | smakom-mail seeds show plan visar texten; […] visar en utelämning"
        )
    ]


# ------------------------------------------------------------------------------- what does not


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (
            "Vi vill bygga en borg för alla",
            (
                "2 Q08 citatet står inte så i ”plan”: ”Vi vill bygga en borg för alla”"
                " | källan har, i stycke 3: ”Vi vill bygga en skola för alla... Det är”"
            ),
        ),
        (
            "Vi vill inte bygga en skola för alla... Det är viktigt",
            (
                "2 Q08 citatet står inte så i ”plan”:"
                " ”Vi vill inte bygga en skola för alla... Det är …”"
                " | källan har, i stycke 3: ”Vi vill bygga en skola för alla... "
                "Det är ”viktigt”, …”"
            ),
        ),
        (
            "Vi vill bygga […] en borg",
            (
                "2 Q08 citatet står inte så i ”plan”: ”en borg”"
                " | smakom-mail seeds show plan visar texten; […] visar en utelämning"
            ),
        ),
        (
            "Xyzzy plugh",
            (
                "2 Q08 citatet står inte så i ”plan”: ”Xyzzy plugh”"
                " | smakom-mail seeds show plan visar texten; […] visar en utelämning"
            ),
        ),
        (
            "Ja, vi bygger i höst […] en skola för alla",
            (
                "2 Q08 citatets delar står i en annan ordning i ”plan”:"
                " ”en skola för alla” kommer tidigare"
                " | citera dem i källans ordning, eller gör två citat (orden står i stycke 3)"
            ),
        ),
        (
            "Vi vill bygga",
            (
                "2 Q04 citatets ord står på flera ställen i ”plan” (stycke 3, 5)"
                " | citera fler ord, så att det syns varifrån de kommer"
            ),
        ),
        ("[…]", "2 Q08 citatet har inga ord | skriv de citerade orden efter >"),
        ("”…”", "2 Q08 citatet har inga ord | skriv de citerade orden efter >"),
        (
            "{name|Vi} vill bygga en skola",
            (
                "2 Q08 ett citat kan inte ha personliga fält"
                " | skriv orden som källan har dem; \\{ är en vanlig klammer"
            ),
        ),
    ],
)
def test_words_that_are_not_the_sources_are_said_with_what_the_source_has(
    tmp_path: Path, typed: str, expected: str
) -> None:
    assert faults(one_seed(tmp_path, SOURCE), quote(typed)) == [expected]


def test_a_changed_quotation_is_said_in_english_too(tmp_path: Path) -> None:
    assert faults(one_seed(tmp_path, SOURCE), quote("Vi vill bygga en borg för alla"), "en") == [
        (
            "2 Q08 the quotation does not stand so in “plan”: “Vi vill bygga en borg för alla”"
            " | the source has, in paragraph 3: “Vi vill bygga en skola för alla... Det är”"
        )
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "vi vill bygga en skola för alla",
        "Vi vill bygga En skola för alla",
        "Karin Ek (S) vill bygga",
    ],
)
def test_only_the_first_letter_may_be_raised_and_no_word_cut(tmp_path: Path, typed: str) -> None:
    (line,) = faults(one_seed(tmp_path, SOURCE), quote(typed))

    assert line.startswith("2 Q08 citatet står inte så i ”plan”: ")


@pytest.mark.parametrize("typed", ["5 kvarter", "vill bygga 10"])
def test_a_number_is_quoted_whole(tmp_path: Path, typed: str) -> None:
    (line,) = faults(one_seed(tmp_path, SOURCE), quote(typed))

    assert line.startswith(f"2 Q08 citatet står inte så i ”plan”: ”{typed}” | källan har, i ")


def test_words_twice_in_one_paragraph_name_it_once(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, "Skolan\n\nKim Ek vill ha en skola. Bo vill ha en skola.\n")

    assert faults(seeds, quote("vill ha en skola")) == [
        (
            "2 Q04 citatets ord står på flera ställen i ”plan” (stycke 2)"
            " | citera fler ord, så att det syns varifrån de kommer"
        )
    ]


@pytest.mark.parametrize(
    ("speaker", "hint"),
    [
        ("Kim Eek", "närmast i källan: ”Kim Ek”"),
        ("Karin Ek", "närmast i källan: ”Anna-Karin Ek”"),
        ("Anna-Karen Ek", "närmast i källan: ”Anna-Karin Ek”"),
        ("Xyzzy Plugh", "skriv namnet som källan skriver det"),
    ],
)
def test_a_speaker_whom_the_source_does_not_name_is_said_at_the_last_line(
    tmp_path: Path, speaker: str, hint: str
) -> None:
    seeds = one_seed(tmp_path, SOURCE)
    typed = quote("Vi vill bygga en skola", by=f"> — {speaker}, [Källa](seed:plan)\n")

    assert faults(seeds, typed) == [f"3 Q09 ”{speaker}” nämns inte i ”plan” | {hint}"]


@pytest.mark.parametrize(
    "by",
    [
        "",
        "> Kim Ek, [Källa](seed:plan)\n",
        "> — Kim Ek\n",
        "> — [Källa](seed:plan)\n",
        "> — Kim Ek, [Källa](https://nas.example/)\n",
    ],
)
def test_a_quotation_without_speaker_or_seed_is_unattributed(tmp_path: Path, by: str) -> None:
    assert faults(one_seed(tmp_path, SOURCE), quote("Vi vill bygga en skola", by=by)) == [
        (
            "2 Q10 citatet säger inte vem som talar och varifrån orden är hämtade"
            " | avsluta det med en rad > — Namn, [Källa](seed:namn)"
        )
    ]


def test_a_quotation_of_an_unknown_seed_is_said_at_the_line_that_names_it(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, SOURCE)

    assert faults(seeds, quote("Vi vill", by="> — Kim Ek, [Källa](seed:plann)\n")) == [
        "3 Q01 det finns ingen källa ”plann” | menade du ”plan”?"
    ]
    assert faults(seeds, quote("Vi vill", by="> — Kim Ek, [Källa](seed:)\n")) == [
        (
            "3 Q01 det står inte vilken källa orden är hämtade ur | skriv ::: excerpt namn eller "
            "[Källa](seed:namn); smakom-mail seeds list visar namnen"
        )
    ]


def test_a_quotation_notes_a_seed_without_publisher_and_date(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, SOURCE, "publisher = ''", "published = ''", 'label = "Brevet"')

    assert [note.split(" | ")[0] for note in notes(seeds, quote("bygga en skola"))] == [
        "2 Q17 ”plan” anger ingen utgivare och visas som ”Brevet”",
        "3 Q18 ”plan” har inget datum, så det går inte att se om det är äldre än numret",
    ]


# ------------------------------------------------------------- any sentence of the real seeds

# A sentence that stands once, so that only what a test does to it can make it fail.
SENTENCES = [
    (seed.slug, paragraph.text)
    for seed in REAL.seeds
    for paragraph in seed.paragraphs
    if not paragraph.dropped and len(paragraph.text) > 60
]
VARIANTS = {
    '"': "\"“”„’'»«",
    "”": '"“”„»«',
    "-": "-‐‑–—−",
    "–": "-‐‑–—−",
    " ": [" ", "\u00a0", "\u202f", "  ", "\n", "\t ", "\u00ad ", " \u200b"],
}


def verify(slug: str, typed: str) -> tuple[Quotation | None, list[Diagnostic]]:
    """Check `typed` as a quotation of the seed `slug`, by somebody whom every seed names."""
    speaker = {"smakom-januari-2021": "Peter Lindroth", "solleftea-medborgarkontor": "Sollefteå"}
    attribution = Attribution(speaker.get(slug, "Söderhamns kommun"), "", slug, 9)
    paragraphs = (Paragraph((Text(typed, 1),), 1),)
    return resolve_quotation(paragraphs, attribution, Sources(REAL, None), FILE, 1)


def codes(slug: str, typed: str) -> list[str]:
    """Give the codes of the errors in a quotation."""
    return [found.code for found in verify(slug, typed)[1] if found.severity == "error"]


def test_there_are_many_sentences() -> None:
    assert len(SENTENCES) > 60


@pytest.mark.parametrize(("slug", "text"), SENTENCES)
def test_every_paragraph_can_be_quoted(slug: str, text: str) -> None:
    assert codes(slug, text) == []


@given(st.data())
def test_one_letter_more_less_or_other_anywhere_fails(data: st.DataObject) -> None:
    slug, text = data.draw(st.sampled_from(SENTENCES))
    places = [i for i, character in enumerate(text) if character.isalnum()]
    at = data.draw(st.sampled_from(places))
    letter = data.draw(st.sampled_from("abeinorståäöABEINORSTÅÄÖ0123456789éüßıſ"))
    way = data.draw(st.sampled_from(["change", "insert", "delete"]))
    typed = text[:at] + ("" if way == "delete" else letter) + text[at + (way != "insert") :]
    # A first letter may be raised, and leaving out a whole first or last word is no change in it.
    raised = way == "change" and at == places[0] and letter.lower() == text[at]
    shorter = way == "delete" and at in (places[0], places[-1])
    one_letter = shorter and (text[at + 1 : at + 2] + text[max(0, at - 1) : at]).isalnum() is False
    assume(typed != text and not raised and not one_letter)

    assert codes(slug, typed) == ["Q08"]


@given(st.data())
def test_setting_the_same_words_otherwise_never_fails(data: st.DataObject) -> None:
    slug, text = data.draw(st.sampled_from(SENTENCES))
    typed = "".join(data.draw(st.sampled_from(VARIANTS.get(c, c))) for c in text)
    if data.draw(st.booleans()):
        typed = typed.replace("...", "…")
    hyphen = data.draw(st.integers(0, len(typed)))
    typed = typed[:hyphen] + data.draw(st.sampled_from(["", "\u00ad", "\u2060"])) + typed[hyphen:]
    typed = unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), typed)

    assert codes(slug, typed) == []


@given(st.data())
def test_words_may_be_cut_out_anywhere_if_it_is_marked(data: st.DataObject) -> None:
    slug, text = data.draw(st.sampled_from(SENTENCES))
    words = text.split()
    start = data.draw(st.integers(3, len(words) - 2))
    end = data.draw(st.integers(start + 1, len(words) - 1))
    cut = data.draw(st.sampled_from(["[…]", "[...]"]))
    head, tail = " ".join(words[:start]), " ".join(words[end:])
    whole = "\n".join(p.text for seed in REAL.find(slug) for p in seed.paragraphs)
    assume(any(c.isalnum() for c in tail) and whole.count(head) == 1)

    assert codes(slug, f"{head} {cut} {tail}") == []


@given(st.text(max_size=60), st.sampled_from(REAL.seeds))
def test_no_text_typed_as_a_quotation_breaks_the_check(typed: str, seed: object) -> None:
    slug = getattr(seed, "slug", "")

    assert set(codes(slug, typed)) <= {"Q04", "Q08"}
