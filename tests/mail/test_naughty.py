"""Naughty values: whatever stands in a name, address or token, a message has one reader."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import pytest

from smakom_mail.mail.headers import HeaderValueError
from smakom_mail.mail.message import MessageTemplate
from smakom_mail.mail.template import ReaderValueError
from smakom_mail.model.campaign import FrozenMessage, Recipient
from smakom_mail.model.rendered import PersonalText, Slot
from tests.mail.letters import FROZEN, KIM, composed, read

SEPARATORS = {
    "CRLF": "\r\n",
    "LF": "\n",
    "CR": "\r",
    "VT": "\x0b",
    "FF": "\x0c",
    "FS": "\x1c",
    "GS": "\x1d",
    "RS": "\x1e",
    "NEL": "\x85",
    "LS": "\u2028",
    "PS": "\u2029",
    "NUL": "\x00",
}
PLACES = ("{0}a", "a{0}Bcc: eve@b.example", "a{0}")

# ------------------------------------------------------------- what a whole campaign has in common

FIELDS: dict[str, tuple[str, Callable[[str], FrozenMessage]]] = {
    "From's name": ("From", lambda bad: replace(FROZEN, sender=(bad, "a@brev.example"))),
    "From's address": ("From", lambda bad: replace(FROZEN, sender=("SmåKom", bad))),
    "Reply-To's name": ("Reply-To", lambda bad: replace(FROZEN, reply_to=(bad, "a@b.example"))),
    "Reply-To's address": ("Reply-To", lambda bad: replace(FROZEN, reply_to=("", bad))),
    "subject": ("Subject", lambda bad: replace(FROZEN, subject=PersonalText((bad,)))),
    "list's name": ("List-Id", lambda bad: replace(FROZEN, list_name=bad)),
    "list's identity": ("List-Id", lambda bad: replace(FROZEN, list_id=bad)),
    "site": ("List-Unsubscribe", lambda bad: replace(FROZEN, site_url=bad)),
    "leaving by mail": ("List-Unsubscribe", lambda b: replace(FROZEN, unsubscribe_address=b)),
    "archive": ("List-Archive", lambda bad: replace(FROZEN, archive_url=bad)),
    "feedback": ("Feedback-ID", lambda bad: replace(FROZEN, feedback_id=bad)),
    "language": ("Content-Language", lambda bad: replace(FROZEN, language=bad)),
    "host": ("Message-ID", lambda bad: replace(FROZEN, host=bad)),
}


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("field", FIELDS)
def test_no_campaign_is_compiled_that_could_break_a_header(field: str, separator: str) -> None:
    header, with_value = FIELDS[field]
    for place in PLACES:
        value = place.format(SEPARATORS[separator])
        with pytest.raises(HeaderValueError) as raised:
            MessageTemplate(with_value(value))
        first = SEPARATORS[separator][0]
        sentence = f"the header {header} would hold the control character {first!r}"
        assert str(raised.value) == sentence


# --------------------------------------------------------------------------- what one reader has

OWN: dict[str, tuple[str, Callable[[str], Recipient]]] = {
    "name": ("the name holds", lambda bad: replace(KIM, name=bad)),
    "organisation": ("the organisation holds", lambda bad: replace(KIM, organisation=bad)),
    "message_id": (
        "the header Message-ID would hold",
        lambda bad: replace(KIM, message_id=f"<{bad}@b.example>"),
    ),
    "token": ("the unsubscribe holds", lambda bad: replace(KIM, token=bad)),
}
EVERYWHERE = replace(
    FROZEN, text=PersonalText((*FROZEN.text.parts, Slot("organisation", ""), Slot("email")))
)


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("field", OWN)
def test_no_reader_gets_a_message_with_a_line_of_her_own(field: str, separator: str) -> None:
    template = MessageTemplate(EVERYWHERE)
    what, with_value = OWN[field]
    for place in PLACES:
        with pytest.raises(ReaderValueError) as raised:
            template.compose(with_value(place.format(SEPARATORS[separator])))
        first = SEPARATORS[separator][0]
        assert str(raised.value) == f"kim@kommun.example: {what} the control character {first!r}"


@pytest.mark.parametrize("separator", SEPARATORS)
def test_an_address_with_a_control_character_is_spelled_out(separator: str) -> None:
    template = MessageTemplate(FROZEN)
    for place in PLACES:
        email = place.format(SEPARATORS[separator]) + "@b.example"
        with pytest.raises(ReaderValueError) as raised:
            template.compose(replace(KIM, email=email))
        character = repr(SEPARATORS[separator][0])
        assert str(raised.value) == (
            f"{email!a}: the header To would hold the control character {character}"
        )


TWO = "kim@b.example, eve@b.example"
LEAVING = "kim@kommun.example: the header List-Unsubscribe cannot hold"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"email": TWO},
            f"{TWO}: the header To cannot hold the address '{TWO}'",
        ),
        ({"email": ""}, ": the header To cannot hold the address ''"),
        (
            {"email": "åsa@b.example"},
            "åsa@b.example: the header To cannot hold the address 'åsa@b.example'",
        ),
        (
            {"message_id": "a@b.example"},
            "kim@kommun.example: the header Message-ID cannot hold 'a@b.example'",
        ),
        (
            {"message_id": "<a@b.example> <c@d.example>"},
            "kim@kommun.example: the header Message-ID cannot hold '<a@b.example> <c@d.example>'",
        ),
        (
            {"token": "a>, <https://eve.example/"},
            f"{LEAVING} the address 'https://brev.example/u/a>, <https://eve.example/'",
        ),
        (
            {"token": "t" * 990},
            f"{LEAVING} '<https://brev.example/u/{'t' * 36}'",
        ),
        ({"name": "\ud83d"}, "kim@kommun.example: the name holds half a character, '\\ud83d'"),
    ],
)
def test_what_is_no_single_value_is_refused(change: dict[str, str], sentence: str) -> None:
    with pytest.raises(ReaderValueError) as raised:
        MessageTemplate(FROZEN).compose(replace(KIM, **change))  # type: ignore[arg-type] # texts
    assert str(raised.value) == sentence


# ------------------------------------------------------------------------------- names that lie

BEFORE = ("", "Kim ", '"', "'", "(", "<", "\\", "=?utf-8?q?")
BETWEEN = (
    *("<eve@b.example>", ",eve@b.example,", '" <eve@b.example>, "', ";eve@b.example", ":eve@b;"),
    *(
        "(eve@b.example)",
        "\\e",
        "=?utf-8?b?LCBldmVAYi5leGFtcGxl?=",
        "eve@c.example",
        "@",
        ">,<",
        "å,",
    ),
)
BEHIND = ("", '"', ")", ">", ",", ";", "\\", "?=", ":", " <", "@b.example", " \u202e")
NAMES = [b + m + e for b, m, e in product(BEFORE, BETWEEN, BEHIND)]


def with_names() -> Iterator[tuple[str, FrozenMessage, Recipient]]:
    """Give every name in From, Reply-To, List-Id and Subject, and as the reader's own."""
    for name in NAMES:
        sender, reply_to = (name, "brev@brev.example"), (name, "svar@brev.example")
        frozen = replace(FROZEN, sender=sender, reply_to=reply_to, list_name=name)
        yield name, frozen, replace(KIM, name=name, organisation=name)


def test_none_of_1152_names_adds_a_recipient() -> None:
    """What is compiled is read back, with its names: one that lies would be refused."""
    assert len(set(NAMES)) == 1152
    for name, frozen, recipient in with_names():
        message = read(composed(frozen, recipient))
        shown = " ".join(name.split())
        assert message.get_all("To") == ["kim@kommun.example"]
        assert [message[field] for field in ("Cc", "Bcc", "Sender")] == [None, None, None], name
        assert [box.addr_spec for box in message["From"].addresses] == ["brev@brev.example"]
        assert [box.addr_spec for box in message["Reply-To"].addresses] == ["svar@brev.example"]
        assert message["Subject"] == f"Nyheter till {shown}"
        assert re.findall(r"<[^<>]*>\Z", message["List-Id"]) == ["<nyhetsbrev.example>"]


# ----------------------------------------------------------------------------- List-Unsubscribe


@pytest.mark.parametrize("length", [1, 36, 400])
def test_the_way_to_leave_is_on_one_line_however_long(length: int) -> None:
    token = "t" * length
    lines = composed(recipient=replace(KIM, token=token)).split(b"\r\n")
    assert [line for line in lines if line.lower().startswith(b"list-unsubscribe")] == [
        (
            f"List-Unsubscribe: <https://brev.example/u/{token}>, "
            f"<mailto:avsluta@brev.example?subject={token}>"
        ).encode(),
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]
    behind = lines[[line[:17] for line in lines].index(b"List-Unsubscribe:") + 1]
    assert not behind.startswith((b" ", b"\t"))


@pytest.mark.parametrize(
    ("address", "mailto"),
    [
        ("a+b@brev.example", "mailto:a+b@brev.example?subject="),
        ("a&b@brev.example", "mailto:a%26b@brev.example?subject="),
        ("a?b@brev.example", "mailto:a%3Fb@brev.example?subject="),
        ("50%@brev.example", "mailto:50%25@brev.example?subject="),
    ],
)
def test_the_address_for_leaving_by_mail_is_written_as_an_address_of_the_web(
    address: str, mailto: str
) -> None:
    message = read(composed(replace(FROZEN, unsubscribe_address=address)))
    assert f", <{mailto}{KIM.token}>" in message["List-Unsubscribe"]
