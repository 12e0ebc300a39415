"""Making a proof of a frozen message: filled in for one reader, and marked so that all see it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape

from smakom_mail.errors import SmakomMailError
from smakom_mail.locale.proof import proof_words
from smakom_mail.model.campaign import FrozenMessage
from smakom_mail.model.rendered import UNSUBSCRIBE, PersonalText, Slot
from smakom_mail.render.wrapping import WIDTH, flow, stuff

SHOWN_DIGITS = 8
INK, PAPER = "#1A1A1A", "#FFE08A"
"""A banner in these looks the same in light and dark, and programs that turn colours turn both."""
_BODY = re.compile(r"""<body(?=[\s>])(?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
# Tables and attributes, as Outlook draws neither padding nor a background on anything else.
_BANNER = (
    '<table role="presentation" lang="{language}" width="100%" border="0" cellpadding="0" '
    'cellspacing="0" bgcolor="{paper}" style="width:100%;border-collapse:collapse;'
    'background-color:{paper}"><tr><td align="center" bgcolor="{paper}" style="padding:12px 16px;'
    "background-color:{paper};color:{ink};font-family:Arial,sans-serif;font-size:16px;"
    'line-height:24px;text-align:center;border-bottom:2px solid {ink}">'
    '<strong style="color:{ink}">{heading}</strong><br>'
    '<span style="color:{ink}">{about}</span></td></tr></table>'
)


def marked(frozen: FrozenMessage, values: Mapping[str, str]) -> FrozenMessage:
    """Give the proof: subject, HTML and text filled in with `values`, and marked.

    The place for the address that unsubscribes stays open. The digest stays that of the edition,
    which is what a proof is a proof of. Raises SmakomMailError for a hole in the text.
    """
    said = proof_words(frozen.language)
    digest = frozen.digest[:SHOWN_DIGITS]
    words = {"edition": frozen.edition, "digest": digest}
    heading, about = (said[name].format_map(words) for name in ("heading", "about"))
    subject = _filled(frozen.subject, values)
    return replace(
        frozen,
        subject=PersonalText((f"[{said['mark']} {digest}] ", *subject.parts)),
        html=_with_banner(_filled(frozen.html, values, escape), frozen, heading, about),
        text=PersonalText((_text_banner(heading, about), *_filled(frozen.text, values).parts)),
    )


def _filled(
    text: PersonalText, values: Mapping[str, str], escaped: Callable[[str], str] = str
) -> PersonalText:
    """Fill every place but the one for the address that unsubscribes."""
    return PersonalText(
        tuple(
            escaped(_word(part, values))
            if isinstance(part, Slot) and part.name != UNSUBSCRIBE
            else part
            for part in text.parts
        )
    )


def _word(slot: Slot, values: Mapping[str, str]) -> str:
    word = " ".join(values.get(slot.name, "").split()) or " ".join((slot.default or "").split())
    if not word and slot.default is None:
        raise SmakomMailError(
            f"{{{slot.name}}} has no words for the reader of the proof, who has no {slot.name}",
            f"write {{{slot.name}|kära läsare}} in the text, or choose another reader: "
            "--as ADDRESS",
        )
    return word


def _with_banner(
    html: PersonalText, frozen: FrozenMessage, heading: str, about: str
) -> PersonalText:
    banner = _BANNER.format(
        language=frozen.language,
        paper=PAPER,
        ink=INK,
        heading=escape(heading),
        about=escape(about),
    )
    parts = list(html.parts)
    for place, part in enumerate(parts):
        if isinstance(part, str) and (body := _BODY.search(part)):
            parts[place] = part[: body.end()] + banner + part[body.end() :]
            return PersonalText(tuple(parts))
    raise SmakomMailError("the HTML has no <body>, where the mark of a proof would stand")


def _text_banner(heading: str, about: str) -> str:
    return stuff("\n".join([heading, "", *flow(about), "", "=" * WIDTH, "", ""]))
