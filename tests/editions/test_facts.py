"""Nothing in the editions is invented: addresses, numbers and links stand in a seed.

The allow-list holds only the demo's own site and its sample reader, under names that nobody can
register.
"""

import re
import tomllib
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from smakom_mail.config import read_config
from smakom_mail.content.project import edition_names, load_edition
from smakom_mail.model.document import Deadline, Event, walk
from smakom_mail.services.building import build_edition
from smakom_mail.services.workplace import open_workplace
from tests.conftest import ROOT

EDITION = "januari-2021"
EDITIONS = edition_names(ROOT)
EXAMPLE_HOST = "nyhetsbrev.smakom.example"
EXAMPLE_READER = "kim@exempel.example"
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"}

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WEB = re.compile(r"(?:https?://|www\.)[^\s<>\"'()\[\]]+")
# Swedish numbers begin with 0 or +46; dates, ranges and years do not.
_TELEPHONE = re.compile(r"(?<![\w.#-])(?:\+46|0)[\d \u00a0-]{6,14}\d(?![\w-])")

SEEDS = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))
)


def digits(text: str) -> str:
    """Give a telephone number's digits as they are dialled within the country."""
    return re.sub(r"\D", "", text.replace("+46", "0"))


def without_scheme(address: str) -> str:
    return re.sub(r"^https?://", "", unquote(address)).rstrip("/.,")


MAILS = set(_MAIL.findall(SEEDS)) | {EXAMPLE_READER}
TELEPHONES = {digits(found) for found in _TELEPHONE.findall(SEEDS)}
ADDRESSES = {without_scheme(found) for found in _WEB.findall(SEEDS)}


def invented_in_text(text: str) -> list[str]:
    """Name every mail address, web address and telephone number that is in no seed."""
    return [
        *(mail for mail in _MAIL.findall(text) if mail not in MAILS),
        *(
            link
            for link in _WEB.findall(text)
            if link.rstrip(".,") not in NAMESPACES and not is_known(link)
        ),
        *(number for number in _TELEPHONE.findall(text) if digits(number) not in TELEPHONES),
    ]


def is_known(link: str) -> bool:
    """Say whether a link stays on the page, leads to the demo's site, or stands in a seed."""
    parts = urlsplit(link if "://" in link or ":" in link else f"https://{link}")
    match parts.scheme:
        case "mailto":
            return unquote(parts.path) in MAILS
        case "tel":
            return digits(parts.path) in TELEPHONES
    return parts.hostname == EXAMPLE_HOST or without_scheme(link) in ADDRESSES


class Page(HTMLParser):
    """What a reader sees of a page, and where it leads."""

    def __init__(self, html: str) -> None:
        """Read a whole page."""
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.link_words: dict[str, str] = {}
        self._hidden = 0
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember links, and words that stand in attributes."""
        given = {name: value or "" for name, value in attrs}
        self._hidden += tag in {"style", "script"}
        if tag == "a":
            self._inside = given.get("href", "")
        self.links += [given[name] for name in ("href", "src", "action") if name in given]
        self.words += [given[name] for name in ("alt", "title", "aria-label") if name in given]

    def handle_endtag(self, tag: str) -> None:
        """Leave what was entered."""
        self._hidden -= tag in {"style", "script"}
        if tag == "a":
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Collect what is shown."""
        if not self._hidden:
            self.words.append(data)
            if self._inside:
                said = self.link_words.get(self._inside, "")
                self.link_words[self._inside] = said + data

    @property
    def text(self) -> str:
        """All words, with plain spaces."""
        return plain(" ".join(self.words))


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u00ad", "").split())


@pytest.fixture(scope="module", params=EDITIONS)
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Build each edition of the repository; give what a reader may meet of it."""
    out = tmp_path_factory.mktemp("build")
    assert build_edition(open_workplace(ROOT, {}), request.param, out=out).folder == out
    names = ("message.html", "message.txt", "web/index.html", "message.eml")
    return {"edition": request.param} | {n: (out / n).read_text(encoding="utf-8") for n in names}


# --- the watch itself ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Skriv till kansli@kommun.se.", ["kansli@kommun.se"]),
        ("Ring 08-123 456 78 eller +46 8 123 456 78", ["08-123 456 78", "+46 8 123 456 78"]),
        (
            "Se https://www.kommun.se/a, www.kommun.se.",
            ["https://www.kommun.se/a,", "www.kommun.se."],
        ),
        ("charlotta@smakom.se, 0706-72 56 49, www.smakom.se", []),
        ("Den 7 januari 2021, 2021-01-04, 000 kronor, kl. 08.00", []),
    ],
)
def test_the_watch_sees_what_is_invented_and_only_that(text: str, expected: list[str]) -> None:
    assert invented_in_text(text) == expected


def test_the_seeds_state_what_the_editions_use() -> None:
    assert "charlotta@smakom.se" in MAILS
    assert "0706725649" in TELEPHONES
    assert "www.smakom.se" in ADDRESSES


# --- the editions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *sorted((ROOT / "newsletters").rglob("*.md")),
        *sorted((ROOT / "newsletters").rglob("*.toml")),
        *sorted((ROOT / "newsletters").rglob("*.svg")),
        ROOT / "smakom-mail.toml",
    ],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_what_is_written_is_in_a_seed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    if path.suffix == ".svg":  # drawings are full of numbers
        text = "\n".join([*_MAIL.findall(text), *_WEB.findall(text)])
    assert [found for found in invented_in_text(text) if found != EXAMPLE_HOST] == []


@pytest.mark.parametrize("page", ["message.html", "web/index.html"])
def test_what_a_reader_sees_and_where_it_leads_is_in_a_seed(
    built: dict[str, str], page: str
) -> None:
    read = Page(built[page])

    assert len(read.links) > 5
    assert invented_in_text(read.text) == []
    outward = [link for link in read.links if re.match(r"[a-z]+:|//", link)]
    assert [link for link in outward if not is_known(link)] == []
    inward = {link for link in read.links if link.startswith("#")}
    assert [link for link in inward if f'id="{link[1:]}"' not in built[page]] == []


def test_what_stands_in_the_text_part_is_in_a_seed(built: dict[str, str]) -> None:
    assert invented_in_text(built["message.txt"]) == []


def test_what_stands_in_the_headers_is_in_a_seed(built: dict[str, str]) -> None:
    message = message_from_bytes(built["message.eml"].encode("utf-8"), policy=policy.default)

    headers = "\n".join(
        str(value) for name, value in message.items() if name not in {"Message-ID", "Content-Type"}
    )
    assert invented_in_text(headers.replace("mailto:", "")) == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_edition_has_no_waivers(edition: str) -> None:
    text = (ROOT / "newsletters" / edition / "edition.toml").read_text(encoding="utf-8")

    assert "waive" not in tomllib.loads(text)


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_is_announced_lies_ahead_on_the_editions_day(edition: str) -> None:
    config, _ = read_config((ROOT / "smakom-mail.toml").read_text(encoding="utf-8"), {})
    loaded = load_edition(ROOT, edition, config).edition

    announced = [
        (block.title, block.start if isinstance(block, Event) else block.date)
        for section in loaded.sections
        for block in walk(section.blocks)
        if isinstance(block, Event | Deadline)
    ]
    assert [title for title, day in announced if day < loaded.date] == []
    if edition == EDITION:
        assert [day.isoformat() for _, day in announced] == [
            *("2021-04-21", "2021-01-07", "2021-02-26", "2021-01-18")
        ]


# --- the slips of the original (seed 004) --------------------------------------------------

BARE = max(_WEB.findall(SEEDS), key=len).rstrip('"')
SLIPS = {
    "Nyhetsbrev November": "Nyhetsbrev januari 2021",
    "lokal statlig serviceVi": "En utvecklad organisation för lokal statlig service.",
    "betalningsmarknadenI": "Statens roll på betalningsmarknaden.",
    "utredningasansvarig": "Clas Olsson, utredningsansvarig och Agneta Rönn",
    "21-23 april": "i Rättvik den 21–23 april 2021.",
    "klicka här": "Avsluta prenumerationen",
    "E-post;": "charlotta@smakom.se",
    "Telefon;": "0706-72 56 49",
    "facebookhomepageinstagram": "Facebook",
    "Styrelsen, fr v;": "",
    "Problem att visa det?": "Se det i webbläsaren",
}


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Build the edition that seed 004 is the original of; give the words of each part."""
    out = tmp_path_factory.mktemp("january")
    build_edition(open_workplace(ROOT, {}), EDITION, out=out)
    html = (out / "message.html").read_text(encoding="utf-8")
    web = (out / "web" / "index.html").read_text(encoding="utf-8")
    return {
        "mail": Page(html).text,
        "text": plain((out / "message.txt").read_text(encoding="utf-8")),
        "web": Page(web).text,
        "mail's code": plain(html),
        "page's code": plain(web),
    }


@pytest.mark.parametrize(("wrong", "right"), SLIPS.items())
def test_a_slip_of_the_original_is_right_in_ours(
    january: dict[str, str], wrong: str, right: str
) -> None:
    assert wrong.casefold() in plain(SEEDS).casefold(), "it is a slip of the original"

    assert [part for part, words in january.items() if wrong.casefold() in words.casefold()] == []
    on_page = {"Avsluta prenumerationen", "Se det i webbläsaren"}
    parts = ("mail", "text") if right in on_page else ("mail", "text", "web")
    assert [part for part in parts if right not in re.sub(r" ([.,])", r"\1", january[part])] == []


def test_the_social_places_are_named_each_by_itself(january: dict[str, str]) -> None:
    for part in ("mail", "text", "web"):
        assert {"Facebook", "Instagram"} <= set(january[part].split()), part


def test_a_long_address_stands_behind_words(january: dict[str, str], built: dict[str, str]) -> None:
    assert len(BARE) == 115
    words = "SKL Kommentus översikt över ramavtal"

    assert BARE not in january["mail"] + january["web"], "nobody reads an address of 115 letters"
    assert f"{words} <{BARE}>" in january["text"]
    if built["edition"] == EDITION:
        for page in ("message.html", "web/index.html"):
            assert plain(Page(built[page]).link_words[BARE]) == words
