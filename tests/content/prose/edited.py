"""A section as an editor writes it, in an edition of January 2021, and what is said of it."""

import datetime as dt
import re
from dataclasses import replace

from smakom_mail.content.prose import OtherEdition, ProseContext, check_prose
from smakom_mail.content.seeds import Catalogue
from smakom_mail.content.sources import Sources
from smakom_mail.content.tree import parse_section
from smakom_mail.diagnostics import Diagnostic, in_order
from smakom_mail.model.edition import Edition, Section

DATE = dt.date(2021, 1, 4)
TOML = (("title", 1), ("date", 2), ("subject", 3), ("preheader", 4))
DECEMBER = OtherEdition(
    slug="december-2020",
    date=dt.date(2020, 12, 1),
    title="Nyhetsbrev december 2020",
    subject="Julhälsning och budget",
    preheader="Vi önskar en god jul och berättar om budgeten för nästa år.",
    sections=frozenset({"ledare", "pa-gang", "kontakt"}),
)


def section(text: str, slug: str = "a", language: str = "sv") -> Section:
    """Parse a whole section file."""
    file = f"newsletters/januari-2021/10-{slug}.md"
    parsed, _ = parse_section(text, file, Sources(Catalogue(()), DATE), language)
    return Section(slug, "article", parsed.title, "", "", parsed.blocks, file, parsed.line)


def edition(*texts: str, language: str = "sv") -> Edition:
    """Make an edition of the sections a, b, c …, each a whole file."""
    names = "abcdefgh"
    return Edition(
        slug="januari-2021",
        title="Nyhetsbrev januari 2021" if language == "sv" else "Newsletter January 2021",
        date=DATE,
        subject="Vindkraft och posten" if language == "sv" else "Wind and post",
        preheader="Det här får du läsa om." if language == "sv" else "What you can read.",
        layout="smakom",
        language=language,
        audience="",
        sections=tuple(
            section(text, name, language) for name, text in zip(names, texts, strict=False)
        ),
        lines=TOML,
    )


def as_section(text: str) -> str:
    """Write plain text as a section whose lines are those of the text, two further down."""
    plain = re.sub(r"([*_`#<>\[\]{}\\|])", r"\\\1", text)
    plain = re.sub(r"^(\s*)([-+:])", r"\1\\\2", plain, flags=re.MULTILINE)
    plain = re.sub(r"^(\s*\d+)([.)])", r"\1\\\2", plain, flags=re.MULTILINE)
    return f"# Rubrik\n\n{plain}\n"


def rows(findings: "list[Diagnostic] | tuple[Diagnostic, ...]", language: str = "sv") -> list[str]:
    """Write each finding as ``line code message``, with ``note`` behind a note's code."""
    return [
        f"{f.location.line} {f.code}{' note' if f.severity == 'note' else ''} {f.message(language)}"
        for f in findings
    ]


def whole(checked: Edition, context: ProseContext | None = None) -> list[str]:
    """Check an edition; give what is said of it."""
    found = in_order(check_prose(checked, context or ProseContext()))
    return rows(found, checked.language)


def said(body: str, language: str = "sv") -> list[str]:
    """Check a section whose text begins on line 3."""
    return whole(edition(f"# Rubrik\n\n{body}\n", language=language))


def hints(body: str) -> list[str]:
    """Give the hints on a section's text."""
    checked = edition(f"# Rubrik\n\n{body}\n")
    return [f.hint("sv") for f in in_order(check_prose(checked, ProseContext()))]


def keyed(**keys: str) -> list[str]:
    """Check an edition whose title, subject or preheader is another."""
    return whole(replace(edition("# Rubrik\n\nText.\n"), **keys))  # type: ignore[arg-type] # keys are of edition.toml
