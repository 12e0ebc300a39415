"""Messages of a campaign: made from one template, each is one message to one reader."""

import datetime as dt
from dataclasses import replace
from email.utils import parsedate_to_datetime
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smakom_mail.mail.message import MessageTemplate
from smakom_mail.mail.readback import is_wire_form
from smakom_mail.mail.template import ReaderValueError, TemplateError
from smakom_mail.model.rendered import PersonalText, Slot
from tests.mail.letters import FROZEN, KIM, LEAVE, NAME, bodies, composed, of_text, read

LINK = f"https://brev.example/u/{KIM.token}"


def test_a_message_as_it_goes_over_the_wire() -> None:
    data = composed()
    boundary = read(data).get_boundary()
    assert data.decode("ascii").split("\r\n") == [
        "From: =?utf-8?b?U23DpUtvbQ==?=",
        " <brev@brev.example>",
        "To: kim@kommun.example",
        "Reply-To: =?utf-8?b?U23DpUtvbQ==?=",
        " <svar@brev.example>",
        "Subject: Nyheter till Kim",
        "Date: Mon, 04 Jan 2021 08:00:00 +0100",
        "Message-ID: <abcdefghijklmnopqrstuvwxyz@brev.example>",
        "List-Id: =?utf-8?b?U23DpUtvbXMgbnloZXRzYnJldg==?=",
        " <nyhetsbrev.example>",
        f"List-Unsubscribe: <{LINK}>, <mailto:avsluta@brev.example?subject={KIM.token}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "List-Archive: <https://brev.example/archive/>",
        "Feedback-ID: januari-2021:nyhetsbrev:smakom-mail",
        "Precedence: bulk",
        "Content-Language: sv",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=no",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Hej=20=",
        "Kim=",
        "!",
        "",
        "Avsluta: <=",
        f"{LINK}=",
        ">",
        "",
        f"--{boundary}",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "<p>Hej=20=",
        "Kim=",
        "!</p>",
        '<a href=3D"=',
        f"{LINK}=",
        '">Avsluta</a>',
        "",
        f"--{boundary}--",
        "",
    ]


def test_a_copy_without_a_token_cannot_leave_and_links_to_the_site() -> None:
    message = read(composed(recipient=replace(KIM, token="")))
    assert message["List-Unsubscribe"] is None
    assert message["List-Unsubscribe-Post"] is None
    assert bodies(message) == [
        "Hej Kim!\r\n\r\nAvsluta: <https://brev.example/>\r\n",
        '<p>Hej Kim!</p>\r\n<a href="https://brev.example/">Avsluta</a>\r\n',
    ]


def test_two_recipients_have_nothing_of_each_other() -> None:
    eva = replace(KIM, email="eva@stad.example", name="Eva", token="e" * 36)
    template = MessageTemplate(FROZEN)
    first = b"".join(template.compose(KIM))
    second = b"".join(template.compose(eva))

    assert b"".join(template.compose(KIM)) == first
    for own in (eva.email, eva.name, eva.token):
        assert own.encode() not in first
        assert own.encode() in second
    for others in (KIM.email, KIM.name, KIM.token):
        assert others.encode() not in second


def test_who_has_no_name_is_called_by_the_default_everywhere() -> None:
    message = read(composed(recipient=replace(KIM, name=" \u00a0")))
    assert message["Subject"] == "Nyheter till kära läsare"
    assert ["kära läsare!" in body for body in bodies(message)] == [True, True]


def test_a_name_is_escaped_in_html_alone() -> None:
    message = read(composed(recipient=replace(KIM, name="<b>&\"'")))
    text, html = bodies(message)
    assert message["Subject"] == "Nyheter till <b>&\"'"
    assert text.startswith("Hej <b>&\"'!")
    assert html.startswith("<p>Hej &lt;b&gt;&amp;&quot;&#x27;!</p>")


def test_every_attempt_has_the_date_of_the_campaign() -> None:
    date = parsedate_to_datetime(read(composed())["Date"])
    assert date == dt.datetime.fromisoformat(FROZEN.date)


def test_size_is_that_of_a_typical_message() -> None:
    template = MessageTemplate(FROZEN)
    assert abs(template.size() - len(b"".join(template.compose(KIM)))) < 300


def test_the_bulk_of_a_message_is_the_same_object_for_everybody() -> None:
    """A million copies do not copy the layout."""
    template = MessageTemplate(of_text(PersonalText(("x" * 50_000, NAME, "y" * 50_000))))
    one = template.compose(KIM)
    other = template.compose(replace(KIM, name="Eva"))
    shared = [len(part) for part in one if any(part is same for same in other)]
    assert sum(shared) > 2 * 100_000


# ------------------------------------------------------------------------------------ any text

NASTY = (
    *("\n", "\r", "\r\n", "\n.\n", "\r\n.\r\n", "\r.\r", "\n\x00.\n", ".", "..", "From ", "=\n"),
    *("\nFrom x", "\n>From x", "\t", "  ", " \n", "\x00", "\x0b", "\x0c", "\x85", "\u2028", "😀"),
    *("--=_smakom_", "\n--=_smakom_0--\n", "=", "=2E", "x" * 73, "å" * 40, "\ufeff", "\u202e"),
)
TEXTS = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
)
SLOTS = st.sampled_from(
    [NAME, LEAVE, Slot("organisation", ""), Slot("organisation", "."), Slot("email", "From x")]
)
PERSONAL = st.lists(st.one_of(TEXTS, SLOTS), max_size=12).map(
    lambda parts: PersonalText(tuple(parts))
)
NASTY_VALUES = (
    *("", " ", ".", "..", "From", "From x", "=", "=2E", "--", "--=_smakom_0", "😀" * 30, "x" * 300),
    *(
        "a  b",
        " . ",
        "\u00a0",
        "\u3000.",
        "\ufeff",
        "\u202e",
        "MAIL FROM:<a@b.example>",
        "=?utf-8?q?a?=",
    ),
)
VALUES = st.one_of(
    st.sampled_from(NASTY_VALUES),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=60),
)


def ended(text: PersonalText, filled: str) -> str:
    """Give a body as it is read: its last line is ended once, but a place may stand empty there."""
    open_end = bool(text.parts) and isinstance(text.parts[-1], Slot)
    return ((filled if open_end else filled.removesuffix("\n")) + "\n").replace("\n", "\r\n")


@example(PersonalText(()), PersonalText(("\n", Slot("organisation", ""))), "", "")
@given(PERSONAL, PERSONAL, VALUES, VALUES)
def test_any_text_and_any_value_are_read_as_they_were_written(
    text: PersonalText, html: PersonalText, name: str, organisation: str
) -> None:
    recipient = replace(KIM, name=name, organisation=organisation)
    data = composed(of_text(text, html), recipient)
    values = {
        "name": " ".join(name.split()),
        "organisation": " ".join(organisation.split()),
        "email": KIM.email,
        "unsubscribe": LINK,
    }
    message = read(data)
    assert bodies(message) == [
        ended(text, text.fill(values)),
        ended(html, html.fill(values, escape)),
    ]
    assert message.get_all("To") == [KIM.email]


@given(PERSONAL, PERSONAL, VALUES)
def test_no_text_and_no_value_is_seen_by_smtp(
    text: PersonalText, html: PersonalText, name: str
) -> None:
    data = composed(of_text(text, html), replace(KIM, name=name))
    assert is_wire_form(data)
    head, _, body = data.partition(b"\r\n\r\n")
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))


@given(VALUES)
def test_any_name_is_read_in_the_subject_as_it_was_written(name: str) -> None:
    message = read(composed(recipient=replace(KIM, name=name)))
    assert message["Subject"] == f"Nyheter till {' '.join(name.split()) or 'kära läsare'}"


@given(VALUES)
@example("SmåKom " * 20)
@example("Kim  Ek")
@example("E. Ek, Kim")
def test_a_sender_may_have_any_name(name: str) -> None:
    """The template reads it back, and refuses what would be read otherwise."""
    message = read(composed(replace(FROZEN, sender=(name, "brev@brev.example"))))
    assert [box.addr_spec for box in message["From"].addresses] == ["brev@brev.example"]


@pytest.mark.parametrize(
    ("data", "right"),
    [
        (b"a\r\n", True),
        (b"From: a\r\n", True),
        (b"a" * 998 + b"\r\n", True),
        (b"a", False),
        (b"a\n\r\n", False),
        (b"a\r\r\n", False),
        (b".\r\n", False),
        (b"a\r\n.a\r\n", False),
        (b"a\r\nFrom b\r\n", False),
        (b"\x00\r\n", False),
        (b"\xc3\xa5\r\n", False),
        (b"a" * 999 + b"\r\n", False),
    ],
)
def test_the_wire_form(data: bytes, right: bool) -> None:  # noqa: FBT001 - a table
    assert is_wire_form(data) is right


# -------------------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"date": "i går"}, "the date 'i går' is not ISO 8601"),
        ({"date": "2021-01-04T08:00"}, "the date '2021-01-04T08:00' has no time zone"),
        ({"text": PersonalText(("a\ud800",))}, "the text holds half a character, '\\ud800'"),
        ({"html": PersonalText(("\udfff",))}, "the text holds half a character, '\\udfff'"),
    ],
)
def test_a_template_that_nobody_can_get_is_refused(
    change: dict[str, object], sentence: str
) -> None:
    with pytest.raises(TemplateError) as raised:
        MessageTemplate(replace(FROZEN, **change))  # type: ignore[arg-type] # a table of fields
    assert str(raised.value) == sentence


def test_a_hole_in_the_text_names_the_recipient() -> None:
    template = MessageTemplate(of_text(PersonalText(("Hej ", Slot("organisation")))))
    with pytest.raises(ReaderValueError) as raised:
        template.compose(replace(KIM, organisation=" "))
    assert str(raised.value) == "kim@kommun.example: there is no organisation"


def test_where_no_page_answers_a_mail_is_the_only_way_to_leave() -> None:
    message = read(composed(replace(FROZEN, site_url="")))

    mail = f"mailto:avsluta@brev.example?subject={KIM.token}"
    assert message["List-Unsubscribe"] == f"<{mail}>"
    assert message["List-Unsubscribe-Post"] is None
    assert f"Avsluta: <{mail}>" in bodies(message)[0]
