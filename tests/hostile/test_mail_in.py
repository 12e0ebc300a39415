"""Mails made to stop a reader of mail: each is read, the token in its subject with it."""

import pytest

from smakom_mail.content.mailbox.letter import Author, read_letter
from smakom_mail.content.mailbox.sources import LIMIT

TOKEN = "Ab3_" * 9
SUBJECT = b"Subject: " + TOKEN.encode("ascii") + b"\n"


def nested(kind: bytes, depth: int) -> bytes:
    parts = (
        b"Content-Type: %s; boundary=b%d\n\n--b%d\n" % (kind, number, number)
        for number in range(depth)
    )
    return b"".join(parts)


BOMBS = {
    "3000 nested multiparts": SUBJECT + nested(b"multipart/mixed", 3_000),
    "3000 nested mails": SUBJECT + b"Content-Type: message/rfc822\n\n" * 3_000,
    "5000 parentheses": SUBJECT + b"From: " + b"(" * 5_000,
    "5000 quotes": SUBJECT + b"From: " + b'"' * 5_000,
    "20000 parameters": SUBJECT + b"Content-Type: text/plain" + b"; a=b" * 20_000,
    "20000 boundaries": SUBJECT + b"Content-Type: multipart/mixed" + b"; boundary=" * 20_000,
    "20000 continued parameters": SUBJECT
    + b"Content-Type: text/plain"
    + b"".join(b"; name*%d=x" % number for number in range(20_000)),
    "20000 encoded words": SUBJECT + b"X: " + b"=?utf-8?q?a?= " * 20_000,
    "20000 encoded words in From": SUBJECT + b"From: " + b"=?utf-8?b?YQ==?= " * 20_000,
    "20000 begun encoded words": SUBJECT + b"From: " + b"=?utf-8?q?" * 20_000,
    "20000 addresses": SUBJECT + b"To: " + b"a@example.se, " * 20_000,
    "20000 angle brackets": SUBJECT + b"From: " + b"<" * 20_000,
    "20000 comments": SUBJECT + b"To: " + b"(a) " * 20_000,
    "one address without end": SUBJECT + b"To: " + b"a" * 200_000 + b"@",
    "at signs": SUBJECT + b"To: " + b"@" * 200_000,
    "broken Message-ID": SUBJECT + b"Message-ID: <",
    "Message-ID of brackets": SUBJECT + b"Message-ID: " + b"<" * 20_000 + b">" * 20_000,
    "unknown charset": SUBJECT + b"Content-Type: text/plain; charset=unknown-8bit\n\nhej",
    "charset that is a codec": SUBJECT + b"Content-Type: text/plain; charset=zlib\n\nhej",
    "charset of a bomb": SUBJECT + b"Content-Type: text/plain; charset=idna\n\n" + b"xn--" * 9_999,
    "punycode": SUBJECT + b"From: =?punycode?q?" + b"a" * 3_000 + b"?=",
    "unknown encoding": SUBJECT + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a",
    "broken base64": SUBJECT + b"Content-Transfer-Encoding: base64\n\n" + b"A=" * 50_000,
    "broken quoted-printable": SUBJECT + b"Content-Transfer-Encoding: quoted-printable\n\n=\n=X=",
    "NUL": b"\x00\n" + SUBJECT.replace(b"\n", b"\x00\n") + b"From: \x00",
    "NULs": b"X: " + b"\x00" * 100_000 + b"\n" + SUBJECT,
    "100000 fields": SUBJECT + b"X: y\n" * 50_000,
    "50000 subjects": SUBJECT * 5_000,
    "names without end": b"x" * 100_000 + b"\n" + SUBJECT,
    "a name of 100 kB": b"x" * 100_000 + b": y\n" + SUBJECT,
    "a field of 100 kB": b"X: " + b"y" * 100_000 + b"\n" + SUBJECT,
    "100000 folds": b"X: y" + b"\n " * 50_000 + b"\n" + SUBJECT,
    "100000 carriage returns": b"X: y" + b"\r" + SUBJECT + b"\r" * 100_000,
    "100000 tags": SUBJECT + b"Content-Type: text/html\n\n" + b"<a " * 80_000,
    "100000 styles": SUBJECT + b"Content-Type: text/html\n\n" + b"<style" * 40_000,
    "nested divs": SUBJECT + b"Content-Type: text/html\n\n" + b"<div>" * 50_000,
    "entities": SUBJECT + b"Content-Type: text/html\n\n" + b"&amp" * 50_000,
    "newlines": SUBJECT + b"\n" * 200_000,
    "quote marks": SUBJECT + b"\n\nDen " + b"a " * 100_000,
    "half a letter": SUBJECT + b"\n\n\xc3",
    "surrogates": SUBJECT + b"From: \xed\xa0\x80@example.se",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_mail_like_any_other(name: str) -> None:
    letter = read_letter(BOMBS[name][:LIMIT])

    assert letter.subject.split()[0] == TOKEN
    assert letter.author is Author.PERSON
