"""The pages themselves: what stands in them, whatever the state of an edition."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from smakom_mail.locale.preview_page import PAGE_WORDS
from smakom_mail.services.previewing.snapshot import Failure, Snapshot, take_snapshot
from smakom_mail.services.previewing.studio import EditionState, Studio
from smakom_mail.web.preview.app import Preview, make_app
from tests.conftest import ROOT

SLUG = "januari-2021"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def good() -> Snapshot:
    return take_snapshot(ROOT, {}, SLUG)


@dataclass
class Still:
    """A studio in which nothing moves but what a test says."""

    all: tuple[EditionState, ...]
    news: asyncio.Queue[EditionState] = field(default_factory=asyncio.Queue)

    def states(self) -> tuple[EditionState, ...]:
        """Give what it was made with."""
        return self.all

    async def state(self, slug: str) -> EditionState | None:
        """Give one of them."""
        return next((state for state in self.all if state.slug == slug), None)

    @contextlib.asynccontextmanager
    async def listen(self, *_: str) -> AsyncIterator[AsyncIterator[EditionState]]:
        """Hear what a test puts into the news."""

        async def changes() -> AsyncIterator[EditionState]:
            while True:
                yield await self.news.get()

        yield changes()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")


def asked(state: EditionState, path: str, language: str = "sv", editor: str = "") -> Answer:
    """Ask the preview of one edition for a path with its query."""
    studio = cast("Studio", Still((state,)))
    app = make_app(Preview(studio, Path("/p"), language, editor), frozenset({"here"}))
    where, _, query = path.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "server": ("here", 80),
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"here")],
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - whatever ASGI sends
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(m.get("body", b"") for m in sent[1:]))


def ready(snapshot: Snapshot) -> EditionState:
    return EditionState(SLUG, 3, snapshot, snapshot)


def test_the_page_of_an_edition_holds_its_findings_and_a_frame_for_each_view(
    good: Snapshot,
) -> None:
    page = asked(ready(good), f"/{SLUG}/").text
    assert page.count('<li class="finding">') == len(good.findings) == 7
    for view in ("mail", "web", "text", "inbox", "order", "raw", "seeds"):
        assert f'src="view/{view}?g=3"' in page
    assert page.count('sandbox="allow-same-origin"') == page.count("<iframe") == 9
    assert f"Fingeravtryck <code>{good.rendered.short_digest if good.rendered else ''}" in page


@pytest.mark.parametrize("view", ["mail", "web", "text", "inbox", "order", "raw", "seeds"])
def test_a_frame_holds_its_view_under_a_policy_that_runs_nothing(good: Snapshot, view: str) -> None:
    answer = asked(ready(good), f"/{SLUG}/view/{view}?g=3")
    assert answer.status == 200
    assert answer.headers["content-security-policy"].endswith("sandbox allow-same-origin")
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert "Nyhetsbrev" in answer.text


def test_a_picture_is_given_by_its_published_name_and_by_no_other(good: Snapshot) -> None:
    assert good.rendered
    picture = good.rendered.pictures[0]
    answer = asked(ready(good), f"/{SLUG}/view/images/{picture.name}")
    assert answer.body == picture.data
    assert answer.headers["content-type"].startswith("image/")
    assert asked(ready(good), f"/{SLUG}/view/images/annan.png").status == 404


def test_a_failure_is_told_over_the_last_good_view(good: Snapshot) -> None:
    failure = Failure("Mallen kraschade.", "Titta i layouts/smakom.")
    page = asked(EditionState(SLUG, 4, good, good, failure), f"/{SLUG}/").text
    assert '<summary class="lead">Mallen kraschade.</summary>' in page
    assert '<p class="hint">Titta i layouts/smakom.</p>' in page
    assert 'src="view/mail?g=4"' in page


def test_an_edition_that_never_could_be_shown_says_so(good: Snapshot) -> None:
    broken = replace(good, rendered=None)
    state = EditionState(SLUG, 1, broken, None)
    page = asked(state, f"/{SLUG}/").text
    assert "Numret kan inte visas än. När felen är rättade syns det här." in page
    assert "<iframe" not in page
    assert asked(state, f"/{SLUG}/view/mail").status == 404


def test_the_list_names_every_state(good: Snapshot) -> None:
    waiting = EditionState(SLUG)
    failed = EditionState(SLUG, 1, None, None, Failure("x"))
    for state, words in (
        (ready(good), "Inget hindrar att det går ut"),
        (waiting, "Läses in"),
        (failed, "Går inte att läsa"),
    ):
        assert f"</span>{words}</p>" in asked(state, "/").text


def test_what_an_author_or_a_file_is_called_is_text_on_every_page(good: Snapshot) -> None:
    edition = replace(good.edition, title=EVIL, date=dt.date(2021, 1, 4))
    lines = tuple((place, EVIL) for place, _ in good.lines)
    config = replace(good.config, samples=(replace(good.config.samples[0], name=EVIL),))
    evil = replace(good, edition=edition, lines=lines, config=config)
    state = EditionState(SLUG, 1, evil, evil, Failure(EVIL, EVIL))
    for path in ("/", f"/{SLUG}/", f"/{SLUG}/?client=gmail", "/finns-inte/"):
        page = asked(state, path).text
        assert "alert(1)</script>" not in page
        assert "<img src=x" not in page


def test_an_editor_s_address_opens_the_file_at_its_line(good: Snapshot) -> None:
    page = asked(ready(good), f"/{SLUG}/", editor="vscode://file/{path}:{line}").text
    place = good.findings[0].location
    assert f'href="vscode://file//p/{place.file}:{place.line}"' in page
    assert "data-copy" not in page


def test_the_interface_is_swedish_or_english_with_the_same_words() -> None:
    assert PAGE_WORDS["sv"].keys() == PAGE_WORDS["en"].keys()


def test_in_english_every_word_around_the_mail_is_english(good: Snapshot) -> None:
    page = asked(ready(good), f"/{SLUG}/", language="en").text
    assert '<html lang="en">' in page
    assert "Nothing keeps it from leaving" in page
    assert "Källor" not in page


def test_a_fault_of_ours_is_one_answer_and_names_its_log(
    good: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("no")

    monkeypatch.setattr("smakom_mail.web.preview.pages.edition_page", fail)
    with pytest.raises(ZeroDivisionError):  # Starlette raises it again for the server's log
        asked(ready(good), f"/{SLUG}/")


def test_news_begin_with_a_sign_that_they_are_listened_for_and_name_each_change(
    good: Snapshot,
) -> None:
    async def hear() -> list[str]:
        studio = Still((ready(good),))
        preview = Preview(cast("Studio", studio), Path("/p"), "sv", "")
        news = preview._news(SLUG)  # noqa: SLF001 - what the browser reads, without a browser
        heard = [await anext(news)]
        studio.news.put_nowait(EditionState(SLUG, 4, good, good))
        heard.append(await anext(news))
        preview.closing.set()
        heard += [each async for each in news]
        return heard

    assert asyncio.run(hear()) == [
        "retry: 500\nevent: listening\ndata: now\n\n",
        f'data: {{"edition": "{SLUG}", "generation": 4, "state": "ready"}}\n\n',
    ]
