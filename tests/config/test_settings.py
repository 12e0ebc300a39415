"""smakom-mail.toml: what it may say, and that every fault leaves a usable setting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.config import (
    Config,
    ListSettings,
    Newsletter,
    SampleReader,
    SectionDefaults,
    Sender,
    Social,
    read_config,
)
from smakom_mail.config.addresses import ascii_address, is_address, is_site_url

GOOD = """[newsletter]
name = "Nytt från Näs"
[sender]
email = "nytt@nas.example"
[site]
url = "https://nytt.nas.example"
"""


def read(text: str, **environment: str) -> tuple[Config, list[str]]:
    """Read settings; give them and ``line code message | hint`` of every finding."""
    config, findings = read_config(text, environment)
    rows = [
        f"{str(f.location).rpartition(':')[2]} {f.code} {f.message('sv')} | {f.hint('sv')}"
        for f in findings
    ]
    return config, rows


def test_three_tables_are_enough_and_the_rest_has_defaults() -> None:
    config, rows = read(GOOD)

    assert rows == []
    assert config.newsletter == Newsletter(name="Nytt från Näs", language="sv", layout="smakom")
    assert config.sender == Sender(email="nytt@nas.example")
    assert config.site_url == "https://nytt.nas.example"
    assert config.site_host == "nytt.nas.example"
    assert config.samples == (
        SampleReader("Kim Exempel", "Exempelkommunen", "kim@exempel.example"),
    )
    assert config.messages_language == "sv"
    assert config.section("anything") == SectionDefaults()


def test_everything_that_may_be_said_is_read() -> None:
    config, rows = read(
        GOOD.replace("[sender]", 'language = "en"\nlayout = "vinter"\n[sender]').replace(
            "[site]", 'website = "https://www.nas.example/"\n[site]'
        )
        + """[list]
id = "nytt.nas.example"
unsubscribe_email = "bort@nas.example"
[[social]]
name = "Torget"
url = "https://social.example/nas"
icon = "torg"
[sections.kontakt]
kind = "contact"
label = "Kontakt"
byline = "Kim Ek"
[[sample]]
name = "Bo"
organisation = "Näs"
email = "bo@nas.example"
[messages]
language = "sv"
[checks]
dictionary = "ordbok"
"""
    )

    assert rows == []
    assert (config.newsletter.language, config.newsletter.layout) == ("en", "vinter")
    assert config.mailing_list == ListSettings("nytt.nas.example", "bort@nas.example")
    assert config.social == (Social("Torget", "https://social.example/nas", "torg"),)
    assert config.section("kontakt") == SectionDefaults("contact", "Kontakt", "Kim Ek")
    assert config.samples == (SampleReader("Bo", "Näs", "bo@nas.example"),)
    assert config.messages_language == "sv"
    assert config.dictionary == "ordbok"
    assert config.own_hosts == {"nytt.nas.example", "www.nas.example"}
    lines = dict(config.lines)
    assert (lines["sender"], lines["social.0"], lines["sections.kontakt"]) == (5, 13, 17)


def test_an_empty_file_lacks_the_three_tables() -> None:
    assert read("")[1] == [
        "1 P04 ”newsletter” saknas | lägg till raden [newsletter]",
        "1 P04 ”sender” saknas | lägg till raden [sender]",
        "1 P04 ”site” saknas | lägg till raden [site]",
    ]


def test_a_file_that_is_no_toml_gives_one_finding_and_the_defaults() -> None:
    config, rows = read("[newsletter\n")

    assert len(rows) == 1
    assert config == Config(lines=(("sender", 1),))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'name = "Nytt från Näs"',
            'nam = "Nytt"',
            [
                "2 P03 okänd nyckel ”nam” [newsletter] | menade du ”name”?",
                '1 P04 ”name” saknas [newsletter] | lägg till raden name = "SmåKoms nyhetsbrev"',
            ],
        ),
        ("[site]", "[sajt]", ["5 P03 okänd nyckel ”sajt” | menade du ”site”?"]),
        (
            "nytt@nas.example",
            "Näs <nytt@nas.example>",
            [
                (
                    '4 P04 ”email” ska vara en e-postadress, inte "Näs <nytt@nas.example>"'
                    ' | skriv till exempel email = "nyhetsbrev@smakom.example"'
                )
            ],
        ),
        (
            "nytt@nas.example",
            "",
            [
                (
                    '4 P04 ”email” ska vara text på en rad, inte ""'
                    ' | skriv till exempel email = "nyhetsbrev@smakom.example"'
                )
            ],
        ),
        (
            "https://nytt.nas.example",
            "http://nytt.nas.example",
            [
                (
                    "6 P04 ”url” ska vara en https-adress (http bara till den egna datorn), inte"
                    ' "http://nytt.nas.example"'
                    ' | skriv till exempel url = "https://nyhetsbrev.smakom.example"'
                )
            ],
        ),
        (
            "Nytt från Näs",
            "Nytt\\nBcc: alla@nas.example",
            [
                (
                    '2 P04 ”name” ska vara text på en rad, inte "Nytt\\nBcc: alla@nas.example"'
                    ' | skriv till exempel name = "SmåKoms nyhetsbrev"'
                )
            ],
        ),
        (
            "[sender]",
            'language = "se"\n[sender]',
            [
                (
                    '3 P04 ”language” ska vara "sv" eller "en", inte "se"'
                    ' | skriv till exempel language = "sv"'
                )
            ],
        ),
    ],
)
def test_a_fault_is_said_at_its_line(old: str, new: str, expected: list[str]) -> None:
    rows = read(GOOD.replace(old, new))[1]

    assert rows[: len(expected)] == expected
    assert len(rows) - len(expected) == ("sajt" in new)  # then [site] is missing as well


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            '[[social]]\nname = "Torget"\nurl = "javascript:alert(1)"\n',
            (
                '9 P04 ”url” ska vara en https-adress, inte "javascript:alert(1)"'
                ' | skriv till exempel url = "https://social.example/smakom"'
            ),
        ),
        (
            '[[social]]\nurl = "https://social.example/"\n',
            '7 P04 ”name” saknas [social] | lägg till raden name = "Facebook"',
        ),
        (
            '[[sample]]\nemail = "bo"\n',
            (
                '8 P04 ”email” ska vara en e-postadress, inte "bo"'
                ' | skriv till exempel email = "kim@exempel.example"'
            ),
        ),
        (
            '[sections]\nkontakt = "contact"\n',
            (
                '8 P04 ”kontakt” ska vara en tabell, inte "contact"'
                " | skriv till exempel [sections.kontakt]"
            ),
        ),
        (
            '[sections.kontakt]\nkinds = "contact"\n',
            "8 P03 okänd nyckel ”kinds” [sections.kontakt] | menade du ”kind”?",
        ),
        (
            '[messages]\nlanguage = "de"\n',
            (
                '8 P04 ”language” ska vara "sv" eller "en", inte "de"'
                ' | skriv till exempel language = "sv"'
            ),
        ),
        (
            "[list]\nid = 1\n",
            (
                "8 P04 ”id” ska vara text på en rad, inte 1"
                ' | skriv till exempel id = "nyhetsbrev.smakom.example"'
            ),
        ),
    ],
)
def test_a_fault_in_an_optional_table_is_said_and_left_out(more: str, expected: str) -> None:
    config, rows = read(GOOD + more)

    assert rows == [expected]
    assert all(not place.url for place in config.social)
    assert config.samples == (SampleReader(),)


@pytest.mark.parametrize(
    "website", ["http://[", "http://www.nas.example", "www.nas.example", "https://"]
)
def test_a_website_that_nobody_can_open_is_said_and_left_out(website: str) -> None:
    config, rows = read(GOOD.replace("[site]", f'website = "{website}"\n[site]'))

    assert rows == [
        (
            f'5 P04 ”website” ska vara en https-adress, inte "{website}"'
            ' | skriv till exempel website = "https://smakom.example/"'
        )
    ]
    assert config.own_hosts == {"nytt.nas.example", ""}


def test_the_environment_may_give_another_site() -> None:
    config, rows = read(GOOD, SMAKOM_MAIL_SITE_URL="http://127.0.0.1:8000/")

    assert rows == []
    assert config.site_url == "http://127.0.0.1:8000"


def test_a_bad_site_in_the_environment_is_called_by_its_own_name() -> None:
    config, rows = read(GOOD, SMAKOM_MAIL_SITE_URL="ftp://nas.example")

    assert rows == [
        (
            "environment P04 ”SMAKOM_MAIL_SITE_URL” ska vara en https-adress (http bara till den "
            'egna datorn), inte "ftp://nas.example"'
            " | skriv till exempel SMAKOM_MAIL_SITE_URL=https://nyhetsbrev.smakom.example"
        )
    ]
    assert config.site_url == "https://nyhetsbrev.example"


@pytest.mark.parametrize(
    "url",
    ["https://nas.example", "https://nas.example/brev", "http://localhost:8000", "http://[::1]:80"],
)
def test_a_site_is_https_or_loopback(url: str) -> None:
    assert is_site_url(url)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://nas.example",
            "http://192.0.2.1",
            "https://",
            "nas.example",
            "https://a b.example",
        ),
        *("https://kim@nas.example", "https://nas.example?x=1", "https://nas.example#x"),
        *("https://nas.example:port", "http://[", "file:///etc/passwd", "//nas.example", ""),
    ],
)
def test_anything_else_is_no_site(url: str) -> None:
    assert not is_site_url(url)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("kim@nas.example", True),
        ("kim+nytt@nas.test", True),
        ("kim", False),
        ("kim@", False),
        ("Kim <kim@nas.example>", False),
        ("kim@nas.example\nBcc: bo@nas.example", False),
        ("", False),
    ],
)
def test_an_address_is_bare(address: str, expected: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_address(address) is expected


@given(st.text(), st.text(max_size=30))
def test_no_settings_raise(text: str, value: str) -> None:
    for source in (text, GOOD.replace("nytt", value), GOOD + text):
        config, _ = read_config(source, {"SMAKOM_MAIL_SITE_URL": value})
        assert config.site_host
        assert config.own_hosts


WITH_LIST = """
[newsletter]
name = "Brevet"

[sender]
email = "brev@forening.example"

[site]
url = "https://brev.forening.example"

[list]
id = "NAME"
"""


def test_a_list_name_is_one_that_a_header_can_hold() -> None:
    config, found = read_config(WITH_LIST.replace("NAME", "Små lista"), {})

    assert config.mailing_list.id == ""
    assert [(f.code, f.message("sv")) for f in found] == [
        ("P04", '”id” ska vara ett namn på en lista, inte "Små lista"')
    ]
    assert read_config(WITH_LIST.replace("NAME", "brev.forening.example"), {})[1] == ()


def test_an_address_in_a_swedish_domain_is_sent_as_headers_carry_it() -> None:
    assert ascii_address("kommun@åmål.example") == "kommun@xn--ml-xiab.example"
    assert ascii_address("åsa@forening.example") == ""
