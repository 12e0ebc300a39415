"""Style sheets as data, with the line of everything and what is wrong with them.

premailer's own parser forgives and forgets; a mail program that drops a whole ``<style>`` for
one slip does not. This one reads strictly, knows lines and never fetches.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STOP = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[{};()\"']", re.DOTALL)
_IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)
_NAME = re.compile(r"-?-?[a-zA-Z_][\w-]*")
_GROUPS = ("media", "supports", "layer", "container", "document")
_MOST_FAULTS = 20
_DESCRIBED = ("font-face", "page")
# Old Internet Explorer's own: filter: progid:DXImageTransform…
_WITH_COLON = re.compile(r"\s*progid:|[^()]*:\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Declaration:
    """One ``name: value``; the value is without ``!important``."""

    name: str
    value: str
    important: bool
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """Selectors and what they set; `media` is what stands before the block around it."""

    selectors: tuple[str, ...]
    declarations: tuple[Declaration, ...]
    media: str
    line: int


@dataclass(frozen=True, slots=True)
class AtRule:
    """An at-rule: its name in small letters, what follows the name, how deep it lies."""

    name: str
    prelude: str
    depth: int
    line: int


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """A parsed style sheet; `faults` are (line, the words that cannot be read)."""

    rules: tuple[Rule, ...]
    at_rules: tuple[AtRule, ...]
    faults: tuple[tuple[int, str], ...]


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    rules: list[Rule] = field(default_factory=list)
    at_rules: list[AtRule] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def line(self, at: int) -> int:
        if not self.ends:
            self.ends = [match.start() for match in re.finditer(r"\n|\Z", self.text)]
        return bisect_left(self.ends, at) + 1

    def fault(self, at: int, words: str) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append((self.line(at), " ".join(words[:200].split())[:60]))

    def until(self, stops: str) -> tuple[int, str, str]:
        """Read to the next of `stops` outside strings and brackets: where, what, which."""
        start, depth = self.at, 0
        for match in _STOP.finditer(self.text, start):
            found = match[0]
            if found == "(":
                depth += 1
            elif found == ")":
                depth = max(0, depth - 1)
            elif found in ("'", '"'):
                self.fault(match.start(), self.text[match.start() : match.start() + 60])
            elif found in stops and (not depth or found != ";"):
                self.at = match.end()
                if depth:
                    self.fault(start, self.text[start : match.start()])
                return self._begin(start), self.text[start : match.start()].strip(), found
        self.at = len(self.text)
        return self._begin(start), self.text[start:].strip(), ""

    def _begin(self, start: int) -> int:
        while start < len(self.text) and self.text[start].isspace():
            start += 1
        return start


def _without_comments(text: str) -> str:
    """Blank the comments; beginnings behind the last end are no comments, and not looked into."""
    closed, end, rest = text.rpartition("*/")
    blank = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), closed + end)
    return blank + rest


@lru_cache(maxsize=256)
def parse_css(text: str) -> StyleSheet:
    """Read a style sheet; what cannot be read is among its faults."""
    bare = _without_comments(text)
    reader = _Reader(bare)
    if "/*" in bare:
        reader.fault(bare.index("/*"), bare[bare.index("/*") :])
        reader.text = bare[: bare.index("/*")]
    _rules(reader, "", 0)
    return StyleSheet(tuple(reader.rules), tuple(reader.at_rules), tuple(reader.faults))


def _rules(reader: _Reader, media: str, depth: int) -> None:
    while True:
        at, words, stop = reader.until("{};")
        if stop == "}" or not stop:
            if words or (stop == "}") != bool(depth):
                reader.fault(min(at, len(reader.text)), words or stop or "{")
            if depth or not stop:
                return
        elif words.startswith("@"):
            _at_rule(reader, at, words, stop, media, depth)
        elif stop == ";":
            reader.fault(at, words or ";")
        else:
            _style_rule(reader, at, words, media)


def _style_rule(reader: _Reader, at: int, words: str, media: str) -> None:
    selectors = tuple(part.strip() for part in split_outside(words, ","))
    if not words or not all(selectors) or any(compiled(part) is None for part in selectors):
        reader.fault(at, words or "{")
    declarations = tuple(_declarations(reader))
    reader.rules.append(Rule(selectors, declarations, media, reader.line(at)))


def _at_rule(  # noqa: PLR0913, PLR0917 - the pieces of one statement
    reader: _Reader, at: int, words: str, stop: str, media: str, depth: int
) -> None:
    name, _, prelude = words[1:].partition(" ")
    if "(" in name:
        name, _, rest = name.partition("(")
        prelude = f"({rest} {prelude}".strip()
    name = name.strip().lower()
    reader.at_rules.append(AtRule(name, prelude.strip(), depth, reader.line(at)))
    if stop != "{":
        return
    if name in _GROUPS and depth < 8:
        around = prelude.strip() if name == "media" else f"@{name} {prelude.strip()}"
        _rules(reader, f"{media} and {around}" if media else around, depth + 1)
    elif name in _DESCRIBED:
        list(_declarations(reader))
    else:
        _skip_block(reader)


def _skip_block(reader: _Reader) -> None:
    level, start = 1, reader.at
    while level:
        _, _, stop = reader.until("{}")
        level += {"{": 1, "}": -1}.get(stop, 0)
        if not stop:
            reader.fault(start, reader.text[start:])
            return


def _declarations(reader: _Reader) -> Iterator[Declaration]:
    while True:
        at, words, stop = reader.until("{};")
        if stop == "{":
            reader.fault(at, words)
            _skip_block(reader)
            continue
        if words:
            declared = _declaration(words, reader.line(at))
            if declared:
                yield declared
            else:
                reader.fault(at, words)
        if stop != ";":
            if not stop:
                reader.fault(at, words or "{")
            return


def _declaration(words: str, line: int) -> Declaration | None:
    name, colon, raw = words.partition(":")
    value = _IMPORTANT.sub("", raw).strip()
    known = _NAME.fullmatch(name.strip())
    if not colon or not known or not value or "!" in value:
        return None
    if ":" in re.sub(r"\([^()]*\)|\"[^\"]*\"|'[^']*'", "", value) and not _WITH_COLON.match(value):
        return None
    key = name.strip() if name.strip().startswith("--") else name.strip().lower()
    return Declaration(key, value, bool(_IMPORTANT.search(raw)), line)


@lru_cache(maxsize=4096)
def parse_style(text: str) -> tuple[Declaration, ...]:
    """Read the value of a ``style`` attribute; what cannot be read is left out."""
    reader = _Reader(_without_comments(text) + "}")
    return tuple(_declarations(reader))


def split_outside(text: str, mark: str) -> list[str]:
    """Divide at `mark` where it stands outside brackets and strings."""
    pieces, start, depth = [], 0, 0
    for match in re.finditer(rf"\"[^\"]*\"|'[^']*'|[()\[\]{mark}]", text):
        if match[0] in "([":
            depth += 1
        elif match[0] in ")]":
            depth -= 1
        elif match[0] == mark and not depth:
            pieces.append(text[start : match.start()])
            start = match.end()
    return [*pieces, text[start:]]


@lru_cache(maxsize=1024)
def compiled(selector: str) -> object:
    """Give the selector as cssselect reads it, None where it cannot."""
    from cssselect import SelectorError
    from cssselect.parser import parse

    try:
        return parse(selector)[0]
    except (SelectorError, IndexError):
        return None
