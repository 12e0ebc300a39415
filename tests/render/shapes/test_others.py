"""What Yahoo, Apple Mail and Samsung make of a mail."""

from smakom_mail.render.shapes import shape_for
from tests.render.shapes.drawing import EDITIONS, lost, mail, shown, styled


def test_yahoo_names_classes_and_ids_anew_in_html_and_css_alike() -> None:
    html = "<style>.a { color: red } #b > i { color: blue }</style>" + '<p class="a" id="b">x</p>'
    assert shape_for(html, "yahoo").html == (
        "<html><head><style>.yiv0123456789a { color: red }#yiv0123456789b > i { color: blue }"
        '</style></head><body style="margin:0"><div>'
        '<p class="yiv0123456789a" id="yiv0123456789b">x</p></div></body></html>'
    )


def test_yahoo_reads_media_queries_about_width_and_height_only() -> None:
    kept = "@media only screen and (min-width: 480px) { p { color: red } }"
    gone = "@media (prefers-color-scheme: dark) { p { color: blue } }"
    other = "@media print { p { color: green } }"
    assert styled(f"{kept}{gone}{other}", "yahoo").replace(" ", "") == kept.replace(" ", "")
    assert lost(f"<style>{kept}{gone}{other}</style><p>ord</p>", "yahoo") == [
        "css-at-media | @media print | 1",
        "css-at-media-prefers-color-scheme | @media (prefers-color-scheme: dark) | 1",
    ]


def test_yahoo_turns_a_height_into_a_smallest_height_so_that_images_are_stretched() -> None:
    html = '<img src="a.png" width="600" height="120" style="width:100%;height:auto">'
    assert shown(html, "yahoo") == (
        '<div><img src="a.png" width="600" height="120" style="width:100%;min-height: auto" '
        'data-lost="0"></div>'
    )


def test_yahoo_keeps_a_role_on_tables_only() -> None:
    html = '<div role="article"><table role="presentation"><tr><td>x</td></tr></table></div>'
    assert shown(html, "yahoo") == (
        '<div><div data-lost="0"><table role="presentation"><tr><td>x</td></tr></table></div></div>'
    )


def test_apple_mail_takes_nothing_from_an_edition() -> None:
    for edition in EDITIONS:
        shape = shape_for(mail(edition), "apple-mail")
        assert shape.html == mail(edition)
        assert shape.losses == ()
        assert shape.badge == "rules"


def test_samsung_reads_a_mail_as_a_page_of_the_old_kind() -> None:
    html = "<!DOCTYPE html><html><body><p>ord</p></body></html>"
    assert shape_for(html, "samsung").html == "<html><body><p>ord</p></body></html>"


def test_in_samsung_a_link_within_the_mail_leads_nowhere() -> None:
    html = '<a href="#x">ned</a><a href="https://a.example/#x">dit</a><a href="#">upp</a>'
    assert shown(html, "samsung") == (
        '<a href="#!" data-lost="0">ned</a><a href="https://a.example/#x">dit</a>'
        '<a href="#">upp</a>'
    )
