"""The feed holds RFC 4287, and its identities outlive titles, dates and addresses."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from smakom_mail.config import Config, ListSettings
from smakom_mail.render.archive.feed import atom_feed
from tests.render.archive.archived import CONFIG, NAUGHTY, edition

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_KNOWN = """author category contributor entry feed generator icon id link logo rights subtitle title
updated content published source summary name uri email"""
KNOWN = set(_KNOWN.split())
AT_MOST_ONE = ("generator", "icon", "logo", "rights", "subtitle", "published", "summary", "content")
APRIL = edition("april-2021", title="Nyhetsbrev april 2021", date="2021-04-01")
TWO = (APRIL, edition())


def faults(data: bytes) -> list[str]:
    """Give what in a feed is against RFC 4287, sections 3 and 4."""
    feed = etree.fromstring(data)
    entries = feed.findall(f"{ATOM}entry")
    found = [] if feed.tag == f"{ATOM}feed" else [f"the root is {feed.tag}"]
    found += [f"feed: {fault}" for fault in _of_one(feed)]
    found += [f"entry: {fault}" for entry in entries for fault in _of_one(entry)]
    if not feed.findall(f"{ATOM}author"):
        found += ["entry without author" for e in entries if not e.findall(f"{ATOM}author")]
    ids = Counter(each.findtext(f"{ATOM}id") for each in (feed, *entries))
    found += [f"{name} stands {count} times" for name, count in ids.items() if count > 1]
    strange = {str(each.tag).removeprefix(ATOM) for each in feed.iter()} - KNOWN
    return found + [f"unknown element {name}" for name in sorted(strange)]


def _of_one(element: etree._Element) -> Iterator[str]:
    for name in ("id", "title", "updated"):
        if len(element.findall(f"{ATOM}{name}")) != 1:
            yield f"not one {name}"
    for name in AT_MOST_ONE:
        if len(element.findall(f"{ATOM}{name}")) > 1:
            yield f"more than one {name}"
    for each in element.iterfind(f"{ATOM}*"):
        name = str(each.tag).removeprefix(ATOM)
        if name in {"updated", "published"} and not MOMENT.fullmatch(each.text or ""):
            yield f"{name} is {each.text}"
    if not urlsplit(element.findtext(f"{ATOM}id") or "").scheme:
        yield "the id is no IRI"
    yield from _of_links(element)
    yield from _of_texts(element)


def _of_links(element: etree._Element) -> Iterator[str]:
    links = element.findall(f"{ATOM}link")
    for link in links:
        if urlsplit(link.get("href") or "").scheme not in {"http", "https"}:
            yield f"a link to {link.get('href')}"
    kinds = Counter((link.get("rel"), link.get("type")) for link in links)
    yield from (f"two links {kind}" for kind, count in kinds.items() if count > 1)
    entry = element.tag == f"{ATOM}entry"
    if entry and element.find(f"{ATOM}content") is None and ("alternate", "text/html") not in kinds:
        yield "neither content nor alternate link"


def _of_texts(element: etree._Element) -> Iterator[str]:
    for name in ("title", "summary", "content"):
        for each in element.findall(f"{ATOM}{name}"):
            if each.get("type", "text") not in {"text", "html", "xhtml"}:
                yield f"{name} of type {each.get('type')}"
            if len(each):
                yield f"elements inside {name}"


def test_the_feed_of_two_editions_holds_the_standard() -> None:
    assert faults(atom_feed(CONFIG, TWO)) == []


def test_the_feed_without_editions_holds_the_standard() -> None:
    assert faults(atom_feed(CONFIG, ())) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<updated>2021-04-01T08:00:00Z</updated>", "", "feed: not one updated"),
        ("T08:00:00Z</published>", "</published>", "entry: published is 2021-04-01"),
        ("<id>urn:uuid:", "<id>", "feed: the id is no IRI"),
        ('href="https://brev', 'href="//brev', "feed: a link to //brev.exempel.example/feed.xml"),
        ('type="html"', 'type="text/html"', "entry: content of type text/html"),
    ],
)
def test_what_the_feed_is_held_against_does_find_faults(old: str, new: str, fault: str) -> None:
    spoiled = atom_feed(CONFIG, TWO).decode().replace(old, new, 1)
    assert faults(spoiled.encode())[:1] == [fault]


@pytest.mark.parametrize("title", NAUGHTY)
def test_naughty_titles_are_text_in_the_feed(title: str) -> None:
    naughty = edition(title=title, description=title, heading=title)
    assert faults(atom_feed(CONFIG, (naughty,))) == []


@given(st.text(st.characters(codec="utf-8")))
def test_any_title_makes_a_feed_that_can_be_read(title: str) -> None:
    assert faults(atom_feed(CONFIG, (edition(title=title, description=title),))) == []


def ids(config: Config, *editions_: str, date: str = "2021-01-04") -> list[str | None]:
    """Give the identities of the feed and of its entries."""
    feed = etree.fromstring(
        atom_feed(config, tuple(edition(slug, title=f"T {date}", date=date) for slug in editions_))
    )
    return [each.text for each in feed.iter(f"{ATOM}id")]


def test_an_identity_stays_when_title_date_and_company_change() -> None:
    alone = ids(CONFIG, "januari-2021")
    among = ids(CONFIG, "april-2021", "januari-2021", date="2022-02-02")

    assert alone == [among[0], among[2]]


def test_with_a_list_identifier_identities_stay_when_the_site_moves() -> None:
    listed = replace(CONFIG, mailing_list=ListSettings(id="brev.exempel.example"))
    moved = replace(listed, site_url="https://annan.example/brev")

    assert ids(listed, "januari-2021") == ids(moved, "januari-2021")


CONTENTS = (
    "<p>Om vindar.</p><p>Innehåll i Nyhetsbrev januari 2021:</p><ul><li>"
    '<a href="https://brev.exempel.example/archive/januari-2021/#vindar">Vindar</a></li></ul>'
)


def test_the_feed_says_what_is_in_each_edition() -> None:
    feed = etree.fromstring(atom_feed(CONFIG, (edition(),)))
    entry = feed.find(f"{ATOM}entry")

    assert entry is not None
    assert [(str(each.tag).removeprefix(ATOM), each.text) for each in entry if each.text][1:] == [
        ("title", "Nyhetsbrev januari 2021"),
        ("updated", "2021-01-04T08:00:00Z"),
        ("published", "2021-01-04T08:00:00Z"),
        ("summary", "Om vindar."),
        (
            "content",
            CONTENTS,
        ),
    ]


def test_what_turns_the_text_around_is_taken_out_of_titles() -> None:
    feed = etree.fromstring(atom_feed(CONFIG, (edition(title="a\u202eb\u2066c"),)))
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "abc"
