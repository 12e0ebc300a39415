"""From an edition's web version to its page in the archive: what stands around it, and its rules.

Any layout's web version is taken as it is. Its styles move to files, so that a page may run and
load only what lies beside it; the archive's own parts are put in at the ends of its body.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)
"""What a page may load, also where it lies on a host that sends no header of its own."""

_STYLE = re.compile(r"<style\b([^>]*)>(.*?)</style>\s*", re.IGNORECASE | re.DOTALL)
_STYLED_TAG = re.compile(r"<[a-zA-Z][^<>]*\sstyle=\"[^<>]*>")
_STYLE_ATTRIBUTE = re.compile(r'\sstyle="([^"]*)"')
_CLASS_ATTRIBUTE = re.compile(r'\sclass="([^"]*)"')
_CHARSET = re.compile(r"<meta\s+charset=[^>]*>\s*", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^>]*>\s*", re.IGNORECASE)
_HEAD_END = re.compile(r"</head>", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]*>\s*(?:<a\b[^>]*class=\"skip\"[^>]*>[^<]*</a>\s*)?", re.IGNORECASE)
_FOOTER = re.compile(r"<footer\b", re.IGNORECASE)
_FOOTER_END = re.compile(r"</footer>", re.IGNORECASE)
_BODY_END = re.compile(r"</body>", re.IGNORECASE)
_OWN_FILES = re.compile(r"url\(", re.IGNORECASE)


@dataclass(slots=True)
class Undressed:
    """A web version without its styles; `shared` and `own` are the stylesheets by file name.

    Those that name files of the edition stay beside it (`own`). `links` are (file name, media,
    whether it is shared), in order.
    """

    html: str
    shared: dict[str, bytes] = field(default_factory=dict)
    own: dict[str, bytes] = field(default_factory=dict)
    links: list[tuple[str, str, bool]] = field(default_factory=list)


def undressed(web: str) -> Undressed:
    """Take the styles out of a web version, those in its elements too."""
    made = Undressed(web)
    for found in _STYLE.finditer(web):
        _keep(made, found[2].strip() + "\n", found[1])
    html, rules = _without_attributes(_STYLE.sub("", web))
    if rules:
        _keep(made, "".join(f"{rule}\n" for rule in rules), "")
    made.html = html
    return made


def _keep(made: Undressed, css: str, attributes: str) -> None:
    data = css.encode("utf-8")
    shared = not _OWN_FILES.search(css)
    name = hashed_name("layout.css" if shared else "style.css", data)
    (made.shared if shared else made.own)[name] = data
    media = re.search(r'media="([^"]*)"', attributes)
    made.links.append((name, media[1] if media else "", shared))


def hashed_name(name: str, data: bytes) -> str:
    """Put a piece of the content's hash in a file's name, so that a name never changes content."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}.{ending}"


def _without_attributes(html: str) -> tuple[str, list[str]]:
    """Turn styles in elements into classes, since a strict page applies no others."""
    rules: dict[str, str] = {}

    def turned(tag: re.Match[str]) -> str:
        style = _STYLE_ATTRIBUTE.search(tag[0])
        if style is None:
            return tag[0]
        name = "s" + hashlib.sha256(style[1].encode("utf-8")).hexdigest()[:8]
        rules[name] = f":root .{name} {{ {style[1].rstrip(';')}; }}"
        bare = _STYLE_ATTRIBUTE.sub("", tag[0])
        if _CLASS_ATTRIBUTE.search(bare):
            return _CLASS_ATTRIBUTE.sub(lambda old: f' class="{old[1]} {name}"', bare, count=1)
        word = re.match(r"<[\w-]+", bare)
        at = word.end() if word else 0
        return f'{bare[:at]} class="{name}"{bare[at:]}'

    return _STYLED_TAG.sub(turned, html), list(rules.values())


def dressed(html: str, *, first: str, head: str, top: str, bottom: str, ways: str = "") -> str:  # noqa: PLR0913 - each part has its place
    """Put parts into a page: `first` before all that loads, `top` and `bottom` in its body.

    `ways` end its footer, or its body where it has none.
    """
    whole, at = [], 0
    for position, text in sorted(_pieces(html, first, head, top, (bottom, ways))):
        whole += [html[at:position], text]
        at = position
    return "".join([*whole, html[at:]])


def _pieces(
    html: str, first: str, head: str, top: str, ends: tuple[str, str]
) -> Iterator[tuple[int, str]]:
    opening = _CHARSET.search(html) or _HEAD.search(html)
    yield (opening.end() if opening else 0), first
    closing = _HEAD_END.search(html)
    yield (closing.start() if closing else 0), head
    body = _BODY.search(html)
    yield (body.end() if body else len(html)), top
    for each, footer in zip(ends, (_FOOTER, _FOOTER_END), strict=True):
        found = [*footer.finditer(html)][-1:] or [*_BODY_END.finditer(html)][-1:]
        yield (found[0].start() if found else len(html)), each
