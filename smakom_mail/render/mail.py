"""The HTML mail: templates, MJML, text filled in, CSS inlined, made fit for mail programs."""

import re
from collections.abc import Mapping

from smakom_mail.model.edition import Picture
from smakom_mail.render.inlining import inline_css

_METAS = (
    '<meta charset="utf-8">'
    '<meta name="x-apple-disable-message-reformatting">'
    '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">'
    '<meta name="color-scheme" content="light dark">'
    '<meta name="supported-color-schemes" content="light dark">'
)
# Never followed, and told as C01; thousands of them would hold cssutils for minutes.
_IMPORT = re.compile(r"@import\b[^;{}]*;?", re.IGNORECASE)
_FRACTION = re.compile(r"(\d+)\.\d+px")
_STYLED_TAG = re.compile(r"<[a-zA-Z][^<>]*? (?:style|data-premailer)=[^<>]*>")
_FLUID = re.compile(r"""\sstyle="(?:[^"]*;)?\s*width:\s*[\d.]+%""")
_ATTRIBUTE = re.compile(r"""\s([\w:.-]+)=("[^"]*"|'[^']*')""")
_CHARSET = re.compile(
    r'<meta http-equiv="Content-Type"[^>]*>|<meta charset="utf-8"\s*/?>', re.IGNORECASE
)


def normalise(html: str, inline: str, head: tuple[str, ...]) -> str:
    """Mend what the MJML engine leaves behind and put the layout's styles in the head.

    `inline` goes into the elements; each of `head` stays a ``<style>`` of its own, since
    Gmail drops a whole block for one rule that it dislikes.
    """
    html = re.sub(r"<style\b(?![^>]*data-premailer)", '<style data-premailer="ignore"', html)
    html = re.sub(r'(<img\b[^>]*?)\sheight="auto"', r"\1", html)
    # A style without a declaration says nothing, and premailer confuses it with a selector.
    if re.search(r' style="[^":]*"', html):
        html = re.sub(r'(<[a-zA-Z][^<>]*?) style="[^":]*"', r"\1", html)
    html = re.sub(r'(<td\b[^>]*?)\svertical-align="[a-z]+"', r"\1", html)
    html = re.sub(r"<!--\[if.*?<!\[endif\]-->", _whole_widths, html, flags=re.DOTALL)
    html = _CHARSET.sub("", html, count=1)
    html = html.replace("<head>", "<head>" + _METAS, 1)
    blocks = "".join(f'<style data-premailer="ignore">{css}</style>' for css in map(_compact, head))
    own = _IMPORT.sub("", _compact(inline))
    return html.replace("</head>", f"{blocks}<style>{own}</style></head>", 1)


def with_heights(html: str, pictures: Mapping[str, Picture]) -> str:
    """Give each picture of a fixed width its height there: Outlook keeps the place free.

    `pictures` are known by the last part of their address; `html` has its styles inlined. A
    picture as wide as its place gets none: Yahoo makes ``height:auto`` a smallest height, so
    that the attribute would stretch it wherever it is drawn narrower (email-bugs #9).
    """

    def sized(match: re.Match[str]) -> str:
        width = re.search(r'\swidth="(\d+)"', match[0])
        picture = pictures.get(match[1].rsplit("/", 1)[-1])
        if not width or not picture or re.search(r'\sheight="\d', match[0]):
            return match[0]
        if _FLUID.search(match[0]):
            return match[0]
        height = max(1, round(picture.height * int(width[1]) / picture.width))
        return match[0].replace(width[0], f'{width[0]} height="{height}"', 1)

    return re.sub(r'<img\b[^>]*?\ssrc="([^"]*)"[^>]*>', sized, html)


def finish(html: str) -> str:
    """Inline the CSS of a filled-in page and give its final form."""
    html = inline_css(html)
    html = html.replace("<!DOCTYPE html>\n", "<!DOCTYPE html>", 1)
    # Only inside tags: an author may write of HTML, and her words stay as they are.
    html = _STYLED_TAG.sub(lambda tag: _ATTRIBUTE.sub(_tidy, tag[0]), html)
    return html if html.endswith("\n") else html + "\n"


def _tidy(attribute: re.Match[str]) -> str:
    """Leave out our own mark, and quote a style as all others: premailer writes "Segoe UI"."""
    name, value = attribute[1], attribute[2]
    if name == "data-premailer":
        return ""
    if name != "style":
        return attribute[0]
    value = value[1:-1].replace('"', "'").replace("; ", ";")
    return f' style="{value}"'


def _whole_widths(match: re.Match[str]) -> str:
    """Outlook cells want whole pixels; the engine writes fractions."""
    return _FRACTION.sub(r"\1px", match[0])


def _compact(css: str) -> str:
    """Leave out comments, which make one mail program skip the rule after them, and line ends."""
    bare = re.sub(r"/\*.*?(?:\*/|\Z)", "", css, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "", bare).strip()
