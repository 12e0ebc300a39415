"""What caniemail says of one program: does it do a thing, and under which notes."""

import re
from functools import lru_cache

from smakom_mail.render.caniemail import features
from smakom_mail.render.shapes.model import Client

_NUMBER = re.compile(r"#(\d+)")


OTHER_ACCOUNT = re.compile(
    r"(?:(?:not |n't )(?:supported|work|submit|render).*|Not supported )with non.google",
    re.IGNORECASE,
)
"""A note that speaks of Gmail's apps with an account of somebody other than Google."""


@lru_cache(maxsize=4096)
def lacks(client: Client, slug: str) -> bool:
    """Say whether the program that decides the picture does not do it at all."""
    feature = features().get(slug)
    if feature is None:
        return False
    if feature.support.get(client.program, "u").startswith("n"):
        return True
    # A note that names values speaks only of those; notes.py does.
    return client.key == "gmail-other" and any(
        OTHER_ACCOUNT.search(note) and "`" not in note.partition("But it")[0]
        for note in notes_on(client.program, slug)
    )


@lru_cache(maxsize=4096)
def notes_on(program: str, slug: str) -> tuple[str, ...]:
    """Give the notes of the program's newest answer."""
    feature = features().get(slug)
    if feature is None:
        return ()
    numbers = _NUMBER.findall(feature.support.get(program, "u"))
    return tuple(note for number in numbers if (note := feature.notes.get(number)))


def quoted(note: str) -> tuple[str, ...]:
    """Give what a note sets between backticks."""
    return tuple(re.findall(r"`([^`]+)`", note))
