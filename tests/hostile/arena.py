"""A small newsletter to attack, and what the real commands make of it: watched and measured."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.conftest import ROOT
from tests.content.written import CATALOGUE, CONFIG, EDITION, SEED

MEGABYTES = 512
SECONDS = 30
OLD = {
    "manifest.json": b'{"edition": "x", "digest": "x", "files": {}}',
    "message.html": b"<p>Ett bra bygge",
    "web/index.html": b"<p>Sidan",
}
"""An earlier build: it stays as it is, or a whole new one takes its place."""

# Runs commands in one process, one after the other, and tells what it opened outside the project.
# premailer's urllib3 binds a socket at import to learn whether there is IPv6; see
# tests/services/test_building_alone.py.
DRIVER = """
import contextlib, io, json, os, resource, sys, sysconfig, time, traceback
from pathlib import Path

project = Path.cwd().resolve()
import smakom_mail
package = Path(smakom_mail.__file__).resolve().parents[1] / "smakom_mail"
ours = [project, package, *(Path(p).resolve() for p in
    {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()})]
given = json.loads(sys.stdin.read())
seen = []

def watch(event, arguments):
    if event.startswith(("socket.", "ssl.", "urllib.", "http.client", "subprocess.", "os.exec",
                         "os.system", "os.posix_spawn", "os.fork", "ftplib.", "smtplib.")):
        seen.append(event)
    elif event == "open" and isinstance(arguments[0], (str, bytes)):
        path = Path(os.fsdecode(arguments[0])).resolve()
        if not any(path.is_relative_to(home) for home in ours):
            seen.append(f"open {path}")

from smakom_mail.cli import main
from smakom_mail.content import speller
import PIL.Image
with contextlib.suppress(ImportError):
    import urllib3.util.connection
speller.PLACES = ()
sys.addaudithook(watch)
runs = []
for arguments in given:
    out, code, started = io.StringIO(), 0, time.monotonic()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main(arguments)
        except SystemExit as end:
            code = end.code
        except BaseException:
            code = traceback.format_exc()
    runs.append([code, out.getvalue(), time.monotonic() - started])
opened = sorted(set(seen))
# What getrusage tells begins with the memory of whoever started this program.
try:
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"runs": runs, "seen": opened, "peak": peak}))
"""
_FINDING = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): (?P<severity>\w+)\[(?P<code>[A-Z]\d\d)\]: ")


@dataclass(frozen=True)
class Run:
    """One command: its exit code and what it printed."""

    code: int
    output: str

    @property
    def errors(self) -> list[str]:
        """The errors, one line each."""
        return [line for line in self.output.splitlines() if ": error[" in line]


@cache
def _layout() -> dict[str, bytes]:
    folder = ROOT / "layouts" / "smakom"
    files = [path for path in folder.rglob("*") if path.is_file() and "artwork" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def put(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below `root`."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))


def arena(root: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Write the newsletter, with `files` added or replaced; give its folder."""
    root = root / "projekt"
    put(
        root,
        {
            "smakom-mail.toml": CONFIG,
            "seeds/seeds.toml": CATALOGUE,
            "seeds/vagen.txt": SEED,
            **{f"layouts/smakom/{name}": data for name, data in _layout().items()},
            **edition("maj-2021", "# Titel\n\nText.\n"),
            **(files or {}),
        },
    )
    return root


def edition(slug: str, text: str | bytes, **settings: str) -> dict[str, str | bytes]:
    """Give the files of an edition with one section; `settings` are lines of edition.toml."""
    toml = EDITION + "".join(f"{key} = {value}\n" for key, value in settings.items())
    folder = f"newsletters/{slug}"
    return {f"{folder}/edition.toml": toml, f"{folder}/10-a.md": text}


def layout(name: str, files: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
    """Give the files of a layout: the real one, with `files` in place of its own."""
    return {f"layouts/{name}/{file}": data for file, data in {**_layout(), **files}.items()}


def run(root: Path, commands: Sequence[Sequence[str]]) -> list[Run]:
    """Run commands in a process of their own, within time, memory and the project's folder."""
    ended = subprocess.run(
        [sys.executable, "-c", DRIVER],
        cwd=root,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS * len(commands),
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    told = json.loads(ended.stdout)
    assert told["seen"] == [], told["seen"]
    assert told["peak"] <= MEGABYTES * 1024, f"{told['peak'] // 1024} MB"
    slow = [(c, s) for c, (_, _, s) in zip(commands, told["runs"], strict=True) if s > SECONDS]
    assert slow == [], "too slow"
    for _, output, _ in told["runs"]:
        assert "Traceback" not in output
        assert "bug:" not in output
    assert {code for code, _, _ in told["runs"]} <= {0, 1, 2}, told["runs"]
    return [Run(code, output) for code, output, _ in told["runs"]]


def attacked(root: Path, *slugs: str) -> dict[str, list[str]]:
    """Check and build editions; give the errors of each, and hold that they are told rightly.

    A finding names a file of the project and a line in it. What has errors is not built, and
    the build before it stays; what has none is built whole.
    """
    for slug in slugs:
        put(root / "build" / slug, OLD)
    runs = run(root, [[command, slug] for slug in slugs for command in ("check", "build")])
    errors: dict[str, list[str]] = {}
    for slug, checked, built in zip(slugs, runs[::2], runs[1::2], strict=True):
        assert (checked.errors != []) == bool(checked.code) == bool(built.code), slug
        assert built.errors == checked.errors
        for match in map(_FINDING.match, checked.errors):
            assert match, checked.errors
            assert os.path.lexists(root / match["file"]), match["file"]
            assert int(match["line"]) >= 1
        errors[slug] = checked.errors
        _whole(root / "build" / slug, new=built.code == 0)
    assert sorted(path.name for path in (root / "build").iterdir()) == sorted(slugs)
    shutil.rmtree(root / "build")
    return errors


def _whole(folder: Path, *, new: bool) -> None:
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    if not new:
        assert {name: path.read_bytes() for name, path in files.items()} == OLD
        return
    manifest = json.loads(files.pop("manifest.json").read_bytes())
    sizes = {name: path.stat().st_size for name, path in files.items()}
    assert sizes == {name: made["bytes"] for name, made in manifest["files"].items()}
