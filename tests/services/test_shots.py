"""Pictures of an edition's views, and the page and PDF of them that the chair gets."""

import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from PIL import Image
from playwright.sync_api import Browser

from smakom_mail.errors import SmakomMailError, WriteRefusedError
from smakom_mail.render.shapes import CLIENTS
from smakom_mail.services import shots
from smakom_mail.services.previewing.snapshot import take_snapshot
from smakom_mail.services.shot_page import Strip, cut_pieces
from smakom_mail.services.shots import SHOTS, chosen_shots, find_browser, take_shots
from tests.axe import violations
from tests.conftest import ROOT


def test_every_program_and_every_kind_of_view_has_its_picture() -> None:
    names = [shot.name for shot in SHOTS]
    assert {shot.request.client for shot in SHOTS} == {"", *CLIENTS}
    assert {shot.request.scheme for shot in SHOTS} == {"light", "dark", "partial", "full"}
    assert {"mail", "web", "text", "inbox", "order", "seeds"} == {s.request.name for s in SHOTS}
    assert len(set(names)) == len(names)


def test_without_names_all_are_chosen_and_an_unknown_one_is_told_with_the_nearest() -> None:
    assert chosen_shots([]) == SHOTS
    chosen = chosen_shots(["inbox", "mail-375", "inbox"])
    assert [shot.name for shot in chosen] == ["mail-375", "inbox"]
    with pytest.raises(SmakomMailError) as told:
        chosen_shots(["mail-735"])
    assert told.value.message == "there is no view “mail-735” to take a picture of"
    assert told.value.hint.startswith("did you mean “mail-375”? known: mail-375, mail-700, ")


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Path:
    """Take some pictures of the repository's own newsletter, in a process of their own.

    Here the tests' own browser may be running, and Playwright wants the event loop for itself.
    """
    assert chromium_path
    folder = tmp_path_factory.mktemp("shots")
    views = ("inbox", "mail-375", "mail-700-outlook-windows")
    options = [part for view in views for part in ("--view", view)]
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "smakom_mail",
            "preview",
            "januari-2021",
            "--shots",
            folder,
            *options,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == "1/3 mail-375\n2/3 mail-700-outlook-windows\n3/3 inbox\n"
    assert ended.returncode == 0
    return folder


def test_the_pictures_show_the_whole_view_at_twice_its_width(shot: Path) -> None:
    assert sorted(path.name for path in shot.iterdir()) == [
        "januari-2021-inbox.png",
        "januari-2021-mail-375.png",
        "januari-2021-mail-700-outlook-windows.png",
        "januari-2021.html",
        "januari-2021.pdf",
    ]
    with Image.open(shot / "januari-2021-mail-375.png") as picture:
        assert picture.width == 750
        assert picture.height > 6000
        assert len(set(picture.convert("RGB").resize((50, 50)).tobytes())) > 20


def test_the_chair_s_page_is_one_file_that_fetches_nothing_and_axe_finds_nothing_in_it(
    shot: Path, browser: Browser
) -> None:
    html = (shot / "januari-2021.html").read_text(encoding="utf-8")
    assert set(re.findall(r'(?:src|href)="([a-z]+:)', html)) == {"data:"}
    assert "Inget hindrar att numret går ut." in html
    assert "Brevet, 375 px, Brevets mörka läge, del 1 av" in html
    context = browser.new_context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto((shot / "januari-2021.html").as_uri())
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_the_pdf_is_a_pdf_small_enough_to_mail(shot: Path) -> None:
    data = (shot / "januari-2021.pdf").read_bytes()
    assert data.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in data
    assert len(data) < 10_000_000


def png(rows: list[tuple[int, int, int]], width: int = 10) -> bytes:
    picture = Image.new("RGB", (width, len(rows)))
    picture.putdata([row for row in rows for _ in range(width)])
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def test_a_long_picture_is_cut_between_lines_and_nothing_is_lost() -> None:
    white, lines = (255, 255, 255), [(n % 251, n % 241, n % 239) for n in range(3000)]
    rows = [white if 1300 <= n < 1340 else lines[n] for n in range(3000)]
    pieces = [Image.open(io.BytesIO(data)) for data in cut_pieces(Strip("x", png(rows), 10))]
    assert sum(piece.height for piece in pieces) == 3000
    assert 1300 < pieces[0].height < 1340
    assert pieces[1].height == 1400  # no quiet place: cut where the page ends
    assert {piece.format for piece in pieces} == {"JPEG"}


def test_an_edition_that_cannot_be_drawn_is_refused(project: Path) -> None:
    section = project / "layouts" / "smakom" / "edition.mjml.j2"
    section.write_text("{% nonsense %}", encoding="utf-8")
    with pytest.raises(SmakomMailError) as told:
        take_shots(take_snapshot(project, {}, "januari-2021"), project, SHOTS, progress=print)
    assert told.value.message == "januari-2021 cannot be drawn yet"
    assert told.value.hint == "mend what smakom-mail check januari-2021 says"


def test_a_folder_that_cannot_be_made_is_told(project: Path) -> None:
    (project / "fil").write_text("x", encoding="utf-8")
    with pytest.raises(WriteRefusedError) as told:
        take_shots(
            take_snapshot(project, {}, "januari-2021"), project / "fil", SHOTS, progress=print
        )
    assert told.value.message == f"cannot write to {project / 'fil'}: File exists"


def test_without_a_browser_the_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shots, "BROWSERS", ())
    with pytest.raises(SmakomMailError) as told:
        find_browser()
    assert told.value.message == "no Chromium, Chrome or Edge was found to take pictures with"
    assert "apt-get install chromium" in told.value.hint


def test_pictures_need_an_edition_and_a_folder(cli: Callable[..., Result]) -> None:
    for arguments in (["--shots", "bilder"], ["januari-2021", "--view", "inbox"]):
        ended = cli("preview", *arguments)
        assert ended.exit_code == 2
        assert "Error: pictures need both: preview EDITION --shots DIR" in ended.stderr


def test_the_command_says_what_it_wrote(cli: Callable[..., Result], chromium_path: str) -> None:
    assert chromium_path
    ended = cli("preview", "januari-2021", "--shots", "bilder", "--view", "inbox")
    assert ended.exit_code == 0
    assert ended.stdout == (
        "    bilder/januari-2021-inbox.png\n"
        "page  bilder/januari-2021.html  (one file, opens in any browser)\n"
        "pdf   bilder/januari-2021.pdf\n"
    )
    assert ended.stderr == "1/1 inbox\n"
