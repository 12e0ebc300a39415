"""The benchmark measures the real build and gives npm the real mail; nothing here is timed."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.cost import Cost, median, process
from benchmarks.npm import NpmChain, NpmMissingError
from benchmarks.preview import measure_saves
from benchmarks.run import Turns, compared_rows, cost_row, npm_rows, ratio_row
from benchmarks.stages import (
    STAGES,
    engines,
    lost_titles,
    mail_chain,
    mjml_source,
    staged_build,
)
from benchmarks.table import RATES, Row, table
from smakom_mail.content.project import load_edition
from smakom_mail.model.edition import Edition
from smakom_mail.render.layout import Layout, load_layout
from smakom_mail.services.building import build_edition
from smakom_mail.services.workplace import Workplace, open_workplace
from tests.conftest import ROOT

EDITION = "januari-2021"


@pytest.fixture
def place(project: Path) -> Workplace:
    return open_workplace(project, {})


@pytest.fixture
def edition(place: Workplace) -> Edition:
    return load_edition(place.root, EDITION, place.config).edition


@pytest.fixture
def layout(place: Workplace) -> Layout:
    return load_layout(place.root, "smakom")


def test_a_build_by_stages_writes_the_very_files_of_the_build_service(
    place: Workplace, tmp_path: Path
) -> None:
    whole, staged = tmp_path / "whole", tmp_path / "staged"
    built = build_edition(place, EDITION, out=whole)

    costs = staged_build(place, built, staged)

    assert list(costs) == list(STAGES)
    assert contents(staged) == contents(whole)
    assert len(contents(staged)) > 5


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_measured_mail_chain_makes_the_very_mail_of_the_build_service(
    place: Workplace, edition: Edition, layout: Layout, tmp_path: Path
) -> None:
    build_edition(place, EDITION, out=tmp_path / "built")
    built = (tmp_path / "built" / "message.html").read_text(encoding="utf-8")
    assert mail_chain(place, edition, layout) == built


def test_what_npm_gets_holds_all_text_and_no_token(
    place: Workplace, edition: Edition, layout: Layout
) -> None:
    source = mjml_source(place, edition, layout)
    assert lost_titles(edition, source) == []
    assert f"{place.config.site_url}/u/exempel-" in source
    assert "zq0x" not in source
    assert source.count("<mj-section") > len(edition.sections)


def test_both_engines_of_ours_keep_every_section_of_that_source(
    place: Workplace, edition: Edition, layout: Layout
) -> None:
    page = engines(mjml_source(place, edition, layout), layout)
    assert lost_titles(edition, page) == []
    assert "<mj-" not in page


def test_a_page_that_lacks_a_section_is_told_by_its_title(edition: Edition) -> None:
    titles = [section.title for section in edition.sections]
    page = " ".join(titles[1:])
    assert lost_titles(edition, page) == [titles[0]]


def test_without_node_the_rows_of_npm_say_so(
    place: Workplace, edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NpmMissingError, match=r"^node is not installed$"):
        NpmChain("<mjml></mjml>", "", tmp_path)
    assert npm_rows(place, edition, tmp_path) == [
        Row("npm mjml and juice: not measured, node is not installed"),
        Row("npm / ours, the same job", cpu="not measured", reach="≥ 2.5 ×"),
    ]


def test_the_ratio_to_reach_is_that_of_the_same_job_to_a_warm_v8() -> None:
    early = Turns(10.0, 7.0, {"mjml": 20.0, "juice": 20.0, "chain": 40.0})
    late = Turns(10.0, 6.0, {"mjml": 6.0, "juice": 6.0, "chain": 12.0})
    versions = {"mjml": "5.4.1", "juice": "11.1.1", "node": "20.0.0"}
    assert [row.cells[2:] for row in compared_rows(versions, early, late)[-3:]] == [
        ("2.0 ×", "≥ 2.5 ×", "not met"),
        ("1.2 ×", "", ""),
        ("4.0 ×", "", ""),
    ]


def test_the_median_of_costs_takes_each_kind_of_time_by_itself() -> None:
    assert median([Cost(1.0, 9.0), Cost(2.0, 7.0), Cost(9.0, 8.0)]) == Cost(2.0, 8.0)
    assert median([Cost(1.0, None), Cost(3.0, None)]) == Cost(2.0, None)


def test_a_program_that_fails_is_not_measured(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no ' + input())"]
    with pytest.raises(SystemExit, match="ended with 1:\nno edition"):
        process(command, tmp_path, 1, typed="edition\n")


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (cost_row("a", Cost(60.0, 9.0), wall=60), ("a", "60.0", "9.0", "≤ 60 ms", "met")),
        (cost_row("a", Cost(60.1, 9.0), wall=60), ("a", "60.1", "9.0", "≤ 60 ms", "not met")),
        (cost_row("a", Cost(None, 10.1), cpu=10), ("a", "", "10.1", "≤ 10 ms CPU", "not met")),
        (cost_row("a", Cost(1.0, None)), ("a", "1.0", "", "", "")),
        (ratio_row("a", 25.0, 10.0, 2.5), ("a", "", "2.5 ×", "≥ 2.5 ×", "met")),
        (ratio_row("a", 24.9, 10.0, 2.5), ("a", "", "2.5 ×", "≥ 2.5 ×", "not met")),
        (ratio_row("a", 24.9, None, 2.5), ("a", "", "not measured", "≥ 2.5 ×", "")),
    ],
)
def test_a_row_says_whether_its_value_is_reached(row: Row, cells: tuple[str, ...]) -> None:
    assert row.cells == cells


def test_the_table_is_markdown_with_columns_that_line_up() -> None:
    rows = [Row("build", "36.9", "36.6", "≤ 60 ms", met=True), Row("– read", cpu="6.9")]
    assert table(rows).splitlines() == [
        "| what   | wall ms | CPU ms | reach   |     |",
        "| ------ | ------: | -----: | ------- | --- |",
        "| build  |    36.9 |   36.6 | ≤ 60 ms | met |",
        "| – read |         |    6.9 |         |     |",
    ]
    assert table(rows[:1], RATES).splitlines()[0] == (
        "| what  | messages/s | CPU s per 1,000 | reach   |     |"
    )


def test_the_lock_of_the_npm_packages_holds_hashes_and_names_no_host() -> None:
    text = (ROOT / "benchmarks" / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    assert "://" not in text
    assert "resolved" not in text
    assert "mjml" in json.loads(text)["packages"][""]["dependencies"]


def test_a_save_is_seen_when_it_is_painted(tmp_path: Path, chromium_path: str) -> None:
    assert chromium_path
    saves = measure_saves(ROOT, tmp_path, "januari-2021", saves=2)
    assert len(saves.each) == 2
    assert 0 < saves.median <= saves.slowest
