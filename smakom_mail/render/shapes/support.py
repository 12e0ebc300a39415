"""What caniemail says of one program: does it do a thing, and under which notes."""

import re
from functools import lru_cache

from smakom_mail.render.caniemail import features

_ANSWER = re.compile(r"([a-z])(?:[^#]*)")
_NUMBER = re.compile(r"#(\d+)")


@lru_cache(maxsize=4096)
def lacks(program: str, slug: str) -> bool:
    """Say whether the program's newest answer is no."""
    feature = features().get(slug)
    return bool(feature) and feature.support.get(program, "u").startswith("n") if feature else False


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
