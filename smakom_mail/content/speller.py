"""Spelling of the editor's own Swedish words, where a dictionary is installed.

Names, numbers, addresses, linked and quoted words are left alone. Words that the dictionary
lacks and the editor stands for are in the project's ordlista.txt.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from smakom_mail.content.hunspell import Dictionary, load_dictionary
from smakom_mail.content.prose.runs import MASK, Run, edition_runs
from smakom_mail.content.reading import read_text
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Edition

HOUSE_WORDS = "ordlista.txt"
NAME = "sv_SE.aff"
PLACES = (
    "/usr/share/hunspell",
    "/usr/share/myspell",
    "/usr/share/myspell/dicts",
    "/usr/local/share/hunspell",
    "/opt/homebrew/share/hunspell",
    "/Library/Spelling",
    "/usr/lib/libreoffice/share/extensions/dict-sv",
    "C:/Program Files/LibreOffice/share/extensions/dict-sv",
)
_WORD = re.compile(
    rf"(?<![\w:.,/@&’'-])[^\W\d_]+(?:-[^\W\d_]+)*-?(?![\w:/@&’'{MASK}]|-?\d|[.][^\W\d_])"
)
_SHORTEST, _LONGEST = 3, 60
MOST = 100
"""Unknown words that are told of an edition: with more of them it is another language."""
_SHORT_TEXT = (
    "dvs osv pga etc mfl bl tex tom from kap sid tel tfn jan feb apr aug sept okt nov dec mkr tkr"
    " kbm kvm kwh mån tis ons tors fre lör sön ev resp inkl exkl forts anm bil fax ang gm hp"
)
_SHORT = frozenset(_SHORT_TEXT.split())
_FIRST_WORD = 8
"""A sentence's first word is taken for a name unless it is this long and nearly a known word."""


def find_dictionary(folder: Path | None = None) -> Path | None:
    """Give the .aff file of the Swedish dictionary: in `folder`, or in one of the usual places."""
    folders = [folder] if folder else [Path(place) for place in PLACES]
    paths = (place / NAME for place in folders)
    return next((p for p in paths if p.is_file() and p.with_suffix(".dic").is_file()), None)


def open_dictionary(aff: Path) -> Dictionary | None:
    """Read a dictionary once in a process; None for a file that cannot be read as one."""
    try:
        state = aff.with_suffix(".dic").stat()
        return load_dictionary(aff, (state.st_mtime_ns, state.st_size))
    except (OSError, ValueError, re.error):
        return None


def house_words(root: Path) -> tuple[frozenset[str], tuple[Diagnostic, ...]]:
    """Read ordlista.txt: one word a line; a line with # is a remark."""
    path = root / HOUSE_WORDS
    if not path.is_file():
        return frozenset(), ()
    text, faults = read_text(root, path)
    lines = (line.partition("#")[0].strip().casefold() for line in text.splitlines())
    return frozenset(line for line in lines if line), faults


def check_spelling(
    edition: Edition, dictionary: Dictionary, house: frozenset[str]
) -> Iterator[Diagnostic]:
    """Say which words are unknown, each once, where it stands first."""
    if edition.language != "sv":
        return
    told: set[str] = set()
    for run in edition_runs(edition, "", {}):
        for word, at in _words(run):
            if word.casefold() in told or _known(word, dictionary, house):
                continue
            near = dictionary.suggest(word)
            if word[0].isupper() and (len(word) < _FIRST_WORD or not near):
                continue
            told.add(word.casefold())
            if len(told) > MOST:
                return
            yield finding(
                "unknown-word", run.file, run.line_at(at), words=word, nearest=_like(word, near)
            )


def _words(run: Run) -> Iterator[tuple[str, int]]:
    """Give the words to look up: no names, nothing quoted or linked, no file of settings."""
    if run.quoted or not run.file.endswith((".md", "edition.toml")):
        return
    for match in _WORD.finditer(run.text):
        word, (start, end) = match[0], match.span()
        named = any(letter.isupper() for letter in word[1:]) or (
            word[0].isupper() and not run.starts_sentence(start)
        )
        linked = any(link.start < end and start < link.end for link in run.links)
        if (
            len(word) <= _LONGEST
            and not named
            and not linked
            and not run.in_quotation_marks(start, end)
        ):
            yield word, start


def _known(word: str, dictionary: Dictionary, house: frozenset[str]) -> bool:
    small = word.casefold()
    if small in _SHORT or small in house or small.removesuffix("s") in house:
        return True
    if dictionary.knows(word):
        return True
    first, *rest = word.split("-")
    if not rest:
        return len(word) < _SHORTEST
    return all(
        _known(part, dictionary, house) or dictionary.opens_compound(part)
        for part in (first, *rest)
        if part
    )


def _like(word: str, near: str) -> str:
    return near.capitalize() if word[0].isupper() else near
