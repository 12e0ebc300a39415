"""What only the layout brev promises: a letter that needs no pictures of its own."""

import re

import pytest

from tests.conftest import ROOT
from tests.e2e.conftest import EDITIONS, MAIL, Opened

each_edition = pytest.mark.parametrize("slug", EDITIONS)


def test_the_kinds_are_those_of_the_layout_smakom() -> None:
    def kinds(name: str) -> list[str]:
        return sorted(path.name for path in (ROOT / "layouts" / name / "sections").iterdir())

    assert kinds("brev") == kinds("smakom")


@each_edition
def test_the_mail_shows_the_figures_of_the_edition_and_no_other_picture(
    opened: Opened, slug: str
) -> None:
    with opened("brev", slug, MAIL) as page:
        names = page.evaluate("[...document.images].map(i => i.src.split('/').pop())")
    shown = [re.sub(r"-[0-9a-f]+(?=\.png$)", "", name) for name in names]
    assert (
        shown
        == {
            "januari-2021": ["landskap.png", "radhus.png", "vindkraft.png", "post.png", "mynt.png"],
            "april-2021": ["radhus.png", "landskap.png"],
            "allt": ["mynt.png"],
        }[slug]
    )


def test_a_long_name_of_the_sender_leaves_the_date_whole(opened: Opened) -> None:
    with opened("brev", "april-2021", MAIL, 320) as page:
        sender = page.locator(".sender")
        sender.evaluate("e => e.textContent = 'Föreningen Landsbygdsutveckling i Norrlandslänen'")
        lines = page.locator(".date").evaluate("e => e.getClientRects().length")
        assert (lines, page.evaluate("document.documentElement.scrollWidth")) == (1, 320)
