"""A million people: taking them in, beside the bare email-validator loop, and listing who gets it.

Each is a whole program, so that its time and its memory are its own.
"""

import csv
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smakom_mail.services.scaffolding import init_project

PEOPLE = 1_000_000
EDITION = "exempel"
_GIVEN = ("Åsa", "Örjan", "Ängla", "Bo", "Eva", "Nils", "Märta", "Lars-Åke", "Zofia", "Per")
_FAMILY = ("Ek", "Öst", "Åberg", "Ärlig", "Lind", "Nyström", "af Geijer", "von Platen", "Dal")
_PROVIDERS = ("post.example", "brev.example", "mejl.example", "epost.example", "snabb.example")
_MUNICIPALITIES = 290
_BARE = """
import csv, sys
from email_validator import validate_email
with open(sys.argv[1], encoding="utf-8", newline="") as stream:
    for row in csv.reader(stream):
        if row[0] != "email":
            validate_email(row[0], check_deliverability=False)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a whole program took: seconds, CPU seconds, and megabytes at its peak."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class PeopleRuns:
    """The three programs, over the same number of people."""

    number: int
    bare: Run
    importing: Run
    listing: Run

    @property
    def ratio(self) -> float:
        """How many times longer an import takes than the bare loop, in CPU time."""
        return self.importing.cpu / self.bare.cpu


class PeopleMissingError(Exception):
    """Nothing here tells what a program has used."""


def rows(number: int) -> Iterator[tuple[str, str, str]]:
    """Invent people, the same ones every time: address, name and municipality.

    Of a hundred addresses 60 are at five large providers, 39 at the municipalities' own domains,
    and one at a domain that nobody else has.
    """
    chance = random.Random(1)  # noqa: S311 - the same people every time
    for person in range(number):
        municipality = chance.randrange(_MUNICIPALITIES)
        given, family = chance.choice(_GIVEN), chance.choice(_FAMILY)
        share = chance.randrange(100)
        if share < 60:
            domain = chance.choice(_PROVIDERS)
        elif share < 99:
            domain = f"kommun{municipality}.example"
        else:
            domain = f"egen{person}.example"
        yield f"person.{person}@{domain}", f"{given} {family}", f"Kommun {municipality}"


def write_people(path: Path, number: int) -> None:
    """Write the table that is imported."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("email", "namn", "kommun"))
        table.writerows(rows(number))


def measure_people(folder: Path, number: int = PEOPLE) -> PeopleRuns:
    """Measure the three programs, one after the other, in a new newsletter in `folder`."""
    root = folder / "people"
    init_project(root)
    table = root / "people.csv"
    write_people(table, number)
    program = [sys.executable, "-m", "smakom_mail"]
    files = ["--out", "var/planned.csv", "--excluded", "var/excluded.csv"]
    return PeopleRuns(
        number,
        bare=run([sys.executable, "-c", _BARE, str(table)], root),
        importing=import_people(root, table),
        listing=run([*program, "sendlist", EDITION, *files], root),
    )


def import_people(root: Path, table: Path) -> Run:
    """Import a table of people into the newsletter in `root`."""
    ground = ["--basis", "consent", "--wording", "Ja tack.", "--source", "webb"]
    words = [sys.executable, "-m", "smakom_mail", "subscribers", "import", str(table), *ground]
    return run([*words, "--apply"], root)


def run(command: list[str], folder: Path) -> Run:
    """Run a program to its end and give what it took; SystemExit with its words if it fails."""
    if not hasattr(os, "wait4"):
        raise PeopleMissingError("this system does not tell what a program has used")
    log = folder / "run.log"
    started = time.perf_counter()
    with log.open("wb") as words:
        process = subprocess.Popen(command, cwd=folder, stdout=words, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = log.read_text(encoding="utf-8", errors="replace")
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / scale)
