"""What the layouts make of dates and figures, wherever these stand."""

import datetime as dt
import re

import html5lib
import pytest

from smakom_mail.model.document import Deadline, Event, Figure, Heading, Partner, Text
from smakom_mail.model.edition import Picture
from smakom_mail.render.checks import open_form
from smakom_mail.render.layout import load_layout
from tests.conftest import ROOT
from tests.render.making import edition, render, said, section

DAY = dt.date(2021, 1, 7)
PICTURE = Picture("newsletters/x/images/a.png", "a-12345678.png", 1072, 536, b"pixels")


@pytest.mark.parametrize("name", ["smakom", "brev"])
def test_a_link_to_the_calendar_is_named_after_its_date(name: str) -> None:
    title = """Möte "A" 'B' <b> & co"""
    made = edition(Event(title, DAY, DAY, "9", "", ""), Deadline(title, DAY, "kim@a.example"))
    drawn = load_layout(ROOT, name)
    rendered, findings = render(made, drawn)
    assert said(findings) == []
    for page in (open_form(rendered.html), rendered.web):
        links = [
            (link.get("aria-label"), link.text)
            for link in html5lib.parse(page, namespaceHTMLElements=False).iter("a")
            if "/calendar/" in f"/{link.get('href')}"
        ]
        assert links == [(f"Lägg i kalendern: {title}", "Lägg i kalendern")] * 2


@pytest.mark.parametrize(
    ("name", "kind", "widths"),
    [
        ("smakom", "article", [536, 536, 536]),
        ("smakom", "items", [536, 536, 440]),
        ("smakom", "partner", [536, 536, 536]),
        ("brev", "article", [504, 446, 504]),
        ("brev", "items", [504, 446, 504]),
        ("brev", "partner", [446, 446, 446]),
    ],
)
def test_a_figure_is_no_wider_than_its_place_where_outlook_reads_the_attribute(
    name: str, kind: str, widths: list[int]
) -> None:
    figure = Figure(PICTURE.source, "Ett torg", "")
    blocks = (
        *(figure, Partner("Bolaget", (figure,))),
        *(Heading(2, (Text("Punkt"),), "punkt"), Event("Möte", DAY, DAY, "", "", ""), figure),
    )
    made = edition(pictures=(PICTURE,), sections=(section(*blocks, kind=kind),))
    rendered, _ = render(made, load_layout(ROOT, name))
    shown = re.findall(r'alt="Ett torg" width="(\d+)"', open_form(rendered.html))
    assert [int(width) for width in shown] == widths
