"""Which editions are public, and saying so; where there is no database, none is."""

import unicodedata
from collections.abc import Collection

from smakom_mail.content.project import edition_names, is_name
from smakom_mail.diagnostics import nearest
from smakom_mail.errors import EditionNotFoundError, InvalidNameError
from smakom_mail.model.person import Act
from smakom_mail.services.workplace import Workplace, require_settings
from smakom_mail.store import open_database
from smakom_mail.store.opening import database_path
from smakom_mail.store.publications import published_editions, say_published


def published_now(workplace: Workplace) -> frozenset[str]:
    """Give the editions that are public now.

    Raises StoreError where a database is there and cannot be read: an archive without what
    should be in it is not made for want of it.
    """
    require_settings(workplace)
    url, root = workplace.config.people.database_url, workplace.root
    if not _is_there(workplace):
        return frozenset()
    database = open_database(url, root, create=False)
    try:
        return published_editions(database)
    finally:
        database.close()


def _is_there(workplace: Workplace) -> bool:
    path = database_path(workplace.config.people.database_url, workplace.root)
    return path.is_file() and path.stat().st_size > 0


def say(
    workplace: Workplace, act: Act, *, public: Collection[str], hidden: Collection[str]
) -> None:
    """Record what is to be public from now on and what is not, all of it or nothing.

    The first one makes the database. Raises StoreError.
    """
    require_settings(workplace)
    database = open_database(workplace.config.people.database_url, workplace.root, create=True)
    try:
        with database.transaction():
            for each in sorted(public):
                say_published(database, each, act, published=True)
            for each in sorted(hidden):
                say_published(database, each, act, published=False)
    finally:
        database.close()


def require_known(workplace: Workplace, slug: str, public: Collection[str]) -> str:
    """Give the one spelling of an edition that is to be taken out.

    Its folder may be gone: then it must be one that is public. Raises InvalidNameError,
    EditionNotFoundError.
    """
    slug = unicodedata.normalize("NFC", slug)
    if not is_name(slug):
        raise InvalidNameError(
            f"“{slug}” cannot be the name of an edition",
            "use small letters, digits and hyphens, as in januari-2021",
        )
    names = edition_names(workplace.root)
    if slug in names or slug in public:
        return slug
    close = nearest(slug, [*names, *sorted(public)])
    raise EditionNotFoundError(
        f"there is no edition “{slug}” in newsletters/, and none of that name is public",
        f"did you mean “{close}”?" if close else "smakom-mail archive lists those that are",
    )
