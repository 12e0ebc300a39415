"""A style sheet cut into its rules with their words kept, so that what stays is as it was."""

import re
from dataclasses import dataclass
from functools import lru_cache

_MARK = re.compile(r"/\*.*?(?:\*/|\Z)|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[{};]", re.DOTALL)
_NOISE = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_GROUPS = ("media", "supports", "layer", "container", "document")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """A rule, an at-rule or (without `braces`) other words; `inner` are the rules of a group."""

    head: str
    body: str
    braces: bool
    inner: "tuple[Piece, ...]" = ()

    @property
    def words(self) -> str:
        """What stands before the braces, without comments."""
        return _NOISE.sub(" ", self.head).strip().rstrip(";").strip()

    @property
    def at(self) -> tuple[str, str]:
        """The name of an at-rule and what follows it, both empty for another rule."""
        match = re.match(r"@([-\w]+)\s*(.*)", self.words, re.DOTALL)
        return (match[1].lower(), match[2].strip()) if match else ("", "")

    def selectors(self) -> tuple[str, ...]:
        """Every selector of the rule and of the rules within it."""
        if self.at[0]:
            return tuple(found for piece in self.inner for found in piece.selectors())
        return split_selectors(self.words) if self.braces else ()


@lru_cache(maxsize=1024)
def split_selectors(words: str) -> tuple[str, ...]:
    """Divide ``a, b`` at the commas outside brackets and strings."""
    pieces, start, depth = [], 0, 0
    for match in re.finditer(r"\"[^\"]*\"|'[^']*'|[()\[\],]", words):
        if match[0] in ("(", "["):
            depth += 1
        elif match[0] in (")", "]"):
            depth -= 1
        elif match[0] == "," and not depth:
            pieces.append(words[start : match.start()].strip())
            start = match.end()
    return tuple(piece for piece in (*pieces, words[start:].strip()) if piece)


@lru_cache(maxsize=128)
def pieces_of(css: str) -> tuple[Piece, ...]:
    """Cut a style sheet; together its pieces are all of it."""
    pieces, at = [], 0
    while at < len(css):
        piece, at = _next(css, at, 0)
        pieces.append(piece)
    return tuple(pieces)


def _next(css: str, start: int, depth: int) -> tuple[Piece, int]:
    for match in _MARK.finditer(css, start):
        if match[0] in (";", "}"):
            return Piece(css[start : match.end()], "", braces=False), match.end()
        if match[0] == "{":
            head = css[start : match.start()]
            name = Piece(head, "", braces=True).at[0]
            if name in _GROUPS and depth < _DEEPEST:
                inner, end = _group(css, match.end(), depth + 1)
                return Piece(head, "", braces=True, inner=inner), end
            end = _closing(css, match.end())
            return Piece(head, css[match.end() : end], braces=True), end + 1
    return Piece(css[start:], "", braces=False), len(css)


def _group(css: str, at: int, depth: int) -> tuple[tuple[Piece, ...], int]:
    pieces = []
    while at < len(css):
        piece, end = _next(css, at, depth)
        if not piece.braces and piece.head.endswith("}"):
            before = piece.head[:-1]
            if before:
                pieces.append(Piece(before, "", braces=False))
            return tuple(pieces), end
        pieces.append(piece)
        at = end
    return tuple(pieces), at


def _closing(css: str, start: int) -> int:
    """Find the brace that closes the one before `start`."""
    level = 1
    for match in _MARK.finditer(css, start):
        level += {"{": 1, "}": -1}.get(match[0], 0)
        if not level:
            return match.start()
    return len(css)
