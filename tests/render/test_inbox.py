"""The inbox line: what of a mail is read before it is opened, and where it is cut."""

import unicodedata
from html import escape

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.render.inbox import PROGRAMS, Cut, cut, inbox_lines, preview_text
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import open_workplace
from tests.conftest import ROOT
from tests.render.making import TEXT


def mail(body: str) -> str:
    return f"<!DOCTYPE html><html><head><title>Ämne</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Ett</p><p>Två</p>", "Ett Två"),
        ("<p>Ett\n   <b>t</b>vå</p>", "Ett två"),
        ('<div style="display:none">Förhandstext</div><p>Brevet</p>', "Förhandstext Brevet"),
        ("Hej&#847;&zwnj;&nbsp;&#847;&zwnj;<p>du", "Hej\u034f\u200c\u00a0\u034f\u200c du"),
        ("<style>p{}</style><p>Hej</p><!-- nej --><script>1</script>", "Hej"),
        ("<!--[if mso]><table>nej<![endif]-->Hej<!--[if !mso]><!-->!<!--<![endif]-->", "Hej!"),
        ('<img src="x.png" alt="Bron"><p>Hej</p>', "Bron Hej"),
        ('<img src="x.png" alt=""><p>Hej</p>', "Hej"),
        ("<img src='x.png' alt='a &gt; b'>Hej", "a > b Hej"),
        ('<p title="a > b">Hej</p>', "Hej"),
        ("a &lt; b &amp;amp; c", "a < b &amp; c"),
        ("<p>Ett<br>två</p>", "Ett två"),
        ("Hej<!-- utan slut <p>du</p>", "Hej"),
        ("Hej<style>p{} <p>du</p>", "Hej"),
        ("", ""),
    ],
)  # fmt: skip
def test_an_inbox_reads_the_text_from_its_beginning(body: str, expected: str) -> None:
    assert preview_text(mail(body)) == expected


def test_an_inbox_reads_no_more_than_any_list_shows() -> None:
    assert len(preview_text(mail("<p>ord</p>" * 10_000))) == 1_499  # a space at the end is none


@given(st.lists(TEXT, max_size=8))
def test_the_text_is_what_a_browser_has_in_the_body(texts: list[str]) -> None:
    html = mail("".join(f"<p>{escape(text)}</p>" for text in texts))
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    said = " ".join(" ".join(p.itertext()) for p in tree.iter("p"))
    squeezed = [word for word in said.replace("\n", " ").split(" ") if word]

    assert preview_text(html) == " ".join(squeezed)[:1_500].rstrip(" ")


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("Kort", 10, Cut("Kort", 4, 4)),
        ("Precis", 6, Cut("Precis", 6, 6)),
        ("För långt", 5, Cut("För l", 5, 9)),
        ("Ett ord", 4, Cut("Ett", 4, 7)),
        ("", 5, Cut("", 0, 0)),
        ("Något", 0, Cut("", 0, 5)),
        ("e\u0301te\u0301", 2, Cut("e\u0301t", 2, 3)),
        ("a\u200c\u034fb\u00adc", 2, Cut("a\u200c\u034fb\u00ad", 2, 3)),
        ("漢字", 3, Cut("漢", 3, 4)),
    ],
)
def test_a_text_is_cut_where_its_room_ends(text: str, room: int, expected: Cut) -> None:
    assert cut(text, room) == expected


@given(TEXT, st.integers(0, 40))
def test_a_cut_is_a_beginning_and_never_too_long(text: str, room: int) -> None:
    found = cut(text, room)

    assert text.startswith(found.shown)
    assert found.fits <= room or found.whole
    assert found.whole == (found.total <= room)
    assert (
        found.shown == "" or not unicodedata.combining(found.shown[0]) or text[0] == found.shown[0]
    )


def test_each_program_cuts_the_january_line_in_its_own_place() -> None:
    edition = check_edition(open_workplace(ROOT, {}), "januari-2021")
    assert edition.rendered is not None
    preview = preview_text(edition.rendered.html.fill({"unsubscribe": "x", "name": "Kim"}))
    lines = inbox_lines("SmåKom", edition.edition.subject, preview)

    assert preview.startswith(edition.edition.preheader)
    assert [
        (line.program.key, line.sender.shown, line.subject.shown, line.preview.shown)
        for line in lines
    ] == [
        (
            "phone",
            "SmåKom",
            "Nyhetsbrev januari 2021: vindkraft, poste",
            (
                "Ordföranden om ett år av skärmmöten, styrelsens beslut i december och "
                "fyra utredningar s"
            ),
        ),
        (
            "webmail",
            "SmåKom",
            "Nyhetsbrev januari 2021: vindkraft, posten och Vårmötet",
            "Ordföranden om ett år av skärmmöten, styrelsens besl",
        ),
        (
            "outlook",
            "SmåKom",
            "Nyhetsbrev januari 2021: vindkraft, posten o",
            "Ordföranden om ett år av skärmmöten, styrelsens",
        ),
    ]


def test_a_subject_and_a_text_on_one_line_share_its_room() -> None:
    webmail = next(program for program in PROGRAMS if program.joined)
    line = next(each for each in inbox_lines("S", "x" * 200, "y" * 200) if each.program == webmail)

    assert (line.subject.fits, line.preview.fits) == (100, 7)
