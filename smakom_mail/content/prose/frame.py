"""The words around an edition: who writes, why, and whether it was said before."""

import re
from collections.abc import Iterator

from smakom_mail.content.prose.context import ProseContext
from smakom_mail.content.prose.runs import NEAR, Run
from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.model.edition import Edition

_NO_REPLY = re.compile(
    r"(?:no|do[-_.]?not|dont)[-_.]?reply\w*|(?:svara|besvara)[-_.]?(?:inte|ej)|ej[-_.]?svar\w*"
    r"|inget?[-_.]?svar|kan[-_.]?(?:inte|ej)[-_.]?besvaras",
    re.IGNORECASE,
)
_CAUSE_SV = r"(?:eftersom|för att|därför att|då du)"
_TWO_SV = re.compile(
    rf"\b{_CAUSE_SV}\b.+?\beller\s+(?:också\s+|även\s+)?(?:{_CAUSE_SV}|du|har|är|din|ni)\b",
    re.IGNORECASE,
)
_TWO_EN = re.compile(
    r"\b(?:because|since|as you)\b.+?\bor\s+(?:because|since|you|have|are|your)\b", re.IGNORECASE
)
_GETS = re.compile(
    r"\b(?:du|ni) får (?:det här |detta |våra? |vårt )?\w*(?:brev|mejl|mail|utskick)\w*"
    r"|\byou (?:get|receive|are receiving)\b",
    re.IGNORECASE,
)


def no_reply(context: ProseContext) -> Iterator[Diagnostic]:
    """A sender or reply address that nobody can answer."""
    for key, address in (("email", context.sender), ("reply_to", context.reply_to)):
        if _NO_REPLY.fullmatch(address.partition("@")[0]):
            line = context.line_of(f"sender.{key}")
            yield finding("no-reply", context.config_file, line, key=key, address=address)


def repeated_keys(edition: Edition, context: ProseContext) -> Iterator[Diagnostic]:
    """Title, subject or preheader word for word that of another edition."""
    for key in ("title", "subject", "preheader"):
        words = _folded(getattr(edition, key))
        for other in reversed(context.others):
            if words and words == _folded(getattr(other, key)):
                line = edition.line_of(key)
                yield finding("key-repeated", edition.file, line, key=key, other=other.slug)
                break


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def two_reasons(runs: list[Run], context: ProseContext) -> Iterator[Diagnostic]:
    """The sentence on why the reader gets the mail giving one reason or another."""
    if _doubtful(context.reason):
        line = context.line_of("newsletter.reason")
        yield finding("two-reasons", context.config_file, line)
    for run in runs:
        for match in _GETS.finditer(run.text) if not run.quoted else ():
            start = match.start()
            sentence = re.split(r"[.!?](?:\s|$)", run.text[start : start + 2 * NEAR])[0]
            if _doubtful(sentence):
                yield finding("two-reasons", run.file, run.line_at(start))


def _doubtful(sentence: str) -> bool:
    return bool(_TWO_SV.search(sentence) or _TWO_EN.search(sentence))
