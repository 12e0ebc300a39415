"""What smakom-mail.toml says of the public pages: [serve]."""

import datetime as dt
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smakom_mail.config.addresses import is_address
from smakom_mail.config.measures import Rate, Wrong, parse_rate
from smakom_mail.config.toml import Key, TomlText, bad_value, read_table
from smakom_mail.model.person import MailingList

SERVE = {
    "lists": Key("texts", '["prenumeranter"]'),
    "trusted_proxies": Key("texts", '["127.0.0.1", "::1"]'),
    "network_rate": Key("line", '"20/h, 60/day"'),
    "total_rate": Key("line", '"200/h, 1000/day"'),
    "preferences_rate": Key("line", '"600/h, 3000/day"'),
    "contact": Key("line", '"kansli@smakom.example"'),
    "data_officer": Key("line", '"dataskydd@smakom.example"'),
    "public_body": Key("flag", "true"),
    "assessed": Key("date", '"2026-11-01"'),
    "assessed_how": Key("line", '"självskattning"'),
    "not_accessible": Key("texts", '["Kartan i numret från maj saknar textversion."]'),
}
SERVING = {"serve": Key("table", "")}
NETWORK_RATE = Rate(((20, 3600), (60, 86_400)))
TOTAL_RATE = Rate(((200, 3600), (1000, 86_400)))
PREFERENCES_RATE = Rate(((600, 3600), (3000, 86_400)))

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
THIS_MACHINE: tuple[Network, ...] = (
    ipaddress.IPv4Network("127.0.0.0/8"),
    ipaddress.IPv6Network("::1/128"),
)
"""Where the reverse proxy usually is; nobody else can come from there."""


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Who may sign up to what and how often, whom to ask, and what the law wants said.

    `lists` are the slugs that readers can join by themselves; empty for the default one.
    `trusted_proxies` are believed about whom they ask for. An empty `contact` is the reply
    address.
    """

    lists: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = THIS_MACHINE
    network_rate: Rate = NETWORK_RATE
    total_rate: Rate = TOTAL_RATE
    contact: str = ""
    data_officer: str = ""
    public_body: bool = True
    assessed: dt.date | None = None
    assessed_how: str = ""
    not_accessible: tuple[str, ...] = ()
    preferences_rate: Rate = PREFERENCES_RATE


def read_serve(
    toml: TomlText, top: Mapping[str, Any], lists: tuple[MailingList, ...]
) -> ServeSettings:
    """Read [serve]; every fault becomes a finding and leaves a usable default."""
    values = read_table(toml, top.get("serve", {}), SERVE, ("serve",))
    checked: dict[str, Any] = {}
    for name, given in values.items():
        value = _checked(name, given, {each.slug for each in lists})
        if isinstance(value, Wrong):
            toml.findings.append(bad_value(toml, SERVE, ("serve", name), given, value.expected))
        else:
            checked[name] = value
    return ServeSettings(**checked)


def _checked(name: str, given: Any, slugs: set[str]) -> Any:  # noqa: ANN401 - what the key holds
    if name in ("network_rate", "total_rate", "preferences_rate"):
        return parse_rate(given)
    if name in ("contact", "data_officer") and given and not is_address(given):
        return Wrong("an e-mail address")
    if name == "lists" and not set(given) <= slugs:
        return Wrong(f"slugs of lists: {', '.join(sorted(slugs))}")
    if name == "trusted_proxies":
        return _networks(given)
    return given


def _networks(given: tuple[str, ...]) -> tuple[Network, ...] | Wrong:
    try:
        return tuple(ipaddress.ip_network(each.strip(), strict=False) for each in given)
    except ValueError:
        return Wrong("IP addresses or networks")
