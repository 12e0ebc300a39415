"""From inline Markdown tokens to typed nodes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from markdown_it.token import Token

from smakom_mail.content.linkify import linkify
from smakom_mail.content.sources import Sources
from smakom_mail.diagnostics import Diagnostic, finding, nearest
from smakom_mail.locale import bind
from smakom_mail.model.document import (
    Code,
    Emphasis,
    Field,
    Inline,
    LineBreak,
    Link,
    Strikethrough,
    Strong,
    Text,
)
from smakom_mail.model.rendered import READER_FIELDS

_SPANS: dict[str, type[Emphasis | Strong | Strikethrough]] = {
    "em_open": Emphasis,
    "strong_open": Strong,
    "s_open": Strikethrough,
}
_DEEPEST = 20
"""So many emphases may stand in each other; what lies deeper is read without its marks."""


@dataclass(slots=True)
class Inliner:
    """Converts the inline tokens of one file."""

    file: str
    language: str
    sources: Sources
    findings: list[Diagnostic] = field(default_factory=list)
    keep_seeds: bool = False

    def convert(self, tokens: list[Token], line: int) -> tuple[Inline, ...]:
        """Give the nodes of a run that begins at `line` of the file."""
        return tuple(self._convert(iter(_shallow(tokens)), [line], "", in_link=False))

    def _convert(
        self, tokens: Iterator[Token], line: list[int], until: str, *, in_link: bool
    ) -> list[Inline]:
        nodes: list[Inline] = []
        for token in tokens:
            if token.type == until:
                break
            _join(nodes, self._node(token, tokens, line, in_link=in_link))
        return nodes if in_link else self._linkified(nodes)

    def _node(
        self, token: Token, tokens: Iterator[Token], line: list[int], *, in_link: bool
    ) -> list[Inline]:
        here = line[0]
        match token.type:
            case "text" | "text_special":
                return [Text(bind(token.content, self.language), here)] if token.content else []
            case "softbreak":
                line[0] += 1
                return [Text(" ", here)]
            case "hardbreak":
                line[0] += 1
                return [LineBreak(here)]
            case "code_inline":
                return [Code(token.content, here)]
            case "field":
                return self._field(token, here)
            case "image":
                source = unquote(str(token.attrs.get("src", "")))
                self.findings.append(finding("image-inline", self.file, here, image=source))
                return []
            case "link_open":
                children = tuple(self._convert(tokens, line, "link_close", in_link=True))
                return [self._link(str(token.attrs.get("href", "")), children, here)]
            case "em_open" | "strong_open" | "s_open":
                close = token.type.replace("_open", "_close")
                inner = tuple(self._convert(tokens, line, close, in_link=in_link))
                return [_SPANS[token.type](inner, here)] if inner else []
        return []

    def _field(self, token: Token, line: int) -> list[Inline]:
        name, default = token.meta["name"], token.meta["default"]
        self.findings += check_field(name, default, self.file, line)
        return [Field(name, default.strip() if default is not None else None, line)]

    def _link(self, href: str, children: tuple[Inline, ...], line: int) -> Link:
        """Make a link; ``seed:slug`` leads to the address that the catalogue has for the seed."""
        if not href.startswith("seed:") or self.keep_seeds:
            return Link(href, children, line)
        seed, faults = self.sources.resolve(unquote(href), self.file, line)
        self.findings += faults
        if seed and not seed.url:
            reason = "seeds.toml has no url for it"
            self.findings.append(finding("link-broken", self.file, line, href=href, reason=reason))
        return Link(seed.url if seed else "", children, line)

    def _linkified(self, nodes: list[Inline]) -> list[Inline]:
        out: list[Inline] = []
        for node in nodes:
            out += linkify(node.text, node.line) if isinstance(node, Text) else [node]
        return out


def _shallow(tokens: list[Token]) -> list[Token]:
    """Leave out the marks of emphasis within emphasis beyond all reason."""
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        span = token.type.replace("_close", "_open") in _SPANS
        depth += token.nesting if span and token.nesting > 0 else 0
        if not span or depth <= _DEEPEST:
            kept.append(token)
        depth += token.nesting if span and token.nesting < 0 else 0
    return kept


def _join(nodes: list[Inline], more: list[Inline]) -> None:
    """Append `more`, joining neighbouring texts of one line."""
    for node in more:
        last = nodes[-1] if nodes else None
        if isinstance(node, Text) and isinstance(last, Text) and last.line == node.line:
            nodes[-1] = Text(last.text + node.text, last.line)
        else:
            nodes.append(node)


def check_field(name: str, default: str | None, file: str, line: int) -> list[Diagnostic]:
    """Say whether a personal field is known, and has something to say to everybody."""
    if name not in READER_FIELDS:
        known = ", ".join(READER_FIELDS)
        return [
            finding(
                "unknown-field",
                file,
                line,
                name=name,
                nearest=nearest(name, READER_FIELDS),
                known=known,
            )
        ]
    if not default and name != "email":
        return [finding("field-without-default", file, line, name=name)]
    return []


def typeset(children: tuple[Inline, ...], language: str) -> tuple[Inline, ...]:
    """Set a source's words as the author's are: no-break spaces, bare addresses as links."""
    nodes: list[Inline] = []
    for node in children:
        nodes += linkify(bind(node.text, language), node.line) if isinstance(node, Text) else [node]
    return tuple(nodes)
