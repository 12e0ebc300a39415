"""The mail and the web version as frames of the preview, and what every request gives."""

import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smakom_mail.config import SampleReader
from smakom_mail.model.document import Field, Paragraph, Text
from smakom_mail.model.rendered import PersonalText
from smakom_mail.render.shapes import CLIENTS, Badge, shape_for
from smakom_mail.services.building import make_files
from smakom_mail.services.previewing.views import (
    NAMES,
    SCHEMES,
    ViewRequest,
    make_view,
    with_dead_links,
    with_own_pictures,
)
from tests.render.making import CONFIG, paragraph
from tests.services.previewing.drawn import (
    in_language,
    repository,
    snapshot,
    text_of,
    texts,
    tree,
    view,
)

ADDRESS = "https://brev.example/archive/provnummer/images/bro-12345678.png"


def sources(html: str) -> list[str]:
    return [image.get("src", "") for image in tree(html).iter("img")]


@pytest.mark.parametrize("name", ["mail", "web"])
def test_pictures_come_from_beside_the_document(name: str) -> None:
    taken = repository()
    assert taken.rendered is not None
    shown = sources(view(taken, name).html)

    assert len(shown) == 8
    assert {source.removeprefix("images/") for source in shown} <= {
        picture.name for picture in taken.rendered.pictures
    }


@pytest.mark.parametrize(
    "html",
    [
        '<img alt="" src="{}">',
        "<img alt='>' src='{}'>",
        '<td background="{}">',
        '<v:fill type="frame" src="{}"/>',
        "<p style=\"background:url('{}')\">",
        '<p style="background:url({}) top">',
        '<p style="background:url(&quot;{}&quot;)">',
        '<style>a > b, c<d, "e {{background:url("{}")}}</style>',
    ],
)
def test_every_place_that_fetches_a_picture_is_changed(html: str) -> None:
    changed = with_own_pictures(html.format(ADDRESS), ("x.png", "bro-12345678.png"))

    assert changed == html.format("images/bro-12345678.png")


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{ADDRESS}</p>",
        f"<p> src='{ADDRESS}' url({ADDRESS})</p>",
        f'<a href="{ADDRESS}">x</a>',
        '<img src="https://elsewhere.example/images/annan.png">',
        f'<img alt="url is {ADDRESS}">',
    ],
)
def test_text_links_and_other_pictures_are_left(html: str) -> None:
    assert with_own_pictures(html, ("bro-12345678.png",)) == html


def test_the_way_out_is_dead_and_says_so_without_moving_anything() -> None:
    html = view(repository(), "mail").html
    dead = [a for a in tree(html).iter("a") if a.get("data-dead") == "true"]

    assert [text_of(link) for link in dead] == ["Avsluta prenumerationen"]
    assert dead[0].get("href") == "https://nyhetsbrev.smakom.example/u/exempel-2e646540579d"
    assert dead[0].get("title") == "Länken är en exempeladress och leder ingenstans."
    assert dead[0].get("style") == "outline:2px dotted;outline-offset:2px;color:#1E5B4F"


def test_only_links_to_the_address_are_dead() -> None:
    html = (
        '<a href="https://a.example/u/x&amp;y">ett</a><a title="t" href=\'https://a.example/u/x\'>två</a>'
        '<a href="https://a.example/u/xy">tre</a><abbr href="https://a.example/u/x">fyra</abbr>'
        '<p>href="https://a.example/u/x"</p>'
    )
    outline = 'style="outline:2px dotted;outline-offset:2px"'

    assert with_dead_links(html, "https://a.example/u/x", 'en "död"') == html.replace(
        "<a title=\"t\" href='https://a.example/u/x'>",
        f'<a data-dead="true" title="en &quot;död&quot;" {outline} href=\'https://a.example/u/x\'>',
    )
    assert 'data-dead="true"' in with_dead_links(html, "https://a.example/u/x&y", "t")


def test_the_mail_is_the_one_that_is_built_but_for_what_the_preview_adds() -> None:
    taken = repository()
    assert taken.rendered is not None
    built = make_files(taken.edition, taken.rendered, taken.config)["message.html"].decode()

    assert texts(view(taken, "mail").html, ".//body") == texts(built, ".//body")


def test_the_mail_is_for_the_chosen_reader_and_for_the_first_where_there_is_no_such() -> None:
    readers = (SampleReader("Kim"), SampleReader("", "Åmåls <kommun>", "å@exempel.example"))
    config = replace(CONFIG, samples=readers)
    greeting = Paragraph((Text("Hej "), Field("name", "läsare"), Text(" i "), Field("email", None)))
    taken = snapshot(greeting, config=config)

    def greeted(reader: int) -> list[str]:
        said = view(taken, "mail", reader=reader).html
        return re.findall(r"Hej [^<]*", said)

    assert greeted(0) == ["Hej Kim i kim@exempel.example"]
    assert greeted(1) == ["Hej läsare i å@exempel.example"]
    assert [greeted(reader) for reader in (2, -1, 10**9)] == [greeted(0)] * 3


def test_a_field_without_any_word_shows_as_it_was_typed() -> None:
    config = replace(CONFIG, samples=(SampleReader(name=""),))
    unknown = Paragraph((Text("Hej "), Field("name", None), Text(", "), Field("ort", None)))
    taken = snapshot(unknown, config=config, subject="Till {name} i {ort|Mora}")

    assert "Hej {name}, {ort}" in view(taken, "mail").html
    assert "Hej {name}, {ort}" in view(taken, "text").html
    assert "Till {name} i Mora" in view(taken, "inbox").html
    assert "Till {name} i Mora" in view(taken, "raw").html


@pytest.mark.parametrize("client", CLIENTS)
def test_a_program_shows_its_shape_with_its_badge_and_losses(client: str) -> None:
    shown = view(repository(), "mail", client=client)
    assert repository().rendered is not None
    html = make_files(repository().edition, repository().rendered, repository().config)  # type: ignore[arg-type] # asserted above
    shape = shape_for(html["message.html"].decode(), client)

    assert (shown.badge, shown.losses) == (shape.badge, shape.losses)
    assert len(re.findall(r"\sdata-lost=", shown.html)) == len(
        re.findall(r"\sdata-lost=", shape.html)
    )


def test_blocks_of_the_mail_name_the_file_that_they_are_from() -> None:
    for name in ("mail", "web"):
        marked = re.findall(r'data-source="([^"]*)"', view(repository(), name).html)
        assert "newsletters/januari-2021/10-ordforandens-ord.md:3" in marked


def test_pictures_can_be_off_and_text_larger() -> None:
    plain = view(repository(), "mail").html

    assert sources(view(repository(), "mail", pictures=False).html) == []
    assert len(view(repository(), "mail", text=200).html) > len(plain)
    assert view(repository(), "mail", text=150).html == plain


@pytest.mark.parametrize("name", ["mail", "web"])
def test_each_scheme_is_a_picture_of_its_own_and_a_guessed_one_is_rough(name: str) -> None:
    shown = {scheme: view(repository(), name, scheme=scheme) for scheme in SCHEMES}

    assert [each.badge for each in shown.values()] == ["rules", "rules", "rough", "rough"]
    assert len({each.html for each in shown.values()}) == 4


@pytest.mark.parametrize(
    ("name", "badge"),
    [
        *(("mail", "rules"), ("web", "rules"), ("text", "exact"), ("inbox", "rough")),
        *(("order", "rules"), ("raw", "exact"), ("seeds", "exact")),
    ],
)
def test_each_view_says_how_far_to_trust_it(name: str, badge: Badge) -> None:
    assert view(repository(), name).badge == badge


def test_without_a_rendered_edition_there_is_a_sentence_and_the_sources() -> None:
    taken = replace(repository(), rendered=None)

    for name in NAMES[:-1]:
        assert texts(view(taken, name).html, ".//main") == [
            "Inget att visa än När felen i numret är rättade syns det här."
        ]
    assert view(taken, "seeds") == view(repository(), "seeds")
    assert texts(view(in_language(taken, "en"), "mail").html, ".//h1") == ["Nothing to show yet"]


REQUESTS = st.builds(
    ViewRequest,
    name=st.sampled_from(NAMES) | st.text(max_size=5),
    client=st.sampled_from(list(CLIENTS)) | st.text(max_size=5),
    scheme=st.sampled_from(list(SCHEMES)) | st.text(max_size=5),
    pictures=st.booleans(),
    text=st.integers(),
    reader=st.integers(),
    columns=st.integers(),
)
SMALL = snapshot(paragraph("Hej"), Paragraph((Field("name", None), Field("x", None))))


@settings(max_examples=40)  # each draws the mail twice, in some program's shape
@given(REQUESTS)
def test_every_request_gives_a_document_and_always_the_same(request: ViewRequest) -> None:
    shown = make_view(SMALL, request)

    # Samsung's program takes the doctype away.
    assert shown.html.lower().startswith(("<!doctype html>", "<html"))
    assert shown.badge in get_args(Badge)
    assert make_view(SMALL, request) == shown


@given(st.sampled_from(NAMES), st.text(max_size=30))
def test_no_finished_page_is_too_strange_to_show(name: str, page: str) -> None:
    assert SMALL.rendered is not None
    odd = replace(SMALL.rendered, html=PersonalText((page,)), text=PersonalText((page,)), web=page)

    assert isinstance(view(replace(SMALL, rendered=odd), name).html, str)


def test_outlook_com_lets_the_mail_s_own_rules_for_its_turned_colours_apply() -> None:
    drawn = make_view(
        repository(), ViewRequest("mail", client="outlook-com", scheme="partial")
    ).html
    assert drawn.count("data-ogsc data-ogsb") == 1
    assert "[data-ogsc]" in drawn
    light = make_view(repository(), ViewRequest("mail", client="outlook-com")).html
    assert "data-ogsc data-ogsb" not in light
