"""What git keeps of people and secrets is an error of the edition."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.services.checking import check_edition
from smakom_mail.services.scaffolding import init_project
from smakom_mail.services.tracked import tracked_by_git, tracked_data
from smakom_mail.services.workplace import open_workplace
from tests.conftest import ROOT
from tests.repositories import add, git, repository
from tests.services.running import ran

PEOPLE = "e-post;namn\nkim.exempel@forening.se;Kim Exempel\n"
SQLITE = b"SQLite format 3\0" + bytes(84)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Give an empty repository that is a project too."""
    root = repository(tmp_path / "kept")
    (root / "smakom-mail.toml").touch()
    return root


def found(root: Path, *, around: bool = False) -> list[str]:
    return [
        f"{f.location.file}: {f.severity}[{f.code}] {f.message('sv')} | {f.hint('sv')}"
        for f in tracked_data(root, around=around)
    ]


def files(root: Path, *, around: bool = False) -> list[str]:
    return [f"{f.location.file} {f.kind}" for f in tracked_data(root, around=around)]


# --------------------------------------------------------------------------------- as a finding


def test_each_kind_of_data_is_named_with_the_command_that_takes_it_out(kept: Path) -> None:
    add(
        kept,
        {
            "var/secret": "x" * 64,
            "var/smakom-mail.db": SQLITE,
            "gammal.db": SQLITE,
            "listor/medlemmar.csv": PEOPLE,
            "10-a.md": "text",
        },
    )

    stays = "filen blir kvar på disken"
    assert found(kept) == [
        (
            "gammal.db: error[P21] en databas sparas i git | "
            f'kör git rm --cached "gammal.db" och skriv gammal.db i .gitignore; {stays}'
        ),
        (
            "listor/medlemmar.csv: error[P21] en tabell med e-postadresser sparas i git | "
            'kör git rm --cached "listor/medlemmar.csv" och skriv listor/medlemmar.csv '
            f"i .gitignore; {stays}"
        ),
        (
            "var/secret: error[P21] den hemliga nyckeln sparas i git | "
            'kör git rm --cached "var/secret", byt sedan nyckel: smakom-mail secret rotate'
        ),
        (
            "var/smakom-mail.db: error[P21] en fil i var/ sparas i git, och där finns "
            "prenumeranternas uppgifter | "
            f'kör git rm --cached "var/smakom-mail.db" och skriv var/ i .gitignore; {stays}'
        ),
    ]


def test_the_command_that_is_named_takes_it_out(kept: Path) -> None:
    add(kept, {"var/secret": "x" * 64})

    git(kept, "rm", "--quiet", "--cached", "var/secret")

    assert found(kept) == []
    assert (kept / "var/secret").exists()


def test_what_lies_in_the_folder_but_not_in_git_is_no_finding(kept: Path) -> None:
    add(kept, {"10-a.md": "text", "var/.gitkeep": "", "var/README.md": "text"})
    (kept / "var/secret").write_text("x" * 64, encoding="utf-8")
    (kept / "medlemmar.csv").write_text(PEOPLE, encoding="utf-8")

    assert found(kept) == []


@pytest.mark.parametrize(
    "name",
    [
        *("var/secret", "VAR/Secret", "var/secret.bak", "var/secret.old"),
        *("var/.secret-x", "var/outbox/new/1", "var/x-wal", "Var/.gitkeep.db"),
    ],
)
def test_all_that_runs_below_var_is_found(kept: Path, name: str) -> None:
    add(kept, {name: "text"})

    secret = name.lower().startswith("var/secret")
    assert files(kept) == [f"{name} {'tracked-secret' if secret else 'tracked-running'}"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", PEOPLE),
        ("A.CSV", PEOPLE.replace(";", ",")),
        ("a.tsv", PEOPLE.replace(";", "\t")),
        ("a.csv", PEOPLE.replace("\n", "\r\n").encode("utf-8-sig")),
        ("a.csv", PEOPLE.encode("utf-16")),
        ("a.csv", b"namn;e-post\nK\xe5re;kare@forening.se\n"),
        ("a.csv", '"Exempel, Kim","kim@forening.se"\n'),
        ("a.csv", "ordförande@småkommun.se\n"),
        ("a.csv", " kim@forening.se \n"),
        ("a.csv", "a;b\n" * 5_000 + "kim@forening.se;b\n"),
    ],
)
def test_a_table_with_addresses_of_people_is_found(
    kept: Path, name: str, content: str | bytes
) -> None:
    add(kept, {name: content})

    assert files(kept) == [f"{name} tracked-addresses"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "kommun;invånare\nExempelby;3 012\n"),
        ("a.csv", "e-post\nkim@forening.example\neva@example.com\nbo@a.test\n"),
        ("a.csv", "text\nSkriv till kim@forening.se om du vill veta mer\n"),
        ("a.csv", "@forening\na@b\n@\n"),
        ("a.csv", b"\0\xff\xfe" * 100),
        ("a.csv", b"\xff\xfe\xff"),
        ("a.csv", ""),
        ("a.txt", PEOPLE),
        ("Thumbs.db", b"\xd0\xcf\x11\xe0"),
        ("a.xlsx", b"ingen arbetsbok"),
        ("a.xlsx", b"PK\3\4"),
        ("variant/secret", "text"),
        ("a/var/secret", "text"),
    ],
)
def test_other_tables_and_files_are_not(kept: Path, name: str, content: str | bytes) -> None:
    add(kept, {name: content})

    assert files(kept) == []


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_with_addresses_is_found(kept: Path, part: str) -> None:
    with zipfile.ZipFile(kept / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(part, "<si><t>E-post</t></si><si><t>kim@forening.se</t></si>")
    with zipfile.ZipFile(kept / "b.xlsx", "w") as book:
        book.writestr(part, "<si><t>E-post</t></si><si><t>kim@forening.example</t></si>")
    git(kept, "add", "a.xlsx", "b.xlsx")

    assert files(kept) == ["a.xlsx tracked-addresses"]


def test_a_table_is_read_only_inside_the_project(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "ute.csv").write_text(PEOPLE, encoding="utf-8")
    (kept / "länk.csv").symlink_to(tmp_path / "ute.csv")
    add(kept, {"borta.csv": PEOPLE, "mapp.csv": PEOPLE})
    git(kept, "add", "länk.csv")
    (kept / "borta.csv").unlink()
    (kept / "mapp.csv").unlink()
    (kept / "mapp.csv").mkdir()

    assert files(kept) == []


def test_long_lines_of_almost_addresses_are_read_once(kept: Path) -> None:
    """Text that makes a careless pattern try again and again: 64,000 characters of each."""
    hard = ["a@" * 32_000, "a." * 32_000, "x@" + "a." * 31_000, ";" * 64_000, " " * 64_000]
    add(kept, {f"{n}.csv": text for n, text in enumerate(hard)})

    assert files(kept) == []


@pytest.mark.parametrize("version", ["2", "4"])
def test_a_project_in_a_folder_of_the_repository_is_seen_by_check(
    tmp_path: Path, version: str
) -> None:
    root = repository(tmp_path)
    add(root, {"brev/å/var/secret": "x", "brev/åå/var/secret": "x", "var/secret": "x"})
    git(root, "update-index", f"--index-version={version}")

    assert files(root / "brev/å", around=True) == ["var/secret tracked-secret"]
    assert files(root / "brev/å") == []


def test_an_index_of_an_unusual_kind_is_left_to_git_by_check(tmp_path: Path) -> None:
    root = repository(tmp_path)
    add(root, {"brev/var/secret": "x", "a.csv": PEOPLE})
    git(root, "update-index", "--split-index")

    assert files(root / "brev", around=True) == ["var/secret tracked-secret"]
    assert files(root, around=True) == ["a.csv tracked-addresses"]
    assert files(root) == []


def test_git_is_asked_without_what_the_repository_would_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "a")
    add(root, {"var/secret": "x"})
    git(root, "update-index", "--split-index")
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", encoding="utf-8")
    hook.chmod(0o755)
    git(root, "config", "core.fsmonitor", str(hook))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "annan"))

    assert files(root, around=True) == ["var/secret tracked-secret"]
    assert not (tmp_path / "ran").exists()


def test_without_git_an_unusual_index_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path)
    add(root, {"var/secret": "x"})
    git(root, "update-index", "--split-index")
    monkeypatch.setenv("PATH", "")

    assert files(root, around=True) == []
    assert tracked_by_git(root, [Path("var/secret")]) == ()


def test_a_project_without_git_has_no_finding(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/secret").touch()

    assert files(tmp_path) == files(tmp_path, around=True) == []


# --------------------------------------------------------------------------------- in an edition


def test_build_and_check_stop_at_it(project: Path, cli: Callable[..., Result]) -> None:
    repository(project)
    add(project, {"var/secret": "x" * 64})

    built, _ = ran(cli("build", "januari-2021"), 1)
    checked, _ = ran(cli("check", "januari-2021", "--lang", "en"), 1)

    assert "var/secret:1: error[P21]: den hemliga nyckeln sparas i git" in built.splitlines()
    assert "var/secret:1: error[P21]: git keeps the secret" in checked.splitlines()
    assert not (project / "build").exists()


def test_a_whole_project_in_git_has_no_such_finding(project: Path) -> None:
    repository(project)
    git(project, "add", ".")

    findings = check_edition(open_workplace(project, {}), "januari-2021", spelling=True).findings

    assert [f for f in findings if f.code == "P21"] == []


# ----------------------------------------------------------------------------------- for others


def test_paths_are_told_as_they_were_asked_for(tmp_path: Path) -> None:
    root = repository(tmp_path / "a")
    add(root, {"brev/var/secret": "x", "brev/b.csv": "x"})
    inside = root / "brev"
    asked = [Path("var/secret"), inside / "b.csv", Path("../brev/b.csv"), Path("c.csv")]

    assert tracked_by_git(inside, asked) == tuple(asked[:3])
    assert tracked_by_git(inside, [tmp_path / "ute.csv", Path("../../ute")]) == ()
    assert tracked_by_git(tmp_path, [Path("a/brev/var/secret")]) == ()


def test_a_path_is_followed_to_what_git_keeps(tmp_path: Path) -> None:
    root = repository(tmp_path)
    add(root, {"data/secret": "x"})
    (root / "var").symlink_to("data")

    assert tracked_by_git(root, [Path("var/secret")]) == (Path("var/secret"),)


def test_letters_taken_apart_and_capitals_are_the_same_path(tmp_path: Path) -> None:
    root = repository(tmp_path)
    add(root, {"va\u030ar/Lista.csv": "x"})

    assert tracked_by_git(root, [Path("v\u00e5r/lista.csv")]) == (Path("v\u00e5r/lista.csv"),)


# ----------------------------------------------------------------------------- what is ignored


@pytest.mark.parametrize("name", ["secret", "smakom-mail.db", "smakom-mail.db-wal", "outbox/new/1"])
def test_git_leaves_out_var_in_a_new_project_and_in_this_one(tmp_path: Path, name: str) -> None:
    new, own = repository(tmp_path / "new"), repository(tmp_path / "own")
    (new / ".git").rename(tmp_path / "kept")  # init takes an empty folder only
    init_project(new)
    (tmp_path / "kept").rename(new / ".git")
    shutil.copy2(ROOT / ".gitignore", own)

    for root in (new, own):
        assert git(root, "check-ignore", f"var/{name}") == f"var/{name}\n".encode()
