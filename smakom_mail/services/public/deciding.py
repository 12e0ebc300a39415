"""What a letter that somebody asked for turns out to be, when it is about to be composed.

Only here is looked up whether an address is known. Whoever asked on the web was answered long
before.
"""

from dataclasses import replace

from smakom_mail.content.people.address import Address
from smakom_mail.model.person import Reason
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.finding import Found, look_up
from smakom_mail.services.subscribing.inviting import may_say_yes
from smakom_mail.services.subscribing.moving import page_token
from smakom_mail.store.letters import Letter, decide_letter, withhold_letter
from smakom_mail.store.lists import scope_lists
from smakom_mail.tokens import read_token

_KEPT_OUT = (Reason.COMPLAINED, Reason.MANUAL)


def decide(store: Store, letter: Letter, at: str) -> Letter | None:
    """Give a waiting letter as it is to be composed; None where it must not be written.

    In a transaction. A letter that was decided before is as it was: the text is the same at every
    attempt. One that is withheld is marked so.
    """
    if letter.state != "waiting" or letter.kind not in ("sign-up", "preferences", "address"):
        return letter
    found = look_up(store, Address(letter.email, letter.key))
    decided = _decided(store, letter, found)
    if decided is None:
        withhold_letter(store.database, letter.id, "kept from getting anything", at)
    elif decided != letter:
        decide_letter(store.database, decided)
    return decided


def _decided(store: Store, letter: Letter, found: Found) -> Letter | None:
    if any(no.reason in _KEPT_OUT for no in found.standing if not no.list_slug):
        return None
    if letter.kind == "sign-up":
        return _signing_up(store, letter, found)
    if letter.kind == "address":
        return _moving(store, letter, found)
    if not found.is_here:
        return replace(letter, kind="nothing")
    return _with_page(store, letter, found)


def _signing_up(store: Store, letter: Letter, found: Found) -> Letter | None:
    read = read_token(store.keyring, "confirm", letter.token)
    lists = (scope_lists(store.database, read[1]) if read else None) or ()
    gets = found.is_here and all(s in found.confirmed and not found.no_to(s) for s in lists)
    if gets and store.workplace.config.site_pages:
        return _with_page(store, replace(letter, kind="already"), found)
    return letter if may_say_yes(found, lists) else None


def _moving(store: Store, letter: Letter, found: Found) -> Letter:
    """Ask the new address; one that another reader has gets the way to the page of that one.

    So a letter goes out in either case, and who asked learns nothing by it.
    """
    if found.person is None or not found.is_here or found.person.id == letter.subscriber_id:
        return letter
    gets = any(not found.no_to(slug) for slug in found.confirmed)
    return _with_page(store, replace(letter, kind="already" if gets else "preferences"), found)


def _with_page(store: Store, letter: Letter, found: Found) -> Letter:
    """Let a letter lead to the reader's own page, in her own language where that is known."""
    if found.person is None:
        raise LookupError(letter.id)
    return replace(
        letter,
        subscriber_id=found.person.id,
        token=page_token(store, found.person),
        language=found.person.language or letter.language,
    )
