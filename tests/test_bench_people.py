"""The benchmark of people measures the real programs over the same invented people."""

import sys
from pathlib import Path

import pytest

from benchmarks.people import PeopleRuns, Run, measure_people, rows, run, write_people
from benchmarks.run import people_table


def test_the_people_are_the_same_every_time_and_each_address_is_its_own(tmp_path: Path) -> None:
    write_people(tmp_path / "a.csv", 500)
    write_people(tmp_path / "b.csv", 500)

    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert len({email for email, _, _ in rows(500)}) == 500


def test_everybody_is_imported_and_listed_by_the_real_programs(tmp_path: Path) -> None:
    runs = measure_people(tmp_path, 60)

    planned = (tmp_path / "people/var/planned.csv").read_text(encoding="utf-8").splitlines()
    assert sorted(line.partition(",")[0] for line in planned[1:]) == sorted(
        email for email, _, _ in rows(60)
    )
    assert runs.number == 60
    assert min(runs.bare.cpu, runs.importing.cpu, runs.listing.cpu) > 0
    assert min(runs.bare.peak, runs.importing.peak, runs.listing.peak) > 5


def test_a_program_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="ended with 3:\nno people"):
        run([sys.executable, "-c", "print('no people'); raise SystemExit(3)"], tmp_path)


def test_the_rows_say_what_is_reached_and_the_time_counts_for_a_million_only() -> None:
    taken = Run(31.0, 16.0, 299.4), Run(40.0, 25.6, 300.6)
    listing = Run(61.0, 30.1, 299.4)

    def cells(number: int) -> list[tuple[str, ...]]:
        table = people_table(PeopleRuns(number, *taken, listing))
        return [row.cells for row in table]

    assert cells(1_000_000) == [
        ("people: email-validator alone, 1,000,000 addresses", "31000.0", "16000.0", "", ""),
        ("– import of them, planned and applied", "40000.0", "25600.0", "", ""),
        ("– import / email-validator alone", "", "1.60 ×", "≤ 1.6 ×", "met"),
        ("– import, memory at its peak", "", "301 MB", "≤ 300 MB", "not met"),
        ("– send list of them, both files", "61000.0", "30100.0", "≤ 30 s CPU", "not met"),
        ("– send list, memory at its peak", "", "299 MB", "≤ 300 MB", "met"),
    ]
    assert cells(1000)[4] == ("– send list of them, both files", "61000.0", "30100.0", "", "")
