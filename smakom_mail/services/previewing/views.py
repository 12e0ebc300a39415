"""From a snapshot to what a frame of the preview shows: one whole document for each view."""

import re
from dataclasses import dataclass
from html import escape

from smakom_mail.locale.preview import VIEW_WORDS
from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.render.annotation import annotated
from smakom_mail.render.appearance import Scheme, with_scheme, with_text_at, without_pictures
from smakom_mail.render.shapes import CLIENTS, Badge, Loss, Shape, shape_for
from smakom_mail.services.previewing.document import nothing
from smakom_mail.services.previewing.filling import FilledMail, chosen_reader, filled_mail
from smakom_mail.services.previewing.inbox_view import inbox_view
from smakom_mail.services.previewing.order_view import order_view
from smakom_mail.services.previewing.raw_view import raw_view
from smakom_mail.services.previewing.seeds_view import seeds_view
from smakom_mail.services.previewing.snapshot import Snapshot
from smakom_mail.services.previewing.text_view import text_view

NAMES = ("mail", "web", "text", "inbox", "order", "raw", "seeds")
SCHEMES: dict[str, Scheme] = {
    "light": "light",
    "dark": "dark",
    "partial": "partial",
    "full": "full",
}
_SIMULATED = ("partial", "full")
_TAG = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_MARKUP = re.compile(rf"<style\b.*?(?:</style>|\Z)|<[a-zA-Z]{_TAG}>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """What is asked for: a view, and how a reader gets it."""

    name: str = "mail"
    client: str = ""
    scheme: str = "light"
    pictures: bool = True
    text: int = 100
    reader: int = 0
    columns: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A whole document, how far to trust it, and what a mail program took from the mail."""

    html: str
    badge: Badge
    losses: tuple[Loss, ...] = ()


def make_view(snapshot: Snapshot, request: ViewRequest) -> View:
    """Draw what is asked for; what nobody knows is read as its default."""
    rendered = snapshot.rendered
    if request.name == "seeds":
        return View(seeds_view(snapshot), "exact")
    if rendered is None:
        return View(nothing(snapshot), "exact")
    if request.name == "web":
        return _web(snapshot, rendered, request)
    reader = chosen_reader(snapshot.config, request.reader)
    if request.name == "raw":
        return View(raw_view(snapshot, rendered, reader), "exact")
    mail = filled_mail(snapshot.edition, rendered, snapshot.config, reader)
    match request.name:
        case "text":
            return View(text_view(snapshot, mail, request.columns), "exact")
        case "inbox":
            sender = rendered.addresses.sender
            return View(inbox_view(snapshot, mail, sender[0] or sender[1]), "rough")
        case "order":
            return View(order_view(snapshot, mail.html), "rules")
        case _:
            return _mail(snapshot, rendered, mail, request)


def _mail(
    snapshot: Snapshot, rendered: RenderedEdition, mail: FilledMail, request: ViewRequest
) -> View:
    """The mail in a program's shape, then as this reader has set it up."""
    shape = Shape(mail.html, "rules", ())
    if request.client in CLIENTS:
        shape = shape_for(mail.html, request.client)
    html = annotated(shape.html, snapshot.edition)
    if request.client == "outlook-com" and request.scheme == "partial":
        html = _with_outlook_marks(html)
    html = _as_read(html, request)
    if not request.pictures:
        html = without_pictures(html)
    html = _enlarged(html, request)
    html = with_own_pictures(html, tuple(picture.name for picture in rendered.pictures))
    said = VIEW_WORDS[snapshot.config.messages_language]
    html = with_dead_links(html, mail.unsubscribe, said["dead_link"])
    return View(html, _badge(shape.badge, request), shape.losses)


def _with_outlook_marks(html: str) -> str:
    """Mark the box that <body> has become, as Outlook.com does where it turns colours around.

    The mail's own rules for ``[data-ogsc]`` (text) and ``[data-ogsb]`` (grounds) then apply.
    """
    head, found, body = html.partition("<body")
    return head + found + re.sub(r"<div\b", "<div data-ogsc data-ogsb", body, count=1)


def _web(snapshot: Snapshot, rendered: RenderedEdition, request: ViewRequest) -> View:
    """The web version; its pictures lie beside it as they do here."""
    html = _enlarged(_as_read(annotated(rendered.web, snapshot.edition), request), request)
    return View(html, _badge("rules", request))


def _as_read(html: str, request: ViewRequest) -> str:
    return with_scheme(html, SCHEMES.get(request.scheme, "light"))


def _enlarged(html: str, request: ViewRequest) -> str:
    return with_text_at(html, request.text) if request.text == 200 else html


def _badge(badge: Badge, request: ViewRequest) -> Badge:
    """Nobody has published how colours are turned around: such a picture is rough."""
    return "rough" if request.scheme in _SIMULATED else badge


def with_own_pictures(html: str, names: tuple[str, ...]) -> str:
    """Let the edition's pictures come from beside the document: ``images/NAME``.

    Only addresses in tags and style sheets are changed: text that spells one stays.
    """
    if not names:
        return html
    known = "|".join(map(re.escape, names))
    fetched = re.compile(
        rf"""((?:\s(?:src|background)=["']|\burl\((?:["']|&quot;|&\#39;|&\#x27;)?))"""
        rf"""[^"'()<>\s]*/images/({known})(?=["')&])"""
    )

    def nearby(match: re.Match[str]) -> str:
        markup = match[0]
        return fetched.sub(r"\1images/\2", markup) if "/images/" in markup else markup

    return _MARKUP.sub(nearby, html)


def with_dead_links(html: str, address: str, title: str) -> str:
    """Mark every link to `address`: it can be seen that it is dead, and nothing moves for it."""
    dead = re.compile(rf"""<a\b({_TAG}\shref=["']{re.escape(escape(address))}["']{_TAG})>""")
    marks = f'data-dead="true" title="{escape(title)}"'

    def marked(match: re.Match[str]) -> str:
        attributes = re.sub(r"""\s(?:title|data-dead)=(?:"[^"]*"|'[^']*')""", "", match[1])
        outline = "outline:2px dotted;outline-offset:2px"
        if re.search(r'\sstyle="', attributes):
            styled = re.sub(r'(\sstyle=")', rf"\1{outline};", attributes, count=1)
            return f"<a {marks}{styled}>"
        return f'<a {marks} style="{outline}"{attributes}>'

    return dead.sub(marked, html)
