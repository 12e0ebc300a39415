"""What the one who sends should know of the world outside, before she says yes.

Whether the web addresses in the mail lead anywhere, and whether somebody has read what came by
mail. Nothing of it stops a sending.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote, urlsplit

from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.services.storing import Store
from smakom_mail.store.mail_reads import last_read, last_sent
from smakom_mail.store.publications import publications, published_editions
from smakom_mail.tokens import make_token, new_ref, new_scope

Asker = Callable[[Iterable[str]], Mapping[str, str]]
"""Asks for addresses, changing nothing; says what is wrong with each, or nothing."""

_RESERVED = ("example", "test", "invalid", "localhost")
_RESERVED_DOMAINS = ("example.com", "example.net", "example.org")


def notes_before_sending(
    store: Store, rendered: RenderedEdition | None, ask: Asker | None
) -> tuple[str, ...]:
    """Give sentences for the plan; without somebody to tell (`ask` is None) nothing is asked."""
    return (*_unread_mail(store), *(_unreachable(store, rendered, ask) if ask else ()))


def _unread_mail(store: Store) -> Iterator[str]:
    """Remind of mail that may hold noes, where nobody has read it since the last campaign."""
    address = store.workplace.config.mailing_list.unsubscribe_email
    read, sent = last_read(store.database), last_sent(store.database)
    if address and sent > read:
        since = f"last read {read[:10]}" if read else "never read yet"
        yield (
            f"read the unsubscriptions by mail first ({address}, {since}): "
            "smakom-mail unsubscribes read MAILBOX"
        )


def _unreachable(store: Store, rendered: RenderedEdition | None, ask: Asker) -> Iterator[str]:
    config = store.workplace.config
    site = config.site_url
    if rendered is None or is_reserved(urlsplit(site).hostname or ""):
        return
    folder = f"{site}/archive/{quote(rendered.slug)}/images/"
    pictures = [folder + quote(each.name) for each in rendered.pictures]
    leave = f"{site}/u/{_token_of_nobody(store)}" if config.site_pages else ""
    wrong = {url: why for url, why in ask([*filter(None, [leave]), *pictures]).items() if why}
    missing = [url for url in pictures if url in wrong]
    if missing and (not leave or leave in wrong or not _shown_when_it_begins(store, rendered.slug)):
        yield (
            f"{len(missing)} of {len(pictures)} pictures cannot be seen yet; "
            f"{missing[0]} {wrong[missing[0]]}: publish the archive first (docs/deploy.md)"
        )
    if leave in wrong:
        yield (
            f"nobody can leave by the link in the mail: {site}/u/… {wrong[leave]} (docs/deploy.md)"
        )


def _shown_when_it_begins(store: Store, slug: str) -> bool:
    """Say whether a `serve` that is there will show an edition once its campaign has begun."""
    said = {each.edition for each in publications(store.database)}
    return slug not in said | published_editions(store.database)


def _token_of_nobody(store: Store) -> str:
    """Make a token that works and is about nobody: no reader's stands in a log."""
    return make_token(store.keyring, "unsubscribe", new_ref(), new_scope())


def is_reserved(host: str) -> bool:
    """Say whether a host is an example that nobody has (RFC 2606, RFC 6761)."""
    labels = host.lower().rstrip(".").split(".")
    return labels[-1] in _RESERVED or ".".join(labels[-2:]) in _RESERVED_DOMAINS
