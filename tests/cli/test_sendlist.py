"""`sendlist`, the last line of `build`, and subscribers as readers of `preview`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.errors import ExitCode
from smakom_mail.model.person import MembershipState, Reason
from tests.repositories import repository
from tests.services.receiving import (
    EDITION,
    FIRST,
    add,
    aimed_at,
    append,
    newsletter,
    opened,
    person,
    say_no,
)
from tests.services.running import as_json, ran

Cli = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a small newsletter with people: the commands run in it."""
    root = newsletter(tmp_path / "brev")
    with opened(root) as store:
        add(
            store,
            person(store, "asa@a.example", name="Åsa Ek", organisation="Åmåls kommun"),
            person(store, "bo@a.example", name="Bo Ek", organisation="Arboga kommun"),
            person(store, "cia@a.example", name="Cia Ek", organisation="Åmåls kommun"),
            person(store, "vantar@a.example", name="V", state=MembershipState.PENDING),
            person(store, "medlem@a.example", "medlemmar", name="M"),
        )
        say_no(store, "bo@a.example")
        say_no(store, "cia@a.example", reason=Reason.BOUNCED)
    return root


def test_it_says_who_would_get_it_and_who_would_not(cli: Cli) -> None:
    out, err = ran(cli("sendlist", EDITION))

    assert (
        out
        == """\
exempel would reach 1 of 5
audience: list:prenumeranter
          1  prenumeranter
not to:
          1  bounced: mail to the address came back
             cia@a.example
          1  not-selected: not in the audience
             medlem@a.example
          1  unconfirmed: has not confirmed
             vantar@a.example
          1  unsubscribed: has unsubscribed
             bo@a.example
by organisation, who would get it and who would not:
          0       2  (none)
          0       1  Arboga kommun
          1       1  Åmåls kommun
"""
    )
    assert err == ""


def test_as_json_it_has_the_sums_by_reason_list_and_organisation(cli: Cli, project: Path) -> None:
    found = as_json(cli("sendlist", EDITION, "--format", "json", "--out", "var/ut.csv"))

    digest = as_json(cli("build", EDITION, "--format", "json"))["digest"]
    assert found == {
        "edition": "exempel",
        "digest": digest,
        "audience": "list:prenumeranter",
        "candidates": 5,
        "planned": 1,
        "excluded": {"bounced": 1, "not-selected": 1, "unconfirmed": 1, "unsubscribed": 1},
        "by_list": {"prenumeranter": 1},
        "by_organisation": {
            "": {"planned": 0, "excluded": 2},
            "Arboga kommun": {"planned": 0, "excluded": 1},
            "Åmåls kommun": {"planned": 1, "excluded": 1},
        },
        "out": str(project / "var/ut.csv"),
        "excluded_out": None,
        "copy": None,
        "warnings": [],
    }


def test_it_writes_both_files(cli: Cli, project: Path) -> None:
    out, err = ran(cli("sendlist", EDITION, "--out", "var/ut.csv", "--excluded", "var/inte.csv"))

    assert out.splitlines()[-2:] == [
        "wrote var/ut.csv  (who would get it)",
        "wrote var/inte.csv  (who would not, and why)",
    ]
    header, row = (project / "var/ut.csv").read_text(encoding="utf-8").splitlines()
    assert header == "email,name,message_id,unsubscribe_url"
    assert row.startswith("asa@a.example,Åsa Ek,<")
    assert (project / "var/inte.csv").read_text(encoding="utf-8").splitlines() == [
        "email,reason",
        "bo@a.example,unsubscribed",
        "cia@a.example,bounced",
        "medlem@a.example,not-selected",
        "vantar@a.example,unconfirmed",
    ]
    assert err == ""


def test_a_name_that_a_spreadsheet_would_run_is_disarmed_and_an_address_is_not(
    cli: Cli, project: Path
) -> None:
    with opened(project) as store:
        add(store, person(store, "=1+1@a.example", name="=HYPERLINK(1)"))

    cli("sendlist", EDITION, "--out", "var/ut.csv")

    rows = (project / "var/ut.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [
        ["=1+1@a.example", "'=HYPERLINK(1)"],
        ["asa@a.example", "Åsa Ek"],
    ]


def test_of_many_the_first_are_named_and_the_rest_counted(cli: Cli, project: Path) -> None:
    with opened(project) as store:
        add(
            store,
            *(person(store, f"p{n:03}@a.example", "medlemmar", name="") for n in range(30)),
            *(person(store, f"o{n}@a.example", organisation=f"Ort {n:03}") for n in range(101)),
        )

    lines = ran(cli("sendlist", EDITION))[0].splitlines()

    assert "             and 11 more: --excluded FILE.csv has them all" in lines
    assert lines[-1] == "    and 4 more: --format json has them all"


def test_what_a_person_is_called_cannot_steer_the_terminal(cli: Cli, project: Path) -> None:
    with opened(project) as store:
        add(store, person(store, "x@a.example", organisation="\x1b[31mRöd"))

    assert "  \\x1b[31mRöd\n" in ran(cli("sendlist", EDITION))[0]


def test_errors_in_the_edition_are_said_and_there_is_no_list(cli: Cli, project: Path) -> None:
    aimed_at(project, "list:medlemar")

    out, err = ran(cli("sendlist", EDITION, "--out", "var/ut.csv"), ExitCode.PROBLEM)

    assert out == ""
    assert err == (
        "newsletters/exempel/edition.toml:5: error[P22]: urvalet i audience går inte att läsa: "
        "tecken 6: list:medlemar finns inte\n"
        "    hint: menade du list:medlemmar?\n"
        "exempel: 1 error, 0 warnings, 2 notes; no send list\n"
        "    hint: mend the errors above; nothing is written\n"
    )
    assert not (project / "var/ut.csv").exists()
    found = as_json(cli("sendlist", EDITION, "--format", "json"), ExitCode.PROBLEM)
    assert (found["planned"], found["errors"]) == (None, 1)


def test_who_lacks_a_name_that_the_text_says_is_named(cli: Cli, project: Path) -> None:
    with opened(project) as store:
        add(store, person(store, "utan@a.example", name=""))
    append(project / FIRST, "\nHej {name}!\n")

    out, err = ran(cli("sendlist", EDITION, "--out", "var/ut.csv"), ExitCode.PROBLEM)

    assert out == ""
    assert err == (
        "error: exempel: {name} has no words for 1 reader: utan@a.example (name)\n"
        "    hint: write {name|kära läsare} in the text, or give her one: "
        "smakom-mail subscribers edit ADDRESS\n"
    )
    assert not (project / "var/ut.csv").exists()


def test_a_list_where_git_would_take_it_along_is_warned_of(cli: Cli, project: Path) -> None:
    repository(project)

    _, err = ran(cli("sendlist", EDITION, "--out", "ut.csv", "--excluded", "var/inte.csv"))

    assert err == (
        "warning: git keeps ut.csv, or would: people's addresses\n"
        "    hint: write such files to var/, which .gitignore leaves out\n"
    )


# ------------------------------------------------------------------------------------- build


def test_build_ends_with_how_many_it_would_reach(cli: Cli) -> None:
    out, err = ran(cli("build", EDITION))

    assert out.splitlines()[-1] == "would reach 1 of 5"
    assert err == ""
    found = as_json(cli("build", EDITION, "--format", "json"))
    assert found["reach"] == {
        "planned": 1, "candidates": 5, "lacking": 0, "copy": None, "warnings": [],
    }  # fmt: skip


def test_build_says_who_would_stop_the_sending_for_want_of_a_name(cli: Cli, project: Path) -> None:
    with opened(project) as store:
        add(store, *(person(store, f"p{n}@a.example", name="") for n in range(3)))
    append(project / FIRST, "\nHej {name}!\n")

    assert ran(cli("build", EDITION))[0].splitlines()[-1] == (
        "would reach 4 of 8; 3 of them lack {name}"
    )
    assert as_json(cli("build", EDITION, "--format", "json"))["reach"]["lacking"] == 3


@pytest.mark.parametrize("command", ["sendlist", "build"])
def test_what_makes_an_audience_smaller_than_it_looks_is_warned_of(
    cli: Cli, project: Path, command: str
) -> None:
    aimed_at(project, "list:prenumeranter and tag:styrelse")
    with opened(project) as store:
        add(store, person(store, "dan@a.example", "medlemmar", tags=["styrelsen"]))

    _, err = ran(cli(command, EDITION))

    warnings = [
        {
            "message": "tag:styrelse in the audience is nobody's tag; did you mean tag:styrelsen?",
            "hint": "see what people have: smakom-mail subscribers list",
        },
        {
            "message": "nobody would get it: of 6 in the database, 6 not in the audience "
            "(audience: list:prenumeranter and tag:styrelse)",
            "hint": "see who is on which list: smakom-mail subscribers list; the audience stands "
            "in edition.toml, else in smakom-mail.toml",
        },
    ]
    assert err == "".join(
        f"warning: {each['message']}\n    hint: {each['hint']}\n" for each in warnings
    )
    found = as_json(cli(command, EDITION, "--format", "json"))
    assert (found.get("reach") or found)["warnings"] == warnings


@pytest.mark.parametrize("command", ["sendlist", "build"])
def test_a_copy_of_the_database_is_told(cli: Cli, project: Path, command: str) -> None:
    with opened(project) as store:
        store.installation.raise_epoch()
    (project / "var/smakom-mail.db.installation").unlink()

    _, err = ran(cli(command, EDITION))

    why = "it has sent, but there is no smakom-mail.db.installation beside it"
    assert err == (
        f"warning: this database is a copy, from which nothing is sent: {why}\n"
        "    hint: only if the other one is out of use for ever: smakom-mail db adopt\n"
    )
    found = as_json(cli(command, EDITION, "--format", "json"))
    assert (found.get("reach") or found)["copy"] == why


def test_build_without_a_database_says_nothing_and_makes_none(cli: Cli, project: Path) -> None:
    for file in (project / "var").iterdir():
        file.unlink()

    out, err = ran(cli("build", EDITION))

    assert "reach" not in out
    assert err == ""
    assert as_json(cli("build", EDITION, "--format", "json"))["reach"] is None
    assert list((project / "var").iterdir()) == []


def test_a_broken_database_is_a_note_beside_a_build_that_is_done(cli: Cli, project: Path) -> None:
    file = project / "var/smakom-mail.db"
    file.write_bytes(b"not a database" * 100)

    out, err = ran(cli("build", EDITION))

    assert "\nbuilt build/exempel, digest " in out
    assert err == (
        f"note: whom it would reach is not counted: the database {file} is not a database\n"
    )
    result = cli("build", EDITION, "--format", "json")
    assert as_json(result)["reach"] is None


def test_a_build_that_is_not_written_reaches_nobody(cli: Cli, project: Path) -> None:
    aimed_at(project, "list:medlemar")

    found = as_json(cli("build", EDITION, "--format", "json"), ExitCode.PROBLEM)

    assert (found["built"], found["reach"]) == (False, None)


# ----------------------------------------------------------------------------------- preview


@pytest.mark.parametrize(
    ("address", "message", "hint"),
    [
        (
            "ingen@a.example",
            "--as ingen@a.example: there is no subscriber with this address",
            "see who there is: smakom-mail subscribers list --search PART",
        ),
        ("kim", "--as kim: ", "write it as a@b.example"),
    ],
)
def test_preview_as_somebody_who_is_not_there_is_refused_before_it_begins(
    cli: Cli, address: str, message: str, hint: str
) -> None:
    out, err = ran(cli("preview", EDITION, "--no-open", "--as", address), ExitCode.PROBLEM)

    assert out == ""
    first, second = err.splitlines()
    assert first.startswith(f"error: {message}")
    assert second == f"    hint: {hint}"


def test_preview_as_somebody_needs_a_database(cli: Cli, project: Path) -> None:
    (project / "var/smakom-mail.db").unlink()

    _, err = ran(cli("preview", EDITION, "--no-open", "--as", "a@a.example"), ExitCode.PROBLEM)

    assert err.startswith(f"error: there is no database yet: {project / 'var/smakom-mail.db'}\n")


def test_pictures_show_no_subscriber(cli: Cli) -> None:
    result = cli("preview", EDITION, "--shots", "bilder", "--as", "asa@a.example")

    _, err = ran(result, ExitCode.USAGE)
    assert err.splitlines()[-1] == "Error: pictures show no subscriber: leave out --as"
