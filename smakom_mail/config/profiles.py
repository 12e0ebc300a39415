"""What known relays allow, as far as they say so: defaults for [relay] (docs/sending.md).

A profile says how fast and in what manner; which host and port is in the relay's own pages. Own
keys win. What a relay does not state is left as for any other.
"""

from dataclasses import dataclass

from smakom_mail.config.measures import NO_LIMIT, Rate, Wrong, parse_rate

DEFAULT = "custom"


@dataclass(frozen=True, slots=True)
class Profile:
    """One relay: what it allows, what to know of it, and who says so."""

    name: str
    rate: Rate = NO_LIMIT
    connections: int = 5
    messages_per_connection: int = 100
    envelope_sender: str = "signed"
    note: str = ""
    source: str = ""


def _rate(text: str) -> Rate:
    """Read a rate of the table below."""
    rate = parse_rate(text)
    if isinstance(rate, Wrong):
        raise ValueError(text)  # noqa: TRY004 - a fault of the table
    return rate


PROFILES = {
    "ses": Profile(
        "Amazon SES",
        rate=_rate("14/s"),
        connections=10,
        note="14/s is usual; each account has its own rate and its own number for 24 hours: "
        "set both as rate. What is over them is refused and not kept",
        source="AWS: Errors related to the sending quotas",
    ),
    "m365": Profile(
        "Microsoft 365",
        rate=_rate("30/min, 10000/day"),
        connections=3,
        envelope_sender="plain",
        note="the tenant may have a lower limit for recipients outside it; basic authentication "
        "ends: use token_command",
        source="Microsoft Learn: SMTP submission improvements; message centre MC786329",
    ),
    "google": Profile(
        "Google Workspace relay",
        rate=_rate("10000/day"),
        note="10,000 recipients a day for each user",
        source="Google: SMTP relay limits (a copy of that page)",
    ),
    "postmark": Profile(
        "Postmark",
        connections=10,
        note="a message of at most 10 MB; at most 10 connections from one address",
        source="Postmark: limits (a collection of them)",
    ),
    "sendgrid": Profile(
        "SendGrid",
        connections=10,
        messages_per_connection=1000,
        note="5,000 messages a connection are allowed",
        source="Twilio SendGrid: Integrating with the SMTP API",
    ),
    "socketlabs": Profile(
        "SocketLabs",
        connections=10,
        messages_per_connection=50,
        note="signs no message above 128 kB with DKIM",
        source="SocketLabs: SMTP Server Restrictions",
    ),
    "smtp2go": Profile(
        "SMTP2GO",
        messages_per_connection=1000,
        note="closes a connection after about 2,500 messages",
        source="listmonk, issue 2313",
    ),
    "loopia": Profile(
        "Loopia",
        rate=_rate("200/h"),
        connections=2,
        note="200 an hour for each address; for newsletters it asks for another service",
        source="Loopia's support pages",
    ),
    "simply": Profile(
        "Simply.com",
        rate=_rate("300/min, 1000/h, 250/2 h"),
        connections=2,
        note="suspends an account after 300 in two hours, and forbids mass mail",
        source="Simply.com's support pages",
    ),
    "domeneshop": Profile(
        "Domeneshop",
        rate=_rate("1/s, 50/min"),
        connections=1,
        note="does not allow newsletters",
        source="Domeneshop's support pages",
    ),
    "proisp": Profile(
        "Pro ISP",
        rate=_rate("25/5 min, 1000/day"),
        connections=2,
        source="Pro ISP's support pages",
    ),
    "nordicway": Profile(
        "Nordicway",
        rate=_rate("150/h"),
        connections=2,
        note="150 to 500 an hour, by account",
        source="Nordicway's support pages",
    ),
    "postfix": Profile(
        "a Postfix of your own",
        connections=10,
        note="no limit of messages; it slows down to about 100 a second above what it delivers",
        source="postconf(5)",
    ),
    DEFAULT: Profile("any other relay", note="no rate is set"),
}
"""Every profile by the word that `[relay] profile` takes; docs/sending.md prints the table."""
