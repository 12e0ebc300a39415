"""Reading one mail: its subject however it is written, who sent it, and their own words."""

import base64
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.mailbox.head import decoded, from_base64, read_fields, split_letter
from smakom_mail.content.mailbox.letter import Author, read_letter


@pytest.mark.parametrize(
    ("head", "subject"),
    [
        (b"Subject: hej", "hej"),
        (b"SUBJECT : hej", "hej"),
        (b"Subject:\n hej\n\tp\xc3\xa5 dig", "hej på dig"),
        (b"Subject: \r\n hej\r\nTo: x@example.se", "hej"),
        (b"Subject: hej\rTo: x@example.se", "hej"),
        (b"Subject: p\xe5 dig", "på dig"),
        (b"Subject: =?utf-8?q?p=C3=A5_dig?=", "på dig"),
        (b"Subject: =?UTF-8*sv?B?cMOlIGRpZw==?=", "på dig"),
        (b"Subject: =?utf-8?b?cMOl?= =?utf-8?b?IGRpZw==?=", "på dig"),
        (b"Subject: =?utf-8?b?cMM=?=\n =?utf-8?b?pSBkaWc?=", "på dig"),
        (b"Subject: =?iso-8859-1?q?p=E5?= dig", "på dig"),
        (b"Subject: a =?iso-8859-1?q?p=E5?= =?utf-8?q?_dig?= b", "a på dig b"),
        (b"Subject: =?made-up?q?hej?=", "hej"),
        (b"Subject: =?zlib?b?eJw=?= hej", "x\ufffd hej"),
        (b"Subject: =?iso-8859-12?q?hej?=", "hej"),
        (b"Subject: =?utf-8?x?hej?=", "=?utf-8?x?hej?="),
        (b"Subject: =?utf-8?b?*?=", ""),
        (b"Subject: a\x00b\x1b[31mc", "a b [31mc"),
        (b"Subject: a\xe2\x80\xaeb", "a b"),
        (b"Subject: one\nSubject: two", "one two"),
        (b"no field\nSubject: hej\n also\nnor this: \nthis\n more", "hej also"),
        (b"\xef\xbb\xbfSubject: hej", "hej"),
        (b"To: x@example.se\n\nSubject: hej", ""),
        (b"\nSubject: hej", ""),
        (b"", ""),
    ],
)
def test_a_subject_is_read(head: bytes, subject: str) -> None:
    assert read_letter(head).subject == subject


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=200))
def test_whatever_the_library_writes_as_a_subject_is_read_back(text: str) -> None:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = text

    assert read_letter(message.as_bytes()).subject == " ".join(text.split())


@given(st.binary(max_size=300))
def test_base64_is_undone_whole_and_as_far_as_it_goes(data: bytes) -> None:
    text = base64.encodebytes(data)

    assert from_base64(text) == data
    assert data.startswith(from_base64(text[: len(text) // 2]))


@given(st.binary(max_size=400))
def test_anything_is_a_mail(data: bytes) -> None:
    letter = read_letter(data)

    assert letter.subject.isprintable() or not letter.subject.isascii()
    assert len(letter.words) <= 400


@given(st.lists(st.sampled_from(["=?", "utf-8", "?q?", "?b?", "?=", "=3D", "å", " ", "\n ", "A"])))
def test_any_broken_encoded_words_are_one_line(parts: list[str]) -> None:
    assert "\n" not in decoded("".join(parts))


def test_the_same_bytes_are_divided_the_same_with_any_line_end() -> None:
    for end in (b"\n", b"\r\n", b"\r"):
        data = end.join([b"A: 1", b"B: 2", b"", b"body", b"", b"more"])
        assert split_letter(data) == (
            end.join([b"A: 1", b"B: 2"]),
            end.join([b"body", b"", b"more"]),
        )


@pytest.mark.parametrize(
    ("head", "author"),
    [
        (b"From: kim@example.se", Author.PERSON),
        (b"Auto-Submitted: no", Author.PERSON),
        (b"Return-Path: <kim@example.se>", Author.PERSON),
        (b"Return-Path: <>", Author.REPORT),
        (b"return-path:<>\nAuto-Submitted: auto-replied", Author.REPORT),
        (b"Return-Path: <>\nX-Apple-Unsubscribe: true", Author.REPORT),
        (b"Content-Type: multipart/report; report-type=delivery-status", Author.REPORT),
        (b"Content-Type:\n Multipart/Report;\n boundary=x", Author.REPORT),
        (b"Content-Type: message/delivery-status", Author.REPORT),
        (b"X-Failed-Recipients: kim@example.se", Author.REPORT),
        (b"From: Mail <MAILER-DAEMON@mx.example.se>", Author.REPORT),
        (b"Auto-Submitted: auto-replied (vacation)", Author.PROGRAM),
        (b"Auto-Submitted: auto-generated; owner=x", Author.PROGRAM),
        (b"Auto-Submitted: no\nAuto-Submitted: auto-notified", Author.PROGRAM),
        (b"Auto-Submitted: auto-replied\nX-Apple-Unsubscribe: true", Author.PERSON),
        (b"Precedence: auto_reply", Author.PROGRAM),
        (b"X-Autoreply: yes", Author.PROGRAM),
        (b"Subject: Autosvar: hej", Author.PROGRAM),
        (b"Subject: =?utf-8?q?Fr=C3=A5nvaro=3A?= hej", Author.PROGRAM),
        (b"Subject: Automatic reply: hej", Author.PROGRAM),
        (b"Subject: Undeliverable: hej", Author.PROGRAM),
        (b"Precedence: list", Author.LIST),
        (b"List-Id: <avsluta.forening.example>", Author.LIST),
        (b"List-Unsubscribe: <mailto:x@example.se>", Author.LIST),
    ],
)
def test_who_sent_it_is_told_by_its_head(head: bytes, author: Author) -> None:
    assert read_letter(head).author == author


HTML = b"Content-Type: text/html; charset=utf-8\n\n"
QUOTED = "Länken Avsluta prenumerationen"
MULTIPART = (
    b'Content-Type: multipart/mixed; boundary="a b"\n\npreamble\n--a b\n'
    b"Content-Type: multipart/alternative; boundary=c\n\n--c\n"
    b"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
    b"Ta bort mig fr=E5n listan\n--c\nContent-Type: text/html\n\n<p>no</p>\n--c--\n--a b--\n"
)


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        (b"\n\nAvsluta\n\ntack", "Avsluta tack"),
        (b"\n\nHej!\n> Avsluta", "Hej!"),
        (b"\n\nHej!\n\nDen 4 jan. 2021 skrev Brevet:\nAvsluta", "Hej!"),
        (b"\n\nHej!\n\n-----Ursprungligt meddelande-----\nAvsluta", "Hej!"),
        (b"\n\nHej!\r\n\r\n________________________________\r\nFrom: x\r\nAvsluta", "Hej!"),
        ("\n\nHej!\nFrån: Brevet\nAvsluta".encode(), "Hej!"),
        (MULTIPART, "Ta bort mig från listan"),
        (b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(b"Avsluta"), "Avsluta"),
        (HTML + b"<style>avsluta{}</style><p>Hej<br>du</p>", "Hej du"),
        (HTML + b"<p>Hej</p><blockquote>" + QUOTED.encode(), "Hej"),
        (HTML + b'<p>Hej</p><div class="gmail_quote">' + QUOTED.encode(), "Hej"),
        (HTML + b"<style>never closed avsluta", ""),
        (b"Content-Type: application/pdf\n\nAvsluta", ""),
        (b"Content-Type: multipart/mixed\n\nAvsluta", ""),
        (b"Content-Type: multipart/mixed; boundary=x\n\n--x\n", ""),
        (b"Content-Type: text/plain; charset=klingon\n\nAvsluta", "Avsluta"),
        (b"Subject: nothing more", ""),
    ],
)
def test_own_words_are_told_from_what_is_quoted(mail: bytes, words: str) -> None:
    assert read_letter(mail).words == words


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Avsluta", True),
        ("Vänligen AVREGISTRERA mig", True),
        ("Ta bort mig från listan, tack", True),
        ("sluta skicka detta", True),
        ("Jag vill inte längre få nyhetsbrev", True),
        ("please unsubscribe me", True),
        ("Opt-out", True),
        ("Tack för ett fint brev!", False),
        ("Mötet avslutades klockan tre", False),
        ("", False),
    ],
)
def test_asking_to_leave_is_seen_in_subject_and_text(text: str, asks: bool) -> None:  # noqa: FBT001 - a column
    in_subject = read_letter(f"Subject: {text}\n".encode())
    in_text = read_letter(f"Subject: Re: brevet\n\n{text}\n".encode())

    assert (in_subject.asks_to_leave, in_text.asks_to_leave) == (asks, asks)


def test_addresses_are_found_and_nothing_else() -> None:
    letter = read_letter(
        b'From: "Kim <x@evil.example>" <Kim@Example.SE>\n'
        b"To: Avsluta <AVSLUTA@forening.example>, b@example.se\n"
        b"Delivered-To: brevet@forening.example\n"
    )

    assert letter.sender == "kim@example.se"
    assert letter.receivers == {
        "avsluta@forening.example",
        "b@example.se",
        "brevet@forening.example",
    }


def test_a_mail_is_the_same_when_a_mail_program_has_marked_it() -> None:
    head = b"Message-ID: <a@example.se>\nSubject: x"
    bare = b"Date: Mon, 4 Jan 2021 08:00:00 +0100\nFrom: a@example.se\nReceived: from b\nSubject: x"

    assert read_letter(head).identity == read_letter(b"Status: RO\nX-UID: 7\n" + head).identity
    assert read_letter(bare).identity == read_letter(bare + b"\nStatus: RO").identity
    assert read_letter(bare).identity != read_letter(bare.replace(b"08:00", b"09:00")).identity
    assert read_letter(head).identity != read_letter(bare).identity


def test_a_field_is_kept_as_far_as_it_may_be_long() -> None:
    head = b"Subject: " + b"x" * 100_000 + b"\n" + b" y\n" * 100_000
    fields = read_fields(head)

    assert len(fields["subject"][0]) == 16_384
    assert len(read_letter(head).subject) == 2_000
