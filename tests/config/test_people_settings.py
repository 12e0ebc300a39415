"""What smakom-mail.toml says of people: lists, audience, database; faults leave defaults."""

import pytest

from smakom_mail.config import PeopleSettings, read_config
from smakom_mail.model.person import MailingList

GOOD = """[newsletter]
name = "Nytt från Näs"
[sender]
email = "nytt@nas.example"
[site]
url = "https://nytt.nas.example"
"""
TWO_LISTS = """[[people.list]]
slug = "medlemmar"
name = "Medlemmar"
[[people.list]]
slug = "förtroendevalda"
name = "Förtroendevalda"
"""


def read(text: str, **environment: str) -> tuple[PeopleSettings, list[str]]:
    """Read settings; give those of people, and ``line code message`` of every finding."""
    config, findings = read_config(text, environment)
    return config.people, [f"{f.location.line} {f.code} {f.message('sv')}" for f in findings]


def test_nothing_needs_to_be_said() -> None:
    people, rows = read(GOOD)

    assert rows == []
    assert people == PeopleSettings()
    assert people.database_url == "sqlite:///var/smakom-mail.db"
    assert people.default_list == "prenumeranter"


def test_everything_that_may_be_said_is_read() -> None:
    people, rows = read(
        GOOD.replace("[sender]", 'audience = "list:medlemmar and not tag:styrelse"\n[sender]')
        + '[database]\nurl = "sqlite:////srv/x.db"\n'
        + '[people]\nmembers_file = "medlemmar.csv"\nretention_months = 12\n'
        + 'role_addresses = ["kommun"]\n'
        + TWO_LISTS
    )

    assert rows == []
    assert people == PeopleSettings(
        database_url="sqlite:////srv/x.db",
        lists=(
            MailingList("medlemmar", "Medlemmar", is_default=True),
            MailingList("förtroendevalda", "Förtroendevalda"),
        ),
        audience="list:medlemmar and not tag:styrelse",
        members_file="medlemmar.csv",
        retention_months=12,
        role_addresses=("kommun",),
    )
    assert people.default_list == "medlemmar"


def test_the_environment_overrides_the_database() -> None:
    text = f'{GOOD}[database]\nurl = "sqlite:///a.db"\n'

    assert read(text, SMAKOM_MAIL_DATABASE="sqlite:///b.db")[0].database_url == "sqlite:///b.db"
    assert read(text, SMAKOM_MAIL_DATABASE=" ")[0].database_url == "sqlite:///a.db"


@pytest.mark.parametrize(
    ("added", "row"),
    [
        (
            "[people]\nretention_months = 0\n",
            "8 P04 ”retention_months” ska vara ett heltal över 0, inte 0",
        ),
        (
            "[people]\nretention_months = true\n",
            "8 P04 ”retention_months” ska vara ett heltal över 0, inte true",
        ),
        (
            '[people]\nretention_months = "12"\n',
            '8 P04 ”retention_months” ska vara ett heltal över 0, inte "12"',
        ),
        ('[people]\nmembers = "x"\n', "8 P03 okänd nyckel ”members” [people]"),
        (
            '[[people.list]]\nslug = "Medlemmar"\nname = "x"\n',
            (
                "8 P04 ”slug” ska vara ett namn med små bokstäver, siffror och bindestreck, "
                'inte "Medlemmar"'
            ),
        ),
        (
            '[[people.list]]\nslug = "*"\nname = "x"\n',
            '8 P04 ”slug” ska vara ett namn med små bokstäver, siffror och bindestreck, inte "*"',
        ),
        ('[[people.list]]\nname = "x"\n', "7 P04 ”slug” saknas [people.list]"),
        ('[people]\nlist = "x"\n', '8 P04 ”list” ska vara en lista av tabeller, inte "x"'),
        ("[database]\nurl = 7\n", "8 P04 ”url” ska vara text på en rad, inte 7"),
        (
            f'{TWO_LISTS}[[people.list]]\nslug = "medlemmar"\nname = "x"\n',
            '14 P04 ”slug” ska vara ett namn som ingen annan lista har, inte "medlemmar"',
        ),
    ],
)
def test_a_fault_is_told_and_leaves_what_is_good(added: str, row: str) -> None:
    people, rows = read(GOOD + added)

    assert rows == [row]
    assert people.default_list in ("prenumeranter", "medlemmar")


@pytest.mark.parametrize("audience", ["list:press", "alla", "list:medlemmar and", "list medlemmar"])
def test_an_audience_that_selects_nobody_is_told(audience: str) -> None:
    text = GOOD.replace("[sender]", f'audience = "{audience}"\n[sender]')

    people, rows = read(text + TWO_LISTS)

    assert [row[:5] for row in rows] == ["3 P22"]
    assert people.audience == ""
