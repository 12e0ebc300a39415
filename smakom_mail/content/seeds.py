"""Source documents: plain text into numbered paragraphs, and the catalogue over them."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from smakom_mail.config.toml import Key, TomlText, parse_toml, read_table
from smakom_mail.content.matching import fold
from smakom_mail.content.reading import decode_text, read_bytes, read_text
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Seed, SeedParagraph

FOLDER = "seeds"
CATALOGUE = "seeds/seeds.toml"

_ENTRY = {
    "slug": Key("text", '"soderhamn-civilminister"', required=True),
    "file": Key("text", '"000_33d475eeadbb856c.txt"', required=True),
    "title": Key("text", '"Viktiga frågor på bordet"'),
    "label": Key("text", '"Artikel om social dumpning"'),
    "publisher": Key("text", '"Söderhamns kommun"'),
    "url": Key("text", '"https://kommun.example/nyhet"'),
    "published": Key("month", "2021-03-25"),
    "credit": Key("flag", "true"),
    "drop": Key("texts", '["Lyssna på sidan"]'),
    "sha256": Key("text", '"33d4…"'),
}
_SPEECH = re.compile(r"^\s*[-–—]\s*(?=[^\W\d])")
_BULLET = re.compile(r"^\s*[•●▪◦‣]\s*")
_MARKS = {"speech": _SPEECH, "bullet": _BULLET}
_ENDS = tuple('.!?:;,…"”’)')
_LONG_LINE = 60


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every seed of the project, those without an entry too."""

    seeds: tuple[Seed, ...]

    def find(self, name: str) -> tuple[Seed, ...]:
        """Give the seeds that `name` may mean: a slug, or a start of a file name."""
        exact = tuple(seed for seed in self.seeds if name in (seed.slug, seed.file))
        if exact or not name:
            return exact
        return tuple(seed for seed in self.seeds if seed.file.startswith(name))

    def names(self) -> tuple[str, ...]:
        """The slugs, for suggestions."""
        return tuple(seed.slug for seed in self.seeds)


def read_catalogue(root: Path) -> tuple[Catalogue, tuple[Diagnostic, ...]]:
    """Read seeds/seeds.toml and every document it names or that lies beside it."""
    folder = root / FOLDER
    findings: list[Diagnostic] = []
    seeds: list[Seed] = []
    listed: set[str] = set()
    if (folder / "seeds.toml").is_file():
        text, unreadable = read_text(root, folder / "seeds.toml")
        toml = parse_toml(CATALOGUE, text)
        entries = read_table(toml, toml.data, {"seed": Key("tables", "")}).get("seed", [])
        listed = {str(raw.get("file", "")) for raw in entries}
        for index, raw in enumerate(entries):
            seed = _entry(root, toml, raw, index, seeds)
            seeds += [seed] if seed else []
        findings += [*unreadable, *toml.findings]
    for path in sorted(folder.glob("*.txt")) if folder.is_dir() else ():
        if path.name not in listed:
            seed, faults = _uncatalogued(root, path)
            findings += faults
            seeds += [seed] if seed else []
    return Catalogue(tuple(seeds)), tuple(findings)


def _entry(
    root: Path, toml: TomlText, raw: dict[str, Any], index: int, earlier: Iterable[Seed]
) -> Seed | None:
    line = toml.line("seed", index)
    values = read_table(toml, raw, _ENTRY, ("seed", index))
    slug, file = values.get("slug", ""), values.get("file", "")
    if not slug or not file:
        return None
    for other in earlier:
        if other.slug == slug:
            toml.findings.append(
                finding(
                    "duplicate-slug",
                    CATALOGUE,
                    toml.line("seed", index, "slug"),
                    slug=slug,
                    other=f"{CATALOGUE}:{other.line}",
                )
            )
            return None
    path = root / FOLDER / file
    if Path(file).name != file or not path.is_file():
        toml.findings.append(
            finding("seed-missing", CATALOGUE, toml.line("seed", index, "file"), file=file)
        )
        return None
    data, faults = read_bytes(root, path)
    text, decoding = decode_text(data, f"{FOLDER}/{file}") if not faults else ("", ())
    toml.findings += refused(f"{FOLDER}/{file}", (*faults, *decoding))
    return make_seed(values, text, hashlib.sha256(data).hexdigest(), line)


def _uncatalogued(root: Path, path: Path) -> tuple[Seed | None, tuple[Diagnostic, ...]]:
    file = f"{FOLDER}/{path.name}"
    data, faults = read_bytes(root, path)
    text, decoding = decode_text(data, file) if not faults else ("", ())
    if faults or decoding:
        return None, refused(file, (*faults, *decoding))
    values = {"slug": path.stem, "file": path.name, "title": find_title(split_paragraphs(text, ()))}
    seed = make_seed(values, text, hashlib.sha256(data).hexdigest(), 0)
    return seed, (finding("seed-uncatalogued", file, file=path.name),)


def refused(file: str, faults: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Turn faults of reading into "this seed is refused", each at its line."""
    return tuple(
        finding("seed-refused", file, fault.location.line, file=file, reason=fault.message("en"))
        for fault in faults
    )


def make_seed(values: dict[str, Any], text: str, sha256: str, line: int) -> Seed:
    """Make a Seed from a catalogue entry and the document's text."""
    paragraphs = split_paragraphs(text, values.get("drop", ()))
    return Seed(
        slug=values["slug"],
        file=values["file"],
        title=values.get("title", ""),
        label=values.get("label", ""),
        publisher=values.get("publisher", ""),
        url=values.get("url", ""),
        published=str(values.get("published", "")),
        credit=values.get("credit", True),
        paragraphs=paragraphs,
        sha256=sha256,
        pinned=values.get("sha256", ""),
        catalogued=line > 0,
        line=line,
    )


def split_paragraphs(text: str, drop: Iterable[str]) -> tuple[SeedParagraph, ...]:
    """Divide a document at its empty lines; bullets and spoken lines are paragraphs of their own.

    A paragraph that begins with one of the `drop` texts is numbered, but marked as dropped.
    """
    unwanted = tuple(fold(words, case=False).text for words in drop if words.strip())
    chunks: list[tuple[int, list[str]]] = []
    open_chunk = False
    for number, row in enumerate(text.split("\n"), 1):
        if not row.strip():
            open_chunk = False
        elif open_chunk and not _SPEECH.match(row) and not _BULLET.match(row):
            chunks[-1][1].append(row)
        else:
            chunks.append((number, [row]))
            open_chunk = True
    found = []
    for index, (line, lines) in enumerate(chunks):
        style = _style(lines)
        joined = _join(lines)
        if style == "heading":
            following = chunks[index + 1][1][0] if index + 1 < len(chunks) else ""
            style = "heading" if len(following) > len(joined) else "text"
        elif style in _MARKS:
            joined = _MARKS[style].sub("", joined, count=1)
        dropped = bool(unwanted) and fold(joined, case=False).text.startswith(unwanted)
        found.append(SeedParagraph(index + 1, joined, style, dropped, line))
    return tuple(found)


def _style(lines: list[str]) -> str:
    first = lines[0]
    if _SPEECH.match(first):
        return "speech"
    if _BULLET.match(first):
        return "bullet"
    bare = first.strip()
    plain = len(lines) == 1 and len(bare) <= 90 and not re.search(r"[.,;:@()/]", bare)
    return "heading" if plain and not bare.endswith(_ENDS) and bare[:1].isupper() else "text"


def _join(lines: list[str]) -> str:
    """Join hard-wrapped lines; a break after a short line or a full stop is the source's own."""
    lines = [" ".join(line.split()) for line in lines]
    joined = lines[0]
    for before, line in pairwise(lines):
        wrapped = len(before) >= _LONG_LINE and not before.endswith(_ENDS)
        joined += (" " if wrapped else "\n") + line
    return joined


def find_title(paragraphs: tuple[SeedParagraph, ...]) -> str:
    """Give the document's own title: a first line that is short and not a sentence."""
    for paragraph in paragraphs:
        if not paragraph.dropped:
            text = paragraph.text
            is_title = len(text) <= 150 and "\n" not in text and not text.endswith((".", ":", ","))
            return text if is_title and paragraph.style in ("heading", "text") else ""
    return ""
