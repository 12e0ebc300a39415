"""A build is all or nothing, the same bytes anywhere, and touches nothing else."""

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from smakom_mail.content.seeds import read_catalogue
from smakom_mail.errors import SmakomMailError, WriteRefusedError
from smakom_mail.services import exchanging
from smakom_mail.services.building import BuiltEdition, build_edition
from smakom_mail.services.workplace import open_workplace

SLUG = "januari-2021"
FIRST = f"newsletters/{SLUG}/10-ordforandens-ord.md"


def build(root: Path, *, out: Path | None = None, draft: bool = False) -> BuiltEdition:
    return build_edition(open_workplace(root, {}), SLUG, out=out, draft=draft)


def contents(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def run(code: str, root: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run Python code in a process of its own, in the project's folder."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


# --- what is built -------------------------------------------------------------------------


def test_a_build_is_a_mail_its_text_its_page_and_a_message(project: Path) -> None:
    built = build(project)

    made = contents(project / "build" / SLUG)
    assert {"message.html", "message.txt", "message.eml", "web/index.html"} < made.keys()
    assert {Path(name).parts[:2] for name in made if "/" in name} == {
        *(("web", "index.html"), ("web", "images"), ("web", "calendar"))
    }
    assert dict(built.files) == {n: len(d) for n, d in made.items() if n != "manifest.json"}
    assert built.folder == project / "build" / SLUG


def test_the_manifest_tells_what_was_built_from_what(project: Path) -> None:
    built = build(project)

    made = contents(project / "build" / SLUG)
    text = made.pop("manifest.json").decode("utf-8")
    manifest = json.loads(text)
    assert manifest["edition"] == SLUG
    assert manifest["digest"] == built.digest
    assert len(manifest["digest"]) == 64
    assert manifest["files"] == {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in made.items()
    }
    assert manifest["versions"].keys() >= {"smakom-mail", "mjml-python", "premailer", "pillow"}
    assert text == json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert str(project) not in text


def test_the_manifest_names_every_excerpt_and_its_corrections(project: Path) -> None:
    build(project)

    manifest = json.loads((project / "build" / SLUG / "manifest.json").read_bytes())
    excerpts = manifest["excerpts"]
    seeds = {seed.slug: seed.sha256 for seed in read_catalogue(project)[0].seeds}
    assert [(e["seed"], e["section"]) for e in excerpts] == [
        ("smakom-januari-2021", section)
        for section in ("ordforandens-ord", "styrelserapport", "dialogmote", "skl-kommentus")
    ]
    assert {e["sha256"] for e in excerpts} == {seeds["smakom-januari-2021"]}
    assert all(e["paragraphs"] == sorted(e["paragraphs"]) for e in excerpts)
    assert all(isinstance(number, int) for e in excerpts for number in e["paragraphs"])
    assert [correction for e in excerpts for correction in e["corrections"]] == [
        {"kind": "fix", "from": "21-23 april", "to": "21–23 april"},
        {"kind": "fix", "from": "utredningasansvarig", "to": "utredningsansvarig"},
    ]


BUILD = "from smakom_mail.cli import main; main({arguments!r})"


def test_two_folders_two_machines_the_same_bytes(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "en annan mapp" / "å"
    shutil.copytree(project, other)
    for path in other.rglob("*"):  # as an unpacked archive would have them
        os.utime(path, (0, 0))
    arguments = ["build", SLUG]

    here = run(BUILD.format(arguments=arguments), project, PYTHONHASHSEED="1", TZ="UTC", LANG="C")
    there = run(
        BUILD.format(arguments=[*arguments, "--project", str(other)]),
        tmp_path,
        PYTHONHASHSEED="4242",
        TZ="Asia/Tokyo",
        LC_ALL="C.UTF-8",
        COLUMNS="40",
    )

    assert (here.returncode, there.returncode) == (0, 0), here.stderr + there.stderr
    made = contents(project / "build" / SLUG)
    assert len(made) > 10
    assert made == contents(other / "build" / SLUG)


def test_the_second_build_gives_the_same_bytes(project: Path) -> None:
    build(project)
    first = contents(project / "build" / SLUG)

    build(project)

    assert contents(project / "build" / SLUG) == first
    assert names(project / "build") == [SLUG], "nothing is left beside it"


# --- what stops it -------------------------------------------------------------------------


def test_an_error_leaves_the_last_good_build(project: Path) -> None:
    build(project)
    before = contents(project / "build")
    append(project / FIRST, "\n::: evnt\n:::\n")

    built = build(project)

    assert (built.folder, built.files, built.manifest) == (None, (), "")
    assert contents(project / "build") == before


def test_a_draft_is_built_in_spite_of_errors(project: Path) -> None:
    append(project / FIRST, "\n::: evnt\n:::\n\nEtt utkast av {nmn|vem} och {zzzzzz}.\n")

    built = build(project, draft=True)

    assert built.checked.broken
    text = contents(project / "build" / SLUG)["message.txt"].decode("utf-8")
    assert "Ett utkast av vem och {zzzzzz}." in text


def test_a_draft_that_cannot_be_drawn_is_not_built(project: Path) -> None:
    append(project / f"newsletters/{SLUG}/edition.toml", 'layout = "finns inte"\n')

    assert build(project, draft=True).folder is None
    assert not (project / "build").exists()


def test_a_field_without_words_for_the_sample_reader_is_a_stated_problem(project: Path) -> None:
    append(project / "smakom-mail.toml", '\n[[sample]]\nname = ""\nemail = "kim@exempel.example"\n')
    append(project / FIRST, "\nHej {name}!\n")

    with pytest.raises(SmakomMailError) as raised:
        build(project)

    assert raised.value.message == "{name} has no text for the sample reader, who has no name"
    assert raised.value.hint == "write {name|kära läsare}, or give the [[sample]] reader one"


# --- where it is written -------------------------------------------------------------------


def test_a_build_may_be_written_elsewhere(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut" / "hit"

    built = build(project, out=out)

    assert built.folder == out
    assert (out / "message.html").is_file()
    assert not (project / "build").exists()


@pytest.mark.parametrize(
    "files",
    [
        {"viktigt.txt": "x"},
        {"manifest.json": '{"name": "En app", "icons": []}'},
        {"manifest.json": "inte JSON", "a.txt": "x"},
        {"manifest.json": "[]"},
        {"mapp/viktigt.txt": "x"},
    ],
)
def test_a_foreign_folder_is_never_replaced(
    project: Path, tmp_path: Path, files: Mapping[str, str]
) -> None:
    out = tmp_path / "ut"
    for name, text in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
    before = contents(out)

    with pytest.raises(WriteRefusedError) as raised:
        build(project, out=out)

    assert raised.value.message == f"{out} holds something else than a build, so it is not replaced"
    assert raised.value.hint == "name an empty or new folder with --out"
    assert contents(out) == before


def test_an_empty_folder_and_an_older_build_are_replaced(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut"
    out.mkdir()
    build(project, out=out)
    (out / "gammalt.txt").write_text("från ett förra bygge", encoding="utf-8")

    build(project, out=out)

    assert (out / "message.html").is_file()
    assert not (out / "gammalt.txt").exists()


def test_a_link_to_a_folder_stays_a_link(project: Path, tmp_path: Path) -> None:
    (tmp_path / "mål").mkdir()
    (tmp_path / "ut").symlink_to(tmp_path / "mål")

    build(project, out=tmp_path / "ut")

    assert (tmp_path / "ut").is_symlink()
    assert (tmp_path / "mål" / "message.html").is_file()


@pytest.mark.parametrize(
    ("name", "reason"), [("fil/mapp", "File exists"), ("a" * 300, "File name too long")]
)
def test_a_place_that_cannot_be_is_a_stated_problem(
    project: Path, tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "fil").touch()

    with pytest.raises(WriteRefusedError) as raised:
        build(project, out=tmp_path / name)

    assert raised.value.message == f"the build cannot be written to {tmp_path / name}: {reason}"
    assert raised.value.hint == "make room or permission, or name another folder with --out"


def test_a_full_disk_leaves_the_last_good_build(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(project)
    before = contents(project / "build")
    written: list[Path] = []

    def full(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) > 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return len(data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteRefusedError) as raised:
        build(project)

    folder = project / "build" / SLUG
    reason = "No space left on device"
    assert raised.value.message == f"the build cannot be written to {folder}: {reason}"
    assert contents(project / "build") == before, "and nothing half written lies beside it"


@pytest.mark.parametrize("fault", [OSError(errno.EIO, "I/O error"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", [1, 2])
def test_a_fault_between_the_two_renames_puts_the_old_build_back(
    project: Path, monkeypatch: pytest.MonkeyPatch, step: int, fault: BaseException
) -> None:
    build(project)
    before = contents(project / "build")
    replace, calls = Path.replace, []

    def fails(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == step:
            raise fault
        return replace(path, target)

    monkeypatch.setattr(exchanging, "exchange_names", lambda _one, _other: False)
    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises((WriteRefusedError, KeyboardInterrupt)):
        build(project)

    assert contents(project / "build") == before


def test_where_names_cannot_be_exchanged_two_renames_do(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(project)
    append(project / FIRST, "\nEtt nytt stycke.\n")
    monkeypatch.setattr(exchanging, "exchange_names", lambda _one, _other: False)

    build(project)

    assert b"Ett nytt stycke." in contents(project / "build" / SLUG)["message.txt"]
    assert names(project / "build") == [SLUG]
