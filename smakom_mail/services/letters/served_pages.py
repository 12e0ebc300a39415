"""No letter leads to a page that nobody answers: `[site] pages = false` says that there is none.

An invitation is answered by mail then.
"""

from collections.abc import Iterable

from smakom_mail.config import Config
from smakom_mail.errors import SmakomMailError
from smakom_mail.store.letters import Letter

_LINKLESS = ("holdings", "moved")
"""Kinds of letters that tell what they have to without a link; all others need theirs."""
_SERVE = "serve the pages (docs/deploy.md) and set pages = true in smakom-mail.toml"


class PageNotServedError(SmakomMailError):
    """A link would be mailed to a page that nobody answers."""


def require_linked_pages(config: Config, letters: Iterable[Letter]) -> None:
    """See that the links of letters lead somewhere. Raises PageNotServedError."""
    if config.site_pages:
        return
    linked = sum(1 for each in letters if not (each.kind in _LINKLESS or each.is_invitation))
    if linked:
        raise PageNotServedError(
            f"the link in {linked} of the letters would lead nowhere: [site] pages = false says "
            f"that no page answers at {config.site_url}",
            f"{_SERVE}; until then all letters wait",
        )
