"""The project folder: finding it, its editions, and reading one of them whole."""

import os
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from smakom_mail.config import Config
from smakom_mail.config.people import read_audience
from smakom_mail.config.settings import LANGUAGES, SECTION_KEYS
from smakom_mail.config.toml import Key, TomlText, bad_value, parse_toml, read_table
from smakom_mail.content import rules
from smakom_mail.content.pictures import load_picture
from smakom_mail.content.reading import is_inside, read_text
from smakom_mail.content.seeds import read_catalogue
from smakom_mail.content.sources import Sources
from smakom_mail.content.tree import parse_section
from smakom_mail.content.usage import SeedUse, seed_uses
from smakom_mail.diagnostics import Diagnostic, finding, nearest
from smakom_mail.model.document import Figure, walk
from smakom_mail.model.edition import UNDATED, Edition, Picture, Section, Waiver

CONFIG_FILE = "smakom-mail.toml"
EDITIONS = "newsletters"
STANDING = "newsletters/_standing"
NAME = re.compile(r"[a-z0-9åäö](?:[a-z0-9åäö-]{0,62}[a-z0-9åäö])?")
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)\d")  # what Windows keeps for itself
SECTION_LIMIT = 100_000
"""The longest section file that is parsed, in bytes: Gmail clips a mail of that size."""
SLUG = re.compile(r"[a-z0-9åäö]+(?:-[a-z0-9åäö]+)*")
_SECTION_FILE = re.compile(rf"(\d{{1,4}})-({SLUG.pattern})\.md")
_LIKE_SECTION = re.compile(
    r".+\.(md|markdown|mdown)|\d+\W.*\.(txt|text|docx?|odt|rtf)", re.IGNORECASE
)

_EDITION = {
    "title": Key("text", '"Nyhetsbrev januari 2021"', required=True),
    "date": Key("date", "2021-01-04", required=True),
    "subject": Key("text", '"Nyhetsbrev januari 2021: …"', required=True),
    "preheader": Key("text", '"Det här får du läsa om."', required=True),
    "layout": Key("text", '"smakom"'),
    "language": Key("text", '"sv"'),
    "audience": Key("text", '"list:medlemmar"'),
    "sections": Key("table", ""),
    "waive": Key("tables", ""),
}
_WAIVE = {
    "code": Key("text", '"S01"', required=True),
    "reason": Key("text", '"styrelsen vill ha det så"', required=True),
}


@dataclass(frozen=True, slots=True)
class LoadedEdition:
    """An edition with everything that was found while reading it."""

    edition: Edition
    findings: tuple[Diagnostic, ...]


def is_name(name: str) -> bool:
    """Say whether `name` can be an edition: letters a–ö, digits and hyphens, at most 64."""
    name = unicodedata.normalize("NFC", name)
    return NAME.fullmatch(name) is not None and not _DEVICE.fullmatch(name)


def find_root(start: Path) -> Path | None:
    """Give the closest folder at or above `start` that holds smakom-mail.toml."""
    start = start.resolve()
    return next((f for f in (start, *start.parents) if (f / CONFIG_FILE).is_file()), None)


def on_disk(path: Path) -> Path:
    """Give `path` as the disk spells it: macOS may have taken its å apart into a and ring."""
    if path.parent.is_dir() and not os.path.lexists(path):
        for found in path.parent.iterdir():
            if unicodedata.normalize("NFC", found.name) == path.name:
                return found
    return path


def edition_names(root: Path) -> tuple[str, ...]:
    """Give every edition's name, sorted; folders that begin with _ or . are none."""
    folder = root / EDITIONS
    if not folder.is_dir():
        return ()
    names = (unicodedata.normalize("NFC", path.name) for path in folder.iterdir() if path.is_dir())
    return tuple(sorted(name for name in names if not name.startswith(("_", "."))))


def layout_names(root: Path) -> tuple[str, ...]:
    """Give the names of the project's layouts."""
    folder = root / "layouts"
    return tuple(sorted(p.name for p in folder.iterdir() if p.is_dir())) if folder.is_dir() else ()


def load_edition(root: Path, slug: str, config: Config) -> LoadedEdition:
    """Read newsletters/`slug`: its settings, sections, sources and pictures.

    Never stops at a fault: whatever can be read is in the edition, whatever cannot is a
    finding. The caller has made sure that the folder exists.
    """
    folder = on_disk(root / EDITIONS / slug)
    file = f"{EDITIONS}/{slug}/edition.toml"
    text, unreadable = read_text(root, folder / "edition.toml")
    toml = parse_toml(file, text)
    toml.broken = toml.broken or bool(unreadable)
    values = read_table(toml, toml.data, _EDITION)
    if values.get("title") == "":
        toml.findings.append(bad_value(toml, _EDITION, ("title",), ""))
    language = _language(toml, values, config)
    catalogue, faults = read_catalogue(root)
    sources = Sources(catalogue, values.get("date"))
    sections = _sections(root, folder, toml, sources, language)
    sections = _configured(toml, values, sections, config)
    pictures, picture_faults = _pictures(root, sections)
    edition = Edition(
        slug=slug,
        title=values.get("title", ""),
        date=values.get("date", UNDATED),
        subject=values.get("subject", ""),
        preheader=values.get("preheader", ""),
        layout=_layout(root, toml, values, config),
        language=language,
        audience=_audience(toml, values, config),
        sections=tuple(sections),
        waivers=_waivers(toml, values),
        pictures=pictures,
        seeds=catalogue.seeds,
        lines=_lines(toml, values),
    )
    found = (*unreadable, *toml.findings, *faults, *picture_faults)
    checked = rules.check_edition(edition, values.keys())
    return LoadedEdition(
        edition, (*found, *checked, *rules.check_sections(edition, config.own_hosts))
    )


def _sections(
    root: Path, folder: Path, toml: TomlText, sources: Sources, language: str
) -> list[Section]:
    sections: list[Section] = []
    for section_slug, path in _section_files(root, folder, toml).items():
        section, faults = _section(root, path, section_slug, sources, language)
        toml.findings += faults
        sections.append(section)
    if not sections:
        toml.findings.append(finding("no-sections", toml.file))
    return sections


def _lines(toml: TomlText, values: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    """Remember where each key of edition.toml stands, for findings made later."""
    keys = [(key, toml.line(key)) for key in _EDITION]
    slugs = values.get("sections", {})
    return (*keys, *((f"sections.{slug}", toml.line("sections", slug)) for slug in slugs))


def _language(toml: TomlText, values: dict[str, Any], config: Config) -> str:
    language = values.get("language", config.newsletter.language)
    if language in LANGUAGES:
        return str(language)
    toml.findings.append(bad_value(toml, _EDITION, ("language",), language, '"sv" or "en"'))
    return config.newsletter.language


def _audience(toml: TomlText, values: dict[str, Any], config: Config) -> str:
    return read_audience(toml, ("audience",), values.get("audience", ""), config.people.lists)


def _layout(root: Path, toml: TomlText, values: dict[str, Any], config: Config) -> str:
    name = str(values.get("layout", config.newsletter.layout))
    names = layout_names(root)
    if name in names:
        return name
    where, line = (
        (toml.file, toml.line("layout"))
        if "layout" in values
        else (CONFIG_FILE, config.line_of("newsletter.layout"))
    )
    toml.findings.append(
        finding("unknown-layout", where, line, layout=name, nearest=nearest(name, names))
    )
    return ""


def _section_files(root: Path, folder: Path, toml: TomlText) -> dict[str, Path]:
    """Give slug -> file in reading order; an edition's own section hides a standing one."""
    own = _numbered(root, folder, toml)
    standing = _numbered(root, root / STANDING, toml) if (root / STANDING).is_dir() else {}
    merged = {**standing, **own}
    order = sorted(merged, key=lambda s: (merged[s][0], merged[s][1].name))
    return {s: merged[s][1] for s in order}


def _numbered(root: Path, folder: Path, toml: TomlText) -> dict[str, tuple[int, Path]]:
    found: dict[str, tuple[int, Path]] = {}
    if not is_inside(root, folder):
        file = folder.relative_to(root).as_posix()
        toml.findings.append(finding("file-outside", file, path=file))
        return found
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        name = unicodedata.normalize("NFC", path.name)
        file = path.relative_to(root).as_posix()
        match = _SECTION_FILE.fullmatch(name)
        if name.startswith(("_", ".")) or not _LIKE_SECTION.fullmatch(name):
            continue
        if not match:
            example = _section_name(name)
            toml.findings.append(finding("section-file-name", file, name=name, example=example))
        elif match[2] in found:
            other = found[match[2]][1].relative_to(root).as_posix()
            toml.findings.append(finding("duplicate-slug", file, slug=match[2], other=other))
        else:
            found[match[2]] = (int(match[1]), path)
    return found


def _section_name(name: str) -> str:
    """Propose a section's file name like `name`."""
    stem = name.casefold().split(".", 1)[0]
    words = re.sub(r"[^a-z0-9åäö]+", "-", stem).strip("-")
    number = re.match(r"\d{1,4}(?!\d)", words)
    bare = words.lstrip("0123456789-")
    return f"{number[0] if number else 50}-{bare or 'avsnitt'}.md"


def _section(
    root: Path, path: Path, slug: str, sources: Sources, language: str
) -> tuple[Section, list[Diagnostic]]:
    file = path.relative_to(root).as_posix()
    text, faults = read_text(root, path)
    if (size := len(text.encode("utf-8"))) > SECTION_LIMIT:
        large = finding("file-too-large", file, size=size, limit=SECTION_LIMIT)
        text, faults = "", (*faults, large)
    if faults and not text:
        return Section(slug, "", slug, "", "", (), file), list(faults)
    parsed, findings = parse_section(text, file, sources, language)
    section = Section(slug, "", parsed.title, "", "", parsed.blocks, file, parsed.line)
    return section, [*faults, *findings]


def _configured(
    toml: TomlText, values: dict[str, Any], sections: list[Section], config: Config
) -> list[Section]:
    """Give each section its kind, label and byline: the edition's, else the project's."""
    own = _own_settings(toml, values, [section.slug for section in sections])
    done = []
    for section in sections:
        usual = config.section(section.slug)
        chosen = own.get(section.slug, {})
        done.append(
            replace(
                section,
                kind=chosen.get("kind") or usual.kind or "article",
                label=chosen.get("label", usual.label),
                byline=chosen.get("byline", usual.byline),
            )
        )
    return done


def _own_settings(
    toml: TomlText, values: dict[str, Any], slugs: list[str]
) -> dict[str, dict[str, Any]]:
    """Read the [sections.*] tables of edition.toml."""
    raw = values.get("sections", {})
    tables = read_table(toml, raw, {slug: Key("table", "") for slug in raw}, ("sections",))
    own = {}
    for slug, table in tables.items():
        if slug not in slugs:
            line, close = toml.line("sections", slug), nearest(slug, slugs)
            toml.findings.append(
                finding("absent-section", toml.file, line, slug=slug, nearest=close)
            )
        own[slug] = read_table(toml, table, SECTION_KEYS, ("sections", slug))
    return own


def _pictures(root: Path, sections: list[Section]) -> tuple[tuple[Picture, ...], list[Diagnostic]]:
    found: dict[str, Picture] = {}
    findings: list[Diagnostic] = []
    for section in sections:
        for figure in walk(section.blocks):
            if not isinstance(figure, Figure) or figure.source in found:
                continue
            picture, faults = _picture(root, figure, section.file)
            findings += faults
            if picture:
                found[figure.source] = picture
    return tuple(found[source] for source in sorted(found)), findings


def _picture(root: Path, figure: Figure, file: str) -> tuple[Picture | None, list[Diagnostic]]:
    try:
        path = on_disk(root / figure.source)
        there = path.is_file()
        near = path.parent.glob("*") if is_inside(root, path.parent) else ()
        beside = [p.name for p in near if p.is_file()]
    except OSError:  # a name that no disk would take
        path, there, beside = root / figure.source, False, []
    if there:
        return load_picture(root, figure.source, file, figure.line, path)
    shown = f"images/{close}" if (close := nearest(path.name, beside)) else ""
    missing = finding("image-missing", file, figure.line, image=path.name[:80], nearest=shown)
    return None, [missing]


def _waivers(toml: TomlText, values: dict[str, Any]) -> tuple[Waiver, ...]:
    waivers = []
    for index, raw in enumerate(values.get("waive", ())):
        table = read_table(toml, raw, _WAIVE, ("waive", index))
        if "code" in table and table.get("reason"):
            waivers.append(Waiver(table["code"], table["reason"], toml.line("waive", index)))
        elif "reason" in table and not table["reason"]:
            toml.findings.append(
                bad_value(toml, _WAIVE, ("waive", index, "reason"), "", "a reason")
            )
    return tuple(waivers)


def all_seed_uses(root: Path, config: Config) -> tuple[SeedUse, ...]:
    """Give every excerpt and quotation of every edition of the project."""
    return tuple(
        use
        for slug in edition_names(root)
        for use in seed_uses(load_edition(root, slug, config).edition)
    )
