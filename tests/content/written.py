"""Small texts and projects as an editor would write them, and what is said about them."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from smakom_mail.config import read_config
from smakom_mail.content.project import LoadedEdition, load_edition
from smakom_mail.content.seeds import Catalogue, read_catalogue
from smakom_mail.content.sources import Sources
from smakom_mail.content.tree import SectionText, parse_section
from smakom_mail.diagnostics import Diagnostic, in_order

FILE = "newsletters/maj-2021/10-a.md"
CONFIG = """\
[newsletter]
name = "Exempelbrevet"

[sender]
email = "brev@forening.example"

[site]
url = "https://brev.forening.example"
"""
EDITION = """\
title = "Nyhetsbrev maj 2021"
date = 2021-05-03
subject = "Nyhetsbrev maj 2021"
preheader = "Det här får du läsa om i numret: vägar, broar och bibliotek."
"""
SEED = "Vägen ska vara klar i höst, säger Kim Exempel.\n\nDen blir två mil lång.\n"
CATALOGUE = """\
[[seed]]
slug = "vagen"
file = "vagen.txt"
title = "Ny väg"
publisher = "Exempelkommunen"
published = 2021-04-01
"""


def said(findings: Iterable[Diagnostic], language: str = "sv") -> list[str]:
    """Write each finding as ``line code message | hint``."""
    return [
        f"{f.location.line} {f.code} {f.message(language)} | {f.hint(language)}" for f in findings
    ]


def placed(findings: Iterable[Diagnostic]) -> list[str]:
    """Write each finding as ``file:line code``."""
    return [f"{f.location.file}:{f.location.line} {f.code}" for f in findings]


def section(text: str, root: Path | None = None) -> tuple[SectionText, list[str]]:
    """Parse a section; its seeds are those of `root`, else there are none."""
    catalogue = read_catalogue(root)[0] if root else Catalogue(())
    parsed, findings = parse_section(text, FILE, Sources(catalogue, dt.date(2021, 5, 3)), "sv")
    return parsed, said(in_order(findings))


def faults(text: str) -> list[str]:
    """Say what is wrong with a section file that has a title and then `text` from line 3 on."""
    return section(f"# Titel\n\n{text}\n")[1]


def make_project(root: Path, files: dict[str, str | bytes] | None = None) -> Path:
    """Write a project with one seed and the edition maj-2021; `files` are added or replaced."""
    content: dict[str, str | bytes] = {
        "smakom-mail.toml": CONFIG,
        "layouts/smakom/layout.toml": "",
        "seeds/seeds.toml": CATALOGUE,
        "seeds/vagen.txt": SEED,
        "newsletters/maj-2021/edition.toml": EDITION,
        "newsletters/maj-2021/10-a.md": "# Titel\n\nText.\n",
    }
    for name, data in (content | (files or {})).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return root


def load(root: Path, slug: str = "maj-2021") -> LoadedEdition:
    """Read an edition of a project; its findings come in the order they are printed in."""
    config, _ = read_config((root / "smakom-mail.toml").read_text(encoding="utf-8"), {})
    loaded = load_edition(root.resolve(), slug, config)
    return LoadedEdition(loaded.edition, in_order(loaded.findings))
