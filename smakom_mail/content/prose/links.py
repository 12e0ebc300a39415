"""Links as they are read: words that say where they lead, with space around them."""

import re
from collections.abc import Iterator

from smakom_mail.content.prose.runs import MASK, NEAR, LinkSpan, Run
from smakom_mail.content.prose.slips import Slip

LONGEST_ADDRESS = 40
_GENERIC_TEXT = (
    "klicka|klicka här|tryck här|här|hit|läs mer|läs mer här|läs mera|läs vidare|se mer|se här|mer"
    "|mera|mer info|mer information|länk|länken|den här länken|denna länk|följ länken|ladda ner"
    "|ladda ned|gå hit|webbplats|click|click here|here|read more|read on|see more|more|more info"
    "|more information|learn more|link|this link|the link|download|this page"
)
_GENERIC = frozenset(_GENERIC_TEXT.split("|"))
_EDGES = " \u00a0\n.,:;!?…»›→>«”\"'()[]-–—"
# Endings that Swedish hangs on a linked word: "[SmåKom](…)s", "[remiss](…)en".
_ENDING = re.compile(
    r"(?:s|n|t|e|a|en|et|ens|ets|ns|ts|na|nas|ar|er|or|are|aren|arna|erna|orna|arnas|ernas|ornas)"
    r"(?![^\W_])"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+(?:/\S*)?")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def generic_link(run: Run) -> Iterator[Slip]:
    """Link text that says nothing when it is read alone."""
    for link in run.links:
        if " ".join(link.shown.strip(_EDGES).casefold().split()) in _GENERIC:
            yield Slip("link-generic", link.start, link.end, link.shown.strip())


def bare_address(run: Run) -> Iterator[Slip]:
    """A long address shown as itself."""
    for link in run.links:
        shown = link.shown.strip()
        if _ADDRESS.fullmatch(shown) and (
            len(shown) > LONGEST_ADDRESS or re.search(r"[?#%]", shown)
        ):
            cut = shown if len(shown) <= 60 else shown[:59] + "…"
            yield Slip("link-bare", link.start, link.end, cut)


def glued_link(run: Run) -> Iterator[Slip]:
    """A link, or stressed words, written together with the word before or behind."""
    text = run.text
    for link in run.links:
        if not _is_address(link.shown.strip()):
            yield from _glued_before(text, link)
            yield from _glued_behind(text, link.start, link.end, link=True)
    for start, end in run.stressed:
        if " " in text[start:end]:
            yield from _glued_behind(text, start, end, link=False)


def _glued_before(text: str, link: LinkSpan) -> Iterator[Slip]:
    start = link.start
    if start and start < link.end and _letters(text[start - 1], text[start]):
        yield _slip(text, start)


def _glued_behind(text: str, start: int, end: int, *, link: bool) -> Iterator[Slip]:
    if not start < end < len(text) or not _letters(text[end - 1], text[end]):
        return
    if (not link and not text[end].isupper()) or (link and _ENDING.match(text, end)):
        return
    yield _slip(text, end)


def _slip(text: str, at: int) -> Slip:
    left = re.split(r"[\W_]", text[max(0, at - NEAR) : at])[-1]
    right = re.split(r"[\W_]", text[at : at + NEAR])[0]
    return Slip("link-glued", at, at + 1, left + right, f"{left} {right}")


def _letters(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and MASK not in (left, right)


def _is_address(shown: str) -> bool:
    return bool(_ADDRESS.fullmatch(shown) or _MAIL.fullmatch(shown))
