"""What an address of the preview asks for, and what it says again."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from smakom_mail.render.shapes import CLIENTS
from smakom_mail.services.previewing.views import ViewRequest
from smakom_mail.web.preview.asking import SCHEMES, USUAL_WIDTHS, VIEWS, WIDTHS, Asked, read_query


def test_an_address_without_a_query_shows_the_mail_at_two_widths() -> None:
    assert read_query(QueryParams("")) == Asked("mail", USUAL_WIDTHS)


def test_everything_can_be_asked_for() -> None:
    query = (
        "view=text&width=320&width=700&free=500&client=gmail&scheme=dark&pictures=0&text=200"
        "&reader=1&columns=72&draft=1"
    )
    assert read_query(QueryParams(query)) == Asked(
        view="text",
        widths=(320, 700),
        free=500,
        client="gmail",
        scheme="dark",
        pictures=False,
        text=200,
        reader=1,
        columns=72,
        draft=True,
    )


@pytest.mark.parametrize(
    "query",
    [
        "view=../../etc/passwd",
        "view=",
        "client=<script>",
        "scheme=blue",
        "width=1",
        "width=٣٧٥",
        "free=99999999999999999999",
        "free=-1",
        "free=10",
        "text=150",
        "text=²",
        "reader=-1",
        "reader=1e3",
        "columns=80",
        "draft=yes",
        "pictures=false",
        "unknown=1",
    ],
)
def test_a_value_that_makes_no_sense_is_the_usual_one(query: str) -> None:
    assert read_query(QueryParams(query)) == Asked()


ASKED = st.builds(
    Asked,
    view=st.sampled_from(VIEWS),
    widths=st.sets(st.sampled_from(WIDTHS), min_size=1).map(lambda w: tuple(sorted(w))),
    free=st.sampled_from([0, 240, 500, 1600]),
    client=st.sampled_from(["", *CLIENTS]),
    scheme=st.sampled_from(SCHEMES),
    pictures=st.booleans(),
    text=st.sampled_from([100, 200]),
    reader=st.integers(0, 999),
    columns=st.sampled_from([0, 72]),
    draft=st.booleans(),
)


@given(asked=ASKED)
def test_the_query_of_a_page_asks_for_the_same_page(asked: Asked) -> None:
    assert read_query(QueryParams(asked.query())) == asked


@given(asked=ASKED, name=st.sampled_from(VIEWS))
def test_the_query_of_a_frame_asks_for_the_same_view(asked: Asked, name: str) -> None:
    query = asked.frame_query(name, 7)
    assert ("g", "7") in parse_qsl(query)
    again = read_query(QueryParams(query))
    assert again.request(name) == asked.request(name)
    assert again.draft == asked.draft


def test_a_setting_that_does_not_concern_a_view_does_not_change_its_address() -> None:
    plain = Asked()
    dark = Asked(client="gmail", scheme="dark", pictures=False, text=200, reader=1, columns=72)
    assert dark.frame_query("seeds", 1) == plain.frame_query("seeds", 1)
    assert dark.frame_query("order", 1) == plain.frame_query("order", 1)
    assert dark.request("web") == ViewRequest("web", scheme="dark", text=200)
