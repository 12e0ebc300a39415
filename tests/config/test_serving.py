"""What [serve] may say."""

import datetime as dt
import ipaddress

import pytest

from smakom_mail.config import read_config
from smakom_mail.config.measures import Rate
from smakom_mail.config.serving import ServeSettings

BASE = """
[newsletter]
name = "Brevet"
[sender]
email = "brevet@forening.example"
[site]
url = "https://brev.forening.example"
[serve]
"""


def read(text: str) -> tuple[ServeSettings, list[str]]:
    """Read the settings, and what is wrong with them."""
    config, findings = read_config(BASE + text, {})
    return config.serve, [f"{each.location.line}: {each.message('en')}" for each in findings]


def test_everything_that_can_be_said() -> None:
    settings, findings = read(
        'lists = ["prenumeranter"]\n'
        'trusted_proxies = ["127.0.0.1", "2001:db8::/32"]\n'
        'network_rate = "5/h"\n'
        'total_rate = "unlimited"\n'
        'contact = "webb@forening.example"\n'
        'data_officer = "dso@forening.example"\n'
        "public_body = false\n"
        "assessed = 2026-11-01\n"
        'assessed_how = "självskattning"\n'
        'not_accessible = ["Kartan."]\n'
    )

    assert findings == []
    assert settings == ServeSettings(
        ("prenumeranter",),
        (ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("2001:db8::/32")),
        Rate(((5, 3600),)),
        Rate(),
        "webb@forening.example",
        "dso@forening.example",
        public_body=False,
        assessed=dt.date(2026, 11, 1),
        assessed_how="självskattning",
        not_accessible=("Kartan.",),
    )


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("lists", '["styrelsen"]', "slugs of lists: prenumeranter"),
        ("trusted_proxies", '["proxy"]', "IP addresses or networks"),
        ("network_rate", '"fast"', 'a number for each s, min, h or day, or "unlimited"'),
        ("contact", '"webb"', "an e-mail address"),
        ("assessed", "2026", "a date"),
    ],
)
def test_what_is_wrong_is_told_and_left_out(key: str, value: str, expected: str) -> None:
    finding = f"9: “{key}” must be {expected}, not {value}"

    assert read(f"{key} = {value}") == (ServeSettings(), [finding])
