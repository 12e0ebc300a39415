"""The layout brev as readers see it: accessible, narrow, enlarged, without styles, on paper."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Route

from smakom_mail.services.building import build_edition
from smakom_mail.services.workplace import open_workplace
from tests.axe import violations
from tests.conftest import NEWSLETTER, ROOT

EDITIONS = ("januari-2021", "april-2021", "allt")
# A webmail has its own main landmark, and the mail lies inside it.
MAIL_RULES_OFF = ("landmark-one-main", "region")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
DOUBLED = """() => {
    const all = [...document.querySelectorAll("body *")];
    const sizes = all.map(e => [e, getComputedStyle(e)]).map(
        ([e, s]) => [e, parseFloat(s.fontSize), parseFloat(s.lineHeight)]);
    for (const [e, size, height] of sizes) {
        e.style.setProperty("font-size", 2 * size + "px", "important");
        if (height) e.style.setProperty("line-height", 2 * height + "px", "important");
    }
}"""
WIDTH = "document.documentElement.scrollWidth"
Opened = Callable[..., AbstractContextManager[Page]]

# An edition with every kind of section and every kind of block, each field filled in.
ALLT = {
    "edition.toml": """
title = "Nyhetsbrev med allt"
date = 2021-05-03
subject = "Nyhetsbrev med allt: varje slags ruta"
preheader = "Ett prov på hur varje slags avsnitt och ruta ser ut i brevet."
[sections.ledare]
kind = "leader"
label = "Ordförandens ord"
byline = "Peter Lindroth, ordförande"
[sections.rapport]
kind = "report"
[sections.artikel]
kind = "article"
[sections.planerat]
kind = "items"
[sections.annons]
kind = "partner"
byline = "Robin Prov, säljare"
""",
    "10-ledare.md": "# En ledare\n\nHej {name|kära läsare}!\n\nStycke *två*.",
    "20-rapport.md": """# En rapport

Ingress.

| Ort | Hushåll | År |
| --- | --- | --- |
| Söderhamn | 38 | 2020 |

1. första
2. andra
   - under

## Underrubrik

### Mindre rubrik

Text med `kod`.

---

```
ett kodblock
```

![Mynt på en disk](images/mynt.png "Bildtexten")
""",
    "30-artikel.md": """# En artikel

Ingress.

::: excerpt soderhamn-program
title: Utdragets titel
from: Kommunfullmäktigebeslutet har nu
to: kompetensförsörjningen förbättras
:::

> Vi vill nå längre i våra ansträngningar […] i vår kommun
> — John-Erik Jansson (C), kommunstyrelsens ordförande, [Källa](seed:soderhamn-program)

::: numbers
38: hushåll
drygt 12 345 678,5: kronor per invånare och år i genomsnitt i hela landet
:::

::: person
name: Kim Exempel
role: Redaktör
mail: kansli@forening.example
telephone: 08-465 00 000
:::

::: partner
name: Exempelbolaget
Rutans text.
:::
""",
    "40-planerat.md": """# Planerat

Inledning.

## Vårmötet

::: event
title: Mötet
date: 21–23 maj 2021
time: kl. 10.00
place: Rättvik
link: https://www.smakom.se/varmote
:::

## Remissen

::: deadline
title: Synpunkter
date: 26 maj 2021
to: kansli@forening.example
:::
""",
    "50-annons.md": "# Partnern säger\n\nVad partnern vill.\n\nOch mer.",
}
DRAWN = (
    "Ordförandens ord",
    "Peter Lindroth",
    "ordförande",
    "Söderhamn",
    "ett kodblock",
    "Bildtexten",
    "Utdragets titel",
    "Källa: Söderhamns kommun, 11 mars 2021",
    "John-Erik Jansson (C), kommunstyrelsens ordförande",
    "drygt 12 345 678,5",
    "Redaktör",
    "kansli@forening.example",
    "08-465 00 000",
    "Från vår samarbetspartner Exempelbolaget",
    "Rutans text.",
    "21–23 maj 2021, kl. 10.00, Rättvik",
    "Läs om Mötet",
    "Senast 26 maj 2021",
    "Svara till kansli@forening.example",
    "Lägg i kalendern",
    "Vad partnern vill.",
    "Robin Prov",
    "säljare",
    "Facebook",
    "Verksamhetsledare",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build three editions in the layout brev; give the folder that holds them."""
    root = tmp_path_factory.mktemp("brev")
    for name in NEWSLETTER:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, root / name)
    settings = root / "smakom-mail.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('layout = "smakom"', 'layout = "brev"'), encoding="utf-8")
    folder = root / "newsletters" / "allt"
    shutil.copytree(root / "newsletters" / "januari-2021" / "images", folder / "images")
    for file, content in ALLT.items():
        (folder / file).write_text(content, encoding="utf-8")
    workplace = open_workplace(root, {})
    for slug in EDITIONS:
        made = build_edition(workplace, slug, out=root / "out" / slug)
        assert made.folder, [str(found) for found in made.checked.findings]
    return root / "out"


@pytest.fixture
def opened(browser: Browser, built: Path) -> Opened:
    """Give a way to open the mail or the web version of an edition at a width."""

    @contextmanager
    def open_page(
        slug: str, part: str, width: int = 700, scheme: Literal["light", "dark"] = "light"
    ) -> Iterator[Page]:
        folder = built / slug
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()

        def picture(route: Route) -> None:
            route.fulfill(path=folder / "web" / "images" / route.request.url.rsplit("/", 1)[1])

        page.route(lambda address: address.startswith("https:"), picture)
        page.goto((folder / part).as_uri())
        yield page
        context.close()

    return open_page


MAIL, WEB = "message.html", "web/index.html"
each_edition = pytest.mark.parametrize("slug", EDITIONS)
each_part = pytest.mark.parametrize("part", [MAIL, WEB], ids=["mail", "web"])


@each_part
@each_edition
def test_axe_finds_nothing(opened: Opened, slug: str, part: str) -> None:
    disable = MAIL_RULES_OFF if part == MAIL else ()
    found = {}
    for scheme in SCHEMES:
        for width in (320, 375, 700):
            with opened(slug, part, width, scheme) as page:
                found[scheme, width] = violations(page, disable)
    assert {place: lines for place, lines in found.items() if lines} == {}


@each_part
@each_edition
def test_a_narrow_screen_scrolls_one_way_only(opened: Opened, slug: str, part: str) -> None:
    with opened(slug, part, 320) as page:
        assert page.evaluate(WIDTH) == 320


@each_edition
def test_the_mail_holds_where_every_style_element_is_removed(opened: Opened, slug: str) -> None:
    with opened(slug, MAIL, 360) as page:
        page.evaluate("document.querySelectorAll('style').forEach(style => style.remove())")
        assert page.evaluate(WIDTH) == 360
        looks = page.evaluate(
            "(({fontFamily, fontSize, lineHeight}) => [fontFamily, fontSize, lineHeight])"
            "(getComputedStyle(document.querySelector('h2 + p:not([class])')))"
        )
    assert looks == ['Georgia, "Times New Roman", serif', "17px", "28px"]


@each_part
@each_edition
def test_text_can_be_twice_as_large(opened: Opened, slug: str, part: str) -> None:
    widths = {}
    for width in (375, 700):
        with opened(slug, part, width) as page:
            page.evaluate(DOUBLED)
            widths[width] = page.evaluate(WIDTH)
    assert widths == {375: 375, 700: 700}


@each_part
@each_edition
def test_no_text_is_smaller_than_14_pixels(opened: Opened, slug: str, part: str) -> None:
    with opened(slug, part) as page:
        sizes = page.evaluate(
            """() => [...document.querySelectorAll("body *")]
                .filter(e => e.checkVisibility() && [...e.childNodes].some(
                    n => n.nodeType === Node.TEXT_NODE && n.data.trim().length > 1))
                .map(e => parseFloat(getComputedStyle(e).fontSize))"""
        )
    assert min(sizes) >= 14


@each_part
def test_every_kind_of_section_and_block_is_drawn(opened: Opened, part: str) -> None:
    with opened("allt", part) as page:
        words = " ".join(page.inner_text("body").replace("\u00a0", " ").split())
    assert [text for text in DRAWN if text not in words] == []


def test_the_kinds_are_those_of_the_layout_smakom() -> None:
    def kinds(name: str) -> list[str]:
        return sorted(path.name for path in (ROOT / "layouts" / name / "sections").iterdir())

    assert kinds("brev") == kinds("smakom")


@each_edition
def test_the_mail_shows_the_figures_of_the_edition_and_no_other_picture(
    opened: Opened, slug: str
) -> None:
    with opened(slug, MAIL) as page:
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


@each_edition
def test_the_web_version_has_landmarks_contents_and_no_script(opened: Opened, slug: str) -> None:
    with opened(slug, WEB) as page:
        counts = page.evaluate(
            "['main', 'nav', 'header', 'footer', 'h1', 'script'].map("
            "name => document.querySelectorAll(name).length)"
        )
        broken = page.evaluate(
            "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.hash.slice(1))"
            ".filter(id => !document.getElementById(id))"
        )
    assert (counts, broken) == ([1, 1, 1, 1, 1, 0], [])


@pytest.mark.parametrize("slug", ["januari-2021", "april-2021"])
def test_the_web_version_prints_on_four_pages(opened: Opened, slug: str) -> None:
    with opened(slug, WEB) as page:
        printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) in {3, 4}


def test_the_mail_of_january_stays_small(built: Path) -> None:
    assert len((built / "januari-2021" / MAIL).read_bytes()) <= 60_000


def test_a_long_name_of_the_sender_leaves_the_date_whole(opened: Opened) -> None:
    with opened("april-2021", MAIL, 320) as page:
        sender = page.locator(".sender")
        sender.evaluate("e => e.textContent = 'Föreningen Landsbygdsutveckling i Norrlandslänen'")
        lines = page.locator(".date").evaluate("e => e.getClientRects().length")
        assert (lines, page.evaluate(WIDTH)) == (1, 320)
