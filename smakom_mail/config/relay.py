"""What smakom-mail.toml says of sending: the relay, the campaign's times, the signature."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from smakom_mail.config.addresses import ascii_address, ascii_domain, is_host, is_ip
from smakom_mail.config.measures import NO_LIMIT, Rate, Wrong, parse_duration, parse_rate
from smakom_mail.config.profiles import DEFAULT, PROFILES, Profile
from smakom_mail.config.toml import Key, TomlText, bad_value, read_table, shown
from smakom_mail.diagnostics import ENVIRONMENT, finding, nearest

PASSWORD_VARIABLE = "SMAKOM_MAIL_RELAY_PASSWORD"  # noqa: S105 - the name of a variable
OVERRIDES = {
    f"SMAKOM_MAIL_RELAY_{name.upper()}": name
    for name in ("host", "port", "security", "username", "connections", "ca_file", "rate")
}
"""The environment's variables, and the key of [relay] that each overrides."""
MOST_CONNECTIONS = 50
SECURITIES = ("starttls", "tls", "none")
_PORTS = {"starttls": 587, "tls": 465, "none": 25}

RELAY = {
    "host": Key("line", '"smtp.leverantor.example"'),
    "port": Key("number", "587"),
    "security": Key("line", '"starttls"'),
    "username": Key("line", '"nyhetsbrev@smakom.example"'),
    "password_file": Key("line", '"var/relay-password"'),
    "password_command": Key("texts", '["pass", "show", "relay"]'),
    "token_command": Key("texts", '["/usr/local/bin/relay-token"]'),
    "auth": Key("line", '"auto"'),
    "profile": Key("line", '"m365"'),
    "connections": Key("number", "5"),
    "messages_per_connection": Key("number", "100"),
    "rate": Key("line", '"30/min, 10000/day"'),
    "domain_rate": Key("table", ""),
    "ca_file": Key("line", '"ca.pem"'),
    "envelope_sender": Key("line", '"signed"'),
    "bounce_address": Key("line", '"studs@smakom.example"'),
    "ehlo_name": Key("line", '"brev.smakom.example"'),
    "dsn": Key("flag", "true"),
}
SEND = {
    "hold": Key("line", '"10 min"'),
    "lifetime": Key("line", '"24 h"'),
    "require_approval": Key("flag", "true"),
}
DKIM = {
    "domain": Key("line", '"smakom.example"'),
    "selector": Key("line", '"brev"', required=True),
    "key_file": Key("line", '"var/dkim.pem"'),
}
SENDING = {"relay": Key("table", ""), "send": Key("table", ""), "dkim": Key("table", "")}
# Keys whose value may be a secret that stands in the wrong place: it is not shown.
_GUARDED = ("password_file", "password_command", "token_command")


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """The server that takes our mail, and what it allows. Without a host there is none.

    `auth` is "" (no sign-in), "auto", "plain", "login" or "xoauth2". `domain_rates` hold for the
    recipients' domains (IDNA), "*" for each that is not named. An empty `bounce_address` is the
    sender's address, an empty `ehlo_name` this machine's name.
    """

    host: str = ""
    port: int = _PORTS["starttls"]
    security: str = SECURITIES[0]
    username: str = ""
    password_file: str = ""
    password_command: tuple[str, ...] = ()
    token_command: tuple[str, ...] = ()
    auth: str = ""
    profile: str = DEFAULT
    connections: int = PROFILES[DEFAULT].connections
    messages_per_connection: int = PROFILES[DEFAULT].messages_per_connection
    rate: Rate = NO_LIMIT
    domain_rates: tuple[tuple[str, Rate], ...] = ()
    ca_file: str = ""
    envelope_sender: str = PROFILES[DEFAULT].envelope_sender
    bounce_address: str = ""
    ehlo_name: str = ""
    dsn: bool = True

    @property
    def configured(self) -> bool:
        """Whether there is a relay."""
        return bool(self.host)

    @property
    def account(self) -> str:
        """What a quota is counted for: the user at the host."""
        return f"{self.username}@{self.host}".lower()

    @property
    def known(self) -> Profile:
        """What its profile says of it."""
        return PROFILES[self.profile]


@dataclass(frozen=True, slots=True)
class SendSettings:
    """How long a started campaign can be undone, how long it retries, and who must agree."""

    hold_seconds: int = 600
    lifetime_seconds: int = 86_400
    require_approval: bool = False


@dataclass(frozen=True, slots=True)
class DkimSettings:
    """The signature of messages; without a selector there is none."""

    domain: str = ""
    selector: str = ""
    key_file: str = "var/dkim.pem"

    @property
    def configured(self) -> bool:
        """Whether messages are signed."""
        return bool(self.selector and self.domain)


def read_relay(
    toml: TomlText, top: Mapping[str, Any], environment: Mapping[str, str]
) -> RelaySettings:
    """Read [relay]; every fault becomes a finding and leaves a usable default."""
    raw = _without_secrets(toml, dict(top.get("relay", {})))
    values = _checked(toml, read_table(toml, raw, RELAY, ("relay",)), RELAY, "relay")
    values["domain_rates"] = tuple(
        sorted(dict(_domain_rates(toml, values.pop("domain_rate", {}))).items())
    )
    values |= _from_environment(toml, environment)
    profile = PROFILES[values.get("profile", DEFAULT)]
    usual = {
        "connections": profile.connections,
        "messages_per_connection": profile.messages_per_connection,
        "rate": profile.rate,
        "envelope_sender": profile.envelope_sender,
        **_door(values.get("port", 0), values.get("security", "")),
    }
    return RelaySettings(**(usual | values | {"auth": _auth(values)}))


def read_send(toml: TomlText, top: Mapping[str, Any]) -> SendSettings:
    """Read [send]; every fault becomes a finding and leaves a usable default."""
    values = _checked(toml, read_table(toml, top.get("send", {}), SEND, ("send",)), SEND, "send")
    usual = SendSettings()
    return SendSettings(
        hold_seconds=values.get("hold", usual.hold_seconds),
        lifetime_seconds=values.get("lifetime", usual.lifetime_seconds),
        require_approval=values.get("require_approval", usual.require_approval),
    )


def read_dkim(toml: TomlText, top: Mapping[str, Any], sender: str) -> DkimSettings:
    """Read [dkim], whose domain is the sender's unless it says another."""
    if "dkim" not in top:
        return DkimSettings()
    values = _checked(toml, read_table(toml, top["dkim"], DKIM, ("dkim",)), DKIM, "dkim")
    return DkimSettings(**({"domain": sender.rpartition("@")[2]} | values))


def _door(port: int, security: str) -> dict[str, Any]:
    """Give port and security, each by the other where it is not said."""
    if not security:
        security = "tls" if port == _PORTS["tls"] else "starttls"
    return {"port": port or _PORTS[security], "security": security}


def _auth(values: Mapping[str, Any]) -> str:
    """Say how to sign in: not at all without a user, and with a token where one is made."""
    if not values.get("username"):
        return ""
    auth: str = values.get("auth", "auto")
    return "xoauth2" if auth == "auto" and values.get("token_command") else auth


def _without_secrets(toml: TomlText, raw: dict[str, Any]) -> dict[str, Any]:
    """Take out what may be a secret in the wrong place, with a finding that does not show it."""
    if "password" in raw:
        del raw["password"]
        line = toml.line("relay", "password")
        toml.findings.append(finding("relay-password", toml.file, line, variable=PASSWORD_VARIABLE))
    for name in _GUARDED:
        if name in raw and not _is_sound(RELAY[name], raw[name]):
            del raw[name]
            toml.findings.append(bad_value(toml, RELAY, ("relay", name), "…"))
    return raw


def _is_sound(key: Key, value: object) -> bool:
    if key.kind == "texts":
        return isinstance(value, list) and all(isinstance(word, str) for word in value)
    return isinstance(value, str) and value.strip().isprintable()


def _from_environment(toml: TomlText, environment: Mapping[str, str]) -> dict[str, Any]:
    """Read what the environment overrides; an empty variable is none."""
    found: dict[str, Any] = {}
    for variable, name in OVERRIDES.items():
        text = environment.get(variable, "").strip()
        if not text:
            continue
        number = RELAY[name].kind == "number"
        value = _CHECKS.get(name, _line)(_whole(text) if number else text)
        if not isinstance(value, Wrong):
            found[name] = value
            continue
        toml.findings.append(
            finding(
                "bad-value",
                ENVIRONMENT,
                key=variable,
                expected=value.expected,
                value=shown(text),
                example=f"{variable}={RELAY[name].example.strip(chr(34))}",
            )
        )
    return found


def _whole(text: str) -> int:
    """Read a whole number; 0, which no key allows, for what is none."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def _checked(
    toml: TomlText, values: dict[str, Any], keys: Mapping[str, Key], table: str
) -> dict[str, Any]:
    """Give the good ones of `values` as settings have them; the others become findings."""
    good: dict[str, Any] = {}
    for name, given in values.items():
        if given == "":
            continue
        value = _CHECKS[name](given) if name in _CHECKS else given
        if not isinstance(value, Wrong):
            good[name] = value
        elif name == "profile":
            toml.findings.append(
                finding(
                    "unknown-profile",
                    toml.file,
                    toml.line(table, name),
                    name=given,
                    nearest=nearest(given, PROFILES),
                    known=", ".join(PROFILES),
                )
            )
        else:
            said = "…" if name in _GUARDED else given
            toml.findings.append(bad_value(toml, keys, (table, name), said, value.expected))
    return good


def _domain_rates(toml: TomlText, table: Mapping[str, Any]) -> Iterator[tuple[str, Rate]]:
    """Read the rates of recipients' domains; "*" is each that is not named."""
    for parts, given in _leaves(table):
        name = ".".join(parts)
        domain = name if name == "*" else ascii_domain(name)
        rate = parse_rate(given) if isinstance(given, str) else Wrong("text on one line")
        if not domain:
            rate = Wrong('a rate for a domain, or for each with "*"')
        if isinstance(rate, Rate):
            yield domain, rate
            continue
        toml.findings.append(
            finding(
                "bad-value",
                toml.file,
                toml.line("relay", "domain_rate", *name.split(".")),
                key=name,
                expected=rate.expected,
                value=shown(given),
                example='domain_rate = { "kommun.example" = "30/min", "*" = "60/min" }',
            )
        )


def _leaves(table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value with its path: a domain without quotation marks is tables in tables."""
    for name, value in table.items():
        if isinstance(value, dict):
            for path, leaf in _leaves(value):
                yield (name, *path), leaf
        else:
            yield (name,), value


# --------------------------------------------------------------------------- what a key may hold


def _one_of(*words: str) -> Callable[[str], str | Wrong]:
    listed = ", ".join(f'"{word}"' for word in words[:-1]) + f' or "{words[-1]}"'
    return lambda value: value if value in words else Wrong(listed)


def _at_most(largest: int) -> Callable[[int], int | Wrong]:
    return lambda n: n if 0 < n <= largest else Wrong(f"a whole number from 1 to {largest}")


def _line(value: str) -> str | Wrong:
    return value if value.isprintable() else Wrong("text on one line")


def _host(value: str) -> str | Wrong:
    bare = value[1:-1] if value[:1] == "[" and value[-1:] == "]" else value
    return bare if is_host(bare) else Wrong("the name of a server, without a port")


def _ehlo_name(value: str) -> str | Wrong:
    if is_ip(value):
        return f"[IPv6:{value}]" if ":" in value else f"[{value}]"
    return value if is_host(value) and value.isascii() else Wrong("the name of a host")


def _profile(value: str) -> str | Wrong:
    return value if value in PROFILES else Wrong("")


def _address(value: str) -> str | Wrong:
    return ascii_address(value) or Wrong("an e-mail address")


def _domain(value: str) -> str | Wrong:
    return ascii_domain(value) or Wrong("a domain")


def _selector(value: str) -> str | Wrong:
    label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    good = re.fullmatch(rf"{label}(?:\.{label})*", value)
    return value if good else Wrong("small letters, digits and hyphens")


def _command(argv: tuple[str, ...]) -> tuple[str, ...] | Wrong:
    if argv and argv[0].strip() and not any(ord(c) < 32 for word in argv for c in word):
        return argv
    return Wrong("a program and its arguments")


def _lifetime(value: str) -> int | Wrong:
    return parse_duration(value) or Wrong("a time above 0")


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "host": _host,
    "port": _at_most(65_535),
    "security": _one_of(*SECURITIES),
    "password_command": _command,
    "token_command": _command,
    "auth": _one_of("auto", "plain", "login", "xoauth2"),
    "profile": _profile,
    "connections": _at_most(MOST_CONNECTIONS),
    "rate": parse_rate,
    "envelope_sender": _one_of("signed", "plain"),
    "bounce_address": _address,
    "ehlo_name": _ehlo_name,
    "hold": parse_duration,
    "lifetime": _lifetime,
    "domain": _domain,
    "selector": _selector,
}
