"""The line of an inbox: what mail programs show of a message before it is opened.

Programs take the beginning of the body's text, the hidden preheader first, and cut it where
their list ends. How many characters that is depends on the letters, the font and the window:
the numbers here are rules of thumb, for text of usual width.
"""

import re
import unicodedata
from dataclasses import dataclass
from html import unescape

from smakom_mail.render.readout import INLINE

_READ = 1_500
"""So many characters of the body are kept: far more than any inbox shows."""
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(style|title|script|noscript|template)\b[^>]*>.*?(?:</\1\s*>|\Z)"
    r"|<!\[endif\]-->",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"""<(/?[a-zA-Z][\w:-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_COLLAPSED = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Cut:
    """A text as an inbox shows it: the beginning, and how much of it fits."""

    shown: str
    fits: int
    total: int

    @property
    def whole(self) -> bool:
        """Whether all of it is shown."""
        return self.fits >= self.total


@dataclass(frozen=True, slots=True)
class Program:
    """A kind of inbox, and how many characters its list has room for.

    With `joined`, subject and preview share one line: `preview` is the room of both.
    """

    key: str
    sender: int
    subject: int
    preview: int
    joined: bool = False


PROGRAMS = (
    Program("phone", sender=28, subject=41, preview=88),
    Program("webmail", sender=22, subject=100, preview=110, joined=True),
    Program("outlook", sender=34, subject=44, preview=48),
)
"""A phone of 375 px in the manner of iPhone Mail, a webmail in a window of 1,000 px, and
Outlook's list of three lines on a desktop."""


@dataclass(frozen=True, slots=True)
class InboxLine:
    """The three texts as one kind of inbox cuts them."""

    program: Program
    sender: Cut
    subject: Cut
    preview: Cut


def inbox_lines(sender: str, subject: str, preview: str) -> tuple[InboxLine, ...]:
    """Give the line of a message in each kind of inbox."""
    return tuple(_line(program, sender, subject, preview) for program in PROGRAMS)


def _line(program: Program, sender: str, subject: str, preview: str) -> InboxLine:
    title = cut(subject, program.subject)
    room = program.preview
    if program.joined:
        # " – " stands between them.
        room = max(0, room - title.fits - 3)
    return InboxLine(program, cut(sender, program.sender), title, cut(preview, room))


def cut(text: str, room: int) -> Cut:
    """Cut `text` where `room` characters end; what has no width takes no room."""
    places = [index for index, width in enumerate(map(_width, text)) for _ in range(width)]
    total = len(places)
    if total <= room:
        return Cut(text.rstrip(), total, total)
    end = places[room] if room else 0
    return Cut(text[:end].rstrip(), room, total)


def _width(character: str) -> int:
    """Give the room of a character: a combining mark or filler none, an East Asian one two."""
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def preview_text(html: str) -> str:
    """Give what an inbox reads of the body: all text from its beginning, the hidden too.

    Spaces in a row are one; no-break spaces and filler stay, as they keep later text away.
    """
    start = re.search(r"<body\b", html, re.IGNORECASE)
    body = html[start.start() :] if start else html
    bare = _TAG.sub(_mark, _UNSEEN.sub("", body))
    return _COLLAPSED.sub(" ", unescape(bare)).strip(" ")[:_READ].rstrip(" ")


def _mark(match: re.Match[str]) -> str:
    """Put nothing, a space or a picture's alt text in the place of a tag."""
    tag = match[1].lower()
    if tag == "img" and (alt := _ALT.search(match[2])):
        return f" {alt[1] if alt[1] is not None else alt[2]} "
    return "" if tag.lstrip("/") in INLINE else " "
