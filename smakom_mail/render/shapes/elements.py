"""What a program makes of elements, their attributes and the images they show."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from smakom_mail.render.caniemail import features, of_element
from smakom_mail.render.markup import VOID
from smakom_mail.render.shapes.facts import FACTS
from smakom_mail.render.shapes.losses import LossBook, Why
from smakom_mail.render.shapes.model import Client
from smakom_mail.render.shapes.page import Page, fit, remove, unwrap
from smakom_mail.render.shapes.phrases import why_lost
from smakom_mail.render.shapes.support import lacks, notes_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

_WITH_ALL = frozenset(("svg", "link", "base", "meta"))
"""What goes with everything that it holds; of any other element, what it holds stays."""
_FRAME = frozenset(("html", "head", "body", "style", "title", "table", "meta"))
_ATTRIBUTES = {"loading": "html-loading-attribute", "inert": "css-inert-attribute"}
_FORMATS = {
    "avif": "avif", "bmp": "bmp", "gif": "gif", "heic": "heif", "heif": "heif", "ico": "ico",
    "jpeg": "jpg", "jpg": "jpg", "mp4": "mp4", "png": "png", "apng": "apng", "svg": "svg",
    "tif": "tiff", "tiff": "tiff", "webp": "webp",
}  # fmt: skip
_SCRIPT = re.compile(
    r"[\x00-\x20]*(?:j\s*a\s*v\s*a|v\s*b)\s*s\s*c\s*r\s*i\s*p\s*t\s*:", re.IGNORECASE
)
_NOWHERE = "#!"
"""A place that no mail has; a click on a link to it moves nothing."""
_GIF = re.compile(r"data:image/gif", re.IGNORECASE)
_PER_CENT = re.compile(r"\s*(\d{1,4}(?:\.\d+)?)%\s*")


def drop_scripts(page: Page, book: LossBook) -> None:
    """Take away what would run; a mail program does, whoever made it."""
    why = FACTS["mail-script"].why
    for element in page.elements():
        tag = str(element.tag)
        if tag in ("script", "iframe", "frame", "frameset"):
            above = element.getparent()
            book.add("mail-script", "", f"<{tag}>", why, [] if above is None else [above], 1)
            if tag == "frameset":
                unwrap(element)
            else:
                remove(element)
            continue
        if tag == "meta" and (element.get("http-equiv") or "").strip().lower() == "refresh":
            book.add("mail-script", "", "<meta http-equiv=refresh>", why, (), 1)
            remove(element)
            continue
        for name, value in element.items():
            if str(name).lower().startswith("on") or _SCRIPT.match(str(value)):
                book.add("mail-script", "", str(name), why, [element])
                del element.attrib[name]


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is done with one kind of element: its tag, its attributes."""

    tag: str
    why: Why
    feature: str
    what: str
    action: str


def edit_elements(page: Page, book: LossBook) -> None:
    """Take away the elements, attributes and images that the program does not know."""
    client = book.client
    _base(page, book)
    for element in page.elements():
        tag = str(element.tag)
        for asked in _asked(client, tag, tuple(map(str, element.attrib))):
            _apply(element, asked, book)
        if element.getparent() is not None or element is page.root:
            _values(element, tag, book)


def _apply(element: "Element", asked: _Ask, book: LossBook) -> None:
    parent = element.getparent()
    if asked.action.startswith("@"):
        del element.attrib[asked.action[1:]]
        book.add(asked.feature, "", asked.what, asked.why, [element])
    elif asked.action == "u":
        element.tag = "u"
        for name in [str(name) for name in element.attrib if name not in ("class", "style", "id")]:
            del element.attrib[name]
        book.add(asked.feature, "", asked.what, asked.why, [element])
    elif parent is not None:
        book.add(asked.feature, "", asked.what, asked.why, [parent], 1)
        (remove if asked.action == "remove" else unwrap)(element)


@lru_cache(maxsize=4096)
def _asked(client: Client, tag: str, names: tuple[str, ...]) -> tuple[_Ask, ...]:
    """Give what is done with an element `tag` that has the attributes `names`."""
    found: list[_Ask] = []
    own = of_element(tag, ())
    if tag not in _FRAME:
        found += [
            _Ask(tag, why_lost(slug), slug, f"<{tag}>", action)
            for slug in own
            if (action := _element_action(client, slug, tag))
        ]
    if any(ask.action in ("remove", "unwrap") for ask in found):
        return tuple(found)
    for name in names:
        slugs = [slug for slug in of_element(tag, (name,)) if slug not in own]
        for slug in (*slugs, *([_ATTRIBUTES[name]] if name in _ATTRIBUTES else [])):
            if lacks(client, slug) or _attribute_gone(client, slug, tag):
                found.append(_Ask(tag, why_lost(slug), slug, f"{name}", f"@{name}"))
                break
    if tag in ("ol", "dfn", "acronym"):
        found += _by_note(client, own, tag, names)
    return tuple(found)


def _element_action(client: Client, slug: str, tag: str) -> str:
    notes = " ".join(notes_on(client.program, slug))
    if slug == "html-semantics" and "Opening and closing tags are replaced by" in notes:
        return "u" if f"`<{tag}>`" in notes else ""
    if slug == "html-semantics" and "Only `<time>` is supported" in notes:
        return "" if tag == "time" else "unwrap"
    if "keeps `<acronym>` tag" in notes:
        return ""
    if not lacks(client, slug):
        return ""
    if "replaced by `<u></u>`" in notes and tag not in VOID:
        return "u"
    return "remove" if tag in _WITH_ALL or tag in VOID else "unwrap"


def _attribute_gone(client: Client, slug: str, tag: str) -> bool:
    """Say whether an attribute that works somewhere does not on this element."""
    notes = " ".join(notes_on(client.program, slug))
    if slug == "html-role" and "Only works on the `<table>`" in notes:
        return tag != "table"
    if slug == "html-lang" and "Not supported on `<td>`" in notes:
        return tag == "td"
    if slug == "html-background" and "Only supported on the `<body>`" in notes:
        return tag != "body"
    return False


def _by_note(client: Client, own: tuple[str, ...], tag: str, names: tuple[str, ...]) -> list[_Ask]:
    """Give the attributes that a note on their element takes away."""
    found = []
    for slug in own:
        notes = " ".join(notes_on(client.program, slug))
        for name, said in (("reversed", "`reversed` attribute"), ("title", "`title` attribute is")):
            if name in names and said in notes and (name == "title" or tag == "ol"):
                found.append(_Ask(tag, _attribute_why(name), slug, name, f"@{name}"))
    return found


def _attribute_why(name: str) -> Why:
    return Why(
        f"{{client}} tar bort attributet {name} från ett sådant element.",
        f"{{client}} drops the attribute {name} from such an element.",
    )


def _values(element: "Element", tag: str, book: LossBook) -> None:
    """Judge what depends on the value of an attribute."""
    judge = _JUDGES.get(tag)
    if judge:
        judge(element, book)


def _gone(element: "Element", slug: str, what: str, book: LossBook) -> None:
    parent = element.getparent()
    book.add(slug, "", what, why_lost(slug), [] if parent is None else [parent], 1)
    (remove if str(element.tag) in VOID else unwrap)(element)


def _control(element: "Element", book: LossBook) -> None:
    kind = (element.get("type") or ("text" if element.tag == "input" else "submit")).lower()
    slug = f"html-{element.tag!s}-{kind}"
    if lacks(book.client, slug):
        _gone(element, slug, f"<{element.tag!s} type={kind}>", book)


def _meta(element: "Element", book: LossBook) -> None:
    name = (element.get("name") or "").lower()
    slug = "html-meta-color-scheme"
    if name in ("color-scheme", "supported-color-schemes") and lacks(book.client, slug):
        book.add(slug, "", f"<meta name={name}>", why_lost(slug), (), 1)
        remove(element)


def _link(element: "Element", book: LossBook) -> None:
    href = element.get("href") or ""
    inner = len(href) > 1 and href.startswith("#") and href != _NOWHERE
    if inner and lacks(book.client, "html-anchor-links"):
        book.add("html-anchor-links", "", href, why_lost("html-anchor-links"), [element])
        element.set("href", _NOWHERE)


def _image(element: "Element", book: LossBook) -> None:
    source = (element.get("src") or "").strip()
    slug = image_format(source)
    notes = " ".join(notes_on(book.client.program, slug))
    gif = "Does not render Base 64 gif" in notes and _GIF.match(source)
    if slug and (lacks(book.client, slug) or gif):
        del element.attrib["src"]
        shown = source if len(source) < 60 else f"{source[:40]}…"
        book.add(slug, "", f"src={shown}", why_lost(slug), [element])
    width = _PER_CENT.fullmatch(element.get("width") or "")
    notes = " ".join(notes_on(book.client.program, "html-width"))
    if width and "based on the physical file" in notes:
        del element.attrib["width"]
        style = (element.get("style") or "").rstrip().rstrip(";")
        element.set("style", f"{fit(style) + ';' if style else ''}zoom:{float(width[1]) / 100:g}")
        book.add("html-width", "width", f"{width[1]}%", _OF_THE_FILE, [element])


_OF_THE_FILE = Why(
    "{client} räknar en bilds bredd i procent av bildfilens egen bredd.",
    "{client} takes an image's width in per cent of the file's own width.",
)


def image_format(source: str) -> str:
    """Give the feature that an image's address asks for, empty where it tells nothing."""
    if source.lower().startswith("data:"):
        return "image-base64" if source.lower().startswith("data:image/") else ""
    try:
        ending = urlsplit(source).path.rpartition(".")[2].lower()
    except ValueError:
        return ""
    slug = f"image-{_FORMATS.get(ending, '')}"
    return slug if slug in features() else ""


def _base(page: Page, book: LossBook) -> None:
    """Where <base> goes but its address is still minded, write the addresses out."""
    notes = " ".join(notes_on(book.client.program, "html-base"))
    bases = page.elements("base")
    if not bases or "The element is removed but" not in notes:
        return
    start = str(bases[0].get("href") or "")
    for element in page.elements("a") if start else []:
        if (href := element.get("href")) and not href.startswith("#"):
            try:
                element.set("href", fit(urljoin(start, href)))
            except ValueError:
                continue
    why = Why(
        "{client} tar bort <base>; länkarna skrivs ut, bilderna får ingen adress.",
        "{client} drops <base>; links are written out, images get no address.",
    )
    for base in bases:
        book.add("html-base", "", "<base>", why, (), 1)
        remove(base)


_JUDGES: "dict[str, Callable[[Element, LossBook], None]]" = {
    "a": _link,
    "area": _link,
    "button": _control,
    "img": _image,
    "input": _control,
    "meta": _meta,
}
