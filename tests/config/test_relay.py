"""What smakom-mail.toml and the environment say of sending; faults leave defaults."""

import re

import pytest

from smakom_mail.config import Config, DkimSettings, Rate, RelaySettings, SendSettings, read_config
from smakom_mail.config.profiles import PROFILES
from smakom_mail.config.relay import DKIM, OVERRIDES, PASSWORD_VARIABLE, RELAY, SEND
from smakom_mail.config.settings import FILE
from tests.conftest import ROOT

GOOD = """[newsletter]
name = "Nytt från Näs"
[sender]
email = "nytt@näs.example"
[site]
url = "https://nytt.nas.example"
"""
CANARY = "kanariefagel-7fe1"


def read(text: str, **environment: str) -> tuple[Config, list[str]]:
    """Read GOOD and `text` below it; give ``line code message | hint`` of every finding."""
    named = {f"SMAKOM_MAIL_RELAY_{name}": value for name, value in environment.items()}
    config, findings = read_config(GOOD + text, named)
    rows = [f"{f.location.line} {f.code} {f.message('sv')} | {f.hint('sv')}" for f in findings]
    return config, rows


def relay(text: str, **environment: str) -> RelaySettings:
    """Read settings of the relay that are without a fault."""
    config, rows = read(f"[relay]\n{text}", **environment)
    assert rows == []
    return config.relay


# ------------------------------------------------------------------------------------ what is good


def test_a_fresh_project_has_no_relay() -> None:
    config, rows = read("")

    assert rows == []
    assert config.relay == RelaySettings()
    assert not config.relay.configured
    assert config.send == SendSettings(
        hold_seconds=600, lifetime_seconds=86_400, require_approval=False
    )
    assert config.dkim == DkimSettings()
    assert not config.dkim.configured


@pytest.mark.parametrize("path", ["smakom-mail.toml", "smakom_mail/data/project/smakom-mail.toml"])
def test_the_settings_that_come_with_it_name_no_relay(path: str) -> None:
    config, findings = read_config((ROOT / path).read_text(encoding="utf-8"), {})

    assert findings == ()
    assert not config.relay.configured
    assert not config.dkim.configured


def test_the_examples_in_the_settings_of_a_new_project_are_good_ones() -> None:
    path = ROOT / "smakom_mail/data/project/smakom-mail.toml"
    text = path.read_text(encoding="utf-8")
    shown = re.sub(r"^# (\[(?:relay|send|dkim)\]|[a-z_]+ = )", r"\1", text, flags=re.MULTILINE)

    config, findings = read_config(shown, {})

    assert findings == ()
    assert config.relay.configured
    assert config.dkim.configured
    assert config.send.require_approval


def test_everything_that_may_be_said_is_read() -> None:
    config, rows = read(
        """[relay]
host = "smtp.leverantor.example"
port = 2525
security = "tls"
username = "nytt"
password_file = "var/relay-password"
password_command = ["pass", "show", "relay"]
token_command = ["/opt/token", "--åäö"]
auth = "login"
profile = "postfix"
connections = 7
messages_per_connection = 70
rate = "30/min, 10000/day"
domain_rate = { "kommun.example" = "30/min", "*" = "60/min" }
ca_file = "ca.pem"
envelope_sender = "plain"
bounce_address = "studs@näs.example"
ehlo_name = "brev.nas.example"
dsn = false
[send]
hold = "30 min"
lifetime = "2 days"
require_approval = true
[dkim]
domain = "brev.näs.example"
selector = "brev2"
key_file = "var/dkim-2.pem"
"""
    )

    assert rows == []
    assert config.relay == RelaySettings(
        host="smtp.leverantor.example",
        port=2525,
        security="tls",
        username="nytt",
        password_file="var/relay-password",  # noqa: S106 - a file's name
        password_command=("pass", "show", "relay"),
        token_command=("/opt/token", "--åäö"),
        auth="login",
        profile="postfix",
        connections=7,
        messages_per_connection=70,
        rate=Rate(((30, 60), (10_000, 86_400))),
        domain_rates=(("*", Rate(((60, 60),))), ("kommun.example", Rate(((30, 60),)))),
        ca_file="ca.pem",
        envelope_sender="plain",
        bounce_address="studs@xn--ns-via.example",
        ehlo_name="brev.nas.example",
        dsn=False,
    )
    assert config.send == SendSettings(1800, 172_800, require_approval=True)
    assert config.dkim == DkimSettings("brev.xn--ns-via.example", "brev2", "var/dkim-2.pem")


@pytest.mark.parametrize(
    ("text", "door"),
    [
        ("", (587, "starttls")),
        ("port = 465", (465, "tls")),
        ("port = 587", (587, "starttls")),
        ("port = 2525", (2525, "starttls")),
        ("port = 25", (25, "starttls")),
        ('security = "tls"', (465, "tls")),
        ('security = "starttls"', (587, "starttls")),
        ('security = "none"', (25, "none")),
        ('port = 465\nsecurity = "starttls"', (465, "starttls")),
    ],
)
def test_port_and_security_follow_from_each_other(text: str, door: tuple[int, str]) -> None:
    for host in ("smtp.leverantor.example", "localhost"):
        found = relay(f'host = "{host}"\n{text}')
        assert (found.port, found.security) == door


@pytest.mark.parametrize(
    ("text", "auth"),
    [
        ("", ""),
        ('auth = "login"', ""),
        ('username = "nytt"', "auto"),
        ('username = "nytt"\nauth = "login"', "login"),
        ('username = "nytt"\ntoken_command = ["/opt/token"]', "xoauth2"),
        ('username = "nytt"\ntoken_command = ["/opt/token"]\nauth = "plain"', "plain"),
        ('token_command = ["/opt/token"]', ""),
    ],
)
def test_who_has_no_name_does_not_sign_in_and_a_token_is_used_where_there_is_one(
    text: str, auth: str
) -> None:
    assert relay(text).auth == auth


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("smtp.leverantor.example", "smtp.leverantor.example"),
        ("localhost", "localhost"),
        ("relay", "relay"),
        ("smtp.åmål.example", "smtp.åmål.example"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("[::1]", "::1"),
        ("my_relay", "my_relay"),
        ("smtp.leverantor.example.", "smtp.leverantor.example."),
    ],
)
def test_a_host_is_a_name_or_an_ip_address(given: str, host: str) -> None:
    assert relay(f'host = "{given}"').host == host
    assert relay("", HOST=given).host == host


def test_a_host_that_is_greeted_with_an_ip_address_gets_it_as_a_literal() -> None:
    assert relay('ehlo_name = "brev.nas.example"').ehlo_name == "brev.nas.example"
    assert relay('ehlo_name = "192.0.2.1"').ehlo_name == "[192.0.2.1]"
    assert relay('ehlo_name = "2001:db8::1"').ehlo_name == "[IPv6:2001:db8::1]"


def test_the_signing_domain_is_that_of_the_sender() -> None:
    config, rows = read('[dkim]\nselector = "brev"\n')

    assert rows == []
    assert config.dkim == DkimSettings("xn--ns-via.example", "brev", "var/dkim.pem")
    assert config.dkim.configured


def test_a_domain_may_be_written_without_quotation_marks_and_with_a_table_of_its_own() -> None:
    inline = relay('domain_rate = { kommun.example = "30/min", "*" = "unlimited" }')
    table = relay('[relay.domain_rate]\nKommun.example = "30/min"\n"*" = "unlimited"')
    swedish = relay('domain_rate = { "åmål.example" = "5/min" }')

    assert inline.domain_rates == (("*", Rate()), ("kommun.example", Rate(((30, 60),))))
    assert table == inline
    assert swedish.domain_rates == (("xn--ml-xiab.example", Rate(((5, 60),))),)


# ------------------------------------------------------------------------------------ the profiles


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_gives_defaults(name: str) -> None:
    found, profile = relay(f'profile = "{name}"'), PROFILES[name]

    assert found.known is profile
    assert found == RelaySettings(
        profile=name,
        rate=profile.rate,
        connections=profile.connections,
        messages_per_connection=profile.messages_per_connection,
        envelope_sender=profile.envelope_sender,
    )


def test_microsoft_allows_three_connections_thirty_a_minute_and_no_foreign_sender() -> None:
    found = relay('profile = "m365"')

    assert str(found.rate) == "30/min, 10000/day"
    assert (found.connections, found.envelope_sender) == (3, "plain")


def test_own_keys_win_over_the_profile() -> None:
    found = relay(
        'profile = "m365"\nrate = "unlimited"\nconnections = 1\nenvelope_sender = "signed"\n'
        "messages_per_connection = 9"
    )

    assert found == RelaySettings(
        profile="m365", connections=1, envelope_sender="signed", messages_per_connection=9
    )


def test_every_profile_stands_in_the_document_with_what_it_says() -> None:
    page = (ROOT / "docs" / "sending.md").read_text(encoding="utf-8")
    rows = [
        f"| `{word}` | {profile.name} | {profile.rate or 'none'} | {profile.connections} "
        f"| {profile.messages_per_connection} | {profile.envelope_sender} "
        f"| {profile.note} | {profile.source} |"
        for word, profile in PROFILES.items()
    ]

    assert [row for row in rows if row not in page] == []


# --------------------------------------------------------------------------------- the environment


def test_the_environment_overrides_settings_and_profile() -> None:
    found = relay(
        'host = "smtp.x.example"\nport = 465\nusername = "a"\nprofile = "m365"\n',
        HOST="127.0.0.1",
        PORT="2525",
        SECURITY="none",
        USERNAME="nytt",
        CONNECTIONS="10",
        CA_FILE="/etc/ca.pem",
        RATE="unlimited",
        PASSWORD=CANARY,
    )

    assert found == RelaySettings(
        host="127.0.0.1",
        port=2525,
        security="none",
        username="nytt",
        auth="auto",
        profile="m365",
        connections=10,
        ca_file="/etc/ca.pem",
        envelope_sender="plain",
    )
    assert CANARY not in repr(found)


def test_a_relay_in_the_environment_alone_is_enough() -> None:
    config, rows = read("", HOST="localhost", PORT="25", SECURITY="none")

    assert rows == []
    assert config.relay == RelaySettings(host="localhost", port=25, security="none")
    assert config.relay.configured


def test_an_empty_variable_overrides_nothing() -> None:
    empty = dict.fromkeys(
        ("HOST", "PORT", "SECURITY", "USERNAME", "CONNECTIONS", "CA_FILE", "RATE"), " "
    )

    assert relay('host = "smtp.x.example"\nport = 465', **empty) == relay(
        'host = "smtp.x.example"\nport = 465'
    )


# ---------------------------------------------------------------------------------- the documents


@pytest.mark.parametrize(
    ("table", "key"),
    [(t, k) for t, keys in (("relay", RELAY), ("send", SEND), ("dkim", DKIM)) for k in keys],
)
def test_every_key_is_documented_in_its_table(table: str, key: str) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    chapter = page.split(f"## {FILE}", 1)[1].split("\n## ", 1)[0]
    rows = re.split(r"^\| `\[", chapter, flags=re.MULTILINE)
    own = next(part for part in rows if part.startswith(f"{table}]"))

    assert f"`{key}`" in own


@pytest.mark.parametrize("variable", [*OVERRIDES, PASSWORD_VARIABLE])
def test_every_variable_is_documented(variable: str) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    chapter = page.split("## Environment", 1)[1].split("\n## ", 1)[0]

    assert f"| `{variable}` |" in chapter
