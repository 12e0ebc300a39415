"""Whole messages, read back with the standard library's parser."""

import datetime as dt
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.mail.headers import HeaderValueError
from smakom_mail.mail.message import Envelope, compose
from smakom_mail.mail.template import ReaderValueError
from smakom_mail.model.rendered import Addresses, PersonalText, RenderedEdition, Slot

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=400)
SUBJECTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=150)
LEAVE = f"https://brev.example/u/{'t' * 200}"
ENVELOPE = Envelope(
    to="kim@b.example",
    message_id="<januari-2021.abc@brev.example>",
    date=dt.datetime(2021, 1, 4, 8, tzinfo=dt.UTC),
    list_id="nyhetsbrev.example",
    list_name="SmåKoms nyhetsbrev",
    unsubscribe_url=LEAVE,
    unsubscribe_mail="mailto:avsluta@brev.example?subject=abc",
    archive_url="https://brev.example/archive/",
    feedback_id="januari-2021:nyhetsbrev:smakom-mail",
)


def rendered(
    html: str = "<p>Hej</p>\n", text: str = "Hej\n", subject: str = "Hej"
) -> RenderedEdition:
    return RenderedEdition(
        slug="januari-2021",
        language="sv",
        subject=PersonalText((subject,)),
        addresses=Addresses(("SmåKom", "a@brev.example"), ("SmåKom", "svar@brev.example")),
        html=PersonalText((html,)),
        text=PersonalText((text,)),
        web="",
        pictures=(),
        calendars=(),
    )


def parsed(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def test_the_head_of_a_message() -> None:
    data = compose(rendered(subject="Möte"), {}, ENVELOPE)
    head = data.split(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    boundary = head[-1].partition("boundary=")[2]
    assert head == [
        "From: =?utf-8?b?U23DpUtvbQ==?=",
        " <a@brev.example>",
        "To: kim@b.example",
        "Reply-To: =?utf-8?b?U23DpUtvbQ==?=",
        " <svar@brev.example>",
        "Subject: =?utf-8?b?TcO2dGU=?=",
        "Date: Mon, 04 Jan 2021 08:00:00 +0000",
        "Message-ID: <januari-2021.abc@brev.example>",
        "List-Id: =?utf-8?b?U23DpUtvbXMgbnloZXRzYnJldg==?=",
        " <nyhetsbrev.example>",
        f"List-Unsubscribe: <{LEAVE}>, <mailto:avsluta@brev.example?subject=abc>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "List-Archive: <https://brev.example/archive/>",
        "Feedback-ID: januari-2021:nyhetsbrev:smakom-mail",
        "Precedence: bulk",
        "Content-Language: sv",
        "MIME-Version: 1.0",
        f"Content-Type: multipart/alternative; boundary={boundary}",
    ]


def test_a_message_offers_text_first_and_html_last() -> None:
    message = parsed(compose(rendered(), {}, ENVELOPE))
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert dict(text.get_params()) == {  # type: ignore[arg-type] # a list of pairs for any type
        "text/plain": "",
        "charset": "utf-8",
        "format": "flowed",
        "delsp": "no",
    }
    assert html["Content-Type"] == 'text/html; charset="utf-8"'
    assert [part["Content-Transfer-Encoding"] for part in (text, html)] == ["quoted-printable"] * 2


@given(TEXT, TEXT, SUBJECTS)
def test_whatever_is_written_is_read_back(html: str, text: str, subject: str) -> None:
    data = compose(rendered(html, text, subject), {}, ENVELOPE)
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    parts = [part.get_payload(decode=True) for part in message.iter_parts()]
    ended = [(part.removesuffix("\n") + "\n").encode() for part in (text, html)]
    assert [bytes(part).replace(b"\r\n", b"\n") for part in parts] == ended
    assert [address.addr_spec for address in message["To"].addresses] == ["kim@b.example"]
    assert message.get_all("To") == ["kim@b.example"]
    assert message["List-Unsubscribe"].startswith(f"<{LEAVE}>, <mailto:")
    assert message.get_all("Bcc") is None


@given(TEXT, TEXT, SUBJECTS)
def test_the_wire_form_is_the_message(html: str, text: str, subject: str) -> None:
    """Nothing for SMTP, an mbox or a relay to change: CRLF, short lines, no dot, no From."""
    data = compose(rendered(html, text, subject), {}, ENVELOPE)
    assert data.endswith(b"--\r\n")
    lines = data.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert all(line.isascii() and b"\x00" not in line for line in lines)
    body = lines[lines.index(b"") :]
    assert all(len(line) <= 76 for line in body)
    assert all(len(line) <= 998 for line in lines)
    # The message begins with From:, which is no mbox line: it has no space behind it.
    assert not any(line.startswith((b".", b"From ")) for line in lines)


# ---------------------------------------------------------------------------------- one reader


def personal() -> RenderedEdition:
    name, leave = Slot("name", "du"), Slot("unsubscribe")
    return replace(
        rendered(),
        subject=PersonalText(("Till ", name)),
        html=PersonalText(("<p>", name, '</p><a href="', leave, '">x</a>\n')),
        text=PersonalText(("Hej ", name, "\n<", leave, ">\n")),
    )


def test_a_readers_values_are_filled_in_each_part_in_its_own_way() -> None:
    values = {"name": ' Åsa <b>  & "Bo"', "unsubscribe": LEAVE}
    message = parsed(compose(personal(), values, ENVELOPE))
    assert message["Subject"] == 'Till Åsa <b> & "Bo"'
    text, html = (part.get_content() for part in message.iter_parts())
    assert text == f'Hej Åsa <b> & "Bo"\r\n<{LEAVE}>\r\n'
    assert html == f'<p>Åsa &lt;b&gt; &amp; &quot;Bo&quot;</p><a href="{LEAVE}">x</a>\r\n'


def test_a_name_of_several_lines_is_refused_not_cleaned() -> None:
    with pytest.raises(ReaderValueError) as raised:
        compose(personal(), {"name": "Åsa\r\nBcc: x", "unsubscribe": LEAVE}, ENVELOPE)
    assert str(raised.value) == "the name holds the control character '\\r'"


def test_who_has_no_name_is_called_by_the_default() -> None:
    message = parsed(compose(personal(), {"name": "", "unsubscribe": LEAVE}, ENVELOPE))
    assert message["Subject"] == "Till du"


def test_a_message_without_a_way_to_leave_is_never_composed() -> None:
    with pytest.raises(ReaderValueError, match=r"^there is no unsubscribe$"):
        compose(personal(), {"name": "Kim"}, ENVELOPE)


def test_the_same_message_has_the_same_bytes_and_another_edition_another_boundary() -> None:
    kim, bo = (
        compose(personal(), {"name": name, "unsubscribe": LEAVE}, ENVELOPE)
        for name in ("Kim", "Bo")
    )
    other = compose(rendered(), {}, ENVELOPE)

    assert kim == compose(personal(), {"name": "Kim", "unsubscribe": LEAVE}, ENVELOPE)
    assert kim != bo
    assert parsed(kim).get_boundary() == parsed(bo).get_boundary() != parsed(other).get_boundary()


@pytest.mark.parametrize(
    "change",
    [
        {"to": "kim@b.example\r\nBcc: eve@b.example"},
        {"to": "kim@b.example, eve@b.example"},
        {"message_id": "<a>\r\nBcc: eve@b.example"},
        {"list_id": "a\r\nBcc: eve@b.example"},
        {"list_name": "a\r\nBcc: eve@b.example"},
        {"unsubscribe_url": "https://a.example/\nBcc: eve@b.example"},
        {"unsubscribe_url": "https://åmål.example/"},
        {"unsubscribe_mail": "mailto:a@b.example\nX: y"},
        {"archive_url": "https://a.example/\r\nX: y"},
        {"feedback_id": "a\nX: y"},
    ],
)
def test_an_envelope_that_would_change_the_message_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(HeaderValueError):
        compose(rendered(), {}, replace(ENVELOPE, **change))  # type: ignore[arg-type] # text fields only


def test_a_subject_with_a_line_break_is_refused() -> None:
    with pytest.raises(HeaderValueError, match=r"Subject would hold the control character '\\n'"):
        compose(rendered(subject="a\nBcc: eve@b.example"), {}, ENVELOPE)
