"""The typed tree as HTML: every character of an author is escaped, every tag is ours."""

from collections.abc import Callable
from html import escape

from smakom_mail.model.document import (
    Block,
    Code,
    CodeBlock,
    Divider,
    Emphasis,
    Excerpt,
    Field,
    Heading,
    Inline,
    LineBreak,
    Link,
    List,
    Paragraph,
    Passage,
    Strikethrough,
    Strong,
    Table,
    Text,
)

FieldWriter = Callable[[Field], str]
Anchors = Callable[[Heading], str]
Others = Callable[[Block], str]


def inline_html(children: tuple[Inline, ...], field: FieldWriter) -> str:
    """Give a run of inline text as HTML; `field` writes a reader's own value."""
    out: list[str] = []
    for node in children:
        match node:
            case Text(text=text):
                out.append(escape(text))
            case Emphasis():
                out.append(f"<em>{inline_html(node.children, field)}</em>")
            case Strong():
                out.append(f"<strong>{inline_html(node.children, field)}</strong>")
            case Strikethrough():
                out.append(f"<s>{inline_html(node.children, field)}</s>")
            case Code(text=text):
                out.append(f"<code>{escape(text)}</code>")
            case Link(href=href):
                out.append(f'<a href="{escape(href)}">{inline_html(node.children, field)}</a>')
            case LineBreak():
                out.append("<br>")
            case Field():
                out.append(field(node))
    return "".join(out)


def block_html(block: Block, field: FieldWriter, anchor: Anchors, other: Others) -> str:
    """Give a block of running text as HTML.

    `other` writes the blocks that have a template of their own, where they stand in a list.
    """
    match block:
        case Paragraph(children=children):
            return f"<p>{inline_html(children, field)}</p>"
        case Heading(level=level, children=children):
            tag = f"h{min(level + 1, 6)}"
            name = anchor(block)
            mark = f' id="{name}"' if name else ""
            return f"<{tag}{mark}>{inline_html(children, field)}</{tag}>"
        case List():
            return _list(block, field, anchor, other)
        case Table():
            return _table(block, field)
        case CodeBlock(text=text):
            return "<pre><code>" + escape(text).replace("\n", "<br>") + "</code></pre>"
        case Divider():
            return "<hr>"
        case Excerpt(passages=passages):
            return passages_html(passages, field)
    return other(block)


def _list(block: List, field: FieldWriter, anchor: Anchors, other: Others) -> str:
    items = []
    for item in block.items:
        only = item.blocks[0] if len(item.blocks) == 1 else None
        if isinstance(only, Paragraph):
            inner = inline_html(only.children, field)
        else:
            inner = "".join(block_html(child, field, anchor, other) for child in item.blocks)
        items.append(f"<li>{inner}</li>")
    if block.start is None:
        return "<ul>" + "".join(items) + "</ul>"
    start = f' start="{block.start}"' if block.start != 1 else ""
    return f"<ol{start}>" + "".join(items) + "</ol>"


def _table(block: Table, field: FieldWriter) -> str:
    """A data table: header cells carry scope, to name each column to a listener (WCAG 1.3.1)."""
    head = "".join(f'<th scope="col">{inline_html(cell, field)}</th>' for cell in block.head)
    rows = "".join(
        "<tr>" + "".join(f"<td>{inline_html(cell, field)}</td>" for cell in row) + "</tr>"
        for row in block.rows
    )
    return f'<table class="data"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def passages_html(passages: tuple[Passage, ...], field: FieldWriter) -> str:
    """Give an excerpt: spoken lines with an en dash, gaps as […], bullets as a list."""
    out: list[str] = []
    bullets: list[str] = []
    for passage in passages:
        words = ("[…] " if passage.gap else "") + ("– " if passage.style == "speech" else "")
        inner = words + inline_html(passage.children, field)
        if passage.style == "bullet":
            bullets.append(f"<li>{inner}</li>")
            continue
        out += _closed(bullets)
        bullets = []
        out.append(
            f"<p><strong>{inner}</strong></p>" if passage.style == "heading" else f"<p>{inner}</p>"
        )
    return "".join([*out, *_closed(bullets)])


def _closed(bullets: list[str]) -> list[str]:
    return ["<ul>" + "".join(bullets) + "</ul>"] if bullets else []
