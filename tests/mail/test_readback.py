"""Reading a finished message back finds whatever a mail program would read otherwise."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from smakom_mail.mail.readback import require_read_back
from smakom_mail.mail.template import CompiledMessage, Reader, TemplateError
from tests.mail.letters import FROZEN, KIM, LEAVE

LINK = "https://brev.example/u/token"
READER = Reader(
    to=KIM.email,
    message_id=KIM.message_id,
    leave=(LINK, "mailto:avsluta@brev.example?subject=token"),
    values={"name": "Kim", "unsubscribe": LINK},
)
MESSAGE = b"".join(CompiledMessage(FROZEN).fill(READER))

Change = Callable[[bytes], bytes]


def put(old: bytes, new: bytes) -> Change:
    return lambda data: data.replace(old, new, 1)


WRONG: dict[str, tuple[Change, str]] = {
    "bare line feed": (put(b"Kim=\r\n", b"Kim=\n"), "bytes"),
    "dot": (put(b"Kim=\r\n", b"Kim=\r\n.\r\n"), "bytes"),
    "header more": (put(b"To:", b"X: y\r\nTo:"), "set of headers"),
    "header less": (put(b"Precedence: bulk\r\n", b""), "set of headers"),
    "two recipients": (put(b"kommun.example\r", b"kommun.example, e@b.example\r"), "recipient"),
    "another sender": (put(b"<brev@", b"<eve@"), "sender"),
    "another reply address": (put(b"<svar@", b"<eve@"), "reply address"),
    "another subject": (put(b"till Kim", b"till Bo"), "subject"),
    "another link": (put(b"/u/token>", b"/u/other>"), "way to leave"),
    "folded link": (put(b">, <mailto", b">,\r\n <mailto"), "way to leave"),
    "one part": (put(b"multipart/alternative", b"multipart/mixed; x"), "structure"),
    "another text": (put(b"Kim=\r\n!\r", b"Bo=\r\n!\r"), "text"),
    "another html": (put(b"<p>Hej", b"<p>Hoj"), "HTML"),
}


def test_a_right_message_is_right() -> None:
    require_read_back(MESSAGE, FROZEN, READER)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_message_is_refused(name: str) -> None:
    change, what = WRONG[name]
    data = change(MESSAGE)
    assert data != MESSAGE
    with pytest.raises(TemplateError) as raised:
        require_read_back(data, FROZEN, READER)
    assert str(raised.value) == (
        "the message has bytes that a relay would change"
        if what == "bytes"
        else f"a mail program would read another {what} than was written"
    )


def test_a_copy_that_nobody_can_leave_has_no_header_for_it() -> None:
    reader = replace(READER, leave=())
    message = b"".join(CompiledMessage(FROZEN).fill(reader))
    require_read_back(message, FROZEN, reader)
    with pytest.raises(TemplateError):
        require_read_back(message, FROZEN, READER)
    with pytest.raises(TemplateError):
        require_read_back(MESSAGE, FROZEN, reader)
    assert LEAVE.name not in READER.leave
