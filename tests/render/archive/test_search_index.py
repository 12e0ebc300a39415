"""What the search knows: folded words, and the passages that they stand in."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.archive.entry import Section
from smakom_mail.render.archive.passages import Passage, passages
from smakom_mail.render.archive.search_index import fold, folded_words, search_index
from tests.render.archive.archived import edition, page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Växjö, Åre och Örebro", ["vaxjo", "are", "och", "orebro"]),
        ("va\u0308xjo\u0308", ["vaxjo"]),
        ("Covid-19 §4a", ["covid", "19", "4a"]),
        ("vind\u00adkraft\u00a0nu", ["vindkraft", "nu"]),
        ("Łódź Sábme ø æ ß ŋ", ["lodz", "sabme", "o", "ae", "ss", "ŋ"]),
        ("e-post_adress", ["e", "post", "adress"]),
        ("a" * 60, ["a" * 40]),
        ("— … !", []),
    ],
)
def test_words_are_kept_in_small_letters_without_marks(text: str, words: list[str]) -> None:
    assert folded_words(text) == words


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded_words(" ".join(folded_words(text))) == [word[:40] for word in folded_words(text)]
    assert fold(fold(text)) == fold(text)


def test_the_index_says_which_words_stand_where() -> None:
    january = edition()
    found = [Passage("vindar", "Vindar", "", "Vi skrev om vindkraft i Växjö.")]
    index = json.loads(search_index([(january, found)]))

    assert index["editions"] == [
        ["januari-2021/", "Nyhetsbrev januari 2021", "4\u00a0januari\u00a02021"]
    ]
    assert index["parts"] == [[0, "vindar", "Vindar", ""]]
    assert index["words"] == {
        "2021": [0],
        "januari": [0],
        "nyhetsbrev": [0],
        "vaxjo": [0],
        "vindar": [0],
        "vindkraft": [0],
    }
    assert {"nar", "skrev", "vi", "om"} <= set(index["stop"])


def test_a_section_is_divided_at_the_headings_of_its_items() -> None:
    body = (
        '<section id="kort" aria-labelledby="kort-title"><p class="label">Kort</p>'
        '<h2 id="kort-title">På gång</h2><p>Fyra ting.</p>'
        '<div><h3 id="kort-post">Posten</h3><p>Om <em>brev</em>lådor.<br>Snart.</p></div>'
        '<span aria-hidden="true">7 jan</span>'
        '<h3 id="kort-mynt">Mynt &amp; sedlar</h3><dl><dt>12</dt><dd>mynt</dd></dl></section>'
        '<section id="kontakt"><h2>Kontakt</h2><p>Ring.</p></section>'
    )
    shown = edition(web=page("T", body))
    listed = Section("kort", "På gång", "Posten · Mynt & sedlar")

    assert passages(replace(shown, sections=(listed,))) == (
        Passage("kort", "På gång", "", "Kort Fyra ting."),
        Passage("kort-post", "På gång", "Posten", "Om brevlådor. Snart."),
        Passage("kort-mynt", "På gång", "Mynt & sedlar", "12 mynt"),
    )


def test_a_section_that_the_layout_draws_without_its_place_is_passed_over() -> None:
    assert passages(edition(web=page("T", "<p>fritt</p>"))) == ()
