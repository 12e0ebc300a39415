"""Replies as relays write them, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.mail.smtp.extensions import Extensions
from smakom_mail.mail.smtp.replies import ProtocolError, Reply, ReplyReader


def read(data: bytes) -> list[Reply]:
    """Read all replies in some bytes."""
    reader = ReplyReader()
    reader.feed(data)
    replies = []
    while found := reader.pop():
        replies.append(found[0])
    return replies


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        (b"250 2.0.0 Ok: queued as 4X\r\n", Reply(250, "2.0.0", "Ok: queued as 4X")),
        (b"250 Ok\n", Reply(250, "", "Ok")),
        (b"354\r\n", Reply(354)),
        (b"250 \r\n", Reply(250)),
        (b"550-5.1.1 No such\r\n550 5.1.1 user\r\n", Reply(550, "5.1.1", "No such user")),
        (b"550-first\r\n550-\r\n550 last\r\n", Reply(550, "", "first  last")),
        (b"550 2.0.0 another class\r\n", Reply(550, "", "2.0.0 another class")),
        (b"550 5.1.1\r\n", Reply(550, "5.1.1", "")),
        (b"421 4.3.2\tno\x1b[31m red\r\n", Reply(421, "", "4.3.2 no [31m red")),
        ("550 5.1.1 Okänd å\xff\r\n".encode(), Reply(550, "5.1.1", "Okänd åÿ")),
        (b"550 5.1.1 \xff\xfe\r\n", Reply(550, "5.1.1", "\ufffd\ufffd")),
        (b"550 " + b"x" * 900 + b"\r\n", Reply(550, "", "x" * 500)),
    ],
)
def test_a_reply_is_read_on_one_line_without_control_characters(data: bytes, reply: Reply) -> None:
    assert read(data) == [reply]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"hello\r\n", "it sent what is no reply: 'hello'"),
        (b"\r\n", "it sent what is no reply: ''"),
        (b"25\r\n", "it sent what is no reply: '25'"),
        (b"150 early\r\n", "it sent what is no reply: '150 early'"),
        (b"650 late\r\n", "it sent what is no reply: '650 late'"),
        (b"2500 Ok\r\n", "it sent what is no reply: '2500 Ok'"),
        (b"250-a\r\n251 b\r\n", "it sent what is no reply: '251 b'"),
        (b"250-a\r\nb\r\n", "it sent what is no reply: 'b'"),
        (b"\xb2\xb5\xb0 Ok\r\n", "it sent what is no reply: '\ufffd\ufffd\ufffd Ok'"),
        (b"x" * 4097, "it sent a line of more than 4096 bytes"),
        (b"250-x\r\n" * 129, "it sent a reply of more than 128 lines"),
    ],
)
def test_what_is_no_reply_is_said_to_be_none(data: bytes, why: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        read(data)
    assert str(caught.value) == why


@given(st.lists(st.sampled_from([b"250 a\r\n", b"550-x\r\n550 y\r\n", b"354\n"])), st.data())
def test_cuts_do_not_matter(replies: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(replies)
    reader, found = ReplyReader(), []
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)))))
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        reader.feed(whole[start:end])
        while (reply := reader.pop()) is not None:
            found.append(reply[0])
    assert found == read(whole)
    assert not reader.pending


@pytest.mark.parametrize(
    ("lines", "offered"),
    [
        ([], Extensions()),
        (["PIPELINING", "8BITMIME", "SMTPUTF8", "DSN", "STARTTLS", "ENHANCEDSTATUSCODES"],
         Extensions(starttls=True, pipelining=True, eight_bit=True, smtputf8=True, enhanced=True,
                    dsn=True)),
        (["SIZE 35882577"], Extensions(size=35882577)),
        (["SIZE"], Extensions()),
        (["SIZE x", "", "  "], Extensions()),
        (["auth plain Login", "AUTH=XOAUTH2"], Extensions(auth=frozenset({"PLAIN", "LOGIN",
                                                                          "XOAUTH2"}))),
        (["XPIPELINING", "X-DSN"], Extensions()),
    ],
)  # fmt: skip
def test_what_a_relay_offers_is_read_from_its_lines(lines: list[str], offered: Extensions) -> None:
    assert Extensions.of(lines) == offered
