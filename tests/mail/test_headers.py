"""Header lines: no value can add a header, a recipient or a second meaning."""

import base64
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.mail.headers import (
    HeaderValueError,
    encoded_words,
    header,
    list_id_header,
    mailbox_header,
    phrase,
    refuse_controls,
    text_header,
)

SEPARATORS = (
    *("\r", "\n", "\r\n", "\x00", "\x0b", "\x0c", "\x1c"),
    *("\x1d", "\x1e", "\x85", "\u2028", "\u2029"),
)
ADDRESS = "kim@b.example"
WORD = re.compile(r"=\?utf-8\?b\?([A-Za-z0-9+/]+=*)\?=")
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=120)

Writer = Callable[[str], bytes]
WRITERS: dict[str, Writer] = {
    "structured": lambda value: header("X", value),
    "text": lambda value: text_header("Subject", value),
    "display": lambda value: mailbox_header("From", value, ADDRESS),
    "address": lambda value: mailbox_header("To", "", value),
    "address behind a name": lambda value: mailbox_header("To", "Kim", value),
    "list name": lambda value: list_id_header(value, "brev.example"),
    "list identity": lambda value: list_id_header("Brevet", value),
}


@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
@pytest.mark.parametrize("writer", WRITERS)
def test_no_value_can_begin_another_line(writer: str, separator: str) -> None:
    for value in (f"a{separator}Bcc: eve@b.example", f"å{separator}b", separator, f"a{separator}"):
        with pytest.raises(HeaderValueError) as raised:
            WRITERS[writer](value)
        assert "would hold the control character" in str(raised.value)


def test_the_refusal_names_header_and_character() -> None:
    with pytest.raises(HeaderValueError) as raised:
        refuse_controls("Subject", "a\tb")
    assert str(raised.value) == "the header Subject would hold the control character '\\t'"


# ------------------------------------------------------------------------------------ structured


def test_a_structured_value_stands_on_one_line_as_it_is() -> None:
    value = f"<https://brev.example/{'u' * 200}>, <mailto:{ADDRESS}>"
    assert header("List-Unsubscribe", value) == f"List-Unsubscribe: {value}\r\n".encode()


def test_a_structured_value_may_fill_a_line_of_998_octets() -> None:
    assert len(header("X", "a" * 995)) == 998 + 2
    with pytest.raises(HeaderValueError, match=r"^the header X cannot hold 'a{60}'$"):
        header("X", "a" * 996)


def test_a_structured_value_is_ascii() -> None:
    with pytest.raises(HeaderValueError, match=r"^the header X cannot hold 'å'$"):
        header("X", "å")


# ------------------------------------------------------------------------------------------ text


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("Hej", b"Subject: Hej\r\n"),
        ("Möte", b"Subject: =?utf-8?b?TcO2dGU=?=\r\n"),
        ("a =?utf-8?q?b?=", b"Subject: =?utf-8?b?YSA9P3V0Zi04P3E/Yj89?=\r\n"),
        ("a" * 69, b"Subject: " + b"a" * 69 + b"\r\n"),
    ],
)
def test_text_is_encoded_only_where_it_must_be(value: str, line: bytes) -> None:
    assert text_header("Subject", value) == line


def test_long_text_is_folded_between_encoded_words() -> None:
    line = text_header("Subject", "a" * 70)
    assert line == (
        b"Subject: =?utf-8?b?" + base64.b64encode(b"a" * 39) + b"?=\r\n"
        b" =?utf-8?b?" + base64.b64encode(b"a" * 31) + b"?=\r\n"
    )


def shown(line: bytes) -> str:
    """Decode as a mail program does."""
    value = line.decode("ascii").removesuffix("\r\n").replace("\r\n", "").partition(": ")[2]
    return str(make_header(decode_header(value)))


@given(NAMES.filter(lambda text: not text.isascii() or "=?" in text))
def test_any_text_is_read_back(text: str) -> None:
    assert shown(text_header("Subject", text)) == text


@given(NAMES)
def test_encoded_words_and_their_lines_are_short_and_whole(text: str) -> None:
    """RFC 2047 section 2: a word of 75 characters at most, its line of 76; no cut character."""
    lines = (b"Subject: " + encoded_words(text, 9).encode()).decode("ascii").split("\r\n")
    assert all(len(line) <= 76 for line in lines)
    for line in lines:
        word = WORD.fullmatch(line.removeprefix("Subject:").strip())
        if text:
            assert word
            assert len(word[0]) <= 75
            base64.b64decode(word[1]).decode("utf-8")


# --------------------------------------------------------------------------------------- mailbox


@pytest.mark.parametrize(
    ("display", "line"),
    [
        ("", "From: kim@b.example"),
        ("Kim Ek", "From: Kim Ek <kim@b.example>"),
        ("Ek, Kim", 'From: "Ek, Kim" <kim@b.example>'),
        ('Kim "K" Ek', 'From: "Kim \\"K\\" Ek" <kim@b.example>'),
        ("Kim <eve@b.example>", 'From: "Kim <eve@b.example>" <kim@b.example>'),
        ("Kim\\", 'From: "Kim\\\\" <kim@b.example>'),
        ("Åsa", "From: =?utf-8?b?w4VzYQ==?=\r\n <kim@b.example>"),
        ("=?utf-8?q?Eve?=", "From: =?utf-8?b?PT91dGYtOD9xP0V2ZT89?=\r\n <kim@b.example>"),
    ],
)
def test_a_mailbox(display: str, line: str) -> None:
    assert mailbox_header("From", display, ADDRESS) == f"{line}\r\n".encode()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kim",
        "@b.example",
        "kim@",
        "kim@b@c.example",
        "a@b.example, c@d.example",
        "kim@b .example",
        "<kim@b.example>",
        "kim@b.example>",
        '"k"@b.example',
        "kim@b.example;",
        "a:kim@b.example",
        "kim@åmål.example",
        "kom(x)@b.example",
        "kim\\@b.example",
        " kim@b.example",
        "kim@b.example ",
    ],
)
def test_what_is_not_one_bare_address_is_refused(address: str) -> None:
    with pytest.raises(HeaderValueError) as raised:
        mailbox_header("To", "", address)
    assert str(raised.value) == f"the header To cannot hold the address {address!r}"


@given(NAMES)
def test_whatever_the_name_there_is_exactly_one_mailbox(name: str) -> None:
    line = mailbox_header("To", name, ADDRESS)
    value = line.decode("ascii").removesuffix("\r\n").replace("\r\n", "").removeprefix("To: ")
    assert [address for _, address in getaddresses([value])] == [ADDRESS]
    modern = message_from_bytes(line + b"\r\n", policy=policy.default)
    assert isinstance(modern, EmailMessage)
    assert [box.addr_spec for box in modern["To"].addresses] == [ADDRESS]
    assert all(len(part) <= 76 for part in line.split(b"\r\n"))


@given(NAMES.map(str.strip).filter(bool))
def test_any_name_is_read_back(name: str) -> None:
    value = phrase(name)
    if value.startswith('"'):
        assert re.sub(r"\\(.)", r"\1", value[1:-1]) == name
    else:
        assert shown(f"X: {value}\r\n".encode()) == name


# --------------------------------------------------------------------------------------- list id


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("", "List-Id: <brev.example>"),
        ("Brevet", "List-Id: Brevet\r\n <brev.example>"),
        ("Brevet <x>", 'List-Id: "Brevet <x>"\r\n <brev.example>'),
        ("SmåKom", "List-Id: =?utf-8?b?U23DpUtvbQ==?=\r\n <brev.example>"),
    ],
)
def test_a_list_has_a_name_and_one_identity(name: str, line: str) -> None:
    assert list_id_header(name, "brev.example") == f"{line}\r\n".encode()


@pytest.mark.parametrize("identity", ["", "brev example", "brev.example>", "åmål.example", "a,b"])
def test_an_identity_that_breaks_its_brackets_is_refused(identity: str) -> None:
    with pytest.raises(HeaderValueError) as raised:
        list_id_header("Brevet", identity)
    assert str(raised.value) == f"the header List-Id cannot hold the identity {identity!r}"
