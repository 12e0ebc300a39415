"""Naming a seed: which one is meant, whether it may be quoted, whom to credit."""

import datetime as dt
from pathlib import Path

import pytest

from smakom_mail.model.document import Credit
from tests.content.seeded import (
    PLAN,
    REAL,
    block,
    entry,
    excerpt,
    faults,
    notes,
    one_seed,
    write_seeds,
)


def test_a_seed_is_named_by_its_slug_or_a_unique_start_of_its_file_name(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, PLAN)

    slugs = [
        excerpt(seeds, block(name=n)).seed for n in ("plan", "100", "seed:100_p", "100_plan.txt")
    ]

    assert slugs == ["plan"] * 4


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "soderhamn-civilministern",
            (
                "2 Q01 det finns ingen källa ”soderhamn-civilministern”"
                " | menade du ”soderhamn-civilminister”?"
            ),
        ),
        ("xyz", "2 Q01 det finns ingen källa ”xyz” | smakom-mail seeds list visar dem som finns"),
        (
            "00",
            (
                "2 Q02 ”00” kan vara flera källor: 000_33d475eeadbb856c.txt, "
                "001_19d7e7f8e0026056.txt, 002_5b6f21af1c82519a.txt, 003_159dc6932da0601d.txt, "
                "004_3a3de5e78f1d92d7.txt | skriv fler tecken av filnamnet, eller källans namn"
            ),
        ),
        (
            "",
            (
                "2 Q01 det står inte vilken källa orden är hämtade ur | skriv ::: excerpt namn "
                "eller [Källa](seed:namn); smakom-mail seeds list visar namnen"
            ),
        ),
    ],
)
def test_a_name_that_means_no_seed_or_several_is_said(name: str, expected: str) -> None:
    assert faults(REAL, block(name=name)) == [expected]


def test_the_same_is_said_in_english() -> None:
    assert faults(REAL, block(name="soderhamn-civilministern"), "en") == [
        (
            "2 Q01 there is no seed “soderhamn-civilministern”"
            " | did you mean “soderhamn-civilminister”?"
        )
    ]


# ------------------------------------------------------------------------------- age and credit


@pytest.mark.parametrize(
    ("published", "date", "expected"),
    [
        (
            "2021-03-25",
            dt.date(2021, 3, 24),
            ["2 Q12 ”plan” är från 2021-03-25, efter numrets datum 2021-03-24"],
        ),
        ("2021-03-25", dt.date(2021, 3, 25), []),
        (
            '"2021-04"',
            dt.date(2021, 3, 31),
            ["2 Q12 ”plan” är från 2021-04, efter numrets datum 2021-03-31"],
        ),
        ('"2021-03"', dt.date(2021, 3, 1), []),
        ('"2021-04"', None, []),
    ],
)
def test_an_edition_cannot_quote_what_is_not_yet_written(
    tmp_path: Path, published: str, date: dt.date | None, expected: list[str]
) -> None:
    seeds = one_seed(tmp_path, PLAN, f"published = {published}")
    hint = (
        " | ett nummer kan inte citera det som ännu inte är skrivet: se över datumet eller källan"
    )

    assert faults(seeds, block(), date=date) == [line + hint for line in expected]


@pytest.mark.parametrize(
    "published", ['"0000-01"', '"٢٠٢١-01"', '"2021-13"', '"mars 2021"', "2021"]
)
def test_a_month_that_is_none_is_refused_in_the_catalogue_and_nothing_breaks(
    tmp_path: Path, published: str
) -> None:
    seeds = one_seed(tmp_path, PLAN, f"published = {published}")

    assert seeds.seeds[0].published == ""
    assert faults(seeds, block()) == []


def test_a_seed_without_date_or_publisher_is_noted_but_for_the_associations_own_text(
    tmp_path: Path,
) -> None:
    label = 'label = "Brevet om planen"'
    seeds = one_seed(tmp_path, PLAN, "published = ''", "publisher = ''", label)
    own = one_seed(tmp_path / "own", PLAN, "published = ''", "publisher = ''", "credit = false")

    # An empty date is no date; the catalogue says so at its line.
    assert notes(seeds, block()) == [
        (
            "2 Q18 ”plan” har inget datum, så det går inte att se om det är äldre än numret"
            " | skriv published i seeds.toml om du vet det"
        ),
        (
            "2 Q17 ”plan” anger ingen utgivare och visas som ”Brevet om planen”"
            " | skriv publisher i seeds.toml om du vet den"
        ),
    ]
    assert notes(own, block()) == []
    assert excerpt(own, block()).credit is None


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ([], "Näs kommun"),
        (["publisher = ''", 'title = "Planen"', 'label = "Brevet"'], "Planen"),
        (["publisher = ''", 'label = "Brevet"'], "Brevet"),
        (["publisher = ''"], "100_plan.txt"),
    ],
)
def test_a_credit_names_the_publisher_else_the_title_the_label_or_the_file(
    tmp_path: Path, more: list[str], name: str
) -> None:
    seeds = one_seed(tmp_path, PLAN, 'url = "https://nas.example/plan"', *more)

    assert excerpt(seeds, block()).credit == Credit(name, "2021-01-02", "https://nas.example/plan")


# ------------------------------------------------------------------------------ changed, missing


def test_a_changed_seed_is_said_where_it_is_quoted(tmp_path: Path) -> None:
    seeds = one_seed(tmp_path, PLAN, f'sha256 = "{"0" * 64}"')

    assert faults(seeds, block()) == [
        (
            "2 Q13 källan 100_plan.txt har ändrats sedan den togs in"
            " | läs igenom den och kör sedan smakom-mail seeds verify --accept plan"
        )
    ]


def test_a_recorded_hash_may_be_written_in_capitals(tmp_path: Path) -> None:
    sha256 = one_seed(tmp_path, PLAN).seeds[0].sha256

    assert faults(one_seed(tmp_path, PLAN, f'sha256 = "{sha256.upper()}"'), block()) == []


def test_a_missing_or_unreadable_seed_is_not_called_unknown(tmp_path: Path) -> None:
    seeds = write_seeds(
        tmp_path,
        entry("borta", "1.txt") + entry("latin", "2.txt") + entry("bortom", "3.txt"),
        {"2.txt": "Kommunen \xe4r h\xe4r".encode("latin-1"), "3.txt": "Text\n"},
    )

    assert [faults(seeds, block(name=name)) for name in ("borta", "latin", "2.txt", "seed:1")] == [
        ["2 Q14 källan ”borta” går inte att läsa | rätta först felet vid seeds/seeds.toml:3"],
        ["2 Q14 källan ”latin” går inte att läsa | rätta först felet vid seeds/2.txt:1"],
        ["2 Q14 källan ”2.txt” går inte att läsa | rätta först felet vid seeds/2.txt:1"],
        ["2 Q14 källan ”1” går inte att läsa | rätta först felet vid seeds/seeds.toml:3"],
    ]


def test_a_catalogue_that_is_no_toml_is_not_repeated_at_every_excerpt(tmp_path: Path) -> None:
    seeds = write_seeds(tmp_path, "[[seed]\n", {"1.txt": "Text\n"})

    assert faults(seeds, "Text.\n\n" + block() + block(name="annan")) == []
