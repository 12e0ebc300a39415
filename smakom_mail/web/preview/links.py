"""Links of a shown mail: none of them leads out, however it is clicked (promise of preview.md)."""

import re
from html import escape, unescape
from urllib.parse import quote

LINK_PAGE = "/_/link"
_LINK = re.compile(
    r"""(<(?:a|area)\b(?:[^<>"']|"[^"]*"|'[^']*')*?\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""",
    re.IGNORECASE,
)


def inert(html: str) -> str:
    """Let every link but those within the page lead to a page of ours that says its address.

    The sandbox stops no middle click and no "open in a new tab"; the link has to be harmless.
    """

    def lead_nowhere(match: re.Match[str]) -> str:
        address = unescape(match[2] or match[3] or match[4] or "")
        if address.startswith("#"):
            return match[0]
        shown = escape(address)
        return f'{match[1]}href="{LINK_PAGE}?to={quote(address, safe="")}" data-address="{shown}"'

    return _LINK.sub(lead_nowhere, html)
