"""The pages made of the settings, the health of the server, and what is not there."""

import re
import sqlite3
from pathlib import Path

import pytest

from smakom_mail.web.public.app import make_app
from tests.web.public.test_leaving_pages import heading
from tests.web.public.visiting import Visited, visited


class NoArchive:
    """An archive in which no edition has been published yet."""

    missing_page = None

    def file(self, path: str) -> tuple[bytes, str] | None:  # noqa: ARG002 - it has none at all
        """Give nothing."""
        return None

    def is_coming(self, path: str) -> bool:  # noqa: ARG002 - as above
        """Say that nothing is to come."""
        return False


SETTINGS = """
[serve]
contact = "webb@forening.example"
data_officer = "dso@forening.example"
assessed = 2026-11-01
assessed_how = "självskattning"
not_accessible = ["Kartan i numret från maj saknar <b>text</b>."]
"""


def test_the_statement_says_what_the_settings_say(tmp_path: Path) -> None:
    with visited(tmp_path / "brev", SETTINGS) as pages:
        text = pages.get("/accessibility").text.replace("\N{NO-BREAK SPACE}", " ")

    assert "Webbplatsen är delvis förenlig med kraven. Bristerna står nedan." in text
    assert (
        "Bristerna står nedan. Bedömningen gjordes den 1 november 2026. Så bedömdes det: "
        "självskattning.</p>"
    ) in text
    assert "<li>Kartan i numret från maj saknar &lt;b&gt;text&lt;/b&gt;.</li>" in text
    assert 'href="mailto:webb@forening.example"' in text
    assert "digg.se/tdosanmalan" in text


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("", "Vi har ännu inte bedömt webbplatsen."),
        ("[serve]\nassessed = 2026-11-01\n", "Webbplatsen är helt förenlig med kraven."),
    ],
)
def test_the_statement_claims_nothing_that_nobody_has_said(
    tmp_path: Path, settings: str, sentence: str
) -> None:
    with visited(tmp_path / "brev", settings) as pages:
        assert sentence in pages.get("/accessibility").text


def test_whom_the_law_does_not_bind_is_not_sent_to_the_authority(tmp_path: Path) -> None:
    with visited(tmp_path / "brev", "[serve]\npublic_body = false\n") as pages:
        text = pages.get("/accessibility").text

    assert "DOS-lagen" not in text
    assert "digg" not in text


def test_the_privacy_page_names_who_answers_and_how_long(tmp_path: Path) -> None:
    with visited(tmp_path / "brev", SETTINGS) as pages:
        text = pages.get("/privacy").text

    assert "<strong>Exempelföreningen</strong>" in text
    assert 'Dataskyddsombud: <a href="mailto:dso@forening.example">' in text
    assert "raderar vi dem som inte har kunnat få något på 24 månader." in text
    assert "de enstaka breven, raderas efter 14 dagar." in text
    assert "som en uppgift av allmänt intresse" in text


def test_both_languages_have_the_same_words() -> None:
    from smakom_mail.locale.public import PUBLIC_WORDS
    from smakom_mail.locale.public_forms import FORM_WORDS
    from smakom_mail.locale.public_papers import PAPER_WORDS

    for words in (PUBLIC_WORDS, FORM_WORDS, PAPER_WORDS):
        assert list(words["sv"]) == list(words["en"])
    assert not set(PUBLIC_WORDS["sv"]) & set(FORM_WORDS["sv"])
    assert not set(PUBLIC_WORDS["sv"]) & set(PAPER_WORDS["sv"])
    assert not set(FORM_WORDS["sv"]) & set(PAPER_WORDS["sv"])


def test_health_says_whether_the_database_can_be_written(pages: Visited) -> None:
    before = pages.contents()
    assert (pages.get("/healthz").status, pages.get("/healthz").text) == (200, "ok\n")
    assert pages.contents() == before

    other = sqlite3.connect(pages.store.database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    failing = pages.get("/healthz")
    other.execute("ROLLBACK")

    assert failing.status == 503
    assert failing.text == "failing: the database cannot be written now (BusyError)\n"
    assert pages.get("/healthz").status == 200
    other.close()


def test_a_page_says_so_when_nothing_can_be_saved(pages: Visited) -> None:
    for file in pages.store.database.path.parent.glob("smakom-mail.db*"):
        file.unlink()

    page = pages.post("/u/" + "A" * 36)

    assert (page.status, heading(page)) == (503, "Vi kan inte spara det just nu")
    assert "Inget har ändrats. Försök igen om en stund." in page.text
    assert page.headers["retry-after"] == "60"
    assert pages.get("/healthz").status == 503


@pytest.mark.parametrize("path", ["/u/" + "A" * 36, "/subscribe", "/preferences/" + "A" * 36])
def test_who_only_opens_a_page_is_not_told_of_saving(pages: Visited, path: str) -> None:
    for file in pages.store.database.path.parent.glob("smakom-mail.db*"):
        file.unlink()

    page = pages.get(path)

    assert (page.status, heading(page)) == (503, "Sidan kan inte visas just nu")
    assert "Felet är vårt. Försök igen om en stund." in page.text
    assert "spara" not in page.text
    assert page.headers["retry-after"] == "60"


def test_a_page_that_is_not_there_leads_to_the_start_and_to_the_archive(pages: Visited) -> None:
    assert 'class="button" href="/">Till startsidan</a>' in pages.get("/nothing").text
    assert "/archive/" not in pages.get("/nothing").text

    pages.site.archive = NoArchive()

    assert '<li><a href="/archive/">Läs tidigare nummer</a></li>' in pages.get("/nothing").text


def test_robots_are_told_of_the_sitemap_where_there_is_an_archive(pages: Visited) -> None:
    rules = "User-agent: *\nDisallow: /u/\nDisallow: /confirm/\nDisallow: /preferences/\n"
    assert pages.get("/robots.txt").text == rules

    pages.site.archive = NoArchive()

    pages.app = make_app(pages.site, pages.log.append)
    assert pages.get("/robots.txt").text == (
        f"{rules}Sitemap: https://nyhetsbrev.forening.example/sitemap.xml\n"
    )


def test_a_page_that_is_asked_for_as_a_folder_is_found(pages: Visited) -> None:
    for name in ("subscribe", "preferences", "privacy", "accessibility"):
        answer = pages.get(f"/{name}/?lang=en")
        assert (answer.status, answer.headers["location"]) == (308, f"/{name}?lang=en")


def test_the_start_page_is_named_after_the_newsletter(pages: Visited) -> None:
    assert "<title>Exempelföreningens nyhetsbrev</title>" in pages.get("/").text


@pytest.mark.parametrize(
    "path",
    ["/", "/subscribe", "/preferences", "/privacy", "/accessibility", "/nothing", "/u/{u}",
     "/u/{u}/undo", "{own}"],
)  # fmt: skip
def test_a_language_that_was_chosen_is_kept_by_every_link_and_form(
    pages: Visited, path: str
) -> None:
    asked = path.format(u=pages.token("bo@kommun.se"), own=pages.page("bo@kommun.se"))
    text = pages.get(f"{asked}?lang=en").text
    ways = re.findall(r'(?:href|action)="(/[^"]*)"', text)

    ours = [way for way in ways if not way.startswith(("/_/", "/archive/"))]
    assert len(ours) > 3
    assert {way.partition("?")[2] for way in ours if way != f"{asked}?lang=sv"} == {"lang=en"}
    assert "lang=en" not in re.sub("In English", "", pages.get("/", {"accept-language": "en"}).text)


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/archive/", "/archive/../../etc/passwd", "/u", "/u/", "/_/x", "//evil.example"],
)
def test_what_is_not_there_gets_a_page(pages: Visited, path: str) -> None:
    page = pages.get(path)

    assert (page.status, heading(page)) == (404, "Sidan finns inte")


def test_a_bug_is_told_as_one_and_shows_nothing(
    pages: Visited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages.site, "now", lambda: 1 / 0)
    monkeypatch.setattr("smakom_mail.web.public.app.write_bug_log", lambda: "file x")
    with pytest.raises(ZeroDivisionError):
        pages.get("/subscribe")

    assert [line.partition(" 500 ")[0] for line in pages.log] == ["GET /subscribe"]


def test_the_pages_may_lie_below_a_path(tmp_path: Path) -> None:
    root = tmp_path / "brev"
    with visited(root) as first:
        token = first.token("bo@kommun.se")
    settings = root / "smakom-mail.toml"
    text = settings.read_text("utf-8")
    site = 'url = "https://nyhetsbrev.forening.example"'
    assert site in text
    settings.write_text(text.replace(site, 'url = "https://forening.example/brev"'), "utf-8")
    from tests.web.public.visiting import restarted

    with restarted(first) as pages:
        for path in (f"/u/{token}", f"/brev/u/{token}"):
            assert f'action="/brev/u/{token}"' in pages.get(path).text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "sv",
            (
                "Att du har slutat: när det var, hur du gjorde, vilka listor det gällde, och "
                "varför, om du svarade på det."
            ),
        ),
        (
            "en",
            (
                "That you left: when it was, how you did it, which lists it was about, and why, if "
                "you answered that."
            ),
        ),
    ],
)
def test_what_is_kept_of_who_left_is_said_in_a_plain_sentence(
    pages: Visited, language: str, said: str
) -> None:
    assert f"<li>{said}</li>" in pages.get(f"/privacy?lang={language}").text
