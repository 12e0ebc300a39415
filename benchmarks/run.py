"""Measure a build beside npm mjml and juice, sending beside others, and many who leave at once.

``make bench`` runs it; docs/benchmarks.md says what each row means. Everything is measured in
one run on one machine, and what is compared is measured in turns.
"""

import argparse
import datetime as dt
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cost import Cost, median, process, timed
from benchmarks.npm import NpmChain, NpmMissingError, chain_command
from benchmarks.people import PEOPLE, PeopleMissingError, PeopleRuns, Run, measure_people
from benchmarks.preview import PreviewMissingError, measure_saves
from benchmarks.public import Amounts as PublicAmounts
from benchmarks.public import arguments as public_arguments
from benchmarks.public import measure_public
from benchmarks.public import report as report_public
from benchmarks.sending import amounts_for, arguments, measure_sending
from benchmarks.sending import report as report_sending
from benchmarks.stages import STAGES, engines, lost_titles, mail_chain, mjml_source, staged_build
from benchmarks.table import Row, table
from smakom_mail.model.edition import Edition
from smakom_mail.render.layout import load_layout
from smakom_mail.services.building import build_edition
from smakom_mail.services.workplace import Workplace, open_workplace

ROOT = Path(__file__).resolve().parent.parent
EDITION = "januari-2021"
WARM_UPS = 3
ROUNDS = 20
NODE_WARM_UPS = 300
"""Rounds until V8 has compiled what it will; Python is warm after the first."""
TURN = 5
"""Rounds before it is the other side's turn: so a busy spell of the machine meets both."""
PROCESSES = 7


@dataclass(frozen=True, slots=True)
class Turns:
    """Median CPU milliseconds of what was measured in turns: our chain, our engines, npm's."""

    chain: float
    engines: float
    npm: dict[str, float]


def ms(value: float | None) -> str:
    """Write milliseconds."""
    return "" if value is None else f"{value:.1f}"


def cost_row(what: str, cost: Cost, *, wall: float | None = None, cpu: float | None = None) -> Row:
    """Make the row of a cost, with the wall or CPU milliseconds to reach."""
    if wall is not None and cost.wall is not None:
        return Row(what, ms(cost.wall), ms(cost.cpu), f"≤ {wall:g} ms", cost.wall <= wall)
    if cpu is not None and cost.cpu is not None:
        return Row(what, ms(cost.wall), ms(cost.cpu), f"≤ {cpu:g} ms CPU", cost.cpu <= cpu)
    return Row(what, ms(cost.wall), ms(cost.cpu))


def ratio_row(what: str, theirs: float, ours: float | None, least: float | None = None) -> Row:
    """Make the row that says how many times longer theirs takes."""
    goal = "" if least is None else f"≥ {least:g} ×"
    if not ours:
        return Row(what, cpu="not measured", reach=goal)
    ratio = theirs / ours
    return Row(
        what, cpu=f"{ratio:.1f} ×", reach=goal, met=None if least is None else ratio >= least
    )


def build_rows(place: Workplace, out: Path) -> tuple[Edition, list[Row]]:
    """Measure the build service in this process; give the edition too."""
    built, first = timed(lambda: build_edition(place, EDITION, out=out))
    _, second = timed(lambda: build_edition(place, EDITION, out=out))
    costs = [timed(lambda: build_edition(place, EDITION, out=out))[1] for _ in range(ROUNDS)]
    rounds = [staged_build(place, built, out) for _ in range(WARM_UPS + ROUNDS)][WARM_UPS:]
    stages = {name: median(each[name] for each in rounds).cpu or 0 for name in STAGES}
    warm = median(costs)
    rows = [
        cost_row("build service, first call (with imports)", first),
        cost_row("build service, second call", second, wall=60),
        cost_row("build service, warm", warm, wall=60),
        *(
            cost_row(what, Cost(None, stages[name]), cpu=10 if name == "chain" else None)
            for name, what in STAGES.items()
        ),
        cost_row("– the rest", Cost(None, (warm.cpu or 0) - sum(stages.values()))),
    ]
    return built.checked.edition, rows


def npm_rows(place: Workplace, edition: Edition, folder: Path) -> list[Row]:
    """Set npm's time for the same mail beside ours, or say why it is missing."""
    layout = load_layout(place.root, edition.layout)
    source = mjml_source(place, edition, layout)

    def in_turns(npm: NpmChain) -> Turns:
        chain, ours, theirs = [], [], []
        for _ in range(ROUNDS // TURN):
            chain += [timed(lambda: mail_chain(place, edition, layout))[1] for _ in range(TURN)]
            ours += [timed(lambda: engines(source, layout))[1] for _ in range(TURN)]
            theirs += [npm.round() for _ in range(TURN)]
        parts = {part: statistics.median(each[part] for each in theirs) for part in theirs[0]}
        return Turns(median(chain).cpu or 0, median(ours).cpu or 0, parts)

    try:
        with NpmChain(source, layout.inline_css, folder) as npm:
            for _ in range(WARM_UPS):
                npm.round()
            early = in_turns(npm)
            for _ in range(NODE_WARM_UPS):
                npm.round()
            late = in_turns(npm)
    except NpmMissingError as missing:
        why = Row(f"npm mjml and juice: not measured, {missing}")
        return [why, Row("npm / ours, the same job", cpu="not measured", reach="≥ 2.5 ×")]
    for whose, page in (("ours", engines(source, layout)), ("npm's", npm.page())):
        if lost := lost_titles(edition, page):
            raise SystemExit(f"not the same job: {whose} lacks {', '.join(lost)}")
    return compared_rows(npm.versions, early, late)


def compared_rows(versions: dict[str, str], early: Turns, late: Turns) -> list[Row]:
    """Give the rows of what was measured in turns, before and after V8 was warm."""
    names = f"npm mjml {versions['mjml']} and juice {versions['juice']}, Node {versions['node']}"
    return [
        Row("in turns with npm: our mail chain", cpu=ms(late.chain)),
        Row("– its MJML through mjml-python and premailer", cpu=ms(late.engines)),
        Row(f"– {names}", cpu=ms(late.npm["chain"])),
        Row("– – of it mjml", cpu=ms(late.npm["mjml"])),
        Row("– – of it juice", cpu=ms(late.npm["juice"])),
        Row(f"– npm before V8 is warm ({WARM_UPS} rounds, as ours)", cpu=ms(early.npm["chain"])),
        ratio_row("npm / ours, the same job", late.npm["chain"], late.engines, 2.5),
        ratio_row("npm / our whole mail chain", late.npm["chain"], late.chain),
        ratio_row("npm before V8 is warm / our whole chain", early.npm["chain"], early.chain),
    ]


def process_rows(folder: Path) -> list[Row]:
    """Measure whole programs, from their start to their end."""
    scripts = str(Path(sys.executable).parent)
    program = shutil.which("smakom-mail", path=scripts)
    if program is None:
        raise SystemExit(f"smakom-mail is not installed in {scripts}: make test-env")
    build = [program, "build", EDITION, "--out", str(folder / "process")]
    rows = [
        cost_row(f"smakom-mail build {EDITION}", process(build, ROOT, PROCESSES), wall=600),
        cost_row("smakom-mail --help", process([program, "--help"], ROOT, PROCESSES), wall=150),
        cost_row("python -c pass", process([sys.executable, "-c", "pass"], ROOT, PROCESSES)),
    ]
    try:
        once = process(chain_command(folder), ROOT, PROCESSES, typed="\n")
    except NpmMissingError:
        return rows
    return [*rows, cost_row("node: mjml and juice once, nothing else", once)]


def preview_rows(folder: Path) -> list[Row]:
    """Measure the preview from save to paint, or say why not."""
    goal = "≤ 250 ms"
    try:
        saves = measure_saves(ROOT, folder, EDITION)
    except PreviewMissingError as missing:
        return [Row(f"preview: not measured, {missing}", reach=goal)]
    usual, slowest = saves.median, saves.slowest
    return [
        Row("preview: from save to paint in Chromium", ms(usual), reach=goal, met=usual <= 250),
        Row("– the slowest save", ms(slowest)),
    ]


def people_rows(folder: Path, number: int) -> list[Row]:
    """Measure import and send list of `number` people, or say why not."""
    try:
        return people_table(measure_people(folder, number))
    except PeopleMissingError as missing:
        return [Row(f"people: not measured, {missing}", reach="≤ 1.6 ×")]


def people_table(runs: PeopleRuns) -> list[Row]:
    """Give the rows of the people; the time of the send list counts for a whole million."""
    whole = runs.number >= PEOPLE
    return [
        Row(f"people: email-validator alone, {runs.number:,} addresses", *_times(runs.bare)),
        Row("– import of them, planned and applied", *_times(runs.importing)),
        Row(
            "– import / email-validator alone",
            "",
            f"{runs.ratio:.2f} ×",
            "≤ 1.6 ×",
            runs.ratio <= 1.6,
        ),
        _peak_row("– import, memory at its peak", runs.importing),
        Row(
            "– send list of them, both files",
            *_times(runs.listing),
            "≤ 30 s CPU" if whole else "",
            runs.listing.cpu <= 30 if whole else None,
        ),
        _peak_row("– send list, memory at its peak", runs.listing),
    ]


def _times(run: Run) -> tuple[str, str]:
    return ms(run.wall * 1000), ms(run.cpu * 1000)


def _peak_row(what: str, run: Run) -> Row:
    return Row(what, "", f"{run.peak:.0f} MB", "≤ 300 MB", run.peak <= 300)


def report(rows: Iterable[Row]) -> str:
    """Give the whole result: when and where, and the table."""
    today = dt.datetime.now(tz=dt.UTC).date()
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    medians = f"medians of {ROUNDS}, of {PROCESSES} for whole programs"
    return f"{today}, {where}, Python {platform.python_version()}; {medians}\n\n{table(rows)}"


def main() -> None:
    """Measure everything and print the tables; ``--people N`` for fewer of them."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=PEOPLE, metavar="N")
    arguments(options)
    public_arguments(options)
    given = options.parse_args()
    place = open_workplace(ROOT, {})
    with tempfile.TemporaryDirectory(prefix="smakom-mail-bench-") as name:
        folder = Path(name)
        edition, rows = build_rows(place, folder / "build")
        rows += npm_rows(place, edition, folder)
        rows += process_rows(folder)
        rows += preview_rows(folder)
        rows += people_rows(folder, given.people)
        print(report(rows), flush=True)
        amounts = amounts_for(given.messages, given.rounds, given.people)
        print(f"\n{report_sending(measure_sending(ROOT, folder, amounts))}", flush=True)
        bursts = PublicAmounts(given.rounds, given.posts, given.readers)
        print(f"\n{report_public(bursts, measure_public(ROOT, folder, bursts))}")


if __name__ == "__main__":
    main()
