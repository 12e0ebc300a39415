"""Faults in what is said of sending: told with their line, without secrets, and survived."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.config import Config, Rate, RelaySettings, SendSettings, read_config
from smakom_mail.config.relay import DKIM, OVERRIDES, PASSWORD_VARIABLE, RELAY, SEND

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


# ------------------------------------------------------------------------------------- the faults


@pytest.mark.parametrize(
    ("added", "row"),
    [
        (
            '[relay]\nhosst = "x"',
            "8 P03 okänd nyckel ”hosst” [relay] | menade du ”host”?",
        ),
        (
            '[relay]\nhost = "smtp.x.example:587"',
            (
                "8 P04 ”host” ska vara namnet på en server, utan port, "
                'inte "smtp.x.example:587" | skriv till exempel host = "smtp.leverantor.example"'
            ),
        ),
        (
            '[relay]\nhost = "smtp://x.example"',
            (
                "8 P04 ”host” ska vara namnet på en server, utan port, "
                'inte "smtp://x.example" | skriv till exempel host = "smtp.leverantor.example"'
            ),
        ),
        (
            "[relay]\nport = 70000",
            (
                "8 P04 ”port” ska vara ett heltal från 1 till 65535, inte 70000 "
                "| skriv till exempel port = 587"
            ),
        ),
        (
            '[relay]\nport = "587"',
            '8 P04 ”port” ska vara ett heltal över 0, inte "587" | skriv till exempel port = 587',
        ),
        (
            '[relay]\nsecurity = "ssl"',
            (
                '8 P04 ”security” ska vara "starttls", "tls" eller "none", inte "ssl" '
                '| skriv till exempel security = "starttls"'
            ),
        ),
        (
            '[relay]\nauth = "cram-md5"',
            (
                '8 P04 ”auth” ska vara "auto", "plain", "login" eller "xoauth2", inte "cram-md5" '
                '| skriv till exempel auth = "auto"'
            ),
        ),
        (
            "[relay]\nconnections = 51",
            (
                "8 P04 ”connections” ska vara ett heltal från 1 till 50, inte 51 "
                "| skriv till exempel connections = 5"
            ),
        ),
        (
            "[relay]\nmessages_per_connection = 0",
            (
                "8 P04 ”messages_per_connection” ska vara ett heltal över 0, inte 0 "
                "| skriv till exempel messages_per_connection = 100"
            ),
        ),
        (
            '[relay]\nrate = "30/kvart"',
            (
                '8 P04 ”rate” ska vara ett antal per s, min, h eller day, eller "unlimited", '
                'inte "30/kvart" | skriv till exempel rate = "30/min, 10000/day"'
            ),
        ),
        (
            "[relay]\nrate = 30",
            (
                "8 P04 ”rate” ska vara text på en rad, inte 30 "
                '| skriv till exempel rate = "30/min, 10000/day"'
            ),
        ),
        (
            '[relay]\n[relay.domain_rate]\n"a.example" = "1/s"\n"b.example" = "0/s"',
            (
                "10 P04 ”b.example” ska vara ett antal över 0, på högst 31 dygn, "
                'inte "0/s" | skriv till exempel '
                'domain_rate = { "kommun.example" = "30/min", "*" = "60/min" }'
            ),
        ),
        (
            '[relay]\ndomain_rate = { "kim@a.example" = "1/s" }',
            (
                '8 P04 ”kim@a.example” ska vara en takt för en domän, eller för alla med "*", '
                'inte "1/s" | skriv till exempel '
                'domain_rate = { "kommun.example" = "30/min", "*" = "60/min" }'
            ),
        ),
        (
            '[relay]\ndomain_rate = { "a.example" = 5 }',
            (
                "8 P04 ”a.example” ska vara text på en rad, inte 5 | skriv till exempel "
                'domain_rate = { "kommun.example" = "30/min", "*" = "60/min" }'
            ),
        ),
        (
            '[relay]\nenvelope_sender = "verp"',
            (
                '8 P04 ”envelope_sender” ska vara "signed" eller "plain", inte "verp" '
                '| skriv till exempel envelope_sender = "signed"'
            ),
        ),
        (
            '[relay]\nbounce_address = "studs"',
            (
                '8 P04 ”bounce_address” ska vara en e-postadress, inte "studs" '
                '| skriv till exempel bounce_address = "studs@smakom.example"'
            ),
        ),
        (
            '[relay]\nehlo_name = "åmål.example"',
            (
                '8 P04 ”ehlo_name” ska vara namnet på en dator, inte "åmål.example" '
                '| skriv till exempel ehlo_name = "brev.smakom.example"'
            ),
        ),
        (
            '[relay]\ndsn = "ja"',
            '8 P04 ”dsn” ska vara true eller false, inte "ja" | skriv till exempel dsn = true',
        ),
        (
            '[relay]\nprofile = "M365"',
            "8 P23 det finns ingen profil ”M365” | menade du ”m365”?",
        ),
        (
            '[relay]\nprofile = "qqqqqq"',
            (
                "8 P23 det finns ingen profil ”qqqqqq” | kända profiler: ses, m365, google, "
                "postmark, sendgrid, socketlabs, smtp2go, loopia, simply, domeneshop, proisp, "
                "nordicway, postfix, custom"
            ),
        ),
        (
            '[send]\nhold = "10 kvart"',
            (
                '8 P04 ”hold” ska vara en tid som "10 min" eller "24 h", inte "10 kvart" '
                '| skriv till exempel hold = "10 min"'
            ),
        ),
        (
            "[send]\nhold = 10",
            '8 P04 ”hold” ska vara text på en rad, inte 10 | skriv till exempel hold = "10 min"',
        ),
        (
            '[send]\nlifetime = "0"',
            (
                '8 P04 ”lifetime” ska vara en tid över 0, inte "0" '
                '| skriv till exempel lifetime = "24 h"'
            ),
        ),
        (
            '[send]\nlifetime = "32 days"',
            (
                '8 P04 ”lifetime” ska vara en tid på högst 31 dygn, inte "32 days" '
                '| skriv till exempel lifetime = "24 h"'
            ),
        ),
        ("[dkim]", '7 P04 ”selector” saknas [dkim] | lägg till raden selector = "brev"'),
        (
            '[dkim]\nselector = "Brev 1"',
            (
                '8 P04 ”selector” ska vara små bokstäver, siffror och bindestreck, inte "Brev 1" '
                '| skriv till exempel selector = "brev"'
            ),
        ),
        (
            '[dkim]\nselector = "brev"\ndomain = "x y"',
            (
                '9 P04 ”domain” ska vara en domän, inte "x y" '
                '| skriv till exempel domain = "smakom.example"'
            ),
        ),
        ("relay = 1", "1 P04 ”relay” ska vara en tabell, inte 1 | skriv till exempel [relay]"),
    ],
)
def test_a_fault_is_told_and_leaves_the_usual(added: str, row: str) -> None:
    if added == "relay = 1":
        config, findings = read_config(f"{added}\n{GOOD}", {})
        rows = [f"{f.location.line} {f.code} {f.message('sv')} | {f.hint('sv')}" for f in findings]
    else:
        config, rows = read(f"{added}\n")

    assert rows == [row]
    assert config.relay in (
        RelaySettings(),
        RelaySettings(domain_rates=(("a.example", Rate(((1, 1),))),)),
    )
    assert config.send == SendSettings()


# ------------------------------------------------------------------------------------- the secrets


def test_a_password_in_the_settings_is_refused_and_not_shown() -> None:
    config, rows = read(f'[relay]\nhost = "smtp.x.example"\npassword = "{CANARY}"\n')

    assert rows == [
        (
            "9 P23 lösenordet till mejlservern ska inte stå i smakom-mail.toml | ta bort raden, "
            "byt lösenordet om git har sparat det, och sätt SMAKOM_MAIL_RELAY_PASSWORD, eller "
            "skriv det i en fil som bara du får läsa: password_file"
        )
    ]
    assert config.relay == RelaySettings(host="smtp.x.example")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f'password_command = "echo {CANARY}"', "”password_command” ska vara en lista med texter"),
        (f'token_command = {{ token = "{CANARY}" }}', "”token_command” ska vara en lista med"),
        (f'password_file = ["{CANARY}"]', "”password_file” ska vara text på en rad"),
        (f'token_command = ["", "{CANARY}"]', "”token_command” ska vara ett program och dess"),
        (f'password_command = ["a\\u0000", "{CANARY}"]', "”password_command” ska vara ett program"),
        ("password_command = []", "”password_command” ska vara ett program och dess argument"),
        (f'pasword = "{CANARY}"', "okänd nyckel ”pasword” [relay]"),
        (f'password_command = ["{CANARY}", 1]', "”password_command” ska vara en lista med texter"),
        (f'password_file = "{CANARY}\\u0007"', "”password_file” ska vara text på en rad"),
    ],
)
def test_what_may_be_a_secret_in_the_wrong_place_is_not_shown(text: str, message: str) -> None:
    config, rows = read(f"[relay]\n{text}\n")

    assert len(rows) == 1
    assert message in rows[0]
    assert CANARY not in rows[0]
    assert config.relay == RelaySettings()


# --------------------------------------------------------------------------------- the environment


@pytest.mark.parametrize(
    ("name", "value", "row"),
    [
        (
            "PORT",
            "abc",
            (
                "”SMAKOM_MAIL_RELAY_PORT” ska vara ett heltal från 1 till 65535, "
                'inte "abc" | skriv till exempel SMAKOM_MAIL_RELAY_PORT=587'
            ),
        ),
        (
            "RATE",
            "30",
            (
                "”SMAKOM_MAIL_RELAY_RATE” ska vara ett antal per s, min, h eller day, eller "
                '"unlimited", inte "30" '
                "| skriv till exempel SMAKOM_MAIL_RELAY_RATE=30/min, 10000/day"
            ),
        ),
        (
            "SECURITY",
            "TLS",
            (
                '”SMAKOM_MAIL_RELAY_SECURITY” ska vara "starttls", "tls" eller "none", '
                'inte "TLS" | skriv till exempel SMAKOM_MAIL_RELAY_SECURITY=starttls'
            ),
        ),
        (
            "CONNECTIONS",
            "0",
            (
                "”SMAKOM_MAIL_RELAY_CONNECTIONS” ska vara ett heltal från 1 till 50, "
                'inte "0" | skriv till exempel SMAKOM_MAIL_RELAY_CONNECTIONS=5'
            ),
        ),
        (
            "USERNAME",
            "a\nb",
            (
                "”SMAKOM_MAIL_RELAY_USERNAME” ska vara text på en rad, "
                'inte "a\\nb" | skriv till exempel '
                "SMAKOM_MAIL_RELAY_USERNAME=nyhetsbrev@smakom.example"
            ),
        ),
    ],
)
def test_a_fault_in_the_environment_names_the_variable(name: str, value: str, row: str) -> None:
    config, found = read_config(
        GOOD + "[relay]\nport = 465\n", {f"SMAKOM_MAIL_RELAY_{name}": value}
    )

    rows = [f"{f.location}: {f.code} {f.message('sv')} | {f.hint('sv')}" for f in found]
    assert rows == [f"environment: P04 {row}"]
    assert config.relay == RelaySettings(port=465, security="tls")


TOML_VALUES = st.recursive(
    st.text(max_size=20).map(lambda text: '"' + re.sub(r'[\x00-\x1f\x7f"\\]', "", text) + '"')
    | st.integers().map(str)
    | st.sampled_from(["true", "1.5", "2021-01-01", '"30/min"', '"m365"', '"none"']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.dictionaries(st.from_regex(r"[a-z*.]{1,8}", fullmatch=True), inner, max_size=3).map(
            lambda parts: "{" + ", ".join(f'"{k}" = {v}' for k, v in parts.items()) + "}"
        )
    ),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from([*RELAY, *SEND, *DKIM, "password"]), TOML_VALUES, max_size=5),
    st.dictionaries(st.sampled_from([*OVERRIDES, PASSWORD_VARIABLE]), st.text(max_size=20)),
)
def test_no_settings_raise(values: dict[str, str], environment: dict[str, str]) -> None:
    keys = "\n".join(f"{key} = {value}" for key, value in values.items())

    config, _ = read_config(f"{GOOD}[relay]\n{keys}\n[send]\n{keys}\n[dkim]\n{keys}", environment)

    assert 1 <= config.relay.connections <= 50
    assert 1 <= config.relay.port <= 65_535
    assert config.relay.security in ("starttls", "tls", "none")
    assert config.send.lifetime_seconds > 0
