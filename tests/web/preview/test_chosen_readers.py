"""The readers to choose from: by name, and by address only where there is none."""

import re
from dataclasses import replace

from smakom_mail.config import SampleReader
from smakom_mail.services.previewing.snapshot import Snapshot, take_snapshot
from tests.conftest import ROOT
from tests.web.preview.test_app import SLUG, asked, ready

ASA = SampleReader("Åsa Ek", "Åmåls kommun", "asa@a.example")
NAMELESS = SampleReader("", "", "utan@a.example")


def shown(snapshot: Snapshot, *readers: SampleReader) -> Snapshot:
    samples = (*snapshot.config.samples, *readers)
    return replace(snapshot, config=replace(snapshot.config, samples=samples))


def test_subscribers_are_chosen_by_number_and_their_addresses_stand_in_no_link() -> None:
    snapshot = shown(take_snapshot(ROOT, {}, SLUG), ASA, NAMELESS)

    page = asked(ready(snapshot), f"/{SLUG}/?reader=1").text

    select = page.partition('<select name="reader">')[2].partition("</select>")[0]
    assert re.findall(r'<option value="(\d)"( selected)?>(.*?)</option>', select) == [
        ("0", "", "Kim Exempel, Exempelkommunen"),
        ("1", " selected", "Åsa Ek, Åmåls kommun"),
        ("2", "", "utan@a.example"),
    ]
    assert "asa@a.example" not in page
    assert not re.search(r'(?:href|src)="[^"]*utan', page)
