"""The style sheets of a mail as a program leaves them."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from smakom_mail.render.shapes.declarations import edit_style
from smakom_mail.render.shapes.losses import LossBook
from smakom_mail.render.shapes.matching import Finder, can_match
from smakom_mail.render.shapes.page import name_of
from smakom_mail.render.shapes.selecting import Ruling, judge_at_rule, judge_selector, renamed
from smakom_mail.render.shapes.sheet import Piece, pieces_of, split_selectors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

_BY_TAG = ("outlook-windows",)
"""Who treats one declaration differently on different elements."""


@dataclass
class Sheets:
    """One mail's style sheets in one program; `box` is what its body has become."""

    root: "Element"
    book: LossBook
    box: "Element | None" = None
    prefix: str = ""
    body: str = ""

    @cached_property
    def finder(self) -> Finder:
        """The elements that selectors stand for."""
        return Finder(self.root)

    def found(self, selectors: "Iterable[str]") -> "list[Element]":
        """Give the elements that lose what stands under `selectors`."""
        wanted = tuple(selectors)
        found = self.finder.find(wanted)
        if self.box is None:
            return found
        own = [element for element in found if element.tag not in ("html", "body")]
        outer = "body" in wanted or "html" in wanted
        return [*own, self.box] if outer and self.box not in own else own

    def edit(self, css: str, media: str = "") -> str:
        """Give a style sheet as the program leaves it; empty when it goes altogether."""
        pieces = pieces_of(css)
        if media:
            around = Piece(f"@media {media} ", "", braces=True, inner=pieces)
            ruling = judge_at_rule(self.book.client, "media", media, "", 0)
            if ruling:
                self._at_rule_gone(around, ruling)
                return ""
        return "".join(self._piece(piece, 0) for piece in pieces)

    def _piece(self, piece: Piece, depth: int) -> str:
        name, prelude = piece.at
        if not name:
            return self._rule(piece) if piece.braces else piece.head
        ruling = judge_at_rule(self.book.client, name, prelude, piece.body, depth)
        if ruling:
            self._at_rule_gone(piece, ruling)
            return ""
        if not piece.braces:
            return piece.head
        inner = "".join(self._piece(each, depth + 1) for each in piece.inner)
        return f"{piece.head}{{{piece.body}{inner}}}"

    def _at_rule_gone(self, piece: Piece, ruling: Ruling) -> None:
        name, prelude = piece.at
        selectors = piece.selectors()
        elements = self.found(selectors)
        unknown = sum(not can_match(selector) for selector in selectors)
        if elements or unknown or not selectors:
            self.book.add(
                ruling.feature, f"@{name} {prelude}".strip(), "", ruling.why, elements, unknown or 1
            )

    def _rule(self, piece: Piece) -> str:
        selectors, kept, changed = split_selectors(piece.words), [], False
        for selector in selectors:
            ruling = judge_selector(self.book.client, selector)
            if ruling is None:
                kept.append(selector)
                continue
            changed = True
            self._selector_gone(selector, ruling)
            if ruling.kept:
                kept.append(ruling.kept)
        if not kept:
            return "" if changed else f"{piece.head}{{{piece.body}}}"
        words = [renamed(each, self.prefix, self.body) for each in kept] if self.prefix else kept
        head = piece.head if not changed and not self.prefix else f"{', '.join(words)} "
        outcomes = self._declarations(piece.body, kept)
        if len(outcomes) == 1:
            return f"{head}{{{outcomes[0][1]}}}"
        return "".join(
            f"{', '.join(f'{word}:where({tags})' for word in words)} {{{text}}}"
            for tags, text in outcomes
        )

    def _selector_gone(self, selector: str, ruling: Ruling) -> None:
        elements = self.found((selector,))
        if elements or not can_match(selector):
            self.book.add(ruling.feature, "", selector, ruling.why, elements, 1)

    def _declarations(self, body: str, selectors: list[str]) -> list[tuple[str, str]]:
        """Give a rule's declarations as they are left, each with the tags that it is so for."""
        client = self.book.client
        edited = edit_style(client, body, "", inline=False)
        if not edited.lost and client.key not in _BY_TAG:
            return [("", edited.text)]
        elements = self.found(selectors)
        known = all(can_match(selector) for selector in selectors)
        outcomes: dict[str, list[str]] = {}
        for tag in sorted(name_of(elements)) or [""]:
            edited = edit_style(client, body, tag, inline=False)
            outcomes.setdefault(edited.text, []).append(tag)
            of_tag = [element for element in elements if not tag or element.tag == tag]
            for lost in edited.lost:
                if of_tag or not known:
                    self.book.add(lost.feature, lost.group, lost.value, lost.why, of_tag, 1)
        return [(", ".join(tags), text) for text, tags in outcomes.items()]
