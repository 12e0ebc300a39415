"""The archive as files: which there are, that they are the same every time, and what is in them."""

import datetime as dt
import json
import re
from dataclasses import replace

import html5lib
import pytest
from lxml import etree

from smakom_mail.config.serving import ServeSettings
from smakom_mail.model.edition import Picture
from tests.render.archive.archived import (
    CONFIG,
    NAUGHTY,
    edition,
    files_of,
    linked_data,
    page,
    section,
    text_of,
)

JANUARY = edition()
APRIL = edition("april-2021", title="Nyhetsbrev april 2021", date="2021-04-01", text="Om post.")
MAY = edition("maj-2022", title="Nyhetsbrev maj 2022", date="2022-05-02", text="Om skolor.")


def unhashed(files: dict[str, bytes]) -> list[str]:
    """Give the files' names, each hash written as HASH."""
    return [re.sub(r"-[0-9a-f]{8}\.", "-HASH.", name) for name in files]


def test_an_edition_and_what_is_around_it_are_these_files() -> None:
    assert unhashed(files_of(JANUARY)) == [
        "404.html",
        "archive/index.html",
        "archive/januari-2021/index.html",
        "archive/januari-2021/share-HASH.png",
        "archive/januari-2021/text.json",
        "archive/search.json",
        "assets/archive-HASH.css",
        "assets/icon-HASH.svg",
        "assets/layout-HASH.css",
        "assets/listen-HASH.js",
        "assets/search-HASH.js",
        "feed.xml",
        "index.html",
        "sitemap.xml",
    ]


def test_an_archive_without_editions_says_so_and_has_a_feed() -> None:
    files = files_of()

    assert '<p class="a-nothing">Inget nummer är publicerat än.</p>' in text_of(
        files, "archive/index.html"
    )
    assert "<entry" not in text_of(files, "feed.xml")
    assert "archive/januari-2021/index.html" not in files


def test_pictures_and_calendar_files_lie_beside_the_page() -> None:
    picture = Picture("images/a.png", "a-12345678.png", 1, 1, b"png")
    files = files_of(edition(pictures=(picture,)))

    assert files["archive/januari-2021/images/a-12345678.png"] == b"png"


def test_the_same_editions_in_any_order_give_the_same_bytes() -> None:
    assert files_of(JANUARY, APRIL, MAY) == files_of(MAY, JANUARY, APRIL)


def test_nothing_is_left_of_an_edition_that_is_not_among_them() -> None:
    secret = edition(
        "hemlig-2021",
        title="Hemligheten",
        heading="Dolda planer",
        text="Osagt",
        date="2021-02-01",
        pictures=(Picture("images/h.png", "h-87654321.png", 1, 1, b"hemlig bild"),),
    )
    with_it = files_of(JANUARY, APRIL, secret)
    without = files_of(JANUARY, APRIL)

    traces = (b"hemlig", b"Hemlig", b"Dolda", b"Osagt", b"osagt", b"dolda")
    assert [name for name, data in with_it.items() if any(t in data for t in traces)] != []
    assert [name for name in without if "hemlig" in name] == []
    assert [name for name, data in without.items() if any(t in data for t in traces)] == []


def test_each_edition_leads_to_the_ones_before_and_after_it() -> None:
    files = files_of(MAY, JANUARY, APRIL)
    around = {
        slug: re.findall(
            r'<a class="a-(previous|next)" rel="\w+" href="([^"]+)">',
            text_of(files, f"archive/{slug}/index.html"),
        )
        for slug in ("januari-2021", "april-2021", "maj-2022")
    }

    assert around == {
        "januari-2021": [("next", "../april-2021/")],
        "april-2021": [("previous", "../januari-2021/"), ("next", "../maj-2022/")],
        "maj-2022": [("previous", "../april-2021/")],
    }


def test_the_list_goes_by_year_the_newest_first() -> None:
    html = text_of(files_of(JANUARY, MAY, APRIL), "archive/index.html")

    assert re.findall(r'<h2 id="ar-\d+">(\d+)</h2>', html) == ["2022", "2021"]
    assert re.findall(r'<h3><a href="([^"]+)">', html) == [
        "maj-2022/",
        "april-2021/",
        "januari-2021/",
    ]
    assert re.findall(r'<a href="(#ar-\d+)">', html) == ["#ar-2022", "#ar-2021"]


def test_the_list_of_one_year_needs_no_years_to_choose_from() -> None:
    assert 'class="a-years"' not in text_of(files_of(JANUARY, APRIL), "archive/index.html")


def test_the_list_names_every_section_with_its_place() -> None:
    html = text_of(files_of(JANUARY), "archive/index.html")

    assert '<a href="januari-2021/#vindar">Vindar</a>' in html


def test_editions_of_one_day_have_one_order() -> None:
    same = edition("a-2021", title="A", date="2021-01-04")
    html = text_of(files_of(same, JANUARY), "archive/index.html")

    assert re.findall(r'<h3><a href="([^"]+)">', html) == ["januari-2021/", "a-2021/"]


def test_a_swedish_name_is_a_folder_in_its_letters_and_an_address_in_percent_signs() -> None:
    files = files_of(edition("höst-2021"))

    assert "archive/höst-2021/index.html" in files
    assert 'href="h%C3%B6st-2021/"' in text_of(files, "archive/index.html")
    assert "https://brev.exempel.example/archive/h%C3%B6st-2021/" in text_of(files, "sitemap.xml")


def test_a_dead_link_s_page_finds_its_way_from_any_depth_and_below_a_path() -> None:
    below = replace(CONFIG, site_url="https://exempel.example/brev")
    html = text_of(files_of(JANUARY, config=below), "404.html")

    hrefs = re.findall(r'(?:href|src)="([^"#]+)"', html)
    assert [href for href in hrefs if not href.startswith("/brev/")] == []
    assert '<a class="a-button" href="/brev/archive/">Till alla nummer</a>' in html


def ways(html: str) -> list[tuple[str, str]]:
    """Give the links at the end of a page to those that `serve` answers."""
    found = re.search(r'<p class="a-ways">(.*?)</p>', html)
    return re.findall(r'<a href="([^"]+)">([^<]+)</a>', found[1]) if found else []


@pytest.mark.parametrize(
    ("page", "base"),
    [("archive/januari-2021/index.html", "../../"), ("archive/index.html", "../"),
     ("404.html", "/brev/")],
)  # fmt: skip
def test_the_footer_leads_to_the_pages_that_are_served(page: str, base: str) -> None:
    below = replace(CONFIG, site_url="https://exempel.example/brev")
    html = text_of(files_of(JANUARY, config=below), page)

    assert ways(html) == [
        (f"{base}subscribe", "Prenumerera"),
        (f"{base}privacy", "Personuppgifter"),
        (f"{base}accessibility", "Tillgänglighet"),
    ]
    assert html.rindex("<footer") < html.index('class="a-ways"') < html.rindex("</footer>")


def test_an_english_edition_leads_to_them_in_english() -> None:
    html = text_of(files_of(edition(language="en")), "archive/januari-2021/index.html")
    assert [words for _, words in ways(html)] == ["Subscribe", "Personal data", "Accessibility"]


SERVE = ServeSettings(
    contact="webb@exempel.example",
    data_officer="dso@exempel.example",
    assessed=dt.date(2026, 11, 1),
    not_accessible=("Kartan saknar <b>text</b>.",),
)
ALONE = replace(CONFIG, site_pages=False, serve=SERVE)


@pytest.mark.parametrize(
    ("page", "base"),
    [("archive/januari-2021/index.html", "../../"), ("archive/index.html", "../"),
     ("privacy/index.html", "../"), ("accessibility/index.html", "../"), ("404.html", "/")],
)  # fmt: skip
def test_where_no_page_is_served_the_footer_leads_to_those_that_lie_there(
    page: str, base: str
) -> None:
    files = files_of(JANUARY, config=ALONE)

    assert ways(text_of(files, page)) == [
        (f"{base}privacy/", "Personuppgifter"),
        (f"{base}accessibility/", "Tillgänglighet"),
    ]
    assert not any(b"/subscribe" in data for data in files.values())


def test_where_pages_are_served_none_of_them_lies_in_the_archive() -> None:
    assert not [name for name in files_of(JANUARY) if name.startswith(("privacy", "accessib"))]


def test_personal_data_are_told_of_with_what_is_true_without_a_server() -> None:
    html = text_of(files_of(JANUARY, config=ALONE), "privacy/index.html")

    assert '<h1 class="a-title">Så hanterar vi personuppgifter</h1>' in html
    assert 'Dataskyddsombud: <a href="mailto:dso@exempel.example">' in html
    assert "inte har kunnat få något på 24 månader." in html
    assert "Du slutar med länken längst ner i varje brev: den öppnar ett färdigt mejl" in html
    assert "Den som driver webbhotellet kan föra logg över besök." in html
    for served in (
        "din egen sida",
        "skriver upp sig här",
        "14 dagar",
        "/preferences",
        "Vid anmälan",
    ):
        assert served not in html


def test_accessibility_is_told_of_as_the_settings_say() -> None:
    below = replace(ALONE, site_url="https://exempel.example/brev")
    html = text_of(files_of(JANUARY, config=below), "accessibility/index.html")

    assert "står bakom den här webbplatsen (exempel.example/brev)." in html
    assert (
        "Webbplatsen är delvis förenlig med kraven. Bristerna står nedan. "
        "Bedömningen gjordes den 1\u00a0november\u00a02026."
    ) in html
    assert "<li>Kartan saknar &lt;b&gt;text&lt;/b&gt;.</li>" in html
    assert '<a href="mailto:webb@exempel.example">' in html
    assert '<link rel="canonical" href="https://exempel.example/brev/accessibility/">' in html


def test_these_pages_are_there_in_english_too() -> None:
    english = replace(ALONE, newsletter=replace(ALONE.newsletter, language="en"))
    files = files_of(JANUARY, config=english)

    assert "You leave by the link at the end of each message" in text_of(
        files, "privacy/index.html"
    )
    assert "The site partly conforms." in text_of(files, "accessibility/index.html")


def test_no_page_loads_anything_from_elsewhere_or_in_itself() -> None:
    for name, data in files_of(JANUARY, APRIL, MAY).items():
        if not name.endswith(".html"):
            continue
        html = data.decode("utf-8")
        loaded = re.findall(r"<(?:script|img|link)\b[^>]*>", html)
        outside = [tag for tag in loaded if "//" in tag]
        assert [tag for tag in outside if not tag.startswith('<link rel="canonical"')] == []
        assert "<style" not in html
        assert re.findall(r"\s(?:style|on\w+)=", html) == []
        assert "Content-Security-Policy" in html.split("</head>")[0].split("<link")[0]


def test_styles_in_elements_become_classes_in_a_file() -> None:
    body = '<section id="vindar"><h2>V</h2><p style="text-align:right">1</p>'
    body += '<img class="x" src="images/a.png" alt="" style="width:100%;max-width:9px"></section>\n'
    files = files_of(edition(web=page("T", body)))
    html = text_of(files, "archive/januari-2021/index.html")

    right = re.search(r'<p class="(s\w+)">1</p>', html)
    fluid = re.search(r'<img class="x (s\w+)" src="images/a.png" alt="">', html)
    assert right
    assert fluid
    sheets = [text_of(files, name) for name in files if name.startswith("assets/layout-")]
    assert f":root .{right[1]} {{ text-align:right; }}\n" in "".join(sheets)
    assert f":root .{fluid[1]} {{ width:100%;max-width:9px; }}\n" in "".join(sheets)


def test_a_stylesheet_that_names_files_stays_beside_its_edition() -> None:
    style = 'body { background: url("images/a.png"); }\n'
    files = files_of(edition(web=page("T", section("vindar", "V", "x"), style)))
    beside = [name for name in files if name.startswith("archive/januari-2021/style-")]

    assert [files[name] for name in beside] == [style.encode()]
    name = beside[0].rsplit("/", 1)[1]
    assert f'<link rel="stylesheet" href="{name}">' in text_of(
        files, "archive/januari-2021/index.html"
    )


@pytest.mark.parametrize("title", NAUGHTY)
def test_a_naughty_title_is_text_on_every_page_and_in_every_file(title: str) -> None:
    naughty = edition(title=title, heading=title, text=title, description=title)
    config = replace(CONFIG, newsletter=replace(CONFIG.newsletter, name=title, organisation=title))
    files = files_of(naughty, APRIL, config=config)

    for name, data in files.items():
        if name.endswith(".html"):
            tree = html5lib.parse(data, namespaceHTMLElements=False)
            scripts = [each.get("src") or each.get("type") or "" for each in tree.iter("script")]
            assert [
                s for s in scripts if not re.match(r"(\.\./)+assets/|application/ld\+json", s)
            ] == []
            assert list(tree.iter("svg")) == []
            assert [k for each in tree.iter() for k in each.keys() if k.startswith("on")] == []  # noqa: SIM118 - an element, no dict
        elif name.endswith(".xml"):
            etree.fromstring(data)
        elif name.endswith(".json"):
            json.loads(data)
    assert linked_data(text_of(files, "archive/januari-2021/index.html"))["name"] == title
    assert linked_data(text_of(files, "archive/index.html"))["name"] == title


def test_a_shared_link_shows_the_title_and_the_picture() -> None:
    files = files_of(JANUARY)
    html = text_of(files, "archive/januari-2021/index.html")
    share = next(name for name in files if name.endswith(".png"))

    shown = dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">', html))
    assert shown == {
        "og:type": "article",
        "og:site_name": "Exempelbrevet",
        "og:title": "Nyhetsbrev januari 2021",
        "og:description": "Om vindar.",
        "og:url": "https://brev.exempel.example/archive/januari-2021/",
        "og:locale": "sv_SE",
        "og:image": f"https://brev.exempel.example/{share}",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Exempelbrevet: Nyhetsbrev januari 2021",
        "article:published_time": "2021-01-04",
        "twitter:card": "summary_large_image",
    }


def test_an_edition_says_what_it_is_to_machines() -> None:
    files = files_of(JANUARY)
    said = linked_data(text_of(files, "archive/januari-2021/index.html"))

    assert said["@type"] == "PublicationIssue"
    assert said["datePublished"] == "2021-01-04"
    assert said["isPartOf"]["name"] == "Exempelbrevet"
    assert said["hasPart"] == [
        {
            "@type": "Article",
            "headline": "Vindar",
            "url": "https://brev.exempel.example/archive/januari-2021/#vindar",
            "datePublished": "2021-01-04",
        }
    ]


def two_hundred() -> list[str]:
    """Give the months of two hundred editions."""
    first = dt.date(2005, 1, 5)
    return [
        first.replace(year=2005 + number // 12, month=number % 12 + 1).isoformat()
        for number in range(200)
    ]


def test_two_hundred_editions_are_all_listed_found_and_mapped() -> None:
    editions = [
        edition(f"nr-{date}", title=f"Nummer {date}", date=date, text=f"Växjö ord{number}")
        for number, date in enumerate(two_hundred())
    ]
    files = files_of(*editions)
    index = json.loads(files["archive/search.json"])

    html = text_of(files, "archive/index.html")
    assert re.findall(r'<h3><a href="([^"]+)/">', html) == [
        f"nr-{date}" for date in reversed(two_hundred())
    ]
    assert len(re.findall(r'<h2 id="ar-', html)) == 17
    assert text_of(files, "sitemap.xml").count("<url>") == 201
    assert text_of(files, "feed.xml").count("<entry ") == 30
    assert len(index["words"]["vaxjo"]) == 200
    assert [index["editions"][index["parts"][n][0]][1] for n in index["words"]["ord7"]] == [
        "Nummer 2005-08-05"
    ]
