"""The edition april-2021: our own words about four sources, and nothing that is in none of them."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.content.usage import seed_uses
from smakom_mail.model.document import (
    Excerpt,
    Link,
    Numbers,
    Quotation,
    inlines,
    plain,
    runs,
    walk,
)
from smakom_mail.model.edition import Edition, Section
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import open_workplace
from tests.conftest import ROOT

SLUG = "april-2021"
SOURCES = (
    "social-dumpning",
    "soderhamn-civilminister",
    "soderhamn-program",
    "solleftea-medborgarkontor",
)
# What the settings and the sources lack, open corrections, and how easily the text reads.
ACCEPTED_NOTES = {"P17", "Q15", "Q17", "Q18", "T28"}
COUNTED = ("två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


@pytest.fixture(scope="module")
def edition() -> Edition:
    """Read the edition as it stands in the repository."""
    return check_edition(open_workplace(ROOT, {}), SLUG).edition


@pytest.fixture(scope="module")
def sources(edition: Edition) -> dict[str, str]:
    """Read every source's file as it is, by the seed's name."""
    return {
        seed.slug: (ROOT / "seeds" / seed.file).read_text(encoding="utf-8")
        for seed in edition.seeds
    }


def own_sections(edition: Edition) -> list[Section]:
    """Leave out the standing sections, which are no report of anything."""
    return [s for s in edition.sections if s.file.startswith(f"newsletters/{SLUG}/")]


def own_words(edition: Edition) -> Iterator[str]:
    """Yield what the editors wrote themselves, a title or paragraph at a time."""
    yield from (edition.title, edition.subject, edition.preheader)
    for section in own_sections(edition):
        yield from (section.title, section.label)
        for block in walk(section.blocks):
            if isinstance(block, Numbers):
                yield from (f"{entry.figure} {entry.meaning}" for entry in block.figures)
            elif not isinstance(block, Excerpt | Quotation):
                yield from (plain(run) for run in runs(block))


def unsupported_numbers(texts: Iterable[str], source: str) -> list[str]:
    """List the numbers of `texts`, in digits or in words, that do not stand in `source`."""
    known = set(re.findall(r"\w+", source.casefold()))
    return [
        word
        for text in texts
        for word in re.findall(r"\w+", text.casefold())
        if (word.isdigit() or word in COUNTED) and word not in known
    ]


def unsupported_names(texts: Iterable[str], source: str) -> list[str]:
    """List the names inside sentences of `texts` that do not stand in `source`, in any case."""
    found = []
    for text in texts:
        for name in re.findall(r"(?<=[\w,:] )[A-ZÅÄÖ][\w-]*", text.replace("\u00a0", " ")):
            stem = re.sub(r"(ens|s|n)$", "", name.casefold())
            if stem not in source.casefold():
                found.append(name)
    return found


def test_it_is_checked_without_errors_and_warnings(cli: Callable[..., Result]) -> None:
    result = cli("check", SLUG)
    assert result.exit_code == 0
    assert re.search(r"^april-2021: 0 errors, 0 warnings, \d+ notes$", result.stdout, re.MULTILINE)
    assert set(re.findall(r"note\[(\w+)\]", result.output)) <= ACCEPTED_NOTES


def test_nothing_is_waived(edition: Edition) -> None:
    assert edition.waivers == ()


def test_its_sections_come_in_order_with_their_kinds(edition: Edition) -> None:
    assert [(s.slug, s.kind, s.label, s.byline) for s in own_sections(edition)] == [
        ("redaktionen", "leader", "Redaktionen", ""),
        ("civilministern", "report", "Digitalt besök", ""),
        ("social-dumpning", "article", "Social dumpning", ""),
        ("fler-besked", "items", "Kort från mötet", ""),
        ("program", "article", "Arbete och företag", ""),
        ("medborgarkontor", "article", "Service på orten", ""),
    ]


def test_each_of_the_four_sources_is_quoted(edition: Edition) -> None:
    assert sorted({use.seed for use in seed_uses(edition)}) == list(SOURCES)


def test_every_quotation_names_who_speaks(edition: Edition) -> None:
    assert [
        (block.seed, block.speaker, block.role)
        for section in edition.sections
        for block in walk(section.blocks)
        if isinstance(block, Quotation)
    ] == [
        ("soderhamn-civilminister", "John-Erik Jansson (C)", "kommunalråd"),
        ("social-dumpning", "John-Erik Jansson (C)", "kommunalråd"),
        ("social-dumpning", "Lena Micko (S)", "civilminister"),
        ("social-dumpning", "Alexandra Gard (S)", "oppositionsråd"),
        ("social-dumpning", "Alexandra Gard (S)", "oppositionsråd"),
        ("soderhamn-program", "John-Erik Jansson (C)", "kommunstyrelsens ordförande"),
        ("solleftea-medborgarkontor", "Johan Andersson", "ordförande i kommunstyrelsen"),
        ("solleftea-medborgarkontor", "Birgitta Häggkvist", "vice ordförande i kommunstyrelsen"),
    ]


def test_every_speaker_and_role_stands_in_the_quoted_source(
    edition: Edition, sources: dict[str, str]
) -> None:
    quotations = [
        block
        for section in edition.sections
        for block in walk(section.blocks)
        if isinstance(block, Quotation)
    ]
    assert [
        words
        for block in quotations
        for words in (block.speaker, block.role)
        if words.casefold() not in sources[block.seed].casefold()
    ] == []


def test_every_quoted_word_stands_in_the_quoted_file(
    edition: Edition, sources: dict[str, str]
) -> None:
    """Held against the bytes of the file, without the program's own matching."""
    missing = []
    for section in edition.sections:
        for block in walk(section.blocks):
            if isinstance(block, Excerpt | Quotation):
                said = [plain(run).replace("\u00a0", " ") for run in runs(block)]
                source = sources[block.seed]
                missing += [
                    w for w in said if w not in source and w[0].lower() + w[1:] not in source
                ]
    assert missing == []


def test_its_key_figures_are_those_of_the_sources(edition: Edition) -> None:
    assert [
        (entry.figure, entry.meaning.replace("\u00a0", " "))
        for section in edition.sections
        for block in walk(section.blocks)
        if isinstance(block, Numbers)
        for entry in block.figures
    ] == [
        (
            "minst 38",
            "hushåll flyttade till Söderhamn på det sättet mellan augusti 2019 och november 2020",
        ),
        ("20", "hushåll året dessförinnan"),
        ("tre miljoner", "kronor om året till integration och egenförsörjning, 2021 till 2023"),
        ("en miljon", "kronor om året till näringsliv och tillväxt, 2021 till 2023"),
    ]


def test_every_number_in_its_own_words_stands_in_a_source(
    edition: Edition, sources: dict[str, str]
) -> None:
    reported = "\n".join(sources[slug] for slug in SOURCES)
    assert unsupported_numbers(own_words(edition), reported) == []


def test_every_name_in_its_own_words_stands_in_a_source(
    edition: Edition, sources: dict[str, str]
) -> None:
    assert unsupported_names(own_words(edition), "\n".join(sources.values())) == []


def test_a_number_or_name_of_our_own_would_be_seen() -> None:
    source = "Minst 38 hushåll flyttade till Söderhamn under två år."
    made_up = ["Minst 39 hushåll kom till Sundsvall, och till Söderhamn, på fem år."]
    assert unsupported_numbers(made_up, source) == ["39", "fem"]
    assert unsupported_names(made_up, source) == ["Sundsvall"]


def test_no_link_is_added_to_what_the_sources_have(edition: Edition) -> None:
    assert [
        node.href
        for section in own_sections(edition)
        for block in walk(section.blocks)
        for run in runs(block)
        for node in inlines(run)
        if isinstance(node, Link)
    ] == []


@pytest.mark.parametrize("layout", ["smakom", "brev"])
@pytest.mark.parametrize("slug", ["januari-2021", SLUG])
def test_each_edition_builds_in_each_layout(
    project: Path, cli: Callable[..., Result], slug: str, layout: str
) -> None:
    settings = project / "smakom-mail.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('layout = "smakom"', f'layout = "{layout}"'), encoding="utf-8")
    result = cli("build", slug)
    assert result.exit_code == 0
    assert f"{slug}: 0 errors, 0 warnings, " in result.output
    page = (project / "build" / slug / "message.html").read_text(encoding="utf-8")
    assert ("/images/masthead-" in page) is (layout == "smakom")
