"""From Markdown tokens to the typed tree of a section, with a finding for every mistake."""

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import dropwhile
from urllib.parse import unquote

from markdown_it.token import Token

from smakom_mail.content import blocks
from smakom_mail.content.directive import Directive, read_entry
from smakom_mail.content.excerpts import resolve_excerpt
from smakom_mail.content.inline import Inliner, typeset
from smakom_mail.content.markdown import MAX_NESTING, tokenize
from smakom_mail.content.quotations import Attribution, resolve_quotation
from smakom_mail.content.reading import without_references
from smakom_mail.content.sources import Sources
from smakom_mail.diagnostics import Diagnostic, finding, nearest
from smakom_mail.model.document import (
    Block,
    CodeBlock,
    Divider,
    Excerpt,
    Field,
    Figure,
    Heading,
    Inline,
    LineBreak,
    Link,
    List,
    ListItem,
    Paragraph,
    Partner,
    Table,
    Text,
    inlines,
    plain,
)

_ADDRESSES = 500_000
"""So long are all addresses and titles of a section file at most, each where it is used."""
_DASH = re.compile(r"^\s*(?:[—–―]|--)\s*")


@dataclass(frozen=True, slots=True)
class SectionText:
    """What a section file holds: its title (empty if none) and everything below it."""

    title: str
    line: int
    blocks: tuple[Block, ...]


@dataclass(slots=True)
class _Reader:
    """Walks the tokens of one file; `at` is the next token."""

    file: str
    language: str
    sources: Sources
    tokens: list[Token]
    inliner: Inliner
    findings: list[Diagnostic] = field(default_factory=list)
    title: str = ""
    title_line: int = 0
    level: int = 1
    at: int = 0


def parse_section(
    text: str, file: str, sources: Sources, language: str
) -> tuple[SectionText, list[Diagnostic]]:
    """Parse a section file; every fault is a finding, and the rest is still parsed."""
    text, spelled = without_references(text, file)
    tokens = tokenize(text)
    reader = _Reader(file, language, sources, tokens, Inliner(file, language, sources))
    if refused := _beyond_reason(tokens, file):
        return SectionText("", 1, ()), [*spelled, refused]
    body = _blocks(reader, "")
    said = {found.kind for found in reader.findings}
    if not body and not said and tokens:
        reader.findings.append(finding("empty-section", file, reader.title_line))
    if not reader.title_line and "heading-empty" not in said:
        reader.findings.append(finding("no-title", file, 1))
    findings = [*spelled, *reader.findings, *reader.inliner.findings]
    return SectionText(reader.title, reader.title_line or 1, tuple(body)), findings


def _beyond_reason(tokens: list[Token], file: str) -> Diagnostic | None:
    """Say what no newsletter holds: lists in lists without end, an address repeated for ever.

    ``[a]: https://…`` is written once; each ``[a]`` brings all of it into the mail.
    """
    size = 0
    for token in tokens:
        line = token.map[0] + 1 if token.map else 1
        if token.level >= MAX_NESTING - 2:
            return finding("nested-deeply", file, line)
        for child in token.children or ():
            size += sum(len(str(value)) for value in child.attrs.values())
        if size > _ADDRESSES:
            return finding("file-too-large", file, line, size=size, limit=_ADDRESSES)
    return None


def _blocks(reader: _Reader, until: str) -> list[Block]:
    """Read blocks up to the token of type `until`, which is passed."""
    found: list[Block] = []
    while reader.at < len(reader.tokens):
        token = reader.tokens[reader.at]
        reader.at += 1
        if token.type == until:
            break
        block = _block(reader, token)
        if block:
            found.append(block)
    return found


def _block(reader: _Reader, token: Token) -> Block | None:
    line = token.map[0] + 1 if token.map else 0
    match token.type:
        case "paragraph_open":
            return _paragraph(reader, line)
        case "heading_open":
            return _heading(reader, int(token.tag[1]), line)
        case "bullet_list_open" | "ordered_list_open":
            return _list(reader, token, line)
        case "blockquote_open":
            return _quotation(reader, line)
        case "table_open":
            return _table(reader, line)
        case "fence" | "code_block":
            _check_fence(reader, token, line)
            return CodeBlock(token.content.rstrip("\n"), line)
        case "hr":
            return Divider(line)
        case "directive":
            return _directive(reader, token.meta["directive"], nested=token.level > 0)
    return None


def _check_fence(reader: _Reader, token: Token, line: int) -> None:
    """Report a fence without an end: it has taken everything behind it."""
    start, end = token.map or (0, 0)
    if end - start < token.content.count("\n") + 2:
        reader.findings.append(finding("unclosed-fence", reader.file, line, mark=token.markup))


def _inline(reader: _Reader) -> Token:
    """Give the inline token that follows an opening one, and pass its closing one."""
    token = reader.tokens[reader.at]
    reader.at += 2
    return token


def _paragraph(reader: _Reader, line: int) -> Block | None:
    token = _inline(reader)
    children = token.children or []
    if len(children) == 1 and children[0].type == "image":
        return _figure(reader, children[0], line)
    nodes = reader.inliner.convert(children, line)
    return Paragraph(nodes, line) if nodes else None


def _figure(reader: _Reader, image: Token, line: int) -> Figure | None:
    source = unquote(str(image.attrs.get("src", ""))).replace("\\", "/")
    alt = plain(reader.inliner.convert(image.children or [], line)).strip()
    if not source:
        shown = f"![{alt}]()"
        reader.findings.append(finding("image-missing", reader.file, line, image=shown, nearest=""))
        return None
    if re.match(r"[a-z][a-z0-9+.-]*:|//", source, re.IGNORECASE):
        reader.findings.append(finding("image-remote", reader.file, line, image=source))
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(reader.file), source))
    if path.startswith("..") or source.startswith("/"):
        reader.findings.append(finding("file-outside", reader.file, line, path=source))
        return None
    caption = str(image.attrs.get("title", "")).strip()
    return Figure(path, alt, caption, line)


def _heading(reader: _Reader, level: int, line: int) -> Block | None:
    children = reader.inliner.convert(_inline(reader).children or [], line)
    text = plain(children).strip()
    if not text:
        reader.findings.append(finding("heading-empty", reader.file, line))
        return None
    if level == 1 and not reader.title_line:
        reader.title, reader.title_line = text, line
        if any(isinstance(node, Field) for node in inlines(children)):
            reader.findings.append(finding("field-in-title", reader.file, line))
        return None
    if level == 1:
        reader.findings.append(finding("heading-second-title", reader.file, line, text=text))
        level = 2
    elif level > reader.level + 1:
        marks = "#" * (reader.level + 1)
        reader.findings.append(
            finding("heading-skipped", reader.file, line, text=text, marks=marks)
        )
    reader.level = level
    return Heading(level, children, anchor_of(text), line)


def anchor_of(text: str) -> str:
    """Give a name for a place on the web page: ASCII letters, digits and hyphens."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("æ", "ae"))
    bare = "".join(character for character in parts if not unicodedata.combining(character))
    name = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    return name[:60].rstrip("-") or "avsnitt"


def _list(reader: _Reader, token: Token, line: int) -> List:
    ordered = token.type == "ordered_list_open"
    close = token.type.replace("_open", "_close")
    items: list[ListItem] = []
    while reader.at < len(reader.tokens):
        item = reader.tokens[reader.at]
        reader.at += 1
        if item.type == close:
            break
        item_line = item.map[0] + 1 if item.map else line
        items.append(ListItem(tuple(_blocks(reader, "list_item_close")), item_line))
    start = int(token.attrs.get("start", 1)) if ordered else None
    return List(tuple(items), start, line)


def _table(reader: _Reader, line: int) -> Table:
    rows: list[list[tuple[Inline, ...]]] = []
    while reader.at < len(reader.tokens):
        token = reader.tokens[reader.at]
        reader.at += 1
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            cell_line = token.map[0] + 1 if token.map else line
            rows[-1].append(reader.inliner.convert(token.children or [], cell_line))
    head = tuple(rows[0]) if rows else ()
    return Table(head, tuple(tuple(row) for row in rows[1:]), line)


def _quotation(reader: _Reader, line: int) -> Block | None:
    reader.inliner.keep_seeds = True
    inner = _blocks(reader, "blockquote_close")
    reader.inliner.keep_seeds = False
    paragraphs = list(_spoken(inner))
    if not paragraphs or not all(isinstance(block, Paragraph | List) for block in inner):
        reader.findings.append(finding("quotation-unattributed", reader.file, line))
        return None
    quoted, attribution = _attribution(paragraphs)
    block, faults = resolve_quotation(quoted, attribution, reader.sources, reader.file, line)
    reader.findings += faults
    return block


def _spoken(blocks_: Iterable[Block]) -> Iterator[Paragraph]:
    """Give the paragraphs of a quotation; a speech dash, typed as one, has made a list of it."""
    for block in blocks_:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, List):
            for item in block.items:
                yield from _spoken(item.blocks)


def _attribution(
    paragraphs: list[Paragraph],
) -> tuple[tuple[Paragraph, ...], Attribution | None]:
    """Take the last line off a quotation, if it begins with a dash."""
    last = paragraphs[-1]
    breaks = [i for i, node in enumerate(last.children) if node.line != last.line or i == 0]
    starts = [
        i
        for i in breaks
        if isinstance(node := last.children[i], Text)
        and _DASH.match(node.text)
        and any(isinstance(other, Link) for other in last.children[i:])
    ] or [
        i for i in breaks if isinstance(n := last.children[i], Text) and _DASH.match(n.text) and i
    ]
    # Typed with a hyphen, the line has become a list of its own, and the hyphen is gone.
    if not starts and len(paragraphs) > 1 and isinstance(last.children[-1], Link):
        starts = [0]
    if not starts:
        return tuple(paragraphs), None
    at = starts[-1]
    line_nodes, rest = last.children[at:], _rstrip(last.children[:at])
    kept = [*paragraphs[:-1], *([Paragraph(rest, last.line)] if rest else [])]
    link = next((n for n in line_nodes if isinstance(n, Link) and n.href.startswith("seed:")), None)
    words = plain(tuple(n for n in line_nodes if not isinstance(n, Link)))
    name, _, role = _DASH.sub("", words).strip().strip(",").partition(",")
    seed = unquote(link.href) if link else ""
    return tuple(kept), Attribution(name.strip(), role.strip(" ,"), seed, line_nodes[0].line)


def _rstrip(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
    while children and isinstance(children[-1], LineBreak):
        children = children[:-1]
    if children and isinstance(last := children[-1], Text):
        children = (*children[:-1], Text(last.text.rstrip(), last.line))
    return tuple(node for node in children if not (isinstance(node, Text) and not node.text))


def _directive(reader: _Reader, directive: Directive, *, nested: bool) -> Block | None:
    file = reader.file
    if not directive.name:
        reader.findings.append(finding("stray-close", file, directive.line))
        return None
    if directive.name not in blocks.NAMES:
        close = nearest(directive.name, blocks.NAMES)
        reader.findings.append(
            finding(
                "unknown-block",
                file,
                directive.line,
                name=directive.name,
                nearest=close,
                known=", ".join(blocks.NAMES),
            )
        )
        return None
    if not directive.closed:
        reader.findings.append(
            finding(
                "unclosed-block", file, directive.line, name=directive.name, end=directive.last_line
            )
        )
    if nested and directive.name != "excerpt":
        reader.findings.append(finding("block-nested", file, directive.line, block=directive.name))
        return None
    if directive.name == "partner":
        return _partner(reader, directive)
    block: Block | None
    if directive.name == "excerpt":
        reader.findings += blocks.check_shape(directive, file)
        excerpt, faults = resolve_excerpt(directive, reader.sources, file)
        block = _typeset(excerpt, reader.language) if excerpt else None
    else:
        block, faults = blocks.make_block(directive, file, reader.language)
    reader.findings += faults
    return block


def _typeset(excerpt: Excerpt, language: str) -> Excerpt:
    passages = (
        replace(passage, children=typeset(passage.children, language))
        for passage in excerpt.passages
    )
    return replace(excerpt, passages=tuple(passages))


def _partner(reader: _Reader, directive: Directive) -> Partner | None:
    """Read a partner's text: an optional ``name:`` line, then Markdown."""
    lines = [*dropwhile(lambda line: not line[1].strip(), directive.lines)]
    entry = read_entry(lines[0][1], lines[0][0]) if lines else None
    name = ""
    if entry and entry.key == "name":
        name = entry.value
        lines = lines[1:]
    if not any(text.strip() for _, text in lines):
        reader.findings.append(finding("block-empty", reader.file, directive.line, block="partner"))
        return None
    tokens = tokenize("\n".join(text for _, text in lines), lines[0][0] - 1)
    if refused := _beyond_reason(tokens, reader.file):
        reader.findings.append(refused)
        return None
    inner = _Reader(reader.file, reader.language, reader.sources, tokens, reader.inliner)
    found = tuple(_blocks(inner, ""))
    reader.findings += inner.findings
    return Partner(name or directive.argument, found, directive.line)
