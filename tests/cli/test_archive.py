"""The command archive: what it prints, how it ends, and what it leaves on disk."""

import re
from pathlib import Path

from tests.services.archiving.shown import spoil, unmake
from tests.services.running import Cli, as_json, ran


def lines(text: str) -> list[str]:
    """Give the lines of a text, numbers that change with every look at the layout taken out."""
    text = re.sub(r"\d+ files, [\d,]+ bytes, digest [0-9a-f]{8}", "N files", text)
    return text.splitlines()


def test_without_anything_public_it_writes_an_empty_archive_and_says_how_to_begin(
    cli: Cli, project: Path
) -> None:
    out, err = ran(cli("archive"))

    assert lines(out) == ["archive: 0 editions, N files", "in build/_archive"]
    assert err == ("    hint: nothing is public yet: smakom-mail archive --publish EDITION\n")
    assert (project / "build" / "_archive" / "feed.xml").is_file()
    assert not (project / "var").exists()


def test_it_names_what_is_public_the_newest_first(cli: Cli) -> None:
    out, err = ran(cli("archive", "--publish", "januari-2021", "--publish", "april-2021"))

    assert lines(out) == [
        "archive: 2 editions, N files",
        "    april-2021",
        "    januari-2021",
        "in build/_archive",
    ]
    assert err == ""
    assert lines(ran(cli("archive"))[0])[0] == "archive: 2 editions, N files, as it was"


def test_it_is_written_where_it_is_told(cli: Cli, tmp_path: Path) -> None:
    ran(cli("archive", "--publish", "januari-2021", "--out", str(tmp_path / "www")))
    assert (tmp_path / "www" / "archive" / "januari-2021" / "index.html").is_file()


def test_what_is_taken_out_is_gone(cli: Cli, project: Path) -> None:
    ran(cli("archive", "--publish", "januari-2021", "--publish", "april-2021"))
    out, _ = ran(cli("archive", "--unpublish", "april-2021", "--yes"))

    assert lines(out)[:2] == ["archive: 1 edition, N files", "    januari-2021"]
    assert not (project / "build" / "_archive" / "archive" / "april-2021").exists()


def test_as_json_it_gives_numbers_and_names(cli: Cli, project: Path) -> None:
    given = as_json(cli("archive", "--publish", "januari-2021", "--format", "json"))

    files = [path for path in (project / "build/_archive").rglob("*") if path.is_file()]
    assert re.fullmatch(r"[0-9a-f]{64}", given.pop("digest"))
    assert given == {
        "out": str(project / "build" / "_archive"),
        "changed": True,
        "editions": ["januari-2021"],
        "files": len(files) - 1,
        "bytes": sum(path.stat().st_size for path in files if path.name[0] != "."),
        "missing": [],
        "unmade": [],
        "faulty": [],
        "refused": [],
    }


def test_an_edition_with_errors_is_refused_with_what_is_wrong(cli: Cli, project: Path) -> None:
    spoil(project)
    out, err = ran(cli("archive", "--publish", "april-2021", "--lang", "en"), 1)

    assert out == "nothing was written\n"
    assert "newsletters/april-2021/10-redaktionen.md:" in err
    assert "error[I" in err
    assert err.splitlines()[-1] == "error: april-2021 has errors, so it was not published"
    assert not (project / "build").exists()


def test_a_public_edition_with_an_error_is_written_and_told_of(cli: Cli, project: Path) -> None:
    ran(cli("archive", "--publish", "april-2021"))
    spoil(project)
    out, err = ran(cli("archive"), 1)

    assert lines(out)[0] == "archive: 1 edition, N files"
    assert err.splitlines()[-1] == "error: april-2021 is public, and has errors as it is now"


def test_what_keeps_it_from_being_written_comes_with_what_to_do(cli: Cli, project: Path) -> None:
    ran(cli("archive", "--publish", "januari-2021", "--publish", "april-2021"))
    unmake(project)
    (project / "newsletters" / "januari-2021").rename(project / "flyttad")
    out, err = ran(cli("archive"), 1)

    assert out == "nothing was written\n"
    assert err.startswith("error: januari-2021 is public, but newsletters/ has no such folder\n")
    assert (
        "    hint: bring it back, or take it out: smakom-mail archive --unpublish januari-2021\n"
        in err
    )
    assert err.endswith(
        "error: april-2021 is public, but cannot be drawn as it is now\n"
        "    hint: mend it, or take it out: smakom-mail archive --unpublish april-2021\n"
    )


def test_one_edition_cannot_be_published_and_taken_out_at_once(cli: Cli) -> None:
    _, err = ran(cli("archive", "--publish", "januari-2021", "--unpublish", "januari-2021"), 2)
    assert "januari-2021 cannot be published and taken out at once" in err


def test_an_unknown_edition_is_refused_with_the_nearest(cli: Cli, project: Path) -> None:
    _, err = ran(cli("archive", "--publish", "januari-2012"), 1)

    assert err == (
        "error: there is no edition “januari-2012” in newsletters/\n"
        "    hint: did you mean “januari-2021”?\n"
    )
    assert not (project / "var").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(cli: Cli, project: Path) -> None:
    _, err = ran(cli("archive", "--out", "newsletters"), 1)

    assert err == (
        "error: newsletters holds something else than an archive, so it is not replaced\n"
        "    hint: name an empty or new folder with --out\n"
    )
    assert (project / "newsletters" / "januari-2021").is_dir()
