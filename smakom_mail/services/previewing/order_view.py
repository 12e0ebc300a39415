"""The view of the reading order: what a screen reader meets, its headings, its links."""

from collections.abc import Iterator

from smakom_mail.locale.preview import VIEW_WORDS
from smakom_mail.render.readout import Spoken, ambiguous, link_name, read_aloud
from smakom_mail.services.previewing.document import draw
from smakom_mail.services.previewing.snapshot import Snapshot

_SHOWN = 140
_DEEPEST = 4
_HEARD = frozenset({"text", "heading", "link", "image", "table", "landmark"})


def order_view(snapshot: Snapshot, html: str) -> str:
    """Draw the list of all that is met in `html`, then of the headings and of the links."""
    said = VIEW_WORDS[snapshot.config.messages_language]
    met = read_aloud(html)
    shared = ambiguous(met)
    rows = list(_rows(met, said, snapshot.edition.language, shared))
    return draw(
        "order",
        snapshot,
        met=rows,
        headings=_only(rows, "heading"),
        links=_only(rows, "link"),
    )


def _only(rows: list[dict[str, object]], kind: str) -> list[dict[str, object]]:
    return [row | {"depth": 0} for row in rows if row["kind"] == kind]


def _rows(
    met: tuple[Spoken, ...], said: dict[str, str], language: str, shared: dict[str, int]
) -> Iterator[dict[str, object]]:
    before = 0
    for item in met:
        if item.kind == "language":
            language = item.text
        heard = item.text if item.kind in _HEARD else ""
        short = _shortened(heard) if item.kind == "text" else heard
        words = said["words"].format(count=len(heard.split()))
        yield {
            "kind": item.kind,
            "level": min(item.level, 6) if item.kind == "heading" else 0,
            "depth": min(item.depth, _DEEPEST),
            "label": _label(item, said),
            "text": short,
            "language": language or None,
            "more": _more(item, said) if short == heard else words,
            "address": item.address if item.kind == "link" else "",
            "fault": _fault(item, said, before, shared),
        }
        if item.kind == "heading":
            before = item.level


def _shortened(text: str) -> str:
    """Cut running text after a word; of a heading or a name every word counts."""
    return text if len(text) <= _SHOWN else text[:_SHOWN].rsplit(" ", 1)[0] + " …"


def _label(item: Spoken, said: dict[str, str]) -> str:
    if item.kind == "heading":
        return said["heading"].format(level=item.level)
    if item.kind == "list" and item.level:
        return said["list_numbered"]
    return said[item.kind]


def _more(item: Spoken, said: dict[str, str]) -> str:
    """Say what the words alone do not: a size, a language, what is passed over in silence."""
    if item.kind == "list":
        return said["list_size_one" if item.size == 1 else "list_size"].format(size=item.size)
    if item.kind == "table":
        return said["table_size"].format(size=item.size, columns=item.columns)
    if item.kind == "language":
        return said.get(f"language_{item.text}", item.text)
    if item.kind == "landmark":
        return said[f"landmark_{item.address}"]
    if item.silent:
        return said["image_silent"].format(file=item.address)
    return ""


def _fault(item: Spoken, said: dict[str, str], before: int, shared: dict[str, int]) -> str:
    if item.kind == "heading":
        if not item.text:
            return said["heading_empty"]
        return said["heading_skips"].format(level=before + 1) if item.level > before + 1 else ""
    if item.kind == "image" and not item.text and not item.silent:
        return said["image_missing"].format(file=item.address)
    if item.kind == "link":
        count = shared.get(link_name(item), 0)
        if not item.text:
            return said["link_nameless"]
        return said["same_name"].format(count=count) if count else ""
    return ""
