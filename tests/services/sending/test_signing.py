"""The DKIM key of a project: in a file of its own, safe from others and from git, never shown."""

import os
import re
import shlex
import stat
import traceback
from dataclasses import replace
from pathlib import Path

import pytest

from smakom_mail.config import Config, DkimSettings
from smakom_mail.config.settings import Sender
from smakom_mail.errors import SmakomMailError
from smakom_mail.mail.dkim_key import dns_record
from smakom_mail.services.sending.signing import (
    PublishedKey,
    make_dkim_key,
    open_signer,
    show_dkim_key,
)
from smakom_mail.services.workplace import Workplace
from tests.mail.verifying import key
from tests.repositories import add, repository

SIGNING = DkimSettings(domain="brev.example", selector="brev", key_file="var/dkim.pem")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give an empty project; its name has to be quoted in a shell."""
    folder = tmp_path / "ett brev"
    folder.mkdir()
    return folder


def place(root: Path, dkim: DkimSettings = SIGNING) -> Workplace:
    config = replace(Config(), dkim=dkim, sender=replace(Sender(), email="kim@åmål.example"))
    return Workplace(root, config, ())


def written(root: Path, content: bytes | None = None, mode: int = 0o600) -> Path:
    path = root / "var/dkim.pem"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(key() if content is None else content)
    path.chmod(mode)
    return path


def refused(root: Path) -> tuple[str, str]:
    """Give sentence and hint of a refusal, neither of which shows the key."""
    with pytest.raises(SmakomMailError) as raised:
        open_signer(place(root), lambda: 0)
    told = "".join(traceback.format_exception(raised.value))
    assert key()[40:80].decode("ascii") not in told
    return raised.value.message, raised.value.hint


# -------------------------------------------------------------------------------------- making


def test_a_key_is_made_for_its_owner_alone(root: Path) -> None:
    made = make_dkim_key(place(root))
    path = root / "var/dkim.pem"
    record = dns_record(path.read_bytes(), "brev.example", "brev")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["dkim.pem"]
    assert made == PublishedKey(
        file=path,
        domain="brev.example",
        selector="brev",
        name="brev._domainkey.brev.example",
        value=record.value,
        strings=record.strings,
        zone_line=record.zone_line,
        configured=True,
        settings=(
            "[dkim]",
            'domain = "brev.example"',
            'selector = "brev"',
            'key_file = "var/dkim.pem"',
        ),
    )


def test_without_settings_it_is_for_the_senders_domain(root: Path) -> None:
    made = make_dkim_key(place(root, DkimSettings()))
    assert (made.name, made.configured) == ("brev._domainkey.xn--ml-xiab.example", False)


def test_a_key_that_is_there_is_left_alone(root: Path) -> None:
    path = written(root)
    with pytest.raises(SmakomMailError) as raised:
        make_dkim_key(place(root))
    assert (raised.value.message, raised.value.hint) == (
        f"{path} is there already",
        "see its record: smakom-mail dkim show; or --replace it",
    )
    assert path.read_bytes() == key()


def test_a_key_is_replaced_when_that_is_said(root: Path) -> None:
    path = written(root, mode=0o644)
    make_dkim_key(place(root), replace=True)
    assert path.read_bytes() != key()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_at_its_place_is_not_followed(root: Path) -> None:
    outside = root / "elsewhere.pem"
    (root / "var").mkdir()
    (root / "var/dkim.pem").symlink_to(outside)
    with pytest.raises(SmakomMailError, match=r"is there already$"):
        make_dkim_key(place(root))
    make_dkim_key(place(root), replace=True)
    assert not outside.exists()
    assert not (root / "var/dkim.pem").is_symlink()


def test_a_place_that_git_would_keep_is_refused(root: Path) -> None:
    repository(root)
    (root / ".gitignore").write_text("var/\n", encoding="ascii")
    path = root / "dkim.pem"
    with pytest.raises(SmakomMailError) as raised:
        make_dkim_key(place(root), out=path)
    assert (raised.value.message, raised.value.hint) == (
        f"git would keep {path}, so that everybody with the repository has it",
        "put its folder in .gitignore, or name a place outside the repository",
    )
    assert not path.exists()
    assert make_dkim_key(place(root)).file.exists()


def test_a_disk_that_refuses_is_said(root: Path) -> None:
    (root / "var").write_bytes(b"")
    with pytest.raises(SmakomMailError) as raised:
        make_dkim_key(place(root))
    assert (raised.value.message, raised.value.hint) == (
        f"{root}/var/dkim.pem cannot be written: Not a directory",
        f"make room or permission in '{root}/var', or name another place",
    )


@pytest.mark.parametrize(
    ("domain", "selector", "sentence"),
    [
        ("å.example", "a", "'å.example' is no domain to sign for"),
        ("a.b", "A", "'A' is no selector"),
    ],
)
def test_nothing_is_made_for_what_cannot_be_signed(
    root: Path, domain: str, selector: str, sentence: str
) -> None:
    with pytest.raises(SmakomMailError) as raised:
        make_dkim_key(place(root), domain=domain, selector=selector)
    assert raised.value.message == sentence
    assert list(root.iterdir()) == []


def test_without_any_domain_it_says_where_to_write_one(root: Path) -> None:
    with pytest.raises(SmakomMailError) as raised:
        make_dkim_key(Workplace(root, Config(), ()))
    assert (raised.value.message, raised.value.hint) == (
        "nothing says which domain is signed for",
        "say it with --domain, or set [sender] email in smakom-mail.toml",
    )


# ------------------------------------------------------------------------------------- reading


def test_the_record_is_shown_again(root: Path) -> None:
    assert show_dkim_key(place(root), file=written(root)) == show_dkim_key(place(root))


def test_what_signs_is_opened_from_the_settings(root: Path) -> None:
    written(root)
    assert repr(open_signer(place(root), lambda: 0)) == "Signer(brev._domainkey.brev.example)"


def test_without_settings_nothing_is_signed(root: Path) -> None:
    written(root)
    assert open_signer(place(root, DkimSettings()), lambda: 0) is None


def test_a_missing_key_says_how_to_make_one(root: Path) -> None:
    assert refused(root) == (
        f"there is no {root}/var/dkim.pem, which holds the DKIM key",
        "make one: smakom-mail dkim keygen",
    )


def test_a_key_that_others_can_read_is_refused(root: Path) -> None:
    path = written(root, mode=0o640)
    assert refused(root) == (
        f"others can reach {path}: its mode is 0640",
        f"chmod 600 {shlex.quote(str(path))}",
    )


def test_a_key_that_git_keeps_is_refused(root: Path) -> None:
    add(repository(root), {"var/dkim.pem": key()})
    (root / "var/dkim.pem").chmod(0o600)
    message, hint = refused(root)
    assert message == (
        f"git keeps {root}/var/dkim.pem, so that everybody with the repository has the DKIM key"
    )
    assert re.fullmatch(r"git -C '.*' rm --cached '.*', and make another one", hint)


def test_a_pipe_or_a_folder_is_no_key(root: Path) -> None:
    path = root / "var/dkim.pem"
    path.parent.mkdir()
    os.mkfifo(path, 0o600)
    wanted = (f"{path} is not a file", "put the DKIM key in a file of its own")
    assert refused(root) == wanted
    path.unlink()
    path.mkdir()
    assert refused(root) == wanted


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"-----BEGIN PRIVATE KEY-----\n"])
def test_what_is_no_key_is_refused(root: Path, content: bytes) -> None:
    written(root, content)
    assert refused(root) == (
        "the DKIM key is no private key in PEM",
        "smakom-mail dkim keygen makes one",
    )


def test_a_file_too_large_for_a_key_is_not_read_whole(root: Path) -> None:
    path = written(root, b"x" * 200_000)
    assert refused(root) == (
        f"{path} is too large to hold the DKIM key",
        "make one: smakom-mail dkim keygen",
    )
