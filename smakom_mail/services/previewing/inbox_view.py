"""The view of the inbox: the line of this mail among others, before anybody opens it."""

from smakom_mail.locale import day_and_month
from smakom_mail.locale.preview import VIEW_WORDS
from smakom_mail.render.inbox import Cut, InboxLine, cut, inbox_lines, preview_text
from smakom_mail.services.previewing.document import draw
from smakom_mail.services.previewing.filling import FilledMail
from smakom_mail.services.previewing.snapshot import Snapshot


def inbox_view(snapshot: Snapshot, mail: FilledMail, sender: str) -> str:
    """Draw the inbox line as a phone, a webmail and a desktop program show it."""
    preview = preview_text(mail.html)
    said = VIEW_WORDS[snapshot.config.messages_language]
    preheader = _length(snapshot.edition.preheader, preview)
    return draw(
        "inbox",
        snapshot,
        sender=sender,
        subject=mail.subject,
        preview=preview,
        day=" ".join(day_and_month(snapshot.edition.date, snapshot.edition.language)),
        lines=[
            {"key": line.program.key, "parts": _parts(line, said, preheader)}
            for line in inbox_lines(sender, mail.subject, preview)
        ],
    )


def _length(preheader: str, preview: str) -> int:
    """Give the length of the preheader where the mail's text begins with it, else nothing."""
    words = " ".join(preheader.split())
    return cut(words, 0).total if words and preview.startswith(words) else 0


def _parts(line: InboxLine, said: dict[str, str], preheader: int) -> list[dict[str, str]]:
    preview = _of_preheader(line.preview, said, preheader)
    return [
        _part(said["sender"], line.sender, _fits(line.sender, said)),
        _part(said["subject"], line.subject, _fits(line.subject, said)),
        _part(said["preview"], line.preview, preview),
    ]


def _part(name: str, shown: Cut, fits: str) -> dict[str, str]:
    return {"name": name, "shown": shown.shown + ("" if shown.whole else "…"), "fits": fits}


def _fits(shown: Cut, said: dict[str, str]) -> str:
    return said["fits_whole" if shown.whole else "fits"].format(fits=shown.fits, total=shown.total)


def _of_preheader(shown: Cut, said: dict[str, str], preheader: int) -> str:
    if not shown.total:
        return said["no_preview"]
    if not preheader or (shown.whole and shown.total <= preheader):
        return _fits(shown, said)
    kind = "fits_preheader" if shown.fits < preheader else "fits_beyond"
    return said[kind].format(fits=shown.fits, total=preheader, room=shown.fits)
