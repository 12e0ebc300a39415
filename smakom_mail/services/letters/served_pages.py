"""No letter leads to a page that nobody answers: `[site] pages = false` says that there is none."""

from collections.abc import Iterable

from smakom_mail.config import Config
from smakom_mail.errors import SmakomMailError
from smakom_mail.store.letters import Letter

_LINKLESS = ("holdings", "moved")
"""Kinds of letters that tell what they have to without a link; all others need theirs."""
_SERVE = "serve the pages (docs/deploy.md) and set pages = true in smakom-mail.toml"


class PageNotServedError(SmakomMailError):
    """A link would be mailed, or given out, to a page that nobody answers."""


def require_page_to_confirm(config: Config, address: str) -> None:
    """See that whoever is invited can say yes somewhere. Raises PageNotServedError."""
    if not config.site_pages:
        raise PageNotServedError(
            f"the link in an invitation would lead nowhere: {_nobody(config)}",
            f"{_SERVE}; or let her write to you, and unless she has said no before: "
            f"smakom-mail subscribers add {address} --basis consent --wording TEXT",
        )


def require_linked_pages(config: Config, letters: Iterable[Letter]) -> None:
    """See that the links of letters lead somewhere. Raises PageNotServedError."""
    if config.site_pages:
        return
    linked = sum(1 for each in letters if each.kind not in _LINKLESS)
    if linked:
        raise PageNotServedError(
            f"the link in {linked} of the letters would lead nowhere: {_nobody(config)}",
            f"{_SERVE}; until then all letters wait",
        )


def _nobody(config: Config) -> str:
    return f"[site] pages = false says that no page answers at {config.site_url}"
