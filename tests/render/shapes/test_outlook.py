"""What Outlook for Windows makes of a mail, and Outlook.com."""

import pytest

from smakom_mail.render.shapes import shape_for
from tests.render.shapes.drawing import lost, shown, styled

WINDOWS = "outlook-windows"
COM = "outlook-com"


def test_what_is_written_for_word_becomes_real_and_what_is_not_goes() -> None:
    html = (
        '<!--[if mso | IE]><table width="600"><tr><td><![endif]--><div>ord</div>'
        "<!--[if mso | IE]></td></tr></table><![endif]-->"
        "<!--[if !mso]><!--><p>för andra</p><!--<![endif]-->"
        "<!--[if lte mso 11]><i>x</i><![endif]-->"
    )
    assert shown(html, WINDOWS) == '<table width="600"><tr><td><div>ord</div></td></tr></table>'
    assert lost(html, WINDOWS) == ["outlook-conditional | <!--[if !mso]><!--> | 1"]


def test_office_s_own_settings_are_not_shown() -> None:
    html = (
        "<head><!--[if mso]><noscript><xml><o:OfficeDocumentSettings><o:AllowPNG/>"
        "<o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml></noscript>"
        "<![endif]--></head><p>ord<o:p>x</o:p></p>"
    )
    assert shape_for(html, WINDOWS).html == "<html><head></head><body><p>ord</p></body></html>"


def test_of_what_vml_draws_the_text_is_shown_and_the_picture_is_rough() -> None:
    html = (
        '<div><!--[if mso]><v:roundrect arcsize="10%" fillcolor="#ff0000"><w:anchorlock/>'
        "<center>Anmäl dig</center></v:roundrect><![endif]-->"
        "<!--[if !mso]><!--><a>Anmäl dig</a><!--<![endif]--></div>"
    )
    shape = shape_for(html, WINDOWS)
    assert shape.badge == "rough"
    assert lost(html, WINDOWS) == [
        "outlook-conditional | <!--[if !mso]><!--> | 1",
        "outlook-vml | <v:roundrect> | 1",
    ]
    assert shown(html, WINDOWS) == '<div data-lost="1"><center>Anmäl dig</center></div>'


@pytest.mark.parametrize(
    ("style", "tag", "left"),
    [
        ("padding:4px", "p", None),
        ("padding:4px", "td", "padding:4px"),
        ("padding-left:4px", "th", "padding-left:4px"),
        ("max-width:600px", "div", None),
        ("max-width:600px", "table", "max-width:600px"),
        ("width:50px;height:20px", "div", None),
        ("width:50px;height:20px", "td", "width:50px;height:20px"),
        ("margin:0 auto", "div", "margin: 0 0"),
        ("margin:-4px 0", "div", None),
        ("margin:4px", "span", None),
        ("border:12px solid red", "td", "border: 8px solid red"),
        ("border:8px solid red", "td", "border:8px solid red"),
        ("background:#ffffff url(a.png) no-repeat", "td", "background-color: #ffffff"),
        ("background:#ffffff", "td", "background:#ffffff"),
        ("background:url(a.png)", "td", None),
        ("background:linear-gradient(red, blue)", "td", None),
        ("list-style:square inside", "li", "list-style-type: square"),
        ("font-weight:500", "p", "font-weight: normal"),
        ("font-weight:600", "p", "font-weight: bold"),
        ("font-weight:bold", "p", "font-weight:bold"),
        ("font-family:system-ui, Arial", "p", "font-family: Arial"),
        ("display:block", "p", None),
        ("display:none", "p", "display:none"),
        ("display:none", "td", "display:none"),
        ("color:red !important", "p", None),
        ("color:rgba(0,0,0,.5)", "p", None),
        ("color:rgb(0,0,0)", "p", "color:rgb(0,0,0)"),
        ("text-decoration:underline overline", "p", None),
        ("text-decoration:underline", "p", "text-decoration:underline"),
        ("mso-hide:all", "p", "mso-hide:all;display:none"),
        ("mso-padding-alt:4px;padding:0", "td", "mso-padding-alt:4px;padding:0;padding:4px"),
        ("mso-padding-alt:4px", "a", "mso-padding-alt:4px"),
        ("mso-line-height-rule:exactly;line-height:20px", "p",
         "mso-line-height-rule:exactly;line-height:20px"),
    ],
)  # fmt: skip
def test_word_reads_a_style_in_its_own_way(style: str, tag: str, left: str | None) -> None:
    inner = f'<{tag} style="{style}">ord</{tag}>'
    html = f"<table><tr>{inner}</tr></table>" if tag in ("td", "th") else inner
    shape = shape_for(html, WINDOWS).html
    found = shape.partition(f"<{tag}")[2].partition(">")[0]
    attribute = found.partition('style="')[2].partition('"')[0]
    assert attribute == (left or "")


def test_a_rule_holds_for_those_of_its_elements_on_which_word_reads_it() -> None:
    html = '<p class="a">ord</p><table><tr><td class="a">cell</td></tr></table>'
    css = ".a { padding: 4px; color: red }"
    assert styled(css, WINDOWS, html) == (
        ".a:where(p) { color: red }.a:where(td) { padding: 4px; color: red }"
    )
    assert lost(f"<style>{css}</style>{html}", WINDOWS) == ["css-padding | padding: 4px | 1"]


def test_important_needs_a_space_before_it() -> None:
    css = "p { color: red!important; margin: 0 !important }"
    assert styled(css, WINDOWS) == "p { margin: 0 !important }"


def test_of_two_classes_only_the_first_is_read() -> None:
    assert styled(".a.b { color: red }", WINDOWS, '<p class="a b">x</p>') == ".a { color: red }"


def test_an_image_is_as_wide_as_its_attribute_says() -> None:
    html = '<img src="a.png" width="600" style="width:100%;max-width:600px;height:auto">'
    assert shown(html, WINDOWS) == (
        '<img src="a.png" width="600" style="height:auto" data-lost="0 1">'
    )


def test_per_cent_of_an_image_are_those_of_its_file() -> None:
    html = '<img src="a.png" width="50%" style="border:0;">'
    assert shown(html, WINDOWS) == '<img src="a.png" style="border:0;zoom:0.5" data-lost="0">'


def test_a_line_is_drawn_once() -> None:
    html = (
        '<p style="border-top:solid 2px #000000;width:64px"></p>'
        "<!--[if mso]><table><tr><td>&nbsp;</td></tr></table><![endif]-->"
    )
    assert shown(html, WINDOWS) == "<table><tr><td>\u00a0</td></tr></table>"


def test_a_table_inside_something_hidden_is_shown_and_the_words_around_it_are_not() -> None:
    html = (
        '<div style="display:none;color:red">ett<table><tr><td>två</td></tr></table>'
        "<b>tre</b>fyra</div>"
    )
    assert shown(html, WINDOWS) == (
        '<div style="color:red"><span style="display:none">ett</span>'
        '<table data-lost="0"><tr><td>två</td></tr></table>'
        '<b style="display:none">tre</b><span style="display:none">fyra</span></div>'
    )


def test_sectioning_tags_are_stripped_and_their_words_stay() -> None:
    html = "<main>a<article>b<h1>c</h1></article>d</main>"
    assert shown(html, WINDOWS) == "ab<h1>c</h1>d"
    assert lost(html, WINDOWS) == ["html-semantics | <main>; <article> | 1"]


def test_outlook_com_names_classes_and_ids_anew_in_html_and_css_alike() -> None:
    html = (
        "<style>.a b, #c.d > i { color: red } [data-ogsc] .a { color: blue }</style>"
        '<p class="a  d" id="c"><b>x</b><a href="#c">y</a></p>'
    )
    shape = shape_for(html, COM)
    assert shape.html == (
        "<html><head><style>.x_a b, #x_c.x_d > i { color: red }"
        "[data-ogsc] .x_a { color: blue }</style></head>"
        '<body style="margin:0"><div class="rps_1a2b"><div>'
        '<p class="x_a  x_d" id="x_c"><b>x</b><a href="#x_c">y</a></p></div></div></body></html>'
    )
    assert shape.losses == ()


def test_in_outlook_com_rules_for_the_body_hold_for_its_box() -> None:
    html = "<style>body { margin: 0 } body.a td, html { color: red }</style><body>ord</body>"
    assert styled("body { margin: 0 } body.a > td { color: red }", COM) == (
        ".rps_1a2b > div { margin: 0 }.rps_1a2b > div.x_a > td { color: red }"
    )
    assert lost(html, COM) == ["html-body | html | 1"]


def test_in_outlook_com_a_class_asked_for_as_an_attribute_is_not_found() -> None:
    css = "[class=a] { color: red } p[title] { color: blue }"
    html = '<p class="a" title="x">ord</p>'
    assert styled(css, COM, html).strip() == "p[title] { color: blue }"
    assert lost(f"<style>{css}</style>{html}", COM) == ["css-selector-attribute | [class=a] | 1"]
