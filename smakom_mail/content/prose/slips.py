"""What a rule gives back: what is wrong, and where in the run."""

from typing import NamedTuple


class Slip(NamedTuple):
    """The message `kind` for the characters from `start` to `end` of a run.

    `wrong` are the words to show, `right` what they should be, where that can be said.
    """

    kind: str
    start: int
    end: int
    wrong: str
    right: str = ""
    other: str = ""
