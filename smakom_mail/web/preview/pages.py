"""The preview's own pages: the list of editions, and the page of one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from smakom_mail.config import SampleReader
from smakom_mail.diagnostics import ENVIRONMENT, Diagnostic, Severity
from smakom_mail.locale import format_date
from smakom_mail.locale.preview_page import PAGE_WORDS
from smakom_mail.model.edition import UNDATED, Edition
from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.render.shapes import CLIENTS, Loss
from smakom_mail.render.shapes.gmail import CLIP_AT
from smakom_mail.render.weight import weigh
from smakom_mail.services.previewing.snapshot import Snapshot
from smakom_mail.services.previewing.studio import EditionState
from smakom_mail.services.previewing.views import View, ViewRequest
from smakom_mail.web.preview.asking import NARROWEST, SCHEMES, VIEWS, WIDEST, WIDTHS, Asked


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of an edition is made of: its state, the snapshot in the frames, the view."""

    state: EditionState
    snapshot: Snapshot | None
    generation: int
    asked: Asked
    view: View | None


@cache
def _environment() -> Environment:
    loader = PackageLoader("smakom_mail.web.preview")
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def editions_page(states: Iterable[EditionState], language: str, missing: str = "") -> str:
    """Give the list of editions; `missing` is one that was asked for and is not there."""
    said = PAGE_WORDS[language]
    rows = [_row(state, said, language) for state in states]
    template = _environment().get_template("editions.html.j2")
    return template.render(said=said, language=language, rows=rows, missing=missing)


def _row(state: EditionState, said: dict[str, str], language: str) -> SimpleNamespace:
    snapshot = state.snapshot
    row = SimpleNamespace(
        slug=state.slug,
        href=f"/{quote(state.slug)}/",
        title=state.slug,
        date="",
        state=_state_words(state, said),
        kind=state_kind(state),
        findings="",
        size="",
        digest="",
    )
    if snapshot:
        row.title = snapshot.edition.title or state.slug
        row.date = _date(snapshot.edition, said, language)
        counts = [(f"{each}s", snapshot.count(each)) for each in Severity]
        told = ", ".join(_counted(said, f"count_{key}", n) for key, n in counts if n)
        row.findings = told or said["nothing"]
    if snapshot and snapshot.rendered:
        row.size = said["bytes"].format(kb=_kilobytes(html_bytes(snapshot.rendered), said))
        row.digest = snapshot.rendered.short_digest
    return row


def _date(edition: Edition, said: dict[str, str], language: str) -> str:
    return said["undated"] if edition.date == UNDATED else format_date(edition.date, language)


def state_kind(state: EditionState) -> str:
    """Give the one word for a state: ready, broken, failed or waiting."""
    if state.failure:
        return "failed"
    if state.snapshot is None:
        return "waiting"
    return "broken" if state.snapshot.broken else "ready"


def _state_words(state: EditionState, said: dict[str, str]) -> str:
    kind = state_kind(state)
    if kind == "broken" and state.snapshot:
        return _counted(said, "errors", state.snapshot.count(Severity.ERROR))
    return {"ready": said["ready"], "failed": said["failed"], "waiting": said["waiting"]}.get(
        kind, said["failed"]
    )


def _counted(said: dict[str, str], key: str, count: int) -> str:
    return said[f"{key}_one"] if count == 1 else said[key].format(count=count)


def html_bytes(rendered: RenderedEdition) -> int:
    """Give the size of the mail's HTML, decoded, its open places counted as nothing."""
    return sum(len(part.encode()) for part in rendered.html.parts if isinstance(part, str))


def _kilobytes(size: int, said: dict[str, str]) -> str:
    whole = str(round(size / 1000)) if size >= 10_000 else f"{size / 1000:.1f}"
    return whole.replace(".", said["decimal"])


def link_page(address: str, language: str) -> str:
    """Give the page that stands where a link of a mail would have led."""
    said = PAGE_WORDS[language]
    words = escape(said["leads"].format(address=address))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(said["title"])}</title>'
        "<style>:root{color-scheme:light dark}body{font:1rem/1.6 sans-serif;margin:2rem;"
        f"overflow-wrap:anywhere}}</style></head><body><p>{words}</p></body></html>\n"
    )


def edition_page(shown: Shown, root: Path, editor: str, language: str) -> str:
    """Give the page of one edition, its findings and the frames of its views."""
    said = PAGE_WORDS[language]
    latest = shown.state.snapshot
    edition = (shown.snapshot or latest or SimpleNamespace(edition=None)).edition
    title = (edition.title if edition else "") or shown.state.slug
    places = _Places(root, editor)
    template = _environment().get_template("edition.html.j2")
    return template.render(
        said=said,
        language=language,
        title=title,
        heading=said["of"].format(title=title),
        date=_date(edition, said, language) if edition else "",
        slug=shown.state.slug,
        state=_state_words(shown.state, said),
        kind=state_kind(shown.state),
        digest=_digest(shown.snapshot),
        trouble=_trouble(shown, said, language, places),
        groups=[] if latest is None else list(_groups(latest, said, language, places)),
        views=list(_views(shown, said)) if shown.snapshot and shown.snapshot.rendered else [],
        asked=shown.asked,
        choices=_choices(shown, said, language),
        weight=_weight(shown.snapshot, said),
        shape=_shape(shown, said, language),
        narrowest=NARROWEST,
        widest=WIDEST,
    )


def _digest(snapshot: Snapshot | None) -> str:
    return snapshot.rendered.short_digest if snapshot and snapshot.rendered else ""


@dataclass(frozen=True, slots=True)
class _Places:
    """Addresses that open a file at a line in the editor's own program."""

    root: Path
    editor: str

    def link(self, file: str, line: int) -> str:
        if not self.editor:
            return ""
        path = quote((self.root / file).as_posix(), safe="/:")
        placed = self.editor.replace("{path}", path).replace("{line}", str(line))
        return placed.replace("{column}", "1")


def _trouble(
    shown: Shown, said: dict[str, str], language: str, places: _Places
) -> SimpleNamespace | None:
    """Give what covers the view after a broken save: what is wrong, with the lines themselves."""
    latest, failure = shown.state.snapshot, shown.state.failure
    if failure:
        return SimpleNamespace(
            message=failure.message, hint=failure.hint, findings=[], other="", href=""
        )
    if latest is None or not latest.broken:
        return None
    errors = [f for f in latest.findings if f.severity is Severity.ERROR]
    key = "broken_draft" if shown.snapshot is latest else "broken"
    drawn = shown.snapshot is not None and shown.snapshot.rendered is not None
    message = _counted(said, key, len(errors)) if drawn else said["never_good"]
    other, query = "", ""
    if latest.rendered and shown.state.good and shown.snapshot is not latest:
        other, query = said["show_draft"], shown.asked.query(draft=True)
    elif shown.state.good and shown.snapshot is latest:
        other, query = said["show_good"], shown.asked.query(draft=False)
    findings = list(_findings(errors, latest, language, places))
    return SimpleNamespace(
        message=message, hint="", findings=findings, other=other, href=f"?{query}"
    )


def _groups(
    snapshot: Snapshot, said: dict[str, str], language: str, places: _Places
) -> Iterator[SimpleNamespace]:
    for severity in Severity:
        found = [f for f in snapshot.findings if f.severity is severity]
        if found:
            yield SimpleNamespace(
                key=str(severity),
                name=said[severity],
                count=len(found),
                findings=list(_findings(found, snapshot, language, places)),
            )


def _findings(
    found: Iterable[Diagnostic], snapshot: Snapshot, language: str, places: _Places
) -> Iterator[SimpleNamespace]:
    lines = dict(snapshot.lines)
    for one in found:
        message = one.message(language)
        file, line = one.location.file, one.location.line
        yield SimpleNamespace(
            code=one.code,
            message=message[:1].upper() + message[1:],
            hint=one.hint(language),
            place=str(one.location),
            source=lines.get(one.location, ""),
            editor=places.link(file, line) if file != ENVIRONMENT else "",
            in_mail=file.startswith("newsletters/"),
        )


def _views(shown: Shown, said: dict[str, str]) -> Iterator[SimpleNamespace]:
    asked = shown.asked
    for name in VIEWS:
        source = f"view/{name}?{asked.frame_query(name, shown.generation)}"
        widths = (*asked.widths, *((asked.free,) if asked.free else ()))
        frames = [
            SimpleNamespace(
                key=f"{name}-{'free' if width == asked.free else width}",
                width=width,
                free=width == asked.free,
                title=said["frame_free"].format(view=said[name])
                if width == asked.free
                else said["frame"].format(view=said[name], width=width),
                src=source,
            )
            for width in widths
        ]
        whole = [SimpleNamespace(key=name, width=0, free=False, title=said[name], src=source)]
        yield SimpleNamespace(
            name=name,
            words=said[name],
            href=f"?{asked.query(view=name)}",
            current=name == asked.view,
            frames=frames if name in ("mail", "web") else whole,
        )


def _choices(shown: Shown, said: dict[str, str], language: str) -> SimpleNamespace:
    asked = shown.asked
    config = shown.snapshot.config if shown.snapshot else None
    readers = config.samples if config else ()
    names = [(key, getattr(client, f"name_{language}")) for key, client in CLIENTS.items()]
    return SimpleNamespace(
        widths=[(width, width in asked.widths) for width in WIDTHS],
        clients=[("", said["as_built"]), *names],
        schemes=[(scheme, said[scheme]) for scheme in SCHEMES],
        readers=[(index, _known_as(reader)) for index, reader in enumerate(readers)],
    )


def _known_as(reader: SampleReader) -> str:
    """Give what tells a reader from the others; a subscriber may have neither name nor town."""
    return ", ".join(filter(None, (reader.name or reader.email, reader.organisation)))


def _weight(snapshot: Snapshot | None, said: dict[str, str]) -> SimpleNamespace | None:
    if snapshot is None or snapshot.rendered is None:
        return None
    html = "".join(p for p in snapshot.rendered.html.parts if isinstance(p, str))
    total = len(html.encode())
    rows = [
        SimpleNamespace(
            name=each.name or said["frame_part"],
            place=each.file,
            size=said["bytes"].format(kb=_kilobytes(each.bytes, said)),
            share=max(1, round(100 * each.bytes / CLIP_AT)),
        )
        for each in weigh(html, snapshot.edition)
    ]
    return SimpleNamespace(
        total=said["of_limit"].format(kb=_kilobytes(total, said)),
        share=min(100, round(100 * total / CLIP_AT)),
        over=total > CLIP_AT,
        rows=rows,
    )


def _shape(shown: Shown, said: dict[str, str], language: str) -> SimpleNamespace | None:
    """Give how far the view in front is to be trusted, and what its program takes away."""
    view, asked = shown.view, shown.asked
    if view is None or asked.view in ("raw", "seeds"):  # these are no picture of anything
        return None
    client = CLIENTS.get(asked.client) if asked.view == "mail" else None
    own = ViewRequest(asked.view, scheme="dark" if asked.scheme == "dark" else "light")
    as_built = asked.view in ("mail", "web") and replace(asked.request(asked.view), reader=0) == own
    return SimpleNamespace(
        name=getattr(client, f"name_{language}") if client else "",
        about=getattr(client, f"about_{language}") if client else "",
        badge="" if as_built else view.badge,
        badge_words=said[view.badge],
        badge_about=said[f"{asked.view}_as_built"] if as_built else said[f"{view.badge}_about"],
        losses=list(_losses(view.losses, said, language)),
    )


def _losses(
    losses: Iterable[Loss], said: dict[str, str], language: str
) -> Iterator[SimpleNamespace]:
    """Give what is lost, one entry for each reason; the indexes are those on the elements."""
    by_reason: dict[str, list[tuple[int, Loss]]] = {}
    for index, loss in enumerate(losses):
        by_reason.setdefault(getattr(loss, f"why_{language}"), []).append((index, loss))
    for why, same in by_reason.items():
        yield SimpleNamespace(
            indexes=" ".join(str(index) for index, _ in same),
            why=why,
            features=list(dict.fromkeys(loss.feature for _, loss in same)),
            things=list(dict.fromkeys(loss.what for _, loss in same)),
            times=_counted(said, "times", sum(loss.count for _, loss in same)),
        )
