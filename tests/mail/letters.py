"""A campaign's frozen message and a recipient of it, to compose with."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from smakom_mail.mail.message import MessageTemplate
from smakom_mail.model.campaign import FrozenMessage, Recipient
from smakom_mail.model.rendered import PersonalText, Slot

NAME = Slot("name", "kära läsare")
LEAVE = Slot("unsubscribe")
FROZEN = FrozenMessage(
    edition="januari-2021",
    language="sv",
    digest="",
    subject=PersonalText(("Nyheter till ", NAME)),
    html=PersonalText(("<p>Hej ", NAME, '!</p>\n<a href="', LEAVE, '">Avsluta</a>\n')),
    text=PersonalText(("Hej ", NAME, "!\n\nAvsluta: <", LEAVE, ">\n")),
    sender=("SmåKom", "brev@brev.example"),
    reply_to=("SmåKom", "svar@brev.example"),
    list_id="nyhetsbrev.example",
    list_name="SmåKoms nyhetsbrev",
    site_url="https://brev.example",
    archive_url="https://brev.example/archive/",
    unsubscribe_address="avsluta@brev.example",
    feedback_id="januari-2021:nyhetsbrev:smakom-mail",
    host="brev.example",
    date="2021-01-04T08:00:00+01:00",
)
KIM = Recipient(
    id=1,
    email="kim@kommun.example",
    name="Kim",
    organisation="Exempelby kommun",
    token="token-som-ingen-har-1234567890-abcdef",  # noqa: S106 - a link, no secret
    message_id="<abcdefghijklmnopqrstuvwxyz@brev.example>",
)


def of_text(text: PersonalText, html: PersonalText | None = None) -> FrozenMessage:
    """Give the frozen message with other bodies."""
    return replace(FROZEN, text=text, html=html or text)


def composed(frozen: FrozenMessage = FROZEN, recipient: Recipient = KIM) -> bytes:
    """Give one recipient's message as it goes over the wire."""
    return b"".join(MessageTemplate(frozen).compose(recipient))


def read(data: bytes) -> EmailMessage:
    """Read a message as a mail program does."""
    message = message_from_bytes(data, policy=policy.default)
    assert message.defects == []
    return message


def bodies(message: EmailMessage) -> list[str]:
    """Give text and HTML as they were before they were encoded."""
    payloads = [part.get_payload(decode=True) for part in message.iter_parts()]
    assert all(isinstance(payload, bytes) for payload in payloads)
    return [bytes(payload).decode("utf-8") for payload in payloads]
