"""Rules for readers who listen: language, tables, headings, names of pictures and links (A)."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.render.finished import FinishedPage
from smakom_mail.render.inspection import Inspection

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# RFC 5646: language, script, region, variants, extensions; und and the private ones say nothing.
_LANGUAGE = re.compile(
    r"(?!(?:und|mis|zxx|mul)(?:-|$))[a-z]{2,3}(-[a-z]{3})?(-[a-z]{4})?(-(?:[a-z]{2}|\d{3}))?"
    r"(-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(-[a-wyz\d](-[a-z\d]{2,8})+)*(-x(-[a-z\d]{1,8})+)?",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"\S+\.(png|jpe?g|gif|webp|svg|tiff?)", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SCOPES = ("col", "row", "colgroup", "rowgroup")
_ARRANGING = ("presentation", "none")


def check_access(seen: Inspection) -> Iterator[Diagnostic]:
    """Check both pages (A01–A07)."""
    for page, web in seen.pages():
        yield from _language(seen, page, web=web)
        yield from _images(seen, page, web=web)
        yield from _tables(seen, page, web=web)
        yield from _headings(seen, page, web=web)
        yield from _links(seen, page, web=web)
    yield from _titles(seen)


def _language(seen: Inspection, page: FinishedPage, *, web: bool) -> Iterator[Diagnostic]:
    inside = [] if web or page.body is None else list(page.body)
    own = seen.edition.language
    for element in (page.tree, *inside):
        tag, lang = str(element.tag), element.get("lang") or ""
        directed = (element.get("dir") or "").lower() in ("ltr", "rtl", "auto")
        if directed and lang == own:
            continue
        place = seen.origins.in_template(*_start_of(element), web=web)
        if not lang:
            yield finding("lang-missing", *place, tag=tag)
        elif not _LANGUAGE.fullmatch(lang):
            yield finding("lang-invalid", *place, value=lang, tag=tag)
        elif lang.split("-")[0].lower() != own:
            yield finding("lang-other", *place, value=lang, tag=tag, language=own)
        if not directed:
            yield finding("dir-missing", *place, tag=tag)


def _start_of(element: "HtmlElement") -> tuple[str, ...]:
    """Give words by which a template's line may be known."""
    if element.tag == "html" or element.get("role") == "article":
        return ("<mjml", "<html")
    names = (element.get("class") or "").split()
    return (f'<{element.tag} class="{" ".join(names)}', "<mj-preview", f"<{element.tag}", "<mj-raw")


def _images(seen: Inspection, page: FinishedPage, *, web: bool) -> Iterator[Diagnostic]:
    for image in page.elements("img"):
        src, alt = image.get("src") or "", image.get("alt")
        name = src.rsplit("/", 1)[-1][:60]
        figure = seen.origins.figure(src)
        place = seen.origins.picture(src, web=web) if not figure or alt is None else figure[1]
        if alt is None:
            yield finding("img-without-alt", *place, image=name)
        elif not figure and _FILE_NAME.fullmatch(alt.strip()):
            yield finding("img-alt-file-name", *place, image=name, alt=alt)
        elif not alt.strip():
            link = next(image.iterancestors("a"), None)
            if link is not None and not _name_of(link):
                yield finding("img-link-without-alt", *place, image=name)


def _tables(seen: Inspection, page: FinishedPage, *, web: bool) -> Iterator[Diagnostic]:
    headed: dict[HtmlElement, list[HtmlElement]] = {}
    for head in page.elements("th"):
        headed.setdefault(next(head.iterancestors("table")), []).append(head)
    for table in page.elements("table"):
        heads = headed.get(table, [])
        arranging = (table.get("role") or "") in _ARRANGING
        if arranging is bool(heads):
            yield from _table(seen, table, heads, web=web)
        for head in heads:
            if not arranging and head.get("scope") not in _SCOPES:
                place = seen.origins.in_template("<th", web=web)
                yield finding("table-without-scope", *place, text=_shown(head))
    if not web:
        hidden = re.findall(r"<!--\[if.*?<!\[endif\]-->", page.html, re.DOTALL)
        for tag in (tag for part in hidden for tag in re.findall(r"<table\b[^>]*>", part)):
            if not re.search(r"role=['\"]?(?:presentation|none)\b", tag):
                yield finding("table-without-role", *seen.origins.in_template(tag, "<!--[if"))


def _table(
    seen: Inspection, table: "HtmlElement", heads: "list[HtmlElement]", *, web: bool
) -> Iterator[Diagnostic]:
    """Say of a table that it arranges and has headings, or does neither."""
    names = f'<table class="{table.get("class")}"' if table.get("class") else "<table"
    place = seen.origins.in_template(names, "<table", "<mj-table", web=web)
    if not heads:
        yield finding("table-without-role", *place)
    for head in heads:
        yield finding("table-role-on-data", *place, text=_shown(head))


def _shown(element: "HtmlElement") -> str:
    return " ".join(str(element.text_content()).split())[:40]


def _headings(seen: Inspection, page: FinishedPage, *, web: bool) -> Iterator[Diagnostic]:
    found = [
        (int(str(each.tag)[1]), " ".join(_name_of(each).split()))
        for each in page.elements(*_HEADINGS)
    ]
    count = sum(1 for level, _ in found if level == 1)
    if count != 1:
        yield finding("heading-one", *seen.origins.in_template("<h1", web=web), count=count)
    before = 0
    for level, text in found:
        if not text:
            place = seen.origins.in_template(f"<h{level}", web=web)
            yield finding("heading-blank", *place, level=level)
        # What an author left out is found in her text (content.tree); this is the layout's.
        elif level > before + 1 and before and text not in seen.origins.skipped:
            place = seen.origins.in_template(f"<h{level}", web=web)
            yield finding("heading-jump", *place, text=text, level=level, before=before)
        before = level


def _links(seen: Inspection, page: FinishedPage, *, web: bool) -> Iterator[Diagnostic]:
    for link in page.elements("a"):
        href = link.get("href")
        if href is None or _name_of(link):
            continue
        if next(link.iter("img"), None) is not None:
            continue  # said of the picture
        place = seen.origins.link(href)
        if place:
            yield finding("link-empty", *place, href=href)
        else:
            place = seen.origins.in_template(f'href="{href}"', "></a>", "<a ", web=web)
            yield finding("link-wordless", *place, href=href[:60])


def _name_of(element: "HtmlElement") -> str:
    """Give what a screen reader says of a link or heading."""
    said = [element.get("aria-label") or "", str(element.text_content())]
    said += [image.get("alt") or "" for image in element.iter("img")]
    return " ".join(" ".join(said).split())


def _titles(seen: Inspection) -> Iterator[Diagnostic]:
    for page, web in seen.pages():
        title = page.tree.find("head/title")
        text = " ".join((title.text or "").split()) if title is not None else ""
        place = seen.origins.in_template("<mj-title", "<title", "<mj-head", web=web)
        subject = " ".join(seen.subject.split())
        if not text:
            yield finding("title-missing", *place)
        elif not web and text != subject:
            yield finding("title-differs", *place, what="<title>", text=text, subject=subject)
        for each in () if web else page.elements():
            if each.get("role") == "article":
                label = " ".join((each.get("aria-label") or "").split())
                if label != subject:
                    yield finding(
                        "title-differs", *place, what="aria-label", text=label, subject=subject
                    )
