"""Source documents of a test, and what is said of a section that quotes them."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from smakom_mail.content.seeds import Catalogue, read_catalogue
from smakom_mail.content.sources import Sources
from smakom_mail.content.tree import SectionText, parse_section
from smakom_mail.diagnostics import Diagnostic
from smakom_mail.model.document import Excerpt, Quotation, plain
from tests.conftest import ROOT

FILE = "newsletters/mars/10-a.md"
REAL, _FINDINGS = read_catalogue(ROOT)
PLAN = """Planen för Näs

Kommunen har en plan. Den gäller i ett år.

– Vi vill bygga en skola, säger Kim Ek.

Skolan ska stå klar 2023.
Den får 38 elever.

"Alla är med", säger Kim Ek. Alla får komma.

Senast uppdaterad: 2 januari 2021
"""
DROP = 'drop = ["Senast uppdaterad"]'


def write_seeds(root: Path, catalogue: str, documents: dict[str, str | bytes]) -> Catalogue:
    """Write seeds/seeds.toml and its documents; give the catalogue as it is read."""
    folder = root / "seeds"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seeds.toml").write_text(catalogue, encoding="utf-8")
    for name, text in documents.items():
        data = text if isinstance(text, bytes) else text.encode()
        (folder / name).write_bytes(data)
    return read_catalogue(root)[0]


def entry(slug: str, file: str, *more: str) -> str:
    """Give a catalogue entry with a publisher and a day, unless `more` names others."""
    usual = {"publisher": 'publisher = "Näs kommun"', "published": "published = 2021-01-02"}
    kept = [line for key, line in usual.items() if not any(m.startswith(key) for m in more)]
    return "\n".join(["[[seed]]", f'slug = "{slug}"', f'file = "{file}"', *kept, *more, ""])


def one_seed(root: Path, text: str, *more: str) -> Catalogue:
    """Give a catalogue of one document, called `plan`."""
    return write_seeds(root, entry("plan", "100_plan.txt", *more), {"100_plan.txt": text})


def parse(
    catalogue: Catalogue, text: str, date: dt.date | None = dt.date(2021, 3, 31)
) -> tuple[SectionText, list[Diagnostic]]:
    """Read `text` as the section of an edition of `date`, below a title on line 1."""
    return parse_section("# Rubrik\n" + text, FILE, Sources(catalogue, date), "sv")


def said(findings: Iterable[Diagnostic], language: str = "sv") -> list[str]:
    """Write findings as ``line code message | hint``, in the order of the lines."""
    rows = []
    for found in sorted(findings, key=lambda found: found.location.line):
        hint = found.hint(language)
        shown = f"{found.location.line} {found.code} {found.message(language)}"
        rows.append(f"{shown} | {hint}" if hint else shown)
    return rows


def faults(
    catalogue: Catalogue,
    text: str,
    language: str = "sv",
    date: dt.date | None = dt.date(2021, 3, 31),
) -> list[str]:
    """Give what is said of the section `text`; notes are left out."""
    _, findings = parse(catalogue, text, date)
    return said((found for found in findings if found.severity != "note"), language)


def notes(
    catalogue: Catalogue, text: str, date: dt.date | None = dt.date(2021, 3, 31)
) -> list[str]:
    """Give the notes about the section `text`."""
    _, findings = parse(catalogue, text, date)
    return said(found for found in findings if found.severity == "note")


def excerpt(catalogue: Catalogue, text: str) -> Excerpt:
    """Give the one excerpt of the section `text`."""
    (block,) = parse(catalogue, text)[0].blocks
    assert isinstance(block, Excerpt)
    return block


def passages(catalogue: Catalogue, text: str) -> list[str]:
    """Give the paragraphs of the one excerpt: number, [gap], text."""
    return [
        f"{p.number} {'[…] ' if p.gap else ''}{plain(p.children)}"
        for p in excerpt(catalogue, text).passages
    ]


def quotation(catalogue: Catalogue, text: str) -> Quotation:
    """Give the one quotation of the section `text`."""
    (block,) = parse(catalogue, text)[0].blocks
    assert isinstance(block, Quotation)
    return block


def block(*lines: str, name: str = "plan") -> str:
    """Write an excerpt block; its first line is line 2 of the section."""
    return "\n".join([f"::: excerpt {name}", *lines, ":::", ""])
