"""What a letter says: the words of its kind with names and the address put in, and its link."""

from collections.abc import Mapping

from smakom_mail.content.people.address import readable
from smakom_mail.locale.letters import letter_frame, letter_words
from smakom_mail.model.letter import LetterContent
from smakom_mail.services.letters.holding import held_groups
from smakom_mail.services.public.confirming import LASTS
from smakom_mail.services.public.masking import masked
from smakom_mail.services.storing import Store
from smakom_mail.services.subscribing.inviting import link_to_confirm
from smakom_mail.store.letters import Letter
from smakom_mail.store.lists import known_lists, scope_lists
from smakom_mail.tokens import read_token

_PAGES = {
    "sign-up": "confirm",
    "address": "confirm",
    "erasure": "confirm",
    "already": "preferences",
    "preferences": "preferences",
    "holdings": "preferences",
}


def content_of(store: Store, letter: Letter) -> LetterContent:
    """Give what a letter says. It holds nothing that somebody typed but the address."""
    config = store.workplace.config
    language = letter.language if letter.language in ("sv", "en") else config.newsletter.language
    by_mail = letter.is_invitation and not config.site_pages
    said = letter_words(language, _words_of(letter, by_mail=by_mail))
    frame = letter_frame(language)
    places = _places(store, letter.email) | {"token": letter.token}
    url = link_to_confirm(config, letter.token, language) if by_mail else _url(store, letter)
    instead = frame["instead_mail" if by_mail else "instead"].format_map(places)
    return LetterContent(
        language=language,
        subject=said.subject.format_map(places),
        preheader=said.preheader.format_map(places),
        title=said.title.format_map(places),
        before=(*_filled(said.before, places), *_lists(store, letter, frame["lists"])),
        after=_filled(said.after, places),
        reason=frame["reason"].format_map(places),
        privacy=(frame["privacy"], f"{_site(store)}/privacy") if config.site_pages else ("", ""),
        label=said.link.format_map(places) if url else "",
        url=url,
        instead=instead if url else "",
        groups=held_groups(store, letter, language) if letter.kind == "holdings" else (),
    )


def _words_of(letter: Letter, *, by_mail: bool) -> str:
    if not letter.is_invitation:
        return letter.kind
    return "invited-by-mail" if by_mail else "invited"


def _places(store: Store, email: str) -> dict[str, str]:
    config = store.workplace.config
    return {
        "newsletter": config.newsletter.name,
        "organisation": _organisation(store),
        "email": readable(email),
        "mailbox": config.leaving_address,
        "days": str(LASTS.days),
    }


def wording_of_mailed_yes(store: Store, email: str, language: str) -> str:
    """Give the words to be recorded of the letter that is answered yes; the address is masked."""
    said = letter_words(language, "invited-by-mail")
    words = (said.title, *said.before, *said.after, said.link)
    return " ".join(_filled(words, _places(store, masked(email))))


def _filled(paragraphs: tuple[str, ...], places: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(each.format_map(places) for each in paragraphs)


def _organisation(store: Store) -> str:
    config = store.workplace.config
    return config.newsletter.organisation or config.sender.name or config.newsletter.name


def _site(store: Store) -> str:
    return store.workplace.config.site_url.rstrip("/")


def _url(store: Store, letter: Letter) -> str:
    """Give where the one link leads; nothing for a letter that has none."""
    if letter.kind == "nothing":
        return f"{_site(store)}/subscribe"
    if letter.kind == "holdings" and not store.workplace.config.site_pages:
        return ""  # it says all the same what is held
    page = _PAGES.get(letter.kind)
    return f"{_site(store)}/{page}/{letter.token}" if page and letter.token else ""


def _lists(store: Store, letter: Letter, sentence: str) -> tuple[str, ...]:
    """Name the lists of a sign-up, where there is more than one that it could be about."""
    known = known_lists(store.database)
    if letter.kind != "sign-up" or len(known) < 2:
        return ()
    read = read_token(store.keyring, "confirm", letter.token)
    slugs = (scope_lists(store.database, read[1]) if read else None) or ()
    names = [each.name for each in known if each.slug in slugs]
    return (sentence.format(lists=", ".join(names)),) if names else ()
