"""A template's text with its Jinja blanked out, so that what is left has true lines and columns.

What `{% … %}` and `{# … #}` cover becomes `HOLE`, what `{{ … }}` covers `VALUE`, character for
character; line ends stay. The markup that is left can then be read as if no Jinja were there.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

HOLE, VALUE = "\x00", "\x01"
_OPEN = re.compile(r"\{[{%#]")
_ENDS = {"{{": "}}", "{%": "%}"}
# What matters inside: text in quotation marks, brackets, and the sign that may end it.
_INSIDE = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[(\[{]|[)\]]|[%}]\}|\}", re.DOTALL)
_WORD = re.compile(r"\{%[-+]?\s*(\w*)")
_END_RAW = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")


@dataclass(frozen=True, slots=True)
class Statement:
    """A `{% word rest %}` or, with the word `raw`, a whole raw block; places in the text."""

    word: str
    rest: str
    start: int
    end: int


@dataclass(frozen=True)
class TemplateSource:
    """The text, its blanked form of the same length, and its statements in order."""

    text: str
    blank: str
    statements: tuple[Statement, ...]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def offset(self, line: int, column: int) -> int:
        """Give the place of a line and column."""
        starts = self._line_starts
        return min(starts[min(line, len(starts)) - 1] + column - 1, len(self.text))

    def line(self, number: int) -> str:
        """Give the text of a line."""
        starts = [*self._line_starts[number - 1 : number + 1], len(self.text) + 1]
        return self.text[starts[0] : starts[1] - 1]

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column, both from 1, of a place in the text."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1


def read_source(text: str) -> TemplateSource:
    """Find the Jinja in `text` and blank it; what never ends runs to the end of the text."""
    text = text.replace(HOLE, " ").replace(VALUE, " ")
    pieces: list[str] = []
    statements: list[Statement] = []
    position = 0
    while found := _OPEN.search(text, position):
        start = found.start()
        pieces.append(text[position:start])
        end = _after(text, "#}", start + 2) if found[0] == "{#" else _end(text, start)
        pieces.append(_blanked(text[start:end], VALUE if found[0] == "{{" else HOLE))
        position = end
        if found[0] != "{%":
            continue
        word, rest = _parts(text[start:end])
        if word == "raw":
            # What stands in a raw block is no Jinja: it is kept as it is.
            closing = _END_RAW.search(text, end)
            last = closing.start() if closing else len(text)
            position = closing.end() if closing else len(text)
            pieces += (text[end:last], _blanked(text[last:position], HOLE))
        statements.append(Statement(word, rest, start, end))
    pieces.append(text[position:])
    return TemplateSource(text, "".join(pieces), tuple(statements))


def _blanked(text: str, mark: str) -> str:
    return "\n".join(mark * len(line) for line in text.split("\n"))


def _after(text: str, end: str, start: int) -> int:
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)


def _end(text: str, start: int) -> int:
    """Give the place after the sign that ends what begins at `start`."""
    wanted, depth, position = _ENDS[text[start : start + 2]], 0, start + 2
    while found := _INSIDE.search(text, position):
        sign, position = found[0], found.end()
        if sign in "([{":
            depth += 1
        elif depth == 0 and sign == wanted:
            return position
        elif sign in (")", "]", "}"):
            depth = max(0, depth - 1)
        elif sign in ("}}", "%}"):
            # Two brackets in a row, or a remainder and a bracket: look at the second again.
            depth = max(0, depth - (sign == "}}"))
            position -= 1
    return len(text)


def _parts(statement: str) -> tuple[str, str]:
    """Divide `{%- word rest -%}` into word and rest."""
    found = _WORD.match(statement)
    if not found:
        return "", ""
    rest = re.sub(r"[-+]?%\}$", "", statement[found.end() :])
    return found[1], " ".join(rest.split())
