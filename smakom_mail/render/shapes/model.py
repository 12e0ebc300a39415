"""What a mail program makes of a mail: the words that the other modules of this room share."""

from dataclasses import dataclass
from typing import Literal

Badge = Literal["exact", "rules", "rough"]
"""How far to trust a picture: nothing is guessed; made by cited rules; only roughly so."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that a program drops or changes, on `count` elements.

    `feature` is caniemail's slug (``css-border-radius``) or one of our own facts
    (``gmail-clipping``, see facts.py). `what` is the thing itself, in its own language.
    """

    feature: str
    what: str
    why_sv: str
    why_en: str
    count: int


@dataclass(frozen=True, slots=True)
class Shape:
    """The mail as a program shows it; ``data-lost="0 3"`` on an element indexes `losses`."""

    html: str
    badge: Badge
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class Client:
    """A mail program; `programs` are caniemail's ids, the first decides the picture."""

    key: str
    name_sv: str
    name_en: str
    programs: tuple[str, ...]
    about_sv: str
    about_en: str
    badge: Badge

    @property
    def program(self) -> str:
        """The program that decides the picture."""
        return self.programs[0]
