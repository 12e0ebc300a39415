"""What was lost is told once, in order, and marked where it was."""

import pytest

from smakom_mail.render.shapes import Loss, shape_for
from tests.render.shapes.drawing import EDITIONS, EVERY_CLIENT, lost, mail, shown


def test_equal_losses_are_one_and_values_of_one_property_stand_together() -> None:
    html = (
        '<p style="border-radius: 6px">a</p><p style="border-radius: 4px;z-index: 1">b</p>'
        '<p style="border-radius: 6px">c</p>'
    )
    assert shape_for(html, "outlook-windows").losses == (
        Loss(
            "css-border-radius",
            "border-radius: 6px; 4px",
            "Outlook för Windows visar inga rundade hörn.",
            "Outlook for Windows shows no rounded corners.",
            3,
        ),
        Loss(
            "css-z-index",
            "z-index: 1",
            "Outlook för Windows lägger inget ovanpå annat.",
            "Outlook for Windows puts nothing on top of other things.",
            1,
        ),
    )
    assert shown(html, "outlook-windows") == (
        '<p data-lost="0">a</p><p data-lost="0 1">b</p><p data-lost="0">c</p>'
    )


def test_a_rule_that_goes_is_marked_on_the_elements_that_it_was_for() -> None:
    html = (
        "<style>@media (prefers-color-scheme: dark) { .a, td > b { color: red } i { margin: 0 } }"
        '</style><p class="a">x</p><table><tr><td><b>y</b></td></tr></table><p>z</p>'
    )
    assert shown(html, "gmail") == (
        '<div><p class="a" data-lost="0">x</p>'
        '<table><tr><td><b data-lost="0">y</b></td></tr></table><p>z</p></div>'
    )
    assert lost(html, "gmail") == [
        "css-at-media-prefers-color-scheme | @media (prefers-color-scheme: dark) | 2"
    ]


def test_a_selector_that_cannot_be_matched_marks_nothing_and_is_told() -> None:
    html = "<style>p:nth-child(1) { color: red }</style><p>x</p>"
    assert shown(html, "gmail") == "<div><p>x</p></div>"
    assert lost(html, "gmail") == ["css-pseudo-class-nth-child | p:nth-child(1) | 1"]


def test_a_rule_for_nothing_in_the_mail_is_no_loss() -> None:
    html = "<style>[data-ogsc] p, i > b { color: red }</style><p>x</p>"
    assert lost(html, "outlook-windows") == []
    assert shape_for(html, "outlook-windows").html == (
        "<html><head></head><body><p>x</p></body></html>"
    )


def test_marks_of_an_earlier_shape_are_forgotten() -> None:
    html = '<p data-lost="0 7">x</p>'
    assert shown(html, "apple-mail") == "<p>x</p>"


@pytest.mark.parametrize("client", EVERY_CLIENT)
def test_what_runs_is_gone_everywhere(client: str) -> None:
    html = (
        '<p onclick="x()">a</p><script>x()</script><a href="java&#10;script:x()">b</a>'
        '<iframe src="https://a.example/"></iframe><meta http-equiv="refresh" content="0">'
    )
    shape = shape_for(html, client)
    for words in ("onclick", "script", "iframe", "refresh", "x()"):
        assert words not in shape.html
    assert {loss.feature for loss in shape.losses} == {"mail-script"}


@pytest.mark.parametrize("client", EVERY_CLIENT)
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_losses_of_an_edition_are_few_sorted_and_all_marked(edition: str, client: str) -> None:
    shape = shape_for(mail(edition), client)
    assert shape == shape_for(mail(edition), client)
    assert len(shape.losses) <= 25
    order = [(loss.feature, loss.what, loss.why_en) for loss in shape.losses]
    assert order == sorted(set(order))
    for number, loss in enumerate(shape.losses):
        marks = [words.partition('"')[0].split() for words in shape.html.split('data-lost="')[1:]]
        found = sum(str(number) in each for each in marks)
        assert found == loss.count or (found == 0 and loss.feature.startswith("html-"))
