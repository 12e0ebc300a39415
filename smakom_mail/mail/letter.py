"""The message of a single letter: one recipient, no list, and a mark that a program wrote it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smakom_mail.mail.readback import require_read_back
from smakom_mail.mail.template import CompiledMessage, Reader
from smakom_mail.model.campaign import FrozenMessage
from smakom_mail.model.letter import RenderedLetter
from smakom_mail.model.rendered import PersonalText

if TYPE_CHECKING:
    from smakom_mail.mail.dkim import Signer


@dataclass(frozen=True, slots=True)
class LetterEnvelope:
    """Who a letter is from and to; `date` is ISO 8601 with a zone, `message_id` whole."""

    sender: tuple[str, str]
    reply_to: tuple[str, str]
    to: str
    message_id: str
    date: str
    language: str


def compose_letter(
    rendered: RenderedLetter, envelope: LetterEnvelope, signer: "Signer | None" = None
) -> list[bytes]:
    """Give the message in parts that are to be written one after the other, without a final dot.

    It is read back, as a mail program would, before it is given. Raises TemplateError,
    ReaderValueError, HeaderValueError.
    """
    letter = FrozenMessage(
        edition="",
        language=envelope.language,
        digest="",
        subject=PersonalText((rendered.subject,)),
        html=PersonalText((rendered.html,)),
        text=PersonalText((rendered.text,)),
        sender=envelope.sender,
        reply_to=envelope.reply_to,
        list_id="",
        list_name="",
        site_url="",
        archive_url="",
        unsubscribe_address="",
        feedback_id="",
        host="",
        date=envelope.date,
    )
    reader = Reader(envelope.to, envelope.message_id, (), {})
    parts = CompiledMessage(letter, signer, single=True).fill(reader)
    require_read_back(b"".join(parts), letter, reader, single=True)
    return parts
