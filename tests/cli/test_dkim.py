"""`dkim keygen` and `dkim show`: the record for DNS, and nothing of the private half."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.mail.dkim_key import dns_record
from tests.mail.verifying import key
from tests.services.running import as_json, ran

Cli = Callable[..., Result]
SETTINGS = '\n[dkim]\nselector = "brev"\n'


@pytest.fixture
def written(project: Path) -> Path:
    """Write a key where it is looked for; give the file."""
    path = project / "var/dkim.pem"
    path.parent.mkdir()
    path.write_bytes(key())
    path.chmod(0o600)
    return path


def test_keygen_prints_the_record_in_two_forms_and_what_to_write(cli: Cli, project: Path) -> None:
    out, err = ran(cli("dkim", "keygen"))

    made = (project / "var/dkim.pem").read_bytes()
    record = dns_record(made, "smakom.se", "brev")
    assert out == (
        "publish this in the DNS of smakom.se:\n"
        "\n"
        "type   TXT\n"
        "name   brev._domainkey.smakom.se\n"
        f"value  {record.value}\n"
        "\n"
        "the same as a line of a zone file:\n"
        "\n"
        f'brev._domainkey.smakom.se. IN TXT ( "{record.strings[0]}" "{record.strings[1]}" )\n'
    )
    assert err == (
        "made var/dkim.pem, which only you can read\n"
        "\n"
        "most DNS hosts want the name as brev._domainkey, without the domain\n"
        "to sign with it, write in smakom-mail.toml:\n"
        "\n"
        "    [dkim]\n"
        '    domain = "smakom.se"\n'
        '    selector = "brev"\n'
        '    key_file = "var/dkim.pem"\n'
    )


def test_what_is_set_already_is_not_asked_for(cli: Cli, project: Path) -> None:
    with (project / "smakom-mail.toml").open("a", encoding="utf-8") as file:
        file.write(SETTINGS)

    _, err = ran(cli("dkim", "keygen"))

    assert err.endswith("without the domain\n")


def test_show_prints_the_same_again(cli: Cli, project: Path) -> None:
    made, _ = ran(cli("dkim", "keygen"))
    shown, _ = ran(cli("dkim", "show"))

    assert shown == made
    assert (project / "var/dkim.pem").read_text(encoding="ascii")[40:80] not in shown


def test_show_as_json(cli: Cli, written: Path) -> None:
    record = dns_record(key(), "brev.example", "b1")
    assert as_json(
        cli("dkim", "show", "--domain", "brev.example", "--selector", "b1", "--format", "json")
    ) == {
        "file": str(written),
        "domain": "brev.example",
        "selector": "b1",
        "type": "TXT",
        "name": "b1._domainkey.brev.example",
        "value": record.value,
        "strings": list(record.strings),
        "zone_line": record.zone_line,
        "configured": False,
    }


def test_keygen_leaves_a_key_alone_even_with_yes(cli: Cli, written: Path) -> None:
    out, err = ran(cli("dkim", "keygen", "--yes"), 1)

    assert out == ""
    assert err == (
        f"error: {written} is there already\n"
        "    hint: see its record: smakom-mail dkim show; or --replace it\n"
    )
    assert written.read_bytes() == key()


def test_keygen_replaces_a_key_when_told(cli: Cli, written: Path) -> None:
    ran(cli("dkim", "keygen", "--replace"))
    assert written.read_bytes() != key()


def test_keygen_writes_elsewhere_and_show_reads_there(cli: Cli, project: Path) -> None:
    made = as_json(cli("dkim", "keygen", "--out", "nycklar/ny.pem", "--format", "json"))
    shown = as_json(cli("dkim", "show", "--key", "nycklar/ny.pem", "--format", "json"))

    assert made == shown
    assert made["file"] == str(project / "nycklar/ny.pem")
