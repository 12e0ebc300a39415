"""The same mail by other Python libraries, each in a program of its own.

Every copy is made for its reader, as each library does it, and submitted over connections that
stay open. Run it as a program: ``sending_peers.py NAME LETTERS.json PORT NUMBER``; it prints JSON,
as sending_ours does. A library that is not installed is told by exit code 3.
"""

import asyncio
import json
import smtplib
import sys
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate
from importlib import import_module
from pathlib import Path
from typing import Any

CONNECTIONS = 10
MISSING = 3


class Mail:
    """The parts of the mail, to be filled in."""

    def __init__(self, parts: dict[str, Any], number: int) -> None:
        """Keep the parts, and the first `number` recipients."""
        self.parts = parts
        self.recipients: list[dict[str, str]] = parts["recipients"][:number]
        self.sender = parts["sender"][1]

    def filled(self, part: str, reader: dict[str, str]) -> str:
        """Give a text with the reader's own values in it."""
        text = str(self.parts[part])
        for name in ("name", "organisation", "email", "unsubscribe"):
            text = text.replace(f"@@{name}@@", reader[name])
        return text

    def headers(self, reader: dict[str, str]) -> dict[str, str]:
        """Give the headers about the list and the message."""
        leave = f"<{reader['unsubscribe']}>, <{self.parts['leave_by_mail']}{reader['token']}>"
        return {
            "Reply-To": formataddr(self.parts["reply_to"]),
            "Message-ID": reader["message_id"],
            "List-Unsubscribe": leave,
            **self.parts["headers"],
        }

    def message(self, reader: dict[str, str]) -> EmailMessage:
        """Make the copy as the standard library does."""
        message = EmailMessage(policy=SMTP)
        message["From"] = formataddr(self.parts["sender"])
        message["To"] = reader["email"]
        message["Subject"] = self.filled("subject", reader)
        message["Date"] = formatdate()
        for name, value in self.headers(reader).items():
            message[name] = value
        message.set_content(self.filled("text", reader), cte="quoted-printable")
        html = self.filled("html", reader)
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        return message


def by_smtplib(mail: Mail, port: int) -> None:
    """Send with the standard library, over one connection."""
    with smtplib.SMTP("127.0.0.1", port) as relay:
        for reader in mail.recipients:
            relay.sendmail(mail.sender, reader["email"], mail.message(reader).as_bytes())


def by_aiosmtplib(mail: Mail, port: int) -> None:
    """Send with aiosmtplib, over ten connections."""
    aiosmtplib = import_module("aiosmtplib")

    async def work(readers: Iterator[dict[str, str]]) -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as relay:
            for reader in readers:
                message = mail.message(reader)
                await relay.send_message(message, sender=mail.sender, recipients=reader["email"])

    async def run() -> None:
        readers = iter(mail.recipients)
        await asyncio.gather(*(work(readers) for _ in range(CONNECTIONS)))

    asyncio.run(run())


def by_emails(mail: Mail, port: int) -> None:
    """Send with python-emails, which keeps its connection."""
    emails = import_module("emails")
    for reader in mail.recipients:
        message = emails.Message(
            subject=mail.filled("subject", reader),
            text=mail.filled("text", reader),
            html=mail.filled("html", reader),
            mail_from=tuple(mail.parts["sender"]),
            mail_to=reader["email"],
            headers=mail.headers(reader),
        )
        response = message.send(smtp={"host": "127.0.0.1", "port": port})
        if response.status_code != 250:
            raise SystemExit(f"emails: {response.error}")


PEERS: dict[str, Callable[[Mail, int], None]] = {
    "smtplib": by_smtplib,
    "aiosmtplib": by_aiosmtplib,
    "emails": by_emails,
}


def main() -> None:
    """Send, and print what it took."""
    name, letters, port, number = sys.argv[1:]
    if name != "smtplib":
        try:
            import_module(name)
        except ImportError:
            raise SystemExit(MISSING) from None
    mail = Mail(json.loads(Path(letters).read_text(encoding="utf-8")), int(number))
    wall, cpu = time.perf_counter(), time.process_time()
    PEERS[name](mail, int(port))
    used, passed = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"messages": len(mail.recipients), "seconds": passed, "cpu": used, "peak": 0}))


if __name__ == "__main__":
    main()
