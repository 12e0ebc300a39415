"""A whole message: multipart/alternative, text first, both parts quoted-printable, CRLF only."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smakom_mail.config.addresses import mail_link
from smakom_mail.mail.headers import HeaderValueError, control_fault, mailbox_header, uris_header
from smakom_mail.mail.readback import require_read_back
from smakom_mail.mail.template import CompiledMessage, Reader, ReaderValueError
from smakom_mail.model.campaign import FrozenMessage, Recipient
from smakom_mail.model.rendered import UNSUBSCRIBE, RenderedEdition

if TYPE_CHECKING:
    from smakom_mail.mail.dkim import Signer


class MessageTemplate:
    """The messages of one campaign: encoded once, then filled in for one recipient at a time.

    Nothing of a recipient stays in it, so several threads may compose at once. Raises
    TemplateError or HeaderValueError where no message can be made of `frozen`, or where a mail
    program would read another one than was written.
    """

    def __init__(self, frozen: FrozenMessage, signer: "Signer | None" = None) -> None:
        """Encode what all have in common, and read a finished message back."""
        self._compiled = CompiledMessage(frozen, signer)
        self._site = frozen.site_url
        mailbox_header("List-Unsubscribe", "", frozen.unsubscribe_address)
        uris_header("List-Unsubscribe", f"{frozen.site_url or frozen.archive_url}/")
        self._dead = f"{frozen.site_url}/" if frozen.site_url else frozen.archive_url
        self._mailto = mail_link(frozen.unsubscribe_address, "")
        sample = self._reader(_sample(frozen.host))
        message = b"".join(self._compiled.fill(sample))
        require_read_back(message, frozen, sample)
        self._size = len(message)

    def compose(self, recipient: Recipient) -> list[bytes]:
        """Give a recipient's message in parts that are to be written one after the other.

        Raises ReaderValueError, which names the recipient, where what is known of her cannot
        stand in a message: it is refused, never cleaned.
        """
        try:
            return self._compiled.fill(self._reader(recipient))
        except (ReaderValueError, HeaderValueError) as error:
            email = recipient.email
            who = ascii(email) if control_fault(email) else email
            raise ReaderValueError(f"{who}: {error.message}") from None

    def size(self) -> int:
        """Give the octets of a typical message, for SIZE (RFC 1870)."""
        return self._size

    def _reader(self, recipient: Recipient) -> Reader:
        """Give what a copy says of its recipient; without a token nothing can be left by it."""
        token = recipient.token
        mail = self._mailto + token
        page = f"{self._site}/u/{token}" if self._site else mail
        link = page if token else self._dead
        return Reader(
            to=recipient.email,
            message_id=recipient.message_id,
            leave=tuple(dict.fromkeys((page, mail))) if token else (),
            values={
                "name": recipient.name,
                "organisation": recipient.organisation,
                "email": recipient.email,
                UNSUBSCRIBE: link,
            },
        )


def _sample(host: str) -> Recipient:
    return Recipient(
        id=0,
        email="kim@exempel.example",
        name='Kim "K" Åström & Bo',
        organisation="Exempelby <kommun>",
        token="t" * 36,
        message_id=f"<{'i' * 26}@{host}>",
    )


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a message says of its list and its one reader; all addresses are complete."""

    to: str
    message_id: str
    date: dt.datetime
    list_id: str
    list_name: str
    unsubscribe_url: str
    unsubscribe_mail: str
    archive_url: str
    feedback_id: str


def compose(rendered: RenderedEdition, values: Mapping[str, str], envelope: Envelope) -> bytes:
    """Give the message for one reader as a campaign would send it; `values` fill the slots.

    Raises TemplateError, ReaderValueError, HeaderValueError.
    """
    frozen = FrozenMessage(
        edition=rendered.slug,
        language=rendered.language,
        digest="",
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        sender=rendered.addresses.sender,
        reply_to=rendered.addresses.reply_to,
        list_id=envelope.list_id,
        list_name=envelope.list_name,
        site_url="",
        archive_url=envelope.archive_url,
        unsubscribe_address="",
        feedback_id=envelope.feedback_id,
        host="",
        date=envelope.date.isoformat(),
    )
    reader = Reader(
        to=envelope.to,
        message_id=envelope.message_id,
        leave=tuple(dict.fromkeys((envelope.unsubscribe_url, envelope.unsubscribe_mail))),
        values=values,
    )
    message = b"".join(CompiledMessage(frozen).fill(reader))
    require_read_back(message, frozen, reader)
    return message
