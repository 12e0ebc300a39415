"""Bad input through the real program: a sentence with file and line, within 30 s and 512 MB."""

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from tests.content.written import EDITION

HERE = "newsletters/maj-2021"
SECONDS, MEGABYTES = 30, 512
# Runs the program and tells on the last line how much memory it took, in kilobytes.
DRIVER = """
import resource, sys
from smakom_mail.cli import main

def peak():
    # What getrusage tells begins with the memory of whoever started this program.
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

try:
    main(sys.argv[1:])
finally:
    print(peak())
"""


def run(root: Path, *arguments: str) -> tuple[int, list[str]]:
    """Run the program in `root`; give its exit code and the lines of its findings."""
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, *arguments],
        cwd=root,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    *lines, kilobytes = done.stdout.splitlines()
    assert "Traceback" not in done.stderr
    assert int(kilobytes) <= MEGABYTES * 1024
    return done.returncode, [line for line in lines if ": error[" in line]


def png(width: int, height: int) -> bytes:
    """Give a small file that declares a picture of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


SECTIONS = {
    "quotations in quotations": (">" * 10_000 + " a", "10-a.md:3: error[P19]"),
    "lists in lists": ("".join("  " * i + "- a\n" for i in range(3_000)), "10-a.md:1: error[P01]"),
    "blocks without end": ("::: event\n" * 9_000, "10-a.md:3: error[P12]"),
    "ten megabytes": ("ord " * 2_500_000, "10-a.md:1: error[P01]"),
    "a picture of 900 million pixels": ("![ett torg](images/x.png)", "10-a.md:3: error[I01]"),
    "a drawing": ("![ett torg](images/x.svg)", "10-a.md:3: error[I01]"),
    "a picture outside": ("![ett torg](../../../../etc/passwd)", "10-a.md:3: error[P01]"),
}
HARMLESS = {
    "stress without end": "*a " * 9_000,
    "brackets without end": "[" * 9_000,
    "code and tags": (
        "<script>alert(1)</script> {{7*7}} {% import os %} <mj-raw></mj-raw> ]]> -->"
        ' <mj-include path="/etc/passwd"/>'
    ),
}
LAYOUTS = {
    "an include that leaves the folder": (
        *("edition.mjml.j2", '"partials/masthead.mjml.j2"', '"../../secret.mjml.j2"'),
        "layouts/smakom/edition.mjml.j2:20: error[M01]",
    ),
    "an unknown element": (
        *("edition.mjml.j2", "<mj-head>", "<mj-head><mj-foo/>"),
        "layouts/smakom/edition.mjml.j2:3: error[M02]",
    ),
    "an element without end": (
        *("edition.mjml.j2", "</mj-head>", ""),
        "layouts/smakom/edition.mjml.j2:3: error[M01]",
    ),
    "a Jinja error": (
        *("edition.mjml.j2", "{% for section", "{% for section in"),
        "layouts/smakom/edition.mjml.j2:21: error[M01]",
    ),
    "an import by http": (
        *("inline.css", "h1 {", "@import url(http://x.example/a.css);\nh1 {"),
        "layouts/smakom/inline.css:2: error[C01]",
    ),
    "an import of a file": (
        *("head/20-dark.css", "@media", '@import "file:///etc/passwd";\n@media'),
        "layouts/smakom/head/20-dark.css:1: error[C01]",
    ),
    "ten thousand elements": (
        *("partials/footer.mjml.j2", "<mj-column>", "<mj-column>" + "<div>" * 10_000),
        "layouts/smakom/partials/footer.mjml.j2:2: error[M01]",
    ),
}


@pytest.fixture
def edition(project: Path) -> Path:
    """Add an edition with two odd pictures and an earlier build to the copied newsletter."""
    folder = project / HERE
    (folder / "images").mkdir(parents=True)
    (folder / "edition.toml").write_text(EDITION, encoding="utf-8")
    (folder / "images" / "x.png").write_bytes(png(30_000, 30_000))
    (folder / "images" / "x.svg").write_text("<svg/>", encoding="utf-8")
    before = project / "build" / "maj-2021"
    before.mkdir(parents=True)
    (before / "manifest.json").write_text('{"edition": "maj-2021"}', encoding="utf-8")
    return project


@pytest.mark.parametrize("name", SECTIONS)
def test_a_bad_section_is_told_with_its_place_and_the_last_build_stays(
    edition: Path, name: str
) -> None:
    text, expected = SECTIONS[name]
    (edition / HERE / "10-a.md").write_text(f"# Titel\n\n{text}\n", encoding="utf-8")

    code, errors = run(edition, "build", "maj-2021")

    assert (code, errors[0].startswith(f"{HERE}/{expected}")) == (1, True), errors[:3]
    assert [path.name for path in (edition / "build" / "maj-2021").iterdir()] == ["manifest.json"]
    assert [path.name for path in (edition / "build").iterdir()] == ["maj-2021"]


@pytest.mark.parametrize("name", HARMLESS)
def test_strange_text_is_text(edition: Path, name: str) -> None:
    (edition / HERE / "10-a.md").write_text(f"# Titel\n\n{HARMLESS[name]}\n", encoding="utf-8")

    assert run(edition, "check", "maj-2021") == (0, [])


@pytest.mark.parametrize("name", ["../x", "/etc", "CON", "a" * 300, "%2e%2e", "x\\y", "-x", "x\ny"])
def test_a_name_that_makes_no_folder_is_refused(edition: Path, name: str) -> None:
    assert run(edition, "build", "--", name) == (1, [])


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_bad_layout_is_told_with_its_place(edition: Path, name: str) -> None:
    file, old, new, expected = LAYOUTS[name]
    path = edition / "layouts" / "smakom" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    code, errors = run(edition, "check", "januari-2021")

    assert (code, errors[0].split(": ", 2)[:2]) == (1, expected.split(": ", 1)), errors[:3]


@pytest.mark.parametrize("what", [HERE, f"{HERE}/10-a.md", f"{HERE}/images/x.png"])
def test_nothing_is_read_through_a_link_out_of_the_project(
    edition: Path, tmp_path: Path, what: str
) -> None:
    section = edition / HERE / "10-a.md"
    section.write_text("# Titel\n\n![ett torg](images/x.png)\n", encoding="utf-8")
    outside = tmp_path / "outside"
    (edition / what).rename(outside)
    (edition / what).symlink_to(outside)

    code, errors = run(edition, "check", "maj-2021")

    assert code == 1
    assert any("leder ut ur projektets mapp" in error for error in errors), errors
