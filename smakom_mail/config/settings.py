"""What smakom-mail.toml says, checked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from smakom_mail.config.addresses import ascii_address, is_address, is_site_url, is_website
from smakom_mail.config.people import AUDIENCE, PeopleSettings, read_people
from smakom_mail.config.relay import (
    SENDING,
    DkimSettings,
    RelaySettings,
    SendSettings,
    read_dkim,
    read_relay,
    read_send,
)
from smakom_mail.config.serving import SERVING, ServeSettings, read_serve
from smakom_mail.config.toml import Key, TomlText, bad_value, parse_toml, read_table
from smakom_mail.diagnostics import ENVIRONMENT, Diagnostic, finding

FILE = "smakom-mail.toml"
LANGUAGES = ("sv", "en")
DEFAULT_SITE = "https://nyhetsbrev.example"
SITE_VARIABLE = "SMAKOM_MAIL_SITE_URL"
_EDITOR_EXPECTED = "an address with {path} in it"
_SITE_EXPECTED = "an https address (http only for loopback)"


@dataclass(frozen=True, slots=True)
class Newsletter:
    """The publication: its name, whose it is, and why a reader gets it."""

    name: str = ""
    organisation: str = ""
    language: str = "sv"
    layout: str = "smakom"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mail is from, and the details that the law asks of a sender."""

    name: str = ""
    email: str = ""
    reply_to: str = ""
    postal_address: str = ""
    organisation_number: str = ""
    telephone: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class ListSettings:
    """What the mail says of its list: RFC 2919 identifier and the address for leaving."""

    id: str = ""
    unsubscribe_email: str = ""


@dataclass(frozen=True, slots=True)
class Social:
    """A named place where readers can follow; without `url` it is shown without a link."""

    name: str
    url: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class SectionDefaults:
    """How a section that recurs in every edition is drawn."""

    kind: str = ""
    label: str = ""
    byline: str = ""


@dataclass(frozen=True, slots=True)
class SampleReader:
    """An invented reader that a build is shown for."""

    name: str = "Kim Exempel"
    organisation: str = "Exempelkommunen"
    email: str = "kim@exempel.example"


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a project; every field has a value, so that a check can go on.

    `site_pages` says whether `serve` answers at the site: else readers leave by mail alone.
    """

    newsletter: Newsletter = field(default_factory=Newsletter)
    sender: Sender = field(default_factory=Sender)
    site_url: str = DEFAULT_SITE
    site_pages: bool = True
    mailing_list: ListSettings = field(default_factory=ListSettings)
    social: tuple[Social, ...] = ()
    sections: tuple[tuple[str, SectionDefaults], ...] = ()
    samples: tuple[SampleReader, ...] = (SampleReader(),)
    messages_language: str = "sv"
    dictionary: str = ""
    editor: str = ""
    people: PeopleSettings = field(default_factory=PeopleSettings)
    relay: RelaySettings = field(default_factory=RelaySettings)
    send: SendSettings = field(default_factory=SendSettings)
    dkim: DkimSettings = field(default_factory=DkimSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)
    lines: tuple[tuple[str, int], ...] = ()

    def section(self, slug: str) -> SectionDefaults:
        """Give the settings of a recurring section, empty ones for any other."""
        return dict(self.sections).get(slug, SectionDefaults())

    def line_of(self, key: str) -> int:
        """Give the line of `key`, 1 when it is not there."""
        return dict(self.lines).get(key, 1)

    @property
    def contact(self) -> str:
        """The address that readers are told to write to."""
        return self.serve.contact or self.sender.reply_to or self.sender.email

    @property
    def leaving_address(self) -> str:
        """The mailbox of those who leave by mail, as it is written; headers want it in ASCII."""
        sender = self.sender
        return self.mailing_list.unsubscribe_email or sender.reply_to or sender.email

    @property
    def own_hosts(self) -> frozenset[str]:
        """The hosts of the site and of the sender's website."""
        website = urlsplit(self.sender.website).hostname or ""
        return frozenset({self.site_host, website})

    @property
    def site_host(self) -> str:
        """The host of the site, for identifiers."""
        return urlsplit(self.site_url).hostname or "localhost"


_TOP = {
    "newsletter": Key("table", "", required=True),
    "sender": Key("table", "", required=True),
    "site": Key("table", "", required=True),
    "list": Key("table", ""),
    "social": Key("tables", ""),
    "sections": Key("table", ""),
    "sample": Key("tables", ""),
    "messages": Key("table", ""),
    "checks": Key("table", ""),
    "preview": Key("table", ""),
    "database": Key("table", ""),
    "people": Key("table", ""),
    **SENDING,
    **SERVING,
}
_NEWSLETTER = {
    "name": Key("line", '"SmåKoms nyhetsbrev"', required=True),
    "organisation": Key("line", '"SmåKom"'),
    "language": Key("line", '"sv"'),
    "layout": Key("line", '"smakom"'),
    "reason": Key("line", '"Du får brevet för att du har skrivit upp dig."'),
    **AUDIENCE,
}
_SENDER = {
    "name": Key("line", '"SmåKom"'),
    "email": Key("line", '"nyhetsbrev@smakom.example"', required=True),
    "reply_to": Key("line", '"kansli@smakom.example"'),
    "postal_address": Key("line", '"Storgatan 1, 123 45 Exempelstad"'),
    "organisation_number": Key("line", '"802000-0000"'),
    "telephone": Key("line", '"08-465 00 000"'),
    "website": Key("line", '"https://smakom.example/"'),
}
_SITE = {
    "url": Key("line", '"https://nyhetsbrev.smakom.example"', required=True),
    "pages": Key("flag", "false"),
}
_LIST = {
    "id": Key("line", '"nyhetsbrev.smakom.example"'),
    "unsubscribe_email": Key("line", '"avsluta@smakom.example"'),
}
_SOCIAL = {
    "name": Key("line", '"Facebook"', required=True),
    "url": Key("line", '"https://social.example/smakom"'),
    "icon": Key("line", '"facebook"'),
}
SECTION_KEYS = {
    "kind": Key("line", '"article"'),
    "label": Key("line", '"Ordförandens ord"'),
    "byline": Key("line", '"Kim Exempel, ordförande"'),
}
_SAMPLE = {
    "name": Key("line", '"Kim Exempel"'),
    "organisation": Key("line", '"Exempelkommunen"'),
    "email": Key("line", '"kim@exempel.example"', required=True),
}
_MESSAGES = {"language": Key("line", '"sv"')}
_CHECKS = {"dictionary": Key("line", '"ordbok"')}
_PREVIEW = {"editor": Key("line", '"vscode://file/{path}:{line}"')}
_PLACED = (
    ("newsletter", "layout"),
    ("newsletter", "reason"),
    ("sender", "email"),
    ("sender", "reply_to"),
    ("checks", "dictionary"),
)


def read_config(text: str, environment: Mapping[str, str]) -> tuple[Config, tuple[Diagnostic, ...]]:
    """Read the settings in `text`; every fault is a finding and leaves a usable default.

    `environment` may override the site's address (``SMAKOM_MAIL_SITE_URL``) and the database's
    (``SMAKOM_MAIL_DATABASE``), and the relay's (``SMAKOM_MAIL_RELAY_...``).
    """
    toml = parse_toml(FILE, text)
    top = read_table(toml, toml.data, _TOP)
    language = _language(toml, top, "newsletter", _NEWSLETTER, "sv")
    newsletter = _table(toml, top, "newsletter", _NEWSLETTER)
    people = read_people(toml, top, newsletter.pop("audience", ""), environment)
    sender = _table(toml, top, "sender", _SENDER)
    sender = _addresses(toml, sender, ("sender",), ("email", "reply_to"), _SENDER)
    sender = _websites(toml, sender, ("sender",), "website", _SENDER)
    _table(toml, top, "messages", _MESSAGES)
    site = _table(toml, top, "site", _SITE)
    config = Config(
        newsletter=Newsletter(**(newsletter | {"language": language})),
        sender=Sender(**sender),
        site_url=_site(toml, site, environment),
        site_pages=site.get("pages", True),
        mailing_list=_mailing_list(toml, top),
        social=_social(toml, top),
        sections=_sections(toml, top.get("sections", {})),
        samples=_samples(toml, top) or (SampleReader(),),
        messages_language=_language(toml, top, "messages", _MESSAGES, language),
        dictionary=_table(toml, top, "checks", _CHECKS).get("dictionary", ""),
        editor=_editor(toml, top),
        people=people,
        relay=read_relay(toml, top, environment),
        send=read_send(toml, top),
        dkim=read_dkim(toml, top, ascii_address(sender.get("email", ""))),
        serve=read_serve(toml, top, people.lists),
        lines=tuple(_lines(toml, top)),
    )
    return config, tuple(toml.findings)


def _samples(toml: TomlText, top: dict[str, Any]) -> tuple[SampleReader, ...]:
    return tuple(
        SampleReader(**checked)
        for index, sample in enumerate(_tables(toml, top, "sample", _SAMPLE))
        if "email" in (checked := _addresses(toml, sample, ("sample", index), ("email",), _SAMPLE))
    )


def _social(toml: TomlText, top: dict[str, Any]) -> tuple[Social, ...]:
    return tuple(
        Social(**_websites(toml, place, ("social", index), "url", _SOCIAL))
        for index, place in enumerate(_tables(toml, top, "social", _SOCIAL))
        if "name" in place
    )


def _mailing_list(toml: TomlText, top: dict[str, Any]) -> ListSettings:
    values = _table(toml, top, "list", _LIST)
    values = _addresses(toml, values, ("list",), ("unsubscribe_email",), _LIST)
    if values.get("id") and not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", values["id"]):
        wrong = values.pop("id")
        toml.findings.append(bad_value(toml, _LIST, ("list", "id"), wrong, "a list name"))
    return ListSettings(**values)


def _lines(toml: TomlText, top: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Remember where each thing stands that a later finding can be about."""
    yield "sender", toml.line("sender")
    for table, key in _PLACED:
        if key in top.get(table, {}):
            yield f"{table}.{key}", toml.line(table, key)
    for index in range(len(top.get("social", ()))):
        yield f"social.{index}", toml.line("social", index)
    for slug in top.get("sections", ()):
        yield f"sections.{slug}", toml.line("sections", slug)


def _table(toml: TomlText, top: dict[str, Any], name: str, keys: dict[str, Key]) -> dict[str, Any]:
    return read_table(toml, top[name], keys, (name,)) if name in top else {}


def _tables(
    toml: TomlText, top: dict[str, Any], name: str, keys: dict[str, Key]
) -> list[dict[str, Any]]:
    return [read_table(toml, raw, keys, (name, i)) for i, raw in enumerate(top.get(name, ()))]


def _sections(toml: TomlText, raw: dict[str, Any]) -> tuple[tuple[str, SectionDefaults], ...]:
    tables = read_table(toml, raw, {slug: Key("table", "") for slug in raw}, ("sections",))
    return tuple(
        (slug, SectionDefaults(**read_table(toml, table, SECTION_KEYS, ("sections", slug))))
        for slug, table in tables.items()
    )


def _language(
    toml: TomlText, top: dict[str, Any], table: str, keys: dict[str, Key], default: str
) -> str:
    value = top.get(table, {}).get("language", default)
    if value in LANGUAGES:
        return str(value)
    if isinstance(value, str):
        toml.findings.append(bad_value(toml, keys, (table, "language"), value, '"sv" or "en"'))
    return default


def _addresses(
    toml: TomlText,
    values: dict[str, Any],
    path: tuple[str | int, ...],
    names: tuple[str, ...],
    keys: dict[str, Key],
) -> dict[str, Any]:
    for name in names:
        if values.get(name) and not is_address(values[name]):
            toml.findings.append(
                bad_value(toml, keys, (*path, name), values.pop(name), "an e-mail address")
            )
    return values


def _editor(toml: TomlText, top: dict[str, Any]) -> str:
    """Read the address that opens a file in the editor's own program: a scheme of its own."""
    value = str(_table(toml, top, "preview", _PREVIEW).get("editor", ""))
    scheme = value.partition(":")[0].lower()
    if not value or (
        re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"]*\{path\}[^\s<>\"]*", value, re.IGNORECASE)
        and scheme not in ("http", "https", "javascript", "vbscript", "data", "file", "blob")
    ):
        return value
    path = ("preview", "editor")
    toml.findings.append(bad_value(toml, _PREVIEW, path, value, _EDITOR_EXPECTED))
    return ""


def _websites(
    toml: TomlText,
    values: dict[str, Any],
    path: tuple[str | int, ...],
    name: str,
    keys: dict[str, Key],
) -> dict[str, Any]:
    if values.get(name) and not is_website(values[name]):
        toml.findings.append(
            bad_value(toml, keys, (*path, name), values.pop(name), "an https address")
        )
    return values


def _site(toml: TomlText, values: dict[str, Any], environment: Mapping[str, str]) -> str:
    given = environment.get(SITE_VARIABLE, "")
    url = (given or values.get("url", "")).rstrip("/")
    if not url or is_site_url(url):
        return url or DEFAULT_SITE
    if given:
        toml.findings.append(
            finding(
                "bad-value",
                ENVIRONMENT,
                key=SITE_VARIABLE,
                expected=_SITE_EXPECTED,
                value=f'"{url}"',
                example=f"{SITE_VARIABLE}=https://nyhetsbrev.smakom.example",
            )
        )
    else:
        toml.findings.append(bad_value(toml, _SITE, ("site", "url"), url, _SITE_EXPECTED))
    return DEFAULT_SITE
