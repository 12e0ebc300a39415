"""Editions made in memory, and the layout of the repository, for tests of rendering."""

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import strategies as st

from smakom_mail.config import Config
from smakom_mail.config.settings import Newsletter, Sender
from smakom_mail.diagnostics import Diagnostic
from smakom_mail.model.document import Block, Paragraph, Text
from smakom_mail.model.edition import Edition, Section
from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.render.edition import render_edition
from smakom_mail.render.layout import Layout, load_layout
from tests.conftest import ROOT

ARTICLE = "sections/article.mjml.j2"
OF_RENDERING = ("M01", "M08", "C01", "H01", "H04", "L03", "L04", "T01", "T02")
CONFIG = Config(
    newsletter=Newsletter(name="Brevet", organisation="Föreningen"),
    sender=Sender(name="Föreningen", email="kansli@forening.example"),
    site_url="https://brev.example",
)
PREHEADER = "En förhandstext som är lagom lång och säger något mer."

# What has meaning to a parser, a template or an engine on the way, and what engines spoil.
NASTY = (
    *("<", "&", '"', "'", ">", "&amp;", "&lt;b&gt;", "&#60;", "<b>", "</p>", "<br>", "\\", "\\n"),
    *("{{ x }}", "{% if %}", "{# x #}", "{name|x}", "]]>", "<![CDATA[", "-->", "<!--[if mso]>"),
    *("<![endif]-->", "</mj-text>", '<mj-include path="/etc/passwd" />', "<style>p{}</style>"),
    *("zq0x00001z", "zq0xs00000z", ' style="a; b"', ' data-premailer="ignore"', ' height="1"'),
    *("@import url(https://a.example/x.css);", "javascript:", "\\u{a0}", "a\u00a0b", "a\u00adb"),
    *(
        "👩\u200d👩\u200d👧",
        "e\u0301",
        "a\u030a",
        "\ufeff",
        "\u200b",
        "漢字",
        "a  b",
        "-- ",
        "From ",
    ),
    *(
        "> x",
        "~~",
        "* * *",
        "# x",
        "%C3%B6",
        "ö",
        "…",
        "–",
        ".",
        "=?utf-8?q?x?=",
        "[…]",
        "$&",
        "\\1",
    ),
)
"""Text that the reader accepts (content/reading.py): no controls, no marks of direction."""
_UNSEEN = "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\ufffe\uffff"
_DIRECTION = "".join(map(chr, range(0x2066, 0x206A)))
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=_UNSEEN + _DIRECTION)
TEXT = (
    st.lists(st.one_of(st.sampled_from(NASTY), st.text(CHARACTERS, max_size=12)), max_size=5)
    .map(lambda pieces: "".join(pieces).strip())
    .filter(bool)
)


@cache
def layout() -> Layout:
    """Read the repository's own layout."""
    read = load_layout(ROOT, "smakom")
    assert read.findings == ()
    return read


def with_template(name: str, source: str) -> Layout:
    """Give the layout with one template replaced or added."""
    templates = dict(layout().templates) | {name: source}
    return replace(layout(), templates=tuple(templates.items()))


def template(name: str) -> str:
    """Give the source of one of the layout's templates."""
    return dict(layout().templates)[name]


def paragraph(text: str) -> Paragraph:
    """Make a paragraph of plain text."""
    return Paragraph((Text(text),))


def section(*blocks: Block, **changes: Any) -> Section:  # noqa: ANN401 - any field of a section
    """Make a section called Rubrik."""
    usual = Section("avsnitt", "article", "Rubrik", "", "", blocks, "newsletters/x/10-avsnitt.md")
    return replace(usual, **changes)


def edition(*blocks: Block, **changes: Any) -> Edition:  # noqa: ANN401 - any field of an edition
    """Make an edition whose one section holds `blocks`."""
    usual = Edition(
        slug="provnummer",
        title="Provnummer",
        date=dt.date(2021, 1, 4),
        subject="Ett ämne",
        preheader=PREHEADER,
        layout="smakom",
        language="sv",
        audience="",
        sections=(section(*blocks),),
    )
    return replace(usual, **changes)


def render(
    made: Edition, drawn: Layout | None = None, config: Config = CONFIG
) -> tuple[RenderedEdition, tuple[Diagnostic, ...]]:
    """Render an edition that no template stops."""
    rendered, findings = render_edition(made, drawn or layout(), config)
    assert rendered is not None, said(findings)
    return rendered, findings


def render_edition_or_not(
    made: Edition, drawn: Layout
) -> tuple[RenderedEdition | None, tuple[Diagnostic, ...]]:
    """Render an edition that a template may stop."""
    return render_edition(made, drawn, CONFIG)


def said(findings: tuple[Diagnostic, ...]) -> list[str]:
    """Give findings as a person reads them."""
    return [f"{f.location.file}:{f.location.line}: {f.code} {f.message('en')}" for f in findings]


def faults(findings: tuple[Diagnostic, ...]) -> list[str]:
    """Give what is wrong with the rendering itself; rules about style are tested on their own."""
    return said(tuple(found for found in findings if found.code in OF_RENDERING))
