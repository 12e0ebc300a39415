"""Three editions in both layouts, filled for a reader, as the preview shows them."""

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from smakom_mail.model.edition import Edition, Picture
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import open_workplace
from tests.e2e.conftest import newsletter

READER = {
    "name": "Kim Exempel",
    "organisation": "Exempelkommunen",
    "email": "kim@exempel.example",
    "unsubscribe": "https://brev.example/u/1",
}


@dataclass(frozen=True)
class Finished:
    """An edition, the two pages that were made of it, and the pictures on them."""

    edition: Edition
    mail: str
    web: str
    pictures: tuple[Picture, ...]


@cache
def finished(layout: str, slug: str) -> Finished:
    """Make an edition of the repository (or "allt", which has everything) in a layout."""
    with TemporaryDirectory() as folder:
        checked = check_edition(open_workplace(newsletter(Path(folder), layout), {}), slug)
    rendered = checked.rendered
    assert rendered is not None
    mail = rendered.html.fill(READER, escape)
    return Finished(checked.edition, mail, rendered.web, rendered.pictures)
