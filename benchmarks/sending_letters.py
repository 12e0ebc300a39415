"""What everybody sends: one edition to invented people, each of whom gets a copy of their own."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.people import import_people, write_people
from benchmarks.sending_ours import EVERYBODY, claimed, plan, workplace_for
from smakom_mail.mail.message import MessageTemplate
from smakom_mail.model.campaign import FrozenMessage, Recipient
from smakom_mail.model.rendered import UNSUBSCRIBE, PersonalText, Slot
from smakom_mail.services.storing import open_store
from smakom_mail.store.campaigns import frozen_message

EDITION = "januari-2021"
_NEWSLETTER = ("smakom-mail.toml", "ordlista.txt", "layouts", "seeds", "newsletters")


@dataclass(frozen=True, slots=True)
class Letters:
    """The newsletter's folder, with people in it, and the same mail for those who are no part.

    `source` is one finished message, for smtp-source; `peers` has the parts as JSON, for programs
    that make each copy by themselves.
    """

    root: Path
    source: Path
    peers: Path
    frozen: FrozenMessage
    recipients: Sequence[Recipient]
    size: int


def prepare(newsletter: Path, folder: Path, number: int) -> Letters:
    """Copy the newsletter, and write the mail down for `number` people."""
    root = folder / "sending"
    root.mkdir(parents=True)
    for name in _NEWSLETTER:
        source = newsletter / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("artwork"))
        else:
            shutil.copy2(source, root / name)
    write_people(root / "people.csv", number)
    import_people(root, root / "people.csv")
    with open_store(workplace_for(root), {}, create=False) as store:
        campaign = plan(store, EDITION)
        frozen = frozen_message(store.database, campaign)
        recipients = claimed(store, campaign, EVERYBODY)
    one = b"".join(MessageTemplate(frozen).compose(recipients[0]))
    letter, peers = folder / "letter", folder / "letters.json"
    letter.write_bytes(one.replace(b"\r\n", b"\n"))
    peers.write_text(json.dumps(_parts(frozen, recipients)), encoding="utf-8")
    return Letters(root, letter, peers, frozen, recipients, len(one))


def _parts(frozen: FrozenMessage, recipients: Sequence[Recipient]) -> dict[str, object]:
    """Give what a program needs that fills each copy in; @@x@@ stands for the value of x."""
    return {
        "subject": _marked(frozen.subject),
        "text": _marked(frozen.text),
        "html": _marked(frozen.html),
        "sender": frozen.sender,
        "reply_to": frozen.reply_to,
        "headers": {
            "List-Id": f"<{frozen.list_id}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Archive": f"<{frozen.archive_url}>",
            "Feedback-ID": frozen.feedback_id,
            "Precedence": "bulk",
            "Content-Language": frozen.language,
        },
        "leave_by_mail": f"mailto:{frozen.unsubscribe_address}?subject=",
        "recipients": [
            {**asdict(each), UNSUBSCRIBE: f"{frozen.site_url}/u/{each.token}"}
            for each in recipients
        ],
    }


def _marked(text: PersonalText) -> str:
    return "".join(f"@@{p.name}@@" if isinstance(p, Slot) else p for p in text.parts)
