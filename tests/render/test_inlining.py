"""premailer with its teeth drawn: each of its known traps is a test here."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import css_inline
import html5lib
import pytest

from smakom_mail.model.edition import Picture
from smakom_mail.render.inlining import inline_css
from smakom_mail.render.mail import finish, normalise, with_heights
from tests.conftest import ROOT
from tests.render.making import edition, layout, paragraph, render
from tests.render.watching import watched

PAGE = "<!doctype html>\n<html><head>{head}</head><body>{body}</body></html>"
OUTSIDE = "http://192.0.2.1/x.css"  # RFC 5737: for documentation, never in use


def inlined(head: str, body: str = '<p class="a">x</p>') -> str:
    return inline_css(PAGE.format(head=head, body=body))


def test_rules_go_into_the_elements() -> None:
    page = inlined("<style>p { color: red } .a { margin: 0 }</style>")
    assert page == (
        "<!DOCTYPE html>\n<html><head></head>"
        '<body><p class="a" style="color:red; margin:0">x</p></body></html>'
    )


@pytest.mark.parametrize("doctype", ["<!doctype html>", "<!DOCTYPE html>", "\n <!Doctype HTML>"])
def test_the_doctype_is_kept(doctype: str) -> None:
    page = inline_css(f"{doctype}<html><head></head><body><p>x</p></body></html>")
    assert page.startswith("<!DOCTYPE html>\n<html>")


def test_important_is_kept_in_media_queries() -> None:
    rule = "@media (max-width:479px){p{color:red!important}}"
    kept = f'<style data-premailer="ignore">{rule}</style>'
    assert rule in inlined(f"{kept}<style>p{{margin:0}}</style>")


@pytest.mark.parametrize("rule", ["img{width:100%}", "img{width:50px;height:auto}"])
def test_the_width_of_an_image_is_kept(rule: str) -> None:
    page = inlined(f"<style>{rule}</style>", '<img width="536" height="268" alt="">')
    assert '<img width="536" height="268" alt="" style="' in page


def test_align_and_colour_attributes_are_not_made_up() -> None:
    rule = "td{text-align:center;vertical-align:top;background-color:#FFFFFF}"
    page = inlined(f"<style>{rule}</style>", "<table><tr><td>x</td></tr></table>")
    assert "align=" not in page
    assert "bgcolor" not in page


FETCHES = [
    f"<style>@import url({OUTSIDE}); p{{margin:0}}</style>",
    f'<style>@import "{OUTSIDE}"; p{{margin:0}}</style>',
    "<style>@import url(file:///etc/hostname); p{margin:0}</style>",
    "<style>@import '/etc/hostname'; p{margin:0}</style>",
    f"<style>p{{background:url({OUTSIDE})}}</style>",
    f"<style>@font-face{{font-family:x;src:url({OUTSIDE})}} p{{margin:0}}</style>",
    f'<link rel="stylesheet" href="{OUTSIDE}">',
    '<link rel="stylesheet" href="//192.0.2.1/x.css">',
    '<link rel="stylesheet" href="file:///etc/hostname">',
    '<link rel="stylesheet" href="/etc/hostname">',
    f'<style data-premailer="ignore">@import url({OUTSIDE});</style>',
]


@pytest.mark.parametrize("head", FETCHES)
def test_nothing_is_read_or_fetched(head: str) -> None:
    inlined("<style>p{margin:0}</style>")  # everything is imported and parsed once
    with watched() as seen:
        assert '<p class="a"' in inlined(head)
    assert seen == []


def test_the_watch_sees_files_and_connections(tmp_path: Path) -> None:
    with watched() as seen:
        (tmp_path / "a").write_text("x")
    assert seen == [f"open {tmp_path / 'a'}"]


def test_rendering_an_edition_reads_and_fetches_nothing() -> None:
    made = edition(paragraph("Ett."), paragraph("Två."))
    render(made)
    with watched() as seen:
        render(made)
    assert seen == []


@pytest.mark.parametrize(
    "css",
    [
        "",
        "}}}}",
        "p {",
        "p { color",
        "@media {",
        "p::first-line{a:b}",
        "p:is(a){a:b}",
        "[a",
        "/* p",
        "p,{a:b}",
        "#1{a:b}",
        "p{a:b}}p{c:d}",
        "\\",
        "a>>b{c:d}",
        "*|p{a:b}",
        "p{--x:1}",
        "p{a:rgb(}",
    ],
)
def test_css_that_makes_no_sense_stops_nothing(css: str) -> None:
    assert "x</p></body>" in inlined(f"<style>{css}</style>")


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "import hashlib; from tests.render.making import edition, paragraph, render\n"
        "rendered, _ = render(edition(paragraph('Ett.'), paragraph('Två.')))\n"
        "print(rendered.digest, hashlib.sha256(rendered.web.encode()).hexdigest())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("0", "1", "2", "3", "4")
    }
    assert len(printed) == 1


def test_threads_get_the_same_bytes_as_one() -> None:
    pages = [
        normalise(PAGE.format(head="", body=f"<p>{number}</p><h1>x</h1>"), layout().inline_css, ())
        for number in range(8)
    ]
    alone = [finish(page) for page in pages]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda number: finish(pages[number % 8]), range(400)))
    assert together == alone * 50


def test_a_second_inliner_agrees() -> None:
    """css-inline is written in another language by other people."""
    css = layout().inline_css
    body = '<h1>a</h1><p class="label">b</p><div class="panel"><p>c <a href="x">d</a></p></div>'
    other = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False).inline(
        PAGE.format(head=f"<style>{css}</style>", body=body)
    )
    assert styles(inlined(f"<style>{css}</style>", body)) == styles(other)


def styles(page: str) -> list[tuple[str, frozenset[str]]]:
    """Give the declarations of every element, without white space."""
    root = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    return [
        (
            element.tag,
            frozenset(
                "".join(part.split()).replace('"', "'") for part in declarations if part.strip()
            ),
        )
        for element in root.iter()
        if (declarations := element.attrib.get("style", "").split(";"))
    ]


# --------------------------------------------------------------------------- the rest of a mail


def test_only_the_tags_of_the_page_are_compacted() -> None:
    said = 'Se style="a; b" och data-premailer="ignore" här'
    body = f"<p style='color: red; x: \"y\"'>{said}</p><img alt='{said}'>"
    page = finish(PAGE.format(head='<style data-premailer="ignore">p{}</style>', body=body))
    assert page == (
        "<!DOCTYPE html><html><head><style>p{}</style></head><body>"
        f"<p style=\"color: red;x: 'y'\">{said}</p><img alt='{said}'></body></html>\n"
    )


def test_what_the_engine_leaves_behind_is_mended() -> None:
    page = PAGE.format(
        head='<meta http-equiv="Content-Type" content="text/html"><style>p{}</style>',
        body='<!--[if mso | IE]><td style="width:254.4px;"><![endif]--><p style="width:1.5px"></p>'
        '<td vertical-align="middle"></td><img src="a" height="auto"><div style="p"></div>',
    )
    mended = normalise(page, "/* note */ p { margin: 0; }\n", ("a {\n  b: c;\n}\n",))
    assert mended.startswith(
        '<!doctype html>\n<html><head><meta charset="utf-8"><meta name="x-apple'
    )
    assert "http-equiv" not in mended
    assert (
        '<style data-premailer="ignore">p{}</style><style data-premailer="ignore">a {b: c;}</style>'
        "<style>p { margin: 0; }</style></head>"
    ) in mended
    assert (
        '<!--[if mso | IE]><td style="width:254px;"><![endif]--><p style="width:1.5px"></p>'
        '<td></td><img src="a"><div></div>'
    ) in mended


@pytest.mark.parametrize(
    ("tag", "sized"),
    [
        ('<img src="/i/{}" width="536">', '<img src="/i/{}" width="536" height="268">'),
        (
            '<img alt=" height=" src="{}" width="2">',
            '<img alt=" height=" src="{}" width="2" height="1">',
        ),
        ('<img src="{}" width="2" height="9">', '<img src="{}" width="2" height="9">'),
        ('<img src="{}" width="1">', '<img src="{}" width="1" height="1">'),
        ('<img src="{}">', '<img src="{}">'),
        ('<img src="/i/unknown.png" width="536">', '<img src="/i/unknown.png" width="536">'),
        (
            '<img src="{}" width="2" style="max-width:100%;width:2px">',
            '<img src="{}" width="2" height="1" style="max-width:100%;width:2px">',
        ),
    ],
)
def test_a_picture_of_a_fixed_width_is_as_high_as_that_makes_it(tag: str, sized: str) -> None:
    picture = Picture("newsletters/x/images/a.png", "a-12345678.png", 1072, 536, b"pixels")
    pictures = {picture.name: picture}
    assert with_heights(tag.format(picture.name), pictures) == sized.format(picture.name)


@pytest.mark.parametrize(
    "style", ["width:100%", "display:block;width:100%;max-width:536px", "border:0; width: 50.5%"]
)
def test_a_picture_as_wide_as_its_place_gets_no_height_to_be_stretched_to(style: str) -> None:
    pictures = {"a.png": Picture("newsletters/x/images/a.png", "a.png", 1072, 536, b"pixels")}
    tag = f'<img src="/i/a.png" width="536" style="{style}">'
    assert with_heights(tag, pictures) == tag
