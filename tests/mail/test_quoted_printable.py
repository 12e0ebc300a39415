"""Quoted-printable: it decodes to what was encoded, and nothing on the way would change it."""

import quopri
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.mail.quoted_printable import encoded_lines, encoded_value, quoted_printable

ONE_LINE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=300)


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("", b"\r\n"),
        ("a", b"a\r\n"),
        ("a\n", b"a\r\n"),
        ("a\n\n", b"a\r\n\r\n"),
        ("a \nb", b"a=20\r\nb\r\n"),
        ("a\t", b"a=09\r\n"),
        ("=", b"=3D\r\n"),
        ("ö", b"=C3=B6\r\n"),
        (".", b"=2E\r\n"),
        ("..", b"=2E.\r\n"),
        ("From x", b"=46rom x\r\n"),
        ("From:", b"From:\r\n"),
        ("-- \nx", b"--=20\r\nx\r\n"),
        ("\u2028", b"=E2=80=A8\r\n"),
        ("a" * 75, b"a" * 75 + b"\r\n"),
        ("a" * 76, b"a" * 73 + b"=\r\naaa\r\n"),
        ("a" * 73 + "...", b"a" * 73 + b"=\r\n=2E..\r\n"),
        ("a" * 73 + "From x", b"a" * 73 + b"=\r\n=46rom x\r\n"),
        ("a" * 71 + "ööö", b"a" * 71 + b"=\r\n=C3=B6=C3=B6=C3=B6\r\n"),
        ("a" * 75 + " ", b"a" * 73 + b"=\r\naa=20\r\n"),
    ],
)
def test_quoted_printable(text: str, encoded: bytes) -> None:
    assert quoted_printable(text) == encoded


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=500))
def test_quoted_printable_decodes_to_what_was_encoded(text: str) -> None:
    encoded = quoted_printable(text)
    decoded = quopri.decodestring(encoded.replace(b"\r\n", b"\n"))
    assert decoded == (text.removesuffix("\n") + "\n").encode()
    for line in encoded.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.endswith((b" ", b"\t"))


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("", b""),
        ("Kim", b"Kim=\r\n"),
        (".", b"=2E=\r\n"),
        ("From Kim", b"=46rom Kim=\r\n"),
        ("From", b"From=\r\n"),
        ("Åsa", b"=C3=85sa=\r\n"),
        ("a ", b"a=20=\r\n"),
        ("=", b"=3D=\r\n"),
        ("a" * 73, b"a" * 73 + b"=\r\n"),
        ("a" * 75, b"a" * 75 + b"=\r\n"),
        ("a" * 76, b"a" * 73 + b"=\r\naaa=\r\n"),
        ("F" + "a" * 90, b"F" + b"a" * 72 + b"=\r\n" + b"a" * 18 + b"=\r\n"),
    ],
)
def test_a_value_stands_on_lines_of_its_own(value: str, encoded: bytes) -> None:
    assert encoded_value(value) == encoded


@given(ONE_LINE, ONE_LINE, ONE_LINE)
def test_a_value_is_put_between_two_texts_without_a_trace(
    before: str, value: str, behind: str
) -> None:
    encoded = b"".join(
        [encoded_lines(before), b"=\r\n", encoded_value(value), encoded_lines(behind), b"\r\n"]
    )

    decoded = quopri.decodestring(encoded.replace(b"\r\n", b"\n"))
    assert decoded == f"{before}{value}{behind}\n".encode()
    for line in encoded.split(b"\r\n"):
        assert re.fullmatch(rb"(?!\.|From )[ -~]{0,76}(?<! )", line), line
