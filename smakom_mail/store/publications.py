"""Which editions the public may see: those whose campaign began, and what people said of others."""

import unicodedata
from dataclasses import dataclass

from smakom_mail.model.campaign import Kind
from smakom_mail.model.person import Act
from smakom_mail.store.campaigns import every_campaign
from smakom_mail.store.database import Database

_SAY = """
INSERT INTO publications (edition, state, at, actor) VALUES (:edition, :state, :at, :actor)
ON CONFLICT (edition) DO UPDATE SET state = excluded.state, at = excluded.at,
    actor = excluded.actor
"""
_SAID = "SELECT edition, state, at, actor FROM publications ORDER BY edition"


@dataclass(frozen=True, slots=True)
class Publication:
    """That somebody published an edition in the archive, or took it out of there."""

    edition: str
    published: bool
    at: str
    actor: str


def say_published(database: Database, edition: str, act: Act, *, published: bool) -> None:
    """Record that an edition is public, or that it is not, inside a transaction."""
    values = {
        "edition": _one_spelling(edition),
        "state": "published" if published else "unpublished",
        "at": act.at,
        "actor": act.actor,
    }
    database.run(_SAY, values)


def publications(database: Database) -> tuple[Publication, ...]:
    """Give what was said last of each edition."""
    return tuple(
        Publication(row["edition"], row["state"] == "published", row["at"], row["actor"])
        for row in database.all(_SAID)
    )


def published_editions(database: Database) -> frozenset[str]:
    """Give the editions that are public now.

    An edition is public from the moment when its campaign begins, unless somebody has taken it
    out; a rehearsal publishes nothing. What was said by name holds until it is said otherwise.
    """
    begun = {
        _one_spelling(campaign.edition)
        for campaign in every_campaign(database)
        if campaign.kind is Kind.CAMPAIGN and campaign.begun_at
    }
    said = {each.edition: each.published for each in publications(database)}
    return frozenset(begun - said.keys()) | {name for name, public in said.items() if public}


def _one_spelling(edition: str) -> str:
    # As it was typed, its å may be taken apart.
    return unicodedata.normalize("NFC", edition)
