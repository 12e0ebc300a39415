"""What a single letter says, in the words of its one reader's language; how it looks is a layout's.

Everything here is text as people read it: nothing is markup, whatever it looks like.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind that a letter lists: what each is called, and what it is."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LetterContent:
    """A letter: paragraphs before and behind its one link, and what it lists.

    Without a `label` there is no link. `instead` says what to do where the link cannot be clicked.
    `privacy` is the link to how data is treated, as words and address; empty where no page says it.
    """

    language: str
    subject: str
    preheader: str
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    reason: str
    privacy: tuple[str, str] = ("", "")
    label: str = ""
    url: str = ""
    instead: str = ""
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter with its looks: the HTML part and its twin in plain text."""

    subject: str
    html: str
    text: str
