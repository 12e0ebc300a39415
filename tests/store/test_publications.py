"""Which editions are public: what a campaign's beginning says, and what people say."""

from dataclasses import replace

from smakom_mail.model.campaign import Kind, Wish
from smakom_mail.store import Database
from smakom_mail.store.campaigns import set_begun
from smakom_mail.store.publications import (
    Publication,
    publications,
    published_editions,
    say_published,
)
from tests.mail.letters import FROZEN
from tests.store.campaigned import AT, people, planned, wished
from tests.store.peopled import NOW, THEN, added


def sent(
    database: Database, edition: str, *, kind: Kind = Kind.CAMPAIGN, begun: bool = True
) -> None:
    """Plan a campaign of an edition and let it begin."""
    frozen = replace(FROZEN, edition=edition)
    frozen = replace(frozen, digest=frozen.computed_digest())
    readers = people(1)
    if not database.one("SELECT 1 FROM subscribers"):
        added(database, *readers)
        sent.readers = readers  # type: ignore[attr-defined] # the ones that stand in the database
    campaign = planned(database, sent.readers, message=frozen, kind=kind)  # type: ignore[attr-defined] # as above
    wished(database, campaign, Wish.SENDING)
    if begun:
        with database.transaction():
            set_begun(database, campaign, AT)


def say(database: Database, edition: str, *, published: bool) -> None:
    """Say that an edition is public or not."""
    with database.transaction():
        say_published(database, edition, NOW, published=published)


def test_nothing_is_public_in_a_new_database(database: Database) -> None:
    assert published_editions(database) == frozenset()


def test_an_edition_is_public_once_its_campaign_begins(database: Database) -> None:
    sent(database, "januari-2021", begun=False)
    assert published_editions(database) == frozenset()

    sent(database, "april-2021")
    assert published_editions(database) == {"april-2021"}


def test_a_rehearsal_publishes_nothing(database: Database) -> None:
    sent(database, "januari-2021", kind=Kind.REHEARSAL)
    assert published_editions(database) == frozenset()


def test_what_is_taken_out_stays_out_until_it_is_published_by_name(database: Database) -> None:
    sent(database, "januari-2021")
    say(database, "januari-2021", published=False)
    assert published_editions(database) == frozenset()

    say(database, "januari-2021", published=True)
    assert published_editions(database) == {"januari-2021"}


def test_an_edition_may_be_public_that_was_never_sent(database: Database) -> None:
    say(database, "januari-2021", published=True)
    assert published_editions(database) == {"januari-2021"}


def test_a_name_has_one_spelling(database: Database) -> None:
    say(database, "ho\u0308st-2021", published=True)
    say(database, "höst-2021", published=False)
    assert publications(database) == (
        Publication("höst-2021", published=False, at=NOW.at, actor=NOW.actor),
    )


def test_it_is_kept_who_said_it_last(database: Database) -> None:
    say(database, "januari-2021", published=True)
    with database.transaction():
        say_published(database, "januari-2021", replace(THEN, actor="kim"), published=True)
    assert publications(database) == (
        Publication("januari-2021", published=True, at=THEN.at, actor="kim"),
    )
