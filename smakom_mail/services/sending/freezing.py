"""What is frozen of an edition when a campaign is planned: all that its messages have in common."""

from datetime import datetime
from urllib.parse import quote

from smakom_mail.config import Config
from smakom_mail.config.addresses import ascii_address
from smakom_mail.model.campaign import FrozenMessage
from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.services.surveying import message_host


def freeze(rendered: RenderedEdition, config: Config, date: datetime) -> FrozenMessage:
    """Give the message as it stands now; later changes of files or settings are none of it.

    `date` is what every message and every attempt bears.
    """
    identity = config.mailing_list.id or config.site_host
    return FrozenMessage(
        edition=rendered.slug,
        language=rendered.language,
        digest=rendered.digest,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        sender=rendered.addresses.sender,
        reply_to=rendered.addresses.reply_to,
        list_id=identity,
        list_name=config.newsletter.name,
        site_url=config.site_url if config.site_pages else "",
        archive_url=f"{config.site_url}/archive/",
        unsubscribe_address=ascii_address(config.leaving_address),
        feedback_id=f"{quote(rendered.slug)}:{identity.split('.', 1)[0]}:smakom-mail",
        host=message_host(config),
        date=date.replace(microsecond=0).isoformat(),
        pictures=rendered.picture_hashes,
    )
