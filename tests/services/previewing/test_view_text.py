"""The text part as it flows in a mail program, and line for line as it is sent."""

from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from smakom_mail.model.rendered import PersonalText
from smakom_mail.render.wrapping import unflow
from smakom_mail.services.building import make_files
from tests.render.making import TEXT, paragraph
from tests.services.previewing.drawn import repository, snapshot, text_of, tree, view

LONG = "Vägen mellan byarna ska vara klar i höst, och den blir två mil lång, säger kommunen."


SMALL = snapshot(paragraph("Hej"))


def shown(html: str) -> str:
    """Give the characters of the text part, each as it is."""
    pre = tree(html).find(".//pre")
    assert pre is not None
    return "".join(pre.itertext())


def test_a_flowing_paragraph_is_one_line_that_the_frame_wraps() -> None:
    assert LONG in shown(view(snapshot(paragraph(LONG)), "text").html).split("\n")


def test_as_sent_the_lines_are_those_of_the_text_part() -> None:
    taken = repository()
    assert taken.rendered is not None
    sent = make_files(taken.edition, taken.rendered, taken.config)["message.txt"].decode()
    as_sent, flowing = (shown(view(taken, "text", columns=n).html) for n in (72, 0))

    assert as_sent == sent.removesuffix("\n")
    assert flowing == unflow(sent).removesuffix("\n")


def test_links_are_text_and_what_begins_like_a_quote_stays() -> None:
    html = view(snapshot(paragraph("> citat <https://väg.example/>")), "text").html

    assert [link.tag for link in tree(html).iter("a")] == []
    assert "> citat <https://väg.example/>" in shown(html)


def test_the_text_is_in_the_language_of_the_edition() -> None:
    html = tree(view(snapshot(paragraph("Hello"), language="en"), "text").html)

    assert html.get("lang") == "sv"
    assert [pre.get("lang") for pre in html.iter("pre")] == ["en"]
    assert text_of(html.find(".//h1")) == "Ren text"


@given(st.lists(TEXT, max_size=5).map("\n".join))
def test_every_character_of_the_text_part_is_there(text: str) -> None:
    assert SMALL.rendered is not None
    rendered = replace(SMALL.rendered, text=PersonalText((f"{text}\n",)))
    drawn = view(replace(SMALL, rendered=rendered), "text", columns=72).html
    written = drawn.split("<pre", 1)[1].split(">\n", 1)[1].split("</pre>")[0]

    assert unescape(written) == text


@pytest.mark.parametrize("columns", [0, 72])
def test_no_frame_is_too_narrow_for_the_text(browser: Browser, columns: int) -> None:
    taken = snapshot(paragraph(f"{LONG} https://väg.example/{'x' * 300}"))
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.set_content(view(taken, "text", columns=columns).html)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()
