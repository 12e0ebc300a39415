"""What the one who sends should know of the world outside, before she says yes.

Whether the web addresses in the mail lead anywhere, and whether somebody has read what came by
mail. Nothing of it stops a sending.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Outside:
    """What the plan says of the world outside, and what is left to do once the sending begins."""

    notes: tuple[str, ...]
    upload: str = ""


def look_outside(store: Store, rendered: RenderedEdition | None, ask: Asker | None) -> Outside:
    """Give sentences for the plan; without somebody to tell (`ask` is None) nothing is asked."""
    notes = tuple(_unread_mail(store))
    if rendered is None:
        return Outside(notes)
    asked = _asked(store, rendered, ask) if ask else {}
    notes = (*notes, *_unreachable(store, rendered, asked))
    return Outside(notes, _upload(store, rendered.slug, asked))


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


def _asked(store: Store, rendered: RenderedEdition, ask: Asker) -> Mapping[str, str]:
    """Ask for what the mail leads to: the page for leaving, the pictures, the web version."""
    config = store.workplace.config
    if is_reserved(urlsplit(config.site_url).hostname or ""):
        return {}
    leave = f"{config.site_url}/u/{_token_of_nobody(store)}" if config.site_pages else ""
    page = _page(store, rendered.slug)
    pictures = [f"{page}images/{quote(each.name)}" for each in rendered.pictures]
    return ask([*filter(None, [leave]), *pictures, page])


def _page(store: Store, slug: str) -> str:
    return f"{store.workplace.config.site_url}/archive/{quote(slug)}/"


def _unreachable(
    store: Store, rendered: RenderedEdition, asked: Mapping[str, str]
) -> Iterator[str]:
    """Say what of the mail leads nowhere, and will not by itself when the sending begins."""
    site, page = store.workplace.config.site_url, _page(store, rendered.slug)
    wrong = {url: why for url, why in asked.items() if why}
    leave = next((url for url in wrong if url.startswith(f"{site}/u/")), "")
    served = store.workplace.config.site_pages and not leave
    missing = [url for url in wrong if url.startswith(page) and url != page]
    if not (served and _shown_when_it_begins(store, rendered.slug)):
        if missing:
            yield (
                f"{len(missing)} of {len(rendered.pictures)} pictures cannot be seen yet; "
                f"{missing[0]} {wrong[missing[0]]}: publish the archive first (docs/deploy.md)"
            )
        elif page in wrong:
            yield (
                f"the web version cannot be read yet; {page} {wrong[page]}: smakom-mail archive "
                f"--publish {rendered.slug}, and upload it (docs/deploy.md)"
            )
    if leave:
        yield (
            f"nobody can leave by the link in the mail: {site}/u/… {wrong[leave]} (docs/deploy.md)"
        )


def _upload(store: Store, slug: str, asked: Mapping[str, str]) -> str:
    """Say how the web version gets to a host where no `serve` shows it; nothing where it does."""
    config, page = store.workplace.config, _page(store, slug)
    nobody = any(why for url, why in asked.items() if url.startswith(f"{config.site_url}/u/"))
    if asked.get(page) == "" or (config.site_pages and not nobody):
        return ""
    said = {each.edition: each.published for each in publications(store.database)}
    publish = f" --publish {slug}" if said.get(slug) is False else ""
    return (
        f"for the link to the web version: smakom-mail archive{publish}, and upload "
        f"build/_archive to {config.site_url} (docs/archive.md)"
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
