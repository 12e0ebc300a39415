"""Pages that no template of ours makes: what odd layouts, and a fault half way, may hold."""

from typing import TYPE_CHECKING

import html5lib
from hypothesis import strategies as st

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PIECES = (
    *("<p>", "</p>", "<div>", "</div>", "<td>", "</table>", "<li>", "<h2>", "</h2>", "<br/>", "<"),
    *("<table><tr><td bgcolor=ffffff>", '<p style="color:#000', "<font size=+2 color=red>", "</"),
    *("<img>", '<img src="a.png" alt="En bild">', "<img src=b.png alt=''", "<IMG SRC='c' ALT=d>"),
    *("<img alt=x width=20 height=10 style='width:50%'/>", "<a href='#'", '"', "'", ">", "=", "/"),
    *(
        "<style>",
        "</style>",
        "<style media='(prefers-color-scheme: dark)'>",
        "<title>",
        "</title >",
    ),
    *("p{color:red", "}", "{", ";", "@media (prefers-color-scheme:dark){", "background:url(x.png)"),
    *("--x:#fff;", "color:var(--x);", "url(", 'url("', "@import 'x';", "/*", "*/", "\\", "(", ")"),
    *("font:bold 2px/3px 'x'", "font-size:1e9px;", "rgb(1,2", "rgba(1 2 3/4%)", "hsl(1turn 5% 5%)"),
    *("<!--", "-->", "<!-->", "<!--[if mso]>", "<![endif]-->", "<!doctype html>", "<?x", "&#0;"),
    *("<html style=background:red>", "<head>", "<body text=#000 background=x.png>", "</body>", "&"),
    *("<meta name=color-scheme content='dark light'>", "<link rel=icon href=x>", "Rubrik", "Ord "),
    *(
        "<video poster=a src=b>",
        "<source srcset=c>",
        "\x00",
        "\u00ad",
        "\u00a0",
        "\n",
        "ö",
        "\ud800",
    ),
    *("Ett stycke med ord. ", "kära läsare", " style=", " class=x", " data-source='a:1'", "&quot;"),
)
MARKUP = st.lists(
    st.one_of(st.sampled_from(_PIECES), st.sampled_from(_PIECES), st.text(max_size=8)), max_size=25
).map("".join)


def parsed(html: str) -> "list[Element]":
    """Give every element of a page as browsers read it."""
    return list(html5lib.parse(html, namespaceHTMLElements=False).iter())


def seen(html: str) -> str:
    """Give all words of a page that stand in no style or comment, without white space."""
    texts = (
        ("" if callable(each.tag) or each.tag == "style" else each.text or "") + (each.tail or "")
        for each in parsed(html)
    )
    return "".join("".join(texts).split())
