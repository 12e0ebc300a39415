"""Every rule about templates: a slip in the real layout that it must tell, with file and line."""

from dataclasses import replace
from functools import cache

import pytest

from smakom_mail.render.layout import Layout, load_layout
from smakom_mail.render.template_check import check_templates
from tests.conftest import ROOT

EDITION = "edition.mjml.j2"
ARTICLE = "sections/article.mjml.j2"
ITEMS = "sections/items.mjml.j2"
BLOCKS = "partials/blocks.mjml.j2"
FOOTER = "partials/footer.mjml.j2"
MASTHEAD = "partials/masthead.mjml.j2"
WEB = "web.html.j2"


@cache
def real(name: str = "smakom") -> Layout:
    return load_layout(ROOT, name)


def found(layout: Layout, language: str = "sv") -> list[str]:
    """Check a layout; give each finding as file:line, code and sentence."""
    return [
        f"{f.location.file.removeprefix('layouts/smakom/')}:{f.location.line} "
        f"{f.code} {f.message(language)}"
        for f in check_templates(layout)
    ]


def mutated(file: str, old: str, new: str) -> Layout:
    """Give the real layout with the first `old` in one template replaced."""
    texts = dict(real().templates)
    assert old in texts[file], f"{file} no longer has {old!r}: choose another slip"
    texts[file] = texts[file].replace(old, new, 1)
    return replace(real(), templates=tuple(texts.items()))


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "layouts").iterdir()))
def test_the_layouts_of_the_house_are_silent(name: str) -> None:
    layout = load_layout(ROOT, name)

    assert list(check_templates(layout)) == []
    assert [template for template, _ in layout.templates if template.endswith(".mjml.j2")] != []


SLIPS = {
    "an end that another name gives": (
        *(ARTICLE, "  </mj-column>", "  </mj-group>"),
        "sections/article.mjml.j2:5 M01 kolumn 3: </mj-group> stänger <mj-column> från rad 2",
    ),
    "an end forgotten": (
        *(FOOTER, "    </mj-text>\n", ""),
        (
            "partials/footer.mjml.j2:3 M01 kolumn 5: <mj-text> är inte stängd "
            "när </mj-column> kommer på rad 7"
        ),
    ),
    "an end too many": (
        *(FOOTER, "</mj-section>", "</mj-section>\n</mj-section>"),
        "partials/footer.mjml.j2:10 M01 kolumn 1: </mj-section> stänger inget som öppnats här",
    ),
    "an HTML element left open in a macro": (
        *(BLOCKS, "</td></tr><tr><td class", "</td></tr><tr><td><b class"),
        "partials/blocks.mjml.j2:{0} M01 kolumn 19: <b> är inte stängd när </td> kommer på rad {0}",
    ),
    "an element that a macro never closes": (
        *(
            BLOCKS,
            "<h2>{{ section.title }}</h2>\n{% endmacro %}",
            "<h2>{{ section.title }}\n{% endmacro %}",
        ),
        "partials/blocks.mjml.j2:8 M01 kolumn 1: <h2> stängs aldrig",
    ),
    "an element opened in a branch only": (
        *(
            BLOCKS,
            '<p class="label">{{ section.label }}</p>',
            '<p class="label">{{ section.label }}',
        ),
        (
            "partials/blocks.mjml.j2:7 M01 kolumn 23: <p> öppnas i en gren "
            "men stängs inte i samma fall"
        ),
    ),
    "a value without quotation marks": (
        *(MASTHEAD, 'width="600"', "width=600"),
        "partials/masthead.mjml.j2:3 M01 kolumn 159: <img> går inte att läsa härifrån",
    ),
    "a quotation mark forgotten": (
        *(FOOTER, 'href="{{ web_url }}"', 'href="{{ web_url }}'),
        (
            "partials/footer.mjml.j2:6 M01 kolumn 84: ett värde i <a> börjar med citattecken "
            "men slutar inte"
        ),
    ),
    "a bare less-than": (
        *(FOOTER, "&#183;", "<"),
        "partials/footer.mjml.j2:6 M01 kolumn 69: ett < som inte börjar någon tagg",
    ),
    "a tag cut short": (
        *(ARTICLE, "  <mj-column>", "  <mj-column"),
        "sections/article.mjml.j2:2 M01 kolumn 3: taggen <mj-column saknar > på slutet",
    ),
    "a doctype": (
        *(EDITION, "<mjml lang", "<!DOCTYPE html><mjml lang"),
        "edition.mjml.j2:2 M01 kolumn 1: <! och <? går inte att använda i en mall",
    ),
    "dashes in a comment": (
        *(EDITION, "<mj-head>", "<mj-head><!-- a -- b -->"),
        "edition.mjml.j2:3 M01 kolumn 12: en kommentar får inte ha -- i sig",
    ),
    "a comment without end": (
        *(EDITION, "<mj-head>", "<mj-head><!-- a"),
        "edition.mjml.j2:3 M01 kolumn 12: kommentaren slutar aldrig",
    ),
    "an attribute twice": (
        *(MASTHEAD, 'alt=""', 'alt="" alt="x"'),
        "partials/masthead.mjml.j2:3 M01 kolumn 153: alt står två gånger i samma tagg",
    ),
    "a template that is not there": (
        *(EDITION, "partials/footer.mjml.j2", "partials/foter.mjml.j2"),
        "edition.mjml.j2:24 M01 kolumn 17: det finns ingen mall ”partials/foter.mjml.j2”",
    ),
    "an import that is not there": (
        *(WEB, "web/blocks.html.j2", "web/block.html.j2"),
        "web.html.j2:1 M01 kolumn 12: det finns ingen mall ”web/block.html.j2”",
    ),
    "an include that leaves the folder": (
        *(EDITION, "partials/footer.mjml.j2", "../brev/partials/footer.mjml.j2"),
        (
            "edition.mjml.j2:24 M01 kolumn 17: ”../brev/partials/footer.mjml.j2” leder ut "
            "ur layoutens mapp"
        ),
    ),
    "an include from the root of the machine": (
        *(EDITION, "partials/footer.mjml.j2", "/etc/passwd"),
        "edition.mjml.j2:24 M01 kolumn 17: ”/etc/passwd” leder ut ur layoutens mapp",
    ),
    "an include of itself": (
        *(FOOTER, "<mj-section", '{% include "partials/footer.mjml.j2" %}\n<mj-section'),
        (
            "partials/footer.mjml.j2:1 M01 kolumn 13: ”partials/footer.mjml.j2” hämtar i sin tur "
            "den här mallen, utan slut"
        ),
    ),
    "a filter that Jinja lacks": (
        *(FOOTER, "{{ reason }}", "{{ reason | escap }}"),
        "partials/footer.mjml.j2:5 M01 kolumn 22: Jinja har inget ”escap”",
    ),
    "Jinja that is none": (
        *(FOOTER, "{{ reason }}", "{{ reason"),
        "partials/footer.mjml.j2:5 M01 mallen går inte att använda: unexpected '/'",
    ),
    "an element that MJML lacks": (
        *("sections/partner.mjml.j2", "<mj-spacer", "<mj-spaser"),
        "sections/partner.mjml.j2:1 M02 kolumn 83: MJML har inget element <mj-spaser>",
    ),
    "an element in the wrong place": (
        *(MASTHEAD, "{% if contents %}", "<mj-section></mj-section>{% if contents %}"),
        "partials/masthead.mjml.j2:9 M02 kolumn 5: <mj-section> får inte stå i <mj-column>",
    ),
    "MJML inside the HTML of a text": (
        *(FOOTER, "{{ reason }}", "<mj-button>x</mj-button>"),
        "partials/footer.mjml.j2:5 M02 kolumn 10: <mj-button> får inte stå i <mj-text>",
    ),
    "a section's file that begins with a column": (
        *(ARTICLE, "<mj-section", "<mj-column></mj-column><mj-section"),
        "sections/article.mjml.j2:1 M02 kolumn 1: <mj-column> får inte stå i <mj-body>",
    ),
    "an included file where no section fits": (
        *(
            EDITION,
            '{% include "partials/footer.mjml.j2" %}',
            (
                "<mj-section><mj-column>"
                '{% include "partials/footer.mjml.j2" %}'
                "</mj-column></mj-section>"
            ),
        ),
        "partials/footer.mjml.j2:1 M02 kolumn 1: <mj-section> får inte stå i <mj-column>",
    ),
    "HTML in a column": (
        *(ARTICLE, "{{ draw.top(section) }}", "<p>x</p>"),
        "sections/article.mjml.j2:3 M02 kolumn 5: HTML (<p>) får inte stå direkt i <mj-column>",
    ),
    "words in a column": (
        *(ARTICLE, "{{ draw.top(section) }}", "Hej"),
        "sections/article.mjml.j2:3 M02 kolumn 5: text får inte stå direkt i <mj-column>",
    ),
    "words outside mjml": (
        *(EDITION, "</mjml>", "</mjml>\nslut"),
        "edition.mjml.j2:27 M02 kolumn 1: bara <mjml> får stå ytterst, inte text",
    ),
    "an attribute that the element lacks": (
        *(FOOTER, 'font-size="14px"', 'font-sise="14px"'),
        "partials/footer.mjml.j2:3 M03 kolumn 32: <mj-text> har inget attribut ”font-sise”",
    ),
    "a size without a unit": (
        *(FOOTER, 'font-size="14px"', 'font-size="14"'),
        "partials/footer.mjml.j2:3 M03 kolumn 32: font-size kan inte vara ”14”",
    ),
    "a colour of four digits": (
        *(FOOTER, 'color="#F3F1EB"', 'color="#F3F1"'),
        "partials/footer.mjml.j2:1 M03 kolumn 36: background-color kan inte vara ”#F3F1”",
    ),
    "a word that is none of the allowed": (
        *(MASTHEAD, 'align="center"', 'align="centre"'),
        "partials/masthead.mjml.j2:3 M03 kolumn 30: align kan inte vara ”centre”",
    ),
    "an attribute in mj-all that nothing has": (
        *(EDITION, "<mj-all font-family", "<mj-all font-famly"),
        "edition.mjml.j2:6 M03 kolumn 15: <mj-all> har inget attribut ”font-famly”",
    ),
    "an attribute that the engine leaves out": (
        *(EDITION, "<mj-body width", '<mj-body id="brev" width'),
        "edition.mjml.j2:13 M04 kolumn 12: MJML-motorn bryr sig inte om id i <mj-body>",
    ),
    "MJML's include": (
        *(EDITION, "<mj-head>", '<mj-head><mj-include path="x.mjml" />'),
        "edition.mjml.j2:3 M05 kolumn 12: <mj-include> går inte att använda",
    ),
    "MJML's HTML attributes": (
        *(EDITION, "<mj-head>", "<mj-head><mj-html-attributes></mj-html-attributes>"),
        (
            "edition.mjml.j2:3 M05 kolumn 12: <mj-html-attributes> går inte att använda: "
            "MJML-motorn stannar där"
        ),
    ),
    "a web font": (
        *(EDITION, "<mj-head>", '<mj-head><mj-font name="Lato" href="https://a.example/x" />'),
        (
            "edition.mjml.j2:3 M05 kolumn 12: <mj-font> hämtar typsnittet från någon "
            "som då ser vem som läser"
        ),
    ),
    "styles to be inlined by MJML": (
        *(EDITION, "<mj-head>", '<mj-head><mj-style inline="inline">p { margin: 0 }</mj-style>'),
        'edition.mjml.j2:3 M05 kolumn 22: <mj-style inline="inline"> läggs inte in i elementen',
    ),
    "raw text before the document": (
        *(EDITION, "<mj-raw>", '<mj-raw position="file-start">'),
        'edition.mjml.j2:14 M05 kolumn 13: <mj-raw position="file-start"> går inte att använda',
    ),
    "a bare zero among paddings": (
        *(FOOTER, "32px 32px 48px 32px", "32px 0 48px 0"),
        (
            "partials/footer.mjml.j2:1 M06 kolumn 63: en nolla utan enhet i "
            'padding="32px 0 48px 0" gör bredderna fel'
        ),
    ),
    "a bare zero beside a computed padding": (
        *(ITEMS, "'16px' }} 32px 8px 32px", "'16px' }} 32px 0 32px"),
        (
            "sections/items.mjml.j2:14 M06 kolumn 62: en nolla utan enhet i "
            'padding="… 32px 0 32px" gör bredderna fel'
        ),
    ),
    "capitals made by a filter": (
        *(FOOTER, "{{ organisation }}", "{{ organisation | upper }}"),
        (
            "partials/footer.mjml.j2:4 M07 kolumn 51: | upper ändrar organisation, "
            "som är en platshållare när mallen körs"
        ),
    ),
    "the first letters of a title": (
        *(BLOCKS, "<h2>{{ section.title }}", "<h2>{{ section.title[:20] }}"),
        (
            "partials/blocks.mjml.j2:8 M07 kolumn 21: […] ändrar section.title, "
            "som är en platshållare när mallen körs"
        ),
    ),
    "the length of a text": (
        *(BLOCKS, "{% if section.label %}", "{% if section.label | length > 3 %}"),
        (
            "partials/blocks.mjml.j2:7 M07 kolumn 21: | length ändrar section.label, "
            "som är en platshållare när mallen körs"
        ),
    ),
    "a method of a text, on the web page": (
        *(WEB, "<h1>{{ title }}", "<h1>{{ title.title() }}"),
        (
            "web.html.j2:19 M07 kolumn 15: .title() ändrar title, "
            "som är en platshållare när mallen körs"
        ),
    ),
    "a loop over lines that are one token": (
        *("edition.txt.j2", "{{ contents }}", "{% for line in contents %}{{ line }}{% endfor %}"),
        (
            "edition.txt.j2:15 M07 kolumn 4: for ändrar contents, "
            "som är en platshållare när mallen körs"
        ),
    ),
    "a no-break space in an attribute": (
        *(MASTHEAD, 'alt=""', 'alt="a\u00a0b"'),
        "partials/masthead.mjml.j2:3 M08 kolumn 152: tecknet U+00A0 i alt blir fel i MJML-motorn",
    ),
    "a backslash in a style": (
        *(MASTHEAD, 'class="picture"', "style=\"content: '\\201c'\""),
        "partials/masthead.mjml.j2:3 M08 kolumn 182: tecknet U+005C i style blir fel i MJML-motorn",
    ),
    "a style that is fetched": (
        *(
            EDITION,
            "<mj-head>",
            "<mj-head><mj-style>@import url(https://a.example/x.css);</mj-style>",
        ),
        "edition.mjml.j2:3 C01 CSS hämtar något utifrån: @import url(https://a.example/x.css)",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_the_real_layout_is_told_with_its_place(slip: str) -> None:
    file, old, new, expected = SLIPS[slip]
    before, _, _ = (ROOT / "layouts" / "smakom" / file).read_text(encoding="utf-8").partition(old)
    line = str(before.count("\n") + 1)

    assert found(mutated(file, old, new)) == [expected.replace("{0}", line)]


def test_every_message_of_the_family_has_its_slip() -> None:
    from smakom_mail.diagnostics.messages_layout import LAYOUT

    told = {
        finding.kind
        for file, old, new, _ in SLIPS.values()
        for finding in check_templates(mutated(file, old, new))
    }
    # The other tests of this folder show these.
    elsewhere = {"tag-depth", "template-depth", "tag-conditions"}

    assert set(LAYOUT) - told == elsewhere


def test_the_hint_names_the_nearest() -> None:
    layout = mutated("sections/partner.mjml.j2", "<mj-spacer", "<mj-spaser")

    (finding,) = check_templates(layout)

    assert finding.hint("sv") == "menade du <mj-spacer>?"
    assert finding.message("en") == "column 83: MJML has no element <mj-spaser>"
