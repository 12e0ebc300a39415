"""What each section weighs: every byte is counted once."""

import pytest
from hypothesis import given

from smakom_mail.model.document import Paragraph, Text
from smakom_mail.render.markup import outlook_view
from smakom_mail.render.weight import Weight, weigh
from tests.render.appearance.odd import MARKUP
from tests.render.finishing import finished
from tests.render.making import edition, section

MSO, END = "<!--[if mso]><table><tr><td><![endif]-->", "<!--[if mso]></td></tr></table><![endif]-->"
MADE = edition(
    sections=(
        section(Paragraph((Text("Första stycket."),)), title="Ett", file="a.md"),
        section(Paragraph((Text("Andra stycket."),)), title="Två", file="b.md"),
    )
)


def weights(parts: list[tuple[str, str]]) -> list[tuple[str, int]]:
    """Weigh a page of named parts; give what each part is and what it should weigh."""
    return [
        (name, sum(len(text.encode()) for each, text in parts if each == name))
        for name in ("", "Ett", "Två")
    ]


def page(parts: list[tuple[str, str]]) -> list[tuple[str, int]]:
    """Put the parts together and weigh them."""
    weighed = weigh("".join(text for _, text in parts), MADE)
    return [(each.name, each.bytes) for each in weighed]


def test_a_section_begins_with_its_outermost_block_and_the_footer_is_no_sections() -> None:
    parts = [
        ("", "<head><title>Ett</title></head><body><div><h1>Brevet</h1><p><a>Ett</a></p>"),
        ("Ett", "<div><table><tr><td><p>Etikett</p><h2>Ett</h2></td></tr></table></div>\n"),
        ("Ett", "<div><p>Första stycket.</p></div>"),
        ("Två", "<div><h2>Två</h2></div><div><p>Andra stycket.</p><p>Med å ä ö</p></div>"),
        ("", "<div><p>Avsluta prenumerationen</p></div></div></body>"),
    ]
    assert page(parts) == weights(parts)


def test_the_comments_for_outlook_belong_to_what_they_surround() -> None:
    parts = [
        ("", f"<body><div>{MSO}<div><h1>Brevet</h1></div>{END}"),
        ("Ett", f"{MSO}<div><h2>Ett</h2><p>Första stycket.</p></div>{END}\n"),
        ("Två", f"{MSO}<!--[if !mso]><!--><div><h2>Två</h2><p>Andra stycket.</p></div>{END}"),
        ("", f"{MSO}<div>Sidfot</div>{END}</div>"),
    ]
    assert page(parts) == weights(parts)


def test_sections_that_share_a_block_begin_at_their_headings() -> None:
    parts = [
        ("", "<body><td><h1>Brevet</h1>"),
        ("Ett", "<h2>Ett</h2><p>Första stycket.</p>"),
        ("Två", "<h2>Två</h2><p>Andra stycket.</p>"),
        ("", "<p>Sidfot</p></td>"),
    ]
    assert page(parts) == weights(parts)


def test_what_a_section_without_a_title_on_the_page_holds_counts_with_the_one_before() -> None:
    parts = [
        ("", "<body><h1>Brevet</h1>"),
        ("Ett", "<div><h2>Ett</h2><p>Första stycket.</p></div>"),
        ("", "<div><p>Andra stycket.</p></div><p>Sidfot</p>"),
    ]
    assert page(parts) == weights(parts)
    without_first = [
        ("", "<h1>Brevet</h1><p>Första stycket.</p>"),
        ("Två", "<div><h2>Två</h2></div>"),
    ]
    assert page(without_first) == weights(without_first)


def test_two_sections_of_one_name_weigh_each_their_own() -> None:
    html = "<h1>Brevet</h1><div><h2>Ett</h2><p>Kort</p></div><div><h2>Ett</h2><p>Längre</p></div>"
    made = edition(sections=(section(title="Ett", file="a.md"), section(title="Ett", file="b.md")))
    assert weigh(html, made) == (
        Weight("", "", 15),
        Weight("Ett", "a.md", 34),
        Weight("Ett", "b.md", 37),
    )


def test_a_page_without_any_section_is_all_frame() -> None:
    assert weigh("<p>Hej då</p>", MADE) == (
        Weight("", "", 14),
        Weight("Ett", "a.md", 0),
        Weight("Två", "b.md", 0),
    )


@pytest.mark.parametrize("layout", ["smakom", "brev"])
@pytest.mark.parametrize("slug", ["januari-2021", "april-2021", "allt"])
def test_every_byte_of_the_editions_is_counted_once_and_no_section_is_empty(
    layout: str, slug: str
) -> None:
    made = finished(layout, slug)
    for html in (made.mail, made.web, outlook_view(made.mail)[0]):
        weighed = weigh(html, made.edition)
        assert sum(each.bytes for each in weighed) == len(html.encode())
        assert [each.name for each in weighed[1:]] == [s.title for s in made.edition.sections]
        assert min(each.bytes for each in weighed) > 300


@pytest.mark.parametrize("layout", ["smakom", "brev"])
def test_the_parts_of_a_mail_are_whole_blocks(layout: str) -> None:
    """Cut where the sections begin, the mail is in tags that open and close within each part."""
    made = finished(layout, "januari-2021")
    frame, *sections = weigh(made.mail, made.edition)
    data = made.mail.encode()
    at = len(data) - _tail(made.mail)
    for each in reversed(sections):
        at -= each.bytes
        part = data[at : at + each.bytes].decode()
        assert part.startswith("<!--[if mso | IE]><table"), each.name
        assert part.count("<div") == part.count("</div>"), each.name
        assert part.count("<table") == part.count("</table>"), each.name
    assert frame.bytes == at + _tail(made.mail)


def _tail(mail: str) -> int:
    """Give how many bytes stand behind the last section: from the next outermost block on."""
    telephone = mail.index("0706-72 56 49")
    return len(mail[mail.index("<!--[if mso | IE]><table", telephone) :].encode())


@given(MARKUP)
def test_any_page_is_counted_to_the_last_byte(html: str) -> None:
    weighed = weigh(f"<h2>Ett</h2>{html}<div><h2>Två</h2>{html}</div>", MADE)
    whole = f"<h2>Ett</h2>{html}<div><h2>Två</h2>{html}</div>".encode("utf-8", "surrogatepass")
    assert sum(each.bytes for each in weighed) == len(whole)
    assert min(each.bytes for each in weighed) >= 0
