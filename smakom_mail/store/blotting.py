"""Taking addresses out of what is written of other people: "the same as …", a consent's source.

Every text is read once, however many addresses go: those in it are looked up, in any case and with
either form of the domain. An address that only ends in one of them, or goes on, stays.
"""

import re
import unicodedata
from collections.abc import Collection

from email_validator import EmailNotValidError
from email_validator.syntax import validate_email_domain_name

from smakom_mail.content.people.sorting import sort_key
from smakom_mail.store.database import Database

BLOTTED = "(forgotten)"
_TEXTS = (
    ("history", "actor"),
    ("history", "old"),
    ("history", "new"),
    ("consents", "source"),
    ("consents", "wording"),
    ("consents", "actor"),
    ("suppressions", "actor"),
    ("suppressions", "note"),
    ("suppressions", "lifted_by"),
    ("deliveries", "name"),
    ("deliveries", "organisation"),
    ("deliveries", "reply"),
    ("deliveries", "why"),
    ("attempts", "reply"),
    ("attempts", "why"),
    ("proofs", "reply"),
)
PLACES = {
    "history": "history",
    "consents": "legal grounds",
    "suppressions": "noes",
    "deliveries": "deliveries",
    "attempts": "deliveries",
    "proofs": "proofs",
    "tags": "tags",
    "subscribers": "names and organisations",
}
"""What the tables are called where it is said that an address stands in them."""
_HELD = "({0} LIKE '%@%' OR {0} LIKE '%\uff20%' OR {0} LIKE '%!%40%' ESCAPE '!')"
_READ = {
    (table, column): f"SELECT DISTINCT {column} AS text FROM {table} WHERE {_HELD.format(column)}"  # noqa: S608 - names of ours
    for table, column in (*_TEXTS, ("tags", "tag"))
}
_WRITE = {
    (table, column): f"UPDATE {table} SET {column} ="  # noqa: S608 - names of ours
    f" (SELECT b.clean FROM blots b WHERE b.text = {table}.{column})"
    f" WHERE {column} IN (SELECT b.text FROM blots b)"
    for table, column in _TEXTS
}
_BLOTS = "CREATE TEMPORARY TABLE blots (text TEXT PRIMARY KEY NOT NULL, clean TEXT NOT NULL)"
_BLOT = "INSERT INTO blots VALUES (?, ?)"
_UNBLOT = "DROP TABLE blots"
_RETAG = """
INSERT INTO tags (subscriber_id, tag)
SELECT t.subscriber_id, :clean FROM tags t WHERE t.tag = :text ON CONFLICT DO NOTHING
"""
_UNTAG = "DELETE FROM tags WHERE tag = :text"
_NAMES = f"""
SELECT id, name, organisation, sort_key FROM subscribers
WHERE state = 'active' AND ({_HELD.format("name")} OR {_HELD.format("organisation")})
"""  # noqa: S608 - names of ours
_RENAME = """
UPDATE subscribers SET name = :name, organisation = :organisation, sort_key = :sort_key
WHERE id = :id
"""
_LONGEST = 255
_MARKS = "\u0300-\u036f"
_ADDRESS = re.compile(
    rf"(?<![\w{_MARKS}.!#$%&'*+/=?^`{{|}}~-])(?P<local>[\w{_MARKS}.!#$%&'*+/=?^`{{|}}~-]+)"
    rf"(?:[@\uff20]|%40)(?P<domain>[\w{_MARKS}.-]+)"
)
# What may stand right before an address in a text, or in a link, although it could be part of one.
_BEFORE = re.compile(r"^[\W_]+|(?<!\w)'|[!#$%&*/=?^`{|}~]")


def cleaned(text: str, addresses: Collection[str]) -> str:
    """Give a text with BLOTTED for each of `addresses`."""
    return _clean(text, {form for address in addresses for form in _forms(address)})


def _clean(text: str, forms: Collection[str]) -> str:
    return _ADDRESS.sub(lambda found: _replaced(found, forms), text)


def mentions(database: Database, addresses: Collection[str]) -> dict[str, int]:
    """Count by PLACES the texts of anybody in which one of `addresses` stands."""
    forms = {form for address in addresses for form in _forms(address)}
    found = dict.fromkeys(PLACES.values(), 0)
    for place in _READ:
        found[PLACES[place[0]]] += len(_changed(database, place, forms))
    for row in database.each(_NAMES):
        both = row["name"] or "", row["organisation"] or ""
        found[PLACES["subscribers"]] += sum(_clean(text, forms) != text for text in both)
    return {word: number for word, number in found.items() if number}


def blot(database: Database, addresses: Collection[str]) -> None:
    """Put BLOTTED for each of `addresses` in all that is written of anybody; in a transaction."""
    forms = {form for address in addresses for form in _forms(address)}
    if not forms:
        return

    for place in _TEXTS:
        if changed := _changed(database, place, forms):
            database.run(_BLOTS)
            database.many(_BLOT, changed)
            database.run(_WRITE[place])
            database.run(_UNBLOT)
    for text, other in _changed(database, ("tags", "tag"), forms):
        database.run(_RETAG, {"text": text, "clean": other})
        database.run(_UNTAG, {"text": text})
    _blot_names(database, forms)


def _changed(
    database: Database, place: tuple[str, str], forms: Collection[str]
) -> list[tuple[str, str]]:
    texts = (row["text"] for row in database.each(_READ[place]))
    return [(text, other) for text in texts if (other := _clean(text, forms)) != text]


def _blot_names(database: Database, forms: Collection[str]) -> None:
    """Clean names and organisations, and what they sort by, where an address is folded to words."""
    changed = []
    for row in database.each(_NAMES):
        before = row["name"] or "", row["organisation"] or ""
        name, organisation = (_clean(text, forms) for text in before)
        if (name, organisation) != before:
            key = _clean_key(_clean(row["sort_key"], forms), forms)
            changed.append(
                {"id": row["id"], "name": name, "organisation": organisation, "sort_key": key}
            )
    database.many(_RENAME, changed)


def _clean_key(key: str, forms: Collection[str]) -> str:
    for words in sorted({_folded(form) for form in forms}):
        key = re.sub(rf"(?<![0-9a-z{{|}}]){re.escape(words)}(?![0-9a-z{{|}}])", "forgotten", key)
    return key


def _folded(text: str) -> str:
    return sort_key(text).partition("\x01")[0]


def _forms(address: str) -> set[str]:
    """Give how an address may be written: its domain as it is, in ASCII and in its own letters."""
    local, _, domain = address.rpartition("@")
    domains = {domain}
    try:
        found = validate_email_domain_name(domain, test_environment=True)
    except EmailNotValidError:
        pass
    else:
        domains |= {found["ascii_domain"], found["domain"]}
    return {_fold(f"{local}@{each}") for each in domains}


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _replaced(found: re.Match[str], forms: Collection[str]) -> str:
    local, domain = found["local"], found["domain"]
    bare = domain.rstrip(".-_")
    for start in (0, *(before.end() for before in _BEFORE.finditer(local))):
        # No address is longer; a text may be a megabyte of signs.
        if len(local) - start < _LONGEST and _fold(f"{local[start:]}@{bare}") in forms:
            return f"{local[:start]}{BLOTTED}{domain[len(bare) :]}"
    return found[0]
