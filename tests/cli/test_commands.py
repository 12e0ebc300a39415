"""What a person or a script meets: output, exit codes, options, before and behind a command."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from smakom_mail import __version__
from tests.conftest import ROOT
from tests.terminals import on_terminal

Cli = Callable[..., Result]
SLUG = "januari-2021"
FIRST = f"newsletters/{SLUG}/10-ordforandens-ord.md"


def spoil(project: Path) -> None:
    """Add an error to the edition, at line 12 of its first section."""
    path = project / FIRST
    path.write_text(path.read_text(encoding="utf-8") + "\n::: evnt\n:::\n", encoding="utf-8")


def loaded(result: Result) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def program(*arguments: str, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "smakom_mail", *arguments],
        cwd=cwd,
        env=os.environ | environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
        check=False,
        timeout=60,
    )


# --- check ---------------------------------------------------------------------------------


def test_a_good_edition_is_checked_with_0(cli: Cli) -> None:
    result = cli("check", SLUG)

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith(f"{SLUG}: 0 errors, ")
    assert result.stderr == ""


def test_an_error_is_a_line_that_editors_can_follow_and_exit_code_1(
    cli: Cli, project: Path
) -> None:
    spoil(project)

    result = cli("check", SLUG)

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    at = lines.index(f"{FIRST}:12: error[P11]: okänt block ”::: evnt”")
    assert lines[at + 1] == "    hint: menade du ”::: event”?"
    assert lines[-1].startswith(f"{SLUG}: 1 error, ")


def test_a_check_in_json(cli: Cli, project: Path) -> None:
    spoil(project)

    result = cli("check", SLUG, "--format", "json")

    assert result.exit_code == 1
    answer = loaded(result)
    assert list(answer) == ["edition", "errors", "warnings", "notes", "findings"]
    assert (answer["edition"], answer["errors"]) == (SLUG, 1)
    assert {
        "code": "P11",
        "severity": "error",
        "file": FIRST,
        "line": 12,
        "message": "okänt block ”::: evnt”",
        "hint": "menade du ”::: event”?",
    } in answer["findings"]
    places = [(finding["file"], finding["line"]) for finding in answer["findings"]]
    assert places == sorted(places)
    counted = {"error": "errors", "warning": "warnings", "note": "notes"}
    for severity, key in counted.items():
        assert answer[key] == sum(f["severity"] == severity for f in answer["findings"])


@pytest.mark.parametrize(
    ("settings", "options", "message"),
    [
        ("", [], "okänt block ”::: evnt”"),
        ("", ["--lang", "en"], "unknown block “::: evnt”"),
        ('[messages]\nlanguage = "en"\n', [], "unknown block “::: evnt”"),
        ('[messages]\nlanguage = "en"\n', ["--lang", "sv"], "okänt block ”::: evnt”"),
    ],
)
def test_findings_speak_the_editors_language(
    cli: Cli, project: Path, settings: str, options: list[str], message: str
) -> None:
    spoil(project)
    config = project / "smakom-mail.toml"
    config.write_text(config.read_text(encoding="utf-8") + settings, encoding="utf-8")

    assert message in cli("check", SLUG, *options).stdout


# --- build ---------------------------------------------------------------------------------


def test_a_build_says_where_everything_lies(cli: Cli, project: Path) -> None:
    result = cli("build", SLUG)

    manifest = json.loads((project / "build" / SLUG / "manifest.json").read_bytes())
    size = manifest["files"]["message.html"]["bytes"]
    assert (result.exit_code, result.stderr) == (0, "")
    counts, built, mail, *rest = result.stdout.splitlines()[-6:]
    assert counts.startswith(f"{SLUG}: 0 errors, ")
    assert built == f"built build/{SLUG}, digest {manifest['digest'][:8]}"
    assert mail.startswith(f"    mail     build/{SLUG}/message.html  ({size} bytes, ")
    assert rest == [
        f"    text     build/{SLUG}/message.txt",
        f"    message  build/{SLUG}/message.eml  (open it in a mail program)",
        f"    web      build/{SLUG}/web/index.html  (open it in a browser)",
    ]


def test_a_build_in_json(cli: Cli, project: Path) -> None:
    answer = loaded(cli("build", SLUG, "--format", "json"))

    folder = project / "build" / SLUG
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert {key: answer[key] for key in ("edition", "errors", "built", "digest", "folder")} == {
        "edition": SLUG,
        "errors": 0,
        "built": True,
        "digest": manifest["digest"],
        "folder": str(folder),
    }
    assert {file["path"]: file["bytes"] for file in answer["files"]} == {
        name: entry["bytes"] for name, entry in manifest["files"].items()
    }
    assert answer["html_quoted_printable_bytes"] > manifest["files"]["message.html"]["bytes"]


def test_a_build_with_errors_is_not_written(cli: Cli, project: Path) -> None:
    spoil(project)

    result = cli("build", SLUG)

    assert result.exit_code == 1
    assert result.stderr.splitlines()[0].startswith(f"{SLUG}: 1 error, ")
    assert result.stderr.splitlines()[0].endswith("; not built")
    assert result.stderr.splitlines()[1] == (
        "    hint: mend the errors above; a build from before is left as it was"
    )
    assert not (project / "build").exists()
    answer = loaded(cli("build", SLUG, "--format", "json"))
    assert (answer["built"], answer["folder"], answer["files"]) == (False, None, [])


def test_a_draft_is_written_in_spite_of_errors(cli: Cli, project: Path) -> None:
    spoil(project)

    assert cli("build", SLUG, "--draft").exit_code == 0
    assert (project / "build" / SLUG / "message.html").is_file()


def test_a_build_goes_where_it_is_told_to(cli: Cli, project: Path) -> None:
    assert cli("build", SLUG, "--out", "ut/hit", "--yes").exit_code == 0
    assert (project / "ut/hit/message.html").is_file()
    assert not (project / "build").exists()


# --- seeds ---------------------------------------------------------------------------------


def test_the_catalogue_in_json(cli: Cli) -> None:
    answer = loaded(cli("seeds", "list", "--format", "json"))

    first = answer["seeds"][0]
    assert len(answer["seeds"]) == 5
    assert first["slug"] == "soderhamn-civilminister"
    assert first["published"] == "2021-03-25"
    assert first.keys() >= {"file", "title", "label", "publisher", "url", "credit", "editions"}


def test_a_seed_in_json_and_in_text(cli: Cli) -> None:
    answer = loaded(cli("seeds", "show", "smakom-januari-2021", "--format", "json"))
    text = cli("seeds", "show", "seed:004").stdout.splitlines()

    assert [p["number"] for p in answer["paragraphs"]] == list(
        range(1, len(answer["paragraphs"]) + 1)
    )
    assert answer["paragraphs"][0].keys() >= {"number", "line", "text", "dropped", "editions"}
    assert text[0].startswith("smakom-januari-2021  004_")
    assert any(SLUG in p["editions"] for p in answer["paragraphs"])


def test_seeds_are_verified_in_json(cli: Cli, project: Path) -> None:
    good = cli("seeds", "verify", "--format", "json")
    seed = next((project / "seeds").glob("004_*"))
    seed.write_bytes(seed.read_bytes() + b"\nMer.\n")
    changed = cli("seeds", "verify", "--format", "json")

    assert good.exit_code == 0
    assert changed.exit_code == 1
    states = {entry["slug"]: entry["state"] for entry in loaded(changed)["seeds"]}
    assert states["smakom-januari-2021"] == "changed"
    assert SLUG in {
        place["edition"] for entry in loaded(changed)["seeds"] for place in entry["places"]
    }


# --- init and new --------------------------------------------------------------------------


def test_a_project_from_nothing_to_a_built_mail(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    made = cli("init", "brevet")
    monkeypatch.chdir(tmp_path / "brevet")
    built = cli("build", "exempel")

    assert made.stdout.splitlines()[-1] == (
        "made brevet; next: cd brevet && smakom-mail build exempel"
    )
    assert "    brevet/newsletters" in made.stdout.splitlines()
    assert (tmp_path / "brevet/newsletters/exempel/edition.toml").is_file()
    assert (made.exit_code, built.exit_code) == (0, 0)
    assert "exempel: 0 errors, 0 warnings, " in built.stdout


def test_a_new_edition_says_what_to_do_next(cli: Cli) -> None:
    result = cli("new", "februari-2022")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == (
        "made newsletters/februari-2022; next: write, then smakom-mail check februari-2022"
    )
    assert cli("check", "februari-2022").exit_code == 1


def test_a_new_edition_in_a_project_with_broken_settings_says_so(cli: Cli, project: Path) -> None:
    (project / "smakom-mail.toml").write_text("[newsletter\n", encoding="utf-8")

    result = cli("new", "februari-2022")

    assert result.exit_code == 1
    assert result.stderr.startswith("smakom-mail.toml:1: error[P02]: ")


# --- finding the project -------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["--project", "{project}", "check", SLUG],
        ["check", SLUG, "--project", "{project}"],
        ["check", "--project", "{project}", SLUG],
        ["--project", "{other}", "check", SLUG, "--project", "{project}"],
        ["--project", "{project}/newsletters", "check", SLUG],
        ["--project", "{project}", "seeds", "verify"],
        ["seeds", "verify", "--project", "{project}"],
    ],
)
def test_the_project_is_named_before_or_behind_the_command(
    cli: Cli, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    result = cli(*(a.format(project=project, other=tmp_path) for a in arguments))

    assert result.exit_code == 0, result.output


def test_the_project_is_found_from_any_folder_below(
    cli: Cli, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "newsletters" / SLUG / "images")

    result = cli("build", SLUG)

    assert result.exit_code == 0
    assert (project / "build" / SLUG / "message.html").is_file()
    assert f"built {project}/build/{SLUG}, digest " in result.stdout


# --- terminals and pipes -------------------------------------------------------------------


def test_colours_are_for_terminals_that_want_them(project: Path) -> None:
    spoil(project)
    environment = {name: "" for name in ("NO_COLOR", "FORCE_COLOR") if name in os.environ}

    assert "\x1b[31m" in on_terminal(project, "check", SLUG, **environment)[1]
    assert "\x1b" not in on_terminal(project, "check", SLUG, NO_COLOR="1")[1]


def test_a_pipe_gets_no_colours(project: Path) -> None:
    spoil(project)

    assert "\x1b" not in program("check", SLUG, cwd=project).stdout


def test_what_an_author_wrote_does_not_steer_the_terminal(cli: Cli, project: Path) -> None:
    (project / FIRST).write_text("# T\n\n![a](images/%1b[31mröd.png)\n", encoding="utf-8")

    result = cli("check", SLUG)

    assert "\x1b" not in result.stdout
    assert f"{FIRST}:3: error[I01]: bilden \\x1b[31mröd.png finns inte" in result.stdout


def test_a_stream_that_knows_few_letters_is_no_bug(project: Path) -> None:
    spoil(project)
    name = os.fsdecode(f"newsletters/{SLUG}/".encode() + b"20-\xff.md")
    (project / name).write_text("# T\n", encoding="utf-8")

    text = program("check", SLUG, cwd=project, PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    answer = program("check", SLUG, "--format", "json", cwd=project)

    assert text.returncode == answer.returncode == 1, text.stderr
    assert f"newsletters/{SLUG}/20-\\udcff.md:1: error[P05]" in text.stdout
    files = [finding["file"] for finding in json.loads(answer.stdout)["findings"]]
    assert name in files


# --- help ----------------------------------------------------------------------------------


def test_help_imports_none_of_the_engines(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom smakom_mail.cli import main\n"
        "try:\n    main(['--help'])\nfinally:\n"
        "    heavy = {'jinja2', 'premailer', 'lxml', 'markdown_it', 'PIL', 'mjml', 'cssutils'}\n"
        "    print('LOADED', sorted(heavy & {name.split('.')[0] for name in sys.modules}))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert "Usage: " in done.stdout
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_the_program_says_its_name_and_version(cli: Cli) -> None:
    assert cli("--version").stdout == f"smakom-mail, version {__version__}\n"
    assert "Start here: smakom-mail init my-newsletter" in cli("-h").stdout
