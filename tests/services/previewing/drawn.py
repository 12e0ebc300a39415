"""Snapshots to draw views of, and what stands in the documents that come out."""

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import html5lib

from smakom_mail.config import Config
from smakom_mail.model.document import Block
from smakom_mail.model.edition import Edition
from smakom_mail.services.previewing.snapshot import Snapshot, take_snapshot
from smakom_mail.services.previewing.views import View, ViewRequest, make_view
from tests.conftest import ROOT
from tests.render.making import CONFIG, edition, render

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

OWN = ("text", "inbox", "order", "raw", "seeds")
"""The views that the preview draws itself; mail and web are the newsletter's own."""


@cache
def repository(slug: str = "januari-2021") -> Snapshot:
    """Take a snapshot of one of the repository's own editions."""
    return take_snapshot(ROOT, {}, slug)


def snapshot(*blocks: Block, config: Config = CONFIG, **changes: object) -> Snapshot:
    """Take a snapshot of an edition made in memory, whose one section holds `blocks`."""
    return snapshot_of(edition(*blocks, **changes), config)


def snapshot_of(made: Edition, config: Config = CONFIG) -> Snapshot:
    """Take a snapshot of `made`, rendered in the repository's layout."""
    return Snapshot(made, render(made, config=config)[0], (), (), config)


def in_language(taken: Snapshot, language: str) -> Snapshot:
    """Give the snapshot of a project whose editor reads `language`."""
    return replace(taken, config=replace(taken.config, messages_language=language))


def view(taken: Snapshot, name: str, **changes: object) -> View:
    """Draw one view."""
    return make_view(taken, replace(ViewRequest(name), **changes))  # type: ignore[arg-type] # fields of a request


def tree(html: str) -> "Element":
    """Parse a document as a browser does."""
    return html5lib.parse(html, namespaceHTMLElements=False)


def text_of(element: "Element | None") -> str:
    """Give an element's words, spaces in a row as one."""
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def texts(html: str, path: str) -> list[str]:
    """Give the words of each element at `path` (ElementTree's XPath)."""
    return [text_of(found) for found in tree(html).iterfind(path)]
