"""The one Markdown set-up: CommonMark without HTML, tables, strikethrough, blocks and fields.

Indented code and underlined headings are off: both turn an editor's accident into something
she did not mean. Raw HTML is text (docs/guarantees.md, promise 9: text is data).
"""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from smakom_mail.content import directive

MAX_NESTING = 100
_FIELD = re.compile(r"\{\s*([^\W\d]\w*)\s*(?:\|([^{}\n]*))?\}")


@cache
def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    md.enable(["table", "strikethrough"]).disable(["code", "lheading"])
    directive.install(md)
    md.inline.ruler.before("emphasis", "field", _field)
    return md


def tokenize(text: str, above: int = 0) -> list[Token]:
    """Give the flat token list of a Markdown text; no input raises.

    `above` lines of the file stand before it: the tokens know their lines in the file.
    """
    tokens = _parser().parse(text)
    for token in tokens if above else ():
        if token.map:
            token.map = [line + above for line in token.map]
        if token.type == directive.TYPE:
            token.meta = {"directive": token.meta["directive"].below(above)}
    return tokens


def parse_field(text: str) -> tuple[str, str | None] | None:
    """Read ``{name|default}`` as (name, default), None where it is something else."""
    match = _FIELD.fullmatch(text)
    return (match[1], match[2].strip() if match[2] is not None else None) if match else None


def split_fields(text: str) -> list[str | tuple[str, str | None]]:
    r"""Divide a line such as the subject at its fields; ``\{`` is a brace, ``{{…}}`` is text."""
    parts: list[str | tuple[str, str | None]] = [""]
    at = 0
    while at < len(text):
        if text.startswith(("\\{", "\\}"), at):
            parts = _append(parts, text[at + 1])
            at += 2
        elif text.startswith("{{", at):
            parts = _append(parts, "{{")
            at += 2
        elif match := _FIELD.match(text, at):
            parts += [(match[1], match[2].strip() if match[2] is not None else None), ""]
            at = match.end()
        else:
            parts = _append(parts, text[at])
            at += 1
    return [part for part in parts if part != ""]


def _append(
    parts: list[str | tuple[str, str | None]], text: str
) -> list[str | tuple[str, str | None]]:
    last = parts[-1]
    if isinstance(last, str):
        parts[-1] = last + text
    return parts


def _field(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
    if state.src[state.pos] != "{":
        return False
    if state.src.startswith("{{", state.pos):
        if not silent:
            state.pending += "{{"
        state.pos += 2
        return True
    match = _FIELD.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push("field", "", 0)
        token.meta = {"name": match[1], "default": match[2]}
    state.pos = match.end()
    return True
