"""Source documents: plain text into numbered paragraphs, and the catalogue over them."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from smakom_mail.config.toml import Key, TomlText, parse_toml, read_table
from smakom_mail.content.matching import fold
from smakom_mail.content.reading import decode_text, is_file, read_bytes, read_text
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Seed, SeedParagraph

FOLDER = "seeds"
CATALOGUE = "seeds/seeds.toml"

_ENTRY = {
    "slug": Key("line", '"soderhamn-civilminister"', required=True),
    "file": Key("line", '"000_33d475eeadbb856c.txt"', required=True),
    "title": Key("line", '"Viktiga frågor på bordet"'),
    "label": Key("line", '"Artikel om social dumpning"'),
    "publisher": Key("line", '"Söderhamns kommun"'),
    "url": Key("line", '"https://kommun.example/nyhet"'),
    "published": Key("month", "2021-03-25"),
    "credit": Key("flag", "true"),
    "drop": Key("texts", '["Lyssna på sidan"]'),
    "sha256": Key("line", '"33d4…"'),
}
_SPEECH = re.compile(r"^\s*[-–—]\s*(?=[^\W\d])")
_BULLET = re.compile(r"^\s*[•●▪◦‣]\s*")
_MARKS = {"speech": _SPEECH, "bullet": _BULLET}
_ENDS = tuple('.!?:;,…"”’)')
_LONG_LINE = 60


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every seed of the project, those without an entry too.

    `unusable` are names of seeds that the catalogue has but nobody can read, each with where
    that was reported; `broken`: seeds.toml itself cannot be read, so no name is known.
    """

    seeds: tuple[Seed, ...]
    unusable: tuple[tuple[str, str], ...] = ()
    broken: bool = False

    def find(self, name: str) -> tuple[Seed, ...]:
        """Give the seeds that `name` may mean: a slug, or a start of a file name."""
        exact = tuple(seed for seed in self.seeds if name in (seed.slug, seed.file))
        if exact or not name:
            return exact
        return tuple(seed for seed in self.seeds if seed.file.startswith(name))

    def place_of_fault(self, name: str) -> str:
        """Say where it was reported that the seed `name` cannot be read; nothing if it was not."""
        places = (place for known, place in self.unusable if known.startswith(name))
        return dict(self.unusable).get(name) or next(places, "")

    def names(self) -> tuple[str, ...]:
        """The slugs, for suggestions."""
        return tuple(seed.slug for seed in self.seeds)


def read_catalogue(root: Path) -> tuple[Catalogue, tuple[Diagnostic, ...]]:
    """Read seeds/seeds.toml and every document it names or that lies beside it."""
    folder = root / FOLDER
    findings: list[Diagnostic] = []
    seeds: list[Seed] = []
    unusable: list[tuple[str, str]] = []
    listed: set[str] = set()
    broken = False
    if is_file(folder / "seeds.toml"):
        text, unreadable = read_text(root, folder / "seeds.toml")
        toml = parse_toml(CATALOGUE, text)
        broken = toml.broken or bool(unreadable and not text)
        entries = read_table(toml, toml.data, {"seed": Key("tables", "")}).get("seed", [])
        listed = {str(raw.get("file", "")) for raw in entries}
        for index, values in _entries(toml, entries):
            seed, place = _catalogued(root, toml, values, index)
            seeds += [seed] if seed else []
            unusable += [] if seed else [(values["slug"], place), (values["file"], place)]
        findings += [*unreadable, *toml.findings]
    for path in sorted(folder.glob("[!.]*.txt")) if folder.is_dir() and not broken else ():
        if path.name not in listed:
            seed, faults = _uncatalogued(root, path)
            findings += faults
            seeds += [seed] if seed else []
            unusable += [] if seed else [(path.name, f"{FOLDER}/{path.name}")]
    return Catalogue(tuple(seeds), tuple(unusable), broken), tuple(findings)


def _entries(toml: TomlText, entries: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give each entry that names a seed and a file, the first of those with the same."""
    first: dict[tuple[str, str], int] = {}
    for index, raw in enumerate(entries):
        values = read_table(toml, raw, _ENTRY, ("seed", index))
        if "slug" not in values or "file" not in values:
            continue
        repeated = [key for key in ("slug", "file") if (key, values[key]) in first]
        for key in repeated:
            kind = "duplicate-slug" if key == "slug" else "seed-file-repeated"
            line = toml.line("seed", index, key)
            other = f"{CATALOGUE}:{first[key, values[key]]}"
            toml.findings.append(finding(kind, CATALOGUE, line, other=other, **{key: values[key]}))
        if not repeated:
            first |= {(key, values[key]): toml.line("seed", index, key) for key in ("slug", "file")}
            yield index, values


def _catalogued(
    root: Path, toml: TomlText, values: dict[str, Any], index: int
) -> tuple[Seed | None, str]:
    """Read the document of an entry; give None and where that is reported if it cannot be."""
    path = root / FOLDER / values["file"]
    if Path(values["file"]).name != values["file"] or not is_file(path):
        line = toml.line("seed", index, "file")
        toml.findings.append(finding("seed-missing", CATALOGUE, line, file=values["file"]))
        return None, f"{CATALOGUE}:{line}"
    file = f"{FOLDER}/{values['file']}"
    data, faults = read_bytes(root, path)
    text, decoding = decode_text(data, file) if not faults else ("", ())
    toml.findings += refused(file, (*faults, *decoding))
    if faults or decoding:
        return None, f"{file}:{(*faults, *decoding)[0].location.line}"
    sha256 = hashlib.sha256(data).hexdigest()
    return make_seed(values, text, sha256, toml.line("seed", index)), ""


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
        finding("seed-refused", file, fault.location.line, file=file, reason=fault)
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
        pinned=values.get("sha256", "").lower(),
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
