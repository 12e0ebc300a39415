"""The tags of a template, read from its blanked text as strictly as the MJML engine reads them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from smakom_mail.render.template_source import HOLE, VALUE

# A value may print anything at all: it can be a name, a part of one, or a space.
_GAP = rf"(?:[\s{HOLE}]+|(?<={VALUE})|(?={VALUE}))"
_NAME = rf"[^\s<>/=\"'{HOLE}]+"
_ATTRIBUTE = re.compile(
    rf"{_GAP}({_NAME})(?:[\s{HOLE}]*=[\s{HOLE}]*(?:(\"[^\"]*\"|'[^']*')|(?=(.))))?", re.DOTALL
)
_START = re.compile(rf"<([A-Za-z_{VALUE}][^\s<>/=\"'{HOLE}]*)")
_FINISH = re.compile(rf"[\s{HOLE}{VALUE}]*(/?)>")
_CLOSE = re.compile(rf"</([A-Za-z_{VALUE}][^\s<>/=\"'{HOLE}]*)[\s{HOLE}]*>")
# To the engine, what only some programs shall see is no comment: its tags count.
_CONDITION = re.compile(
    r"<!--\[if[^\]>]*\]>(?:<!-->)?|<!--<!\[endif\]-->|<!\[endif\]-->|<!--\[endif\]-->",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_PRINTED = re.compile(f"[{HOLE}{VALUE}]+")
VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905 - a list to read
)
"""The HTML elements without an end, as the engine knows them."""


UNREADABLE = ("tag-open-end", "tag-comment-open", "tag-quote")
"""Faults after which nobody can say where the tag ends."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a tag, with the place of its name; `value` is None without one."""

    name: str
    value: str | None
    start: int
    value_start: int = 0

    @property
    def dynamic(self) -> bool:
        """Whether Jinja prints a part of the value."""
        return HOLE in (self.value or "") or VALUE in (self.value or "")

    @property
    def shown(self) -> str:
        """The value for a message, with an ellipsis where Jinja prints something."""
        return _PRINTED.sub("…", self.value or "")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, or with `kind` "text", "comment" or "condition" what is none.

    `fault` says what the engine could not read in it, at `fault_at`.
    """

    kind: str  # open, close, empty, text, comment, condition, stray
    name: str
    start: int
    end: int
    attributes: tuple[Attribute, ...] = ()
    fault: str = ""
    fault_at: int = 0


def read_markup(blank: str) -> Iterator[Tag]:
    """Give tags, comments and the text between them, in order; nothing is left out."""
    position = 0
    while position < len(blank):
        start = blank.find("<", position)
        if start != position:
            start = len(blank) if start < 0 else start
            yield Tag("text", "", position, start)
            position = start
            continue
        tag = _markup(blank, start)
        yield tag
        position = tag.end


def _markup(blank: str, start: int) -> Tag:
    """Read what begins with the ``<`` at `start`."""
    if found := _CLOSE.match(blank, start):
        return Tag("close", found[1], start, found.end())
    if _START.match(blank, start):
        return _tag(blank, start)
    if found := _CONDITION.match(blank, start):
        return Tag("condition", "", start, found.end())
    if blank.startswith("<!--", start):
        found = _COMMENT.match(blank, start)
        if not found:
            return Tag("comment", "", start, len(blank), (), "tag-comment-open", start)
        inner = found[1]
        bad = "--" in inner or inner.startswith(">")
        return Tag("comment", "", start, found.end(), (), "tag-comment" if bad else "", start)
    if blank.startswith(("<!", "<?"), start):
        end = blank.find(">", start) + 1
        return Tag("stray", "", start, end or len(blank), (), "tag-declaration", start)
    return Tag("stray", "", start, start + 1, (), "tag-stray", start)


def _tag(blank: str, start: int) -> Tag:
    """Read an opening tag as far as it can be read."""
    found = _START.match(blank, start)
    assert found is not None  # noqa: S101 - the caller looked
    name, position = found[1], found.end()
    attributes: list[Attribute] = []
    while attribute := _ATTRIBUTE.match(blank, position):
        value = attribute[2]
        if value is None and attribute[3] is not None:
            quoted = attribute[3] in "\"'"
            fault = "tag-quote" if quoted else "tag-attributes"
            return _spoiled(blank, start, name, attribute.end(), fault)
        attributes.append(
            Attribute(
                attribute[1], value[1:-1] if value else None, attribute.start(1), attribute.start(2)
            )
        )
        position = attribute.end()
    if finish := _FINISH.match(blank, position):
        empty = bool(finish[1]) or name.lower() in VOID
        return Tag("empty" if empty else "open", name, start, finish.end(), tuple(attributes))
    last = attributes[-1] if attributes else None
    if last and last.value and "<" in last.value:
        # The value runs on to the quotation mark of another tag.
        return _spoiled(blank, start, name, last.value_start, "tag-quote")
    return _spoiled(blank, start, name, position, "tag-attributes")


def _spoiled(blank: str, start: int, name: str, at: int, fault: str) -> Tag:
    """Give a tag that stops being readable at `at`; it goes on to the next ``>``."""
    following = blank.find("<", at)
    following = len(blank) if following < 0 else following
    end = blank.find(">", at, following)
    if end < 0:
        return Tag("stray", name, start, following, (), "tag-open-end", start)
    kind = "empty" if blank[end - 1] == "/" or name.lower() in VOID else "open"
    # Where a branch prints the attribute, what stands here may be right in each branch.
    branches = HOLE in blank[start:end]
    return Tag(kind, name, start, end + 1, (), "" if branches else fault, at)
