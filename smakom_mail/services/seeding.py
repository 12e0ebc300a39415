"""Seeds for the editor: list them, number their paragraphs, take one in, see that none changed."""

import hashlib
import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from smakom_mail.content.project import all_seed_uses
from smakom_mail.content.reading import decode_text, read_bytes
from smakom_mail.content.seeds import (
    CATALOGUE,
    FOLDER,
    Catalogue,
    find_title,
    read_catalogue,
    split_paragraphs,
)
from smakom_mail.content.tree import anchor_of
from smakom_mail.content.usage import SeedUse
from smakom_mail.diagnostics import Diagnostic, nearest
from smakom_mail.errors import SmakomMailError, WriteRefusedError
from smakom_mail.locale import parse_period
from smakom_mail.model.edition import Seed
from smakom_mail.services.workplace import Workplace

_DATED = re.compile(
    r"(?:Senast uppdaterad|Uppdaterad|Publicerad):?\s*(\d{1,2} [a-zåäö]+ \d{4}|\d{4}-\d\d-\d\d)"
)
_NOISE = ("Lyssna på sidan", "Senast uppdaterad", "Publicerad:", "Dela sidan", "Skriv ut")


class SeedProblemError(SmakomMailError):
    """A seed that is unknown, unreadable or already there."""


@dataclass(frozen=True, slots=True)
class ListedSeed:
    """A seed and the editions that use it."""

    seed: Seed
    editions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownSeed:
    """A seed and, for each paragraph number, the editions that use it."""

    seed: Seed
    uses: dict[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class VerifiedSeed:
    """A seed's state: "unchanged", "changed" or "unpinned"; `places` quote it."""

    seed: Seed
    state: str
    places: tuple[SeedUse, ...]


@dataclass(frozen=True, slots=True)
class AddedSeed:
    """A document that was copied to seeds/, and the catalogue entry proposed for it."""

    file: str
    slug: str
    entry: str


def list_seeds(workplace: Workplace) -> tuple[tuple[ListedSeed, ...], tuple[Diagnostic, ...]]:
    """Give every seed in the catalogue's order, and what is wrong with the catalogue."""
    catalogue, findings = read_catalogue(workplace.root)
    uses = all_seed_uses(workplace.root, workplace.config)
    listed = tuple(
        ListedSeed(seed, tuple(dict.fromkeys(use.edition for use in uses if use.seed == seed.slug)))
        for seed in catalogue.seeds
    )
    return listed, findings


def show_seed(workplace: Workplace, name: str) -> ShownSeed:
    """Give the seed called `name` with the uses of each paragraph; raise SeedProblemError."""
    catalogue, _ = read_catalogue(workplace.root)
    seed = _only(catalogue, name)
    uses: dict[int, tuple[str, ...]] = {}
    for use in all_seed_uses(workplace.root, workplace.config):
        if use.seed == seed.slug:
            for number in use.numbers:
                uses[number] = tuple(dict.fromkeys((*uses.get(number, ()), use.edition)))
    return ShownSeed(seed, uses)


def _only(catalogue: Catalogue, name: str) -> Seed:
    found = catalogue.find(name.removeprefix("seed:"))
    _refuse_broken(catalogue)
    if len(found) == 1:
        return found[0]
    if found:
        files = ", ".join(seed.file for seed in found)
        raise SeedProblemError(
            f"“{name}” may be several seeds: {files}", "write more of the file name"
        )
    if place := catalogue.place_of_fault(name.removeprefix("seed:")):
        raise SeedProblemError(f"“{name}” cannot be read", f"first mend the fault at {place}")
    close = nearest(name, catalogue.names())
    raise SeedProblemError(
        f"there is no seed “{name}”",
        f"did you mean “{close}”?" if close else "smakom-mail seeds list shows those there are",
    )


def _refuse_broken(catalogue: Catalogue) -> None:
    if catalogue.broken:
        raise SeedProblemError(
            f"{CATALOGUE} cannot be read", "smakom-mail seeds list says what is wrong with it"
        )


def verify_seeds(workplace: Workplace) -> tuple[tuple[VerifiedSeed, ...], tuple[Diagnostic, ...]]:
    """Compare every seed with the hash of the day it was taken in."""
    catalogue, findings = read_catalogue(workplace.root)
    uses = all_seed_uses(workplace.root, workplace.config)
    verified = []
    for seed in catalogue.seeds:
        if not seed.pinned:
            state = "unpinned"
        else:
            state = "unchanged" if seed.pinned == seed.sha256 else "changed"
        places = tuple(use for use in uses if use.seed == seed.slug)
        verified.append(VerifiedSeed(seed, state, places))
    return tuple(verified), findings


def accept_seed(workplace: Workplace, name: str) -> Seed:
    """Record in seeds.toml that the seed is right as it is now; raise SeedProblemError."""
    catalogue, _ = read_catalogue(workplace.root)
    seed = _only(catalogue, name)
    path = workplace.root / CATALOGUE
    if not seed.catalogued:
        raise SeedProblemError(
            f"{seed.file} is not in {CATALOGUE}", f"smakom-mail seeds add {FOLDER}/{seed.file}"
        )
    before = path.read_text(encoding="utf-8")
    lines = before.split("\n")
    end = next(
        (i for i in range(seed.line, len(lines)) if re.match(r"\s*\[", lines[i])), len(lines)
    )
    pin = f'sha256 = "{seed.sha256}"'
    place = next((i for i in range(seed.line, end) if re.match(r"\s*sha256\s*=", lines[i])), None)
    if place is not None:
        lines[place] = pin
    else:
        while end > seed.line and not lines[end - 1].strip():
            end -= 1
        lines.insert(end, pin)
    after = "\n".join(lines)
    if _pins(after) != _pins(before) | {seed.slug: seed.sha256}:
        raise SeedProblemError(
            f"the entry of “{seed.slug}” in {CATALOGUE} is written in an unusual way",
            f"put {pin} in it by hand",
        )
    write_text(path, after)
    return seed


def _pins(catalogue: str) -> dict[str, str]:
    """Give slug -> recorded hash as a text of seeds.toml says; nothing where it is no TOML."""
    try:
        entries = tomllib.loads(catalogue.removeprefix("\ufeff")).get("seed", [])
        return {entry["slug"].strip(): entry.get("sha256", "") for entry in entries}
    except (ValueError, AttributeError, KeyError, TypeError):
        return {}


def add_seed(workplace: Workplace, source: Path) -> AddedSeed:
    """Copy the document `source` to seeds/ and propose its catalogue entry from its text.

    Raises SeedProblemError where it cannot be read strictly, WriteRefusedError where a seed
    of that name is there already.
    """
    folder = workplace.root / FOLDER
    target = folder / unicodedata.normalize("NFC", source.name)
    inside = source.resolve().parent == folder.resolve()
    if source.suffix != ".txt":
        raise SeedProblemError(f"{source.name} is not a .txt file", "save the text as a .txt file")
    data, text = _document(source)
    catalogue, _ = read_catalogue(workplace.root)
    _refuse_broken(catalogue)
    if any(seed.file == target.name and seed.catalogued for seed in catalogue.seeds):
        raise SeedProblemError(f"{target.name} is already in {CATALOGUE}", "smakom-mail seeds list")
    if target.exists() and not inside:
        raise WriteRefusedError(
            f"{FOLDER}/{target.name} is already there", "give the file another name"
        )
    if not inside:
        try:
            folder.mkdir(exist_ok=True)
            target.write_bytes(data)
        except OSError as error:
            reason = error.strerror or error
            raise WriteRefusedError(
                f"{FOLDER}/{target.name} cannot be written: {reason}"
            ) from error
    return _proposal(text, data, target.name, catalogue)


def _document(source: Path) -> tuple[bytes, str]:
    """Read a document strictly: its bytes, and its text; raise SeedProblemError."""
    whole = source.resolve()
    data, faults = read_bytes(whole.parent, whole)
    text, decoding = ("", ()) if faults else decode_text(data, source.name)
    for fault in (*faults, *decoding):
        place = f"{source}:{fault.location.line}" if decoding else f"{source}"
        raise SeedProblemError(f"{place}: {fault.message('en')}", fault.hint("en"))
    if not text.strip():
        raise SeedProblemError(f"{source} holds no text")
    return data, text


def _proposal(text: str, data: bytes, file: str, catalogue: Catalogue) -> AddedSeed:
    noise = [phrase for phrase in _NOISE if re.search(rf"^\s*{phrase}", text, re.MULTILINE)]
    title = find_title(split_paragraphs(text, noise))
    slug = anchor_of(title or Path(file).stem)[:40].rstrip("-")
    names = {seed.slug for seed in catalogue.seeds if seed.file != file}
    slug = next(name for n in count(1) if (name := f"{slug}-{n}" if n > 1 else slug) not in names)
    dated = _DATED.search(text)
    period = parse_period(dated[1]) if dated else None
    lines = ["[[seed]]", f"slug = {_quoted(slug)}", f"file = {_quoted(file)}"]
    lines.append(
        f"title = {_quoted(title)}" if title else 'label = ""   # the document has no title'
    )
    lines.append('publisher = ""   # only if the document says who publishes it')
    if period:
        lines.append(f"published = {period.start.isoformat()}")
    if noise:
        lines.append(f"drop = [{', '.join(map(_quoted, noise))}]")
    lines.append(f'sha256 = "{hashlib.sha256(data).hexdigest()}"')
    return AddedSeed(file, slug, "\n".join(lines) + "\n")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def catalogue_seed(workplace: Workplace, added: AddedSeed) -> None:
    """Append a proposed entry to seeds.toml."""
    path = workplace.root / CATALOGUE
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    write_text(path, before + gap + added.entry)


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(path)
    except OSError as error:
        raise WriteRefusedError(f"{path} cannot be written: {error.strerror or error}") from error
