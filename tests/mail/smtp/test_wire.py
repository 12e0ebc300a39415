"""No message leaves that any relay could read as two."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.mail.smtp.wire import UnsafeBodyError, WireGuard

LONG = b"x" * 74 + b"\r\n"
PARTS = st.lists(
    st.sampled_from([b"", b"a", b".", b"\r\n", b"\r", b"\n", b"\0", b"b\r\n", b"\r\n.", LONG * 20]),
    max_size=8,
)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([b"a\nb\r\n"], r"the message holds b'\n' where no relay may see it"),
        ([b"a\rb\r\n"], r"the message holds b'\r' where no relay may see it"),
        ([b"a\0b\r\n"], r"the message holds b'\x00' where no relay may see it"),
        ([b"a\r\n.\r\n"], r"the message holds b'\r\n.' where no relay may see it"),
        ([b".a\r\n"], "a line of the message begins with a dot"),
        ([b"a\r\n", b".b\r\n"], "a line of the message begins with a dot"),
        ([b"a\r\n", b"", b".", b"\r\n"], "a line of the message begins with a dot"),
        ([b"a\r", b"\nb\r\n"], r"the message holds b'\r' where no relay may see it"),
        ([b"a"], "the message does not end with a line's end"),
    ],
)
def test_what_is_unsafe_is_refused_and_named(parts: list[bytes], why: str) -> None:
    with pytest.raises(UnsafeBodyError, match=f"^{re.escape(why)}$"):
        WireGuard().require_safe(parts)


@given(PARTS)
def test_what_passes_is_lines_of_crlf_without_a_dot_in_front(parts: list[bytes]) -> None:
    guard = WireGuard()
    for _ in range(2):  # the second time long parts are known
        try:
            guard.require_safe(parts)
        except UnsafeBodyError:
            continue
        whole = b"".join(parts)
        lines = whole.split(b"\r\n")
        assert lines.pop() == b""
        assert [line for line in lines if re.search(rb"^\.|[\r\n\0]", line)] == []


@given(st.lists(st.sampled_from([b"a\r\n", b"a.b=\r\n", b"x", LONG * 20]), max_size=9))
def test_what_is_in_order_passes(parts: list[bytes]) -> None:
    WireGuard().require_safe([*parts, b"end\r\n"])


def test_a_known_part_does_not_vouch_for_another() -> None:
    guard = WireGuard()
    for number in range(2000):
        guard.require_safe([LONG * 10 + b"%d\r\n" % number])
        with pytest.raises(UnsafeBodyError):
            guard.require_safe([LONG * 10 + b"%d\n" % number])
