"""The ``:::`` blocks of the editor's Markdown: finding them, and their ``key: value`` lines.

A block never swallows what follows it: one made of keys ends at an empty line at the latest,
one made of text at the next heading, the next block or the end of the file.
"""

import re
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

TYPE = "directive"
TEXT_BLOCKS = ("partner",)
_OPEN = re.compile(r"^:{3,}\s*([^\s:]+)\s*(.*?)\s*$")
_CLOSE = re.compile(r"^:{3,}\s*$")
_HEADING = re.compile(r"#{1,6}(\s|$)")
_ENTRY = re.compile(r"^([^:]+?)\s*:(?:\s+(.*?)|)\s*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A ``key: value`` line."""

    key: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Directive:
    """A block as it was typed: ``::: name argument``, then its lines."""

    name: str
    argument: str
    lines: tuple[tuple[int, str], ...]
    line: int
    closed: bool = True

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The lines that read ``key: value``."""
        return tuple(entry for number, text in self.lines if (entry := read_entry(text, number)))

    def entry(self, key: str) -> Entry | None:
        """Give the first line with `key`."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def all(self, key: str) -> tuple[Entry, ...]:
        """Give every line with `key`."""
        return tuple(entry for entry in self.entries if entry.key == key)

    def value(self, key: str) -> str:
        """Give the value of `key`, or nothing."""
        entry = self.entry(key)
        return entry.value if entry else ""

    def below(self, above: int) -> "Directive":
        """Give the same block, `above` lines further down in the file."""
        lines = tuple((number + above, text) for number, text in self.lines)
        return replace(self, lines=lines, line=self.line + above)

    @property
    def last_line(self) -> int:
        """The number of the last line that belongs to the block."""
        return self.lines[-1][0] if self.lines else self.line


def read_entry(text: str, line: int) -> Entry | None:
    """Read one ``key: value`` line; None where it is something else."""
    match = _ENTRY.match(text.strip())
    return Entry(match[1], match[2] or "", line) if match else None


def install(md: MarkdownIt) -> None:
    """Teach the parser the blocks; each becomes one token whose meta holds a Directive."""
    md.block.ruler.before(
        "fence", TYPE, _rule, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
    first = _line(state, start)
    if not first.startswith(":::"):
        return False
    if silent:
        return True
    opening = _OPEN.match(first)
    token = state.push(TYPE, "", 0)
    if not opening:
        token.meta = {"directive": Directive("", "", (), start + 1)}
        state.line = start + 1
        token.map = [start, state.line]
        return True
    lines, after, closed = _body(state, start + 1, end, text=opening[1] in TEXT_BLOCKS)
    token.meta = {"directive": Directive(opening[1], opening[2], lines, start + 1, closed)}
    state.line = after
    token.map = [start, after]
    return True


def _body(
    state: StateBlock, start: int, end: int, *, text: bool
) -> tuple[tuple[tuple[int, str], ...], int, bool]:
    """Give the lines of a block, the line after it, and whether it was closed."""
    lines: list[tuple[int, str]] = []
    for number in range(start, end):
        line = _line(state, number)
        if line and state.sCount[number] < state.blkIndent:
            return _trimmed(lines), number, False  # the list that the block stands in is over
        if _CLOSE.match(line):
            return tuple(lines), number + 1, True
        blank = not line and not text
        if blank or _OPEN.match(line) or _HEADING.match(line):
            return _trimmed(lines), number, False
        kept = state.getLines(number, number + 1, state.blkIndent, False) if text else line  # noqa: FBT003 - the parser's signature
        lines.append((number + 1, kept))
    return _trimmed(lines), end, False


def _trimmed(lines: list[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    while lines and not lines[-1][1].strip():
        lines.pop()
    return tuple(lines)


def _line(state: StateBlock, number: int) -> str:
    """Give a line without its indentation and what it stands in: list, quotation marks."""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()
