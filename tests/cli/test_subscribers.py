"""The commands for people: what they print, as text and as JSON, and how they end."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from smakom_mail.cli import acting
from tests.services.running import as_json, ran
from tests.services.subscribing.keeping import NOW, SECRET

Cli = Callable[..., Result]
CONSENT = ("--basis", "consent", "--wording", "Ja, jag vill.")
TABLE = (
    "e-post;namn;kommun;samtycke;källa\n"
    "anna@example.se;Anna Berg;Åmål;2021-01-04;blankett\n"
    "kommun@example.se;;Ängelholm;2021-01-04;blankett\n"
    "bo.example.se;Bo;;;\n"
)


@pytest.fixture(autouse=True)
def kim(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Kim do it all at one time, on a machine that is never slow."""
    monkeypatch.setattr(acting, "PATIENCE", 1e9)
    monkeypatch.setenv("LOGNAME", "kim")
    monkeypatch.setattr(acting, "now", lambda: NOW)
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def people(project: Path) -> str:
    """Write a table of people; give its name."""
    (project / "people.csv").write_text(TABLE, encoding="utf-8")
    return "people.csv"


def test_import_shows_its_plan_and_changes_nothing(cli: Cli, people: str) -> None:
    out, err = ran(cli("subscribers", "import", people))

    assert out == (
        "rows               3\n"
        "added              2\n"
        "changed            0\n"
        "unchanged          0\n"
        "rejected           1\n"
        "rejected:\n"
        "    row 4  bo.example.se: the e-mail address has no @\n"
        "1 of the addresses belong to a desk, such as kommun@: one who leaves, leaves for all\n"
    )
    assert err == "nothing is changed yet: write --apply to carry it out\n"
    assert ran(cli("subscribers", "list")) == ("", "0 people\n")


def test_import_with_apply_does_it(cli: Cli, people: str) -> None:
    ran(cli("subscribers", "import", people, "--apply"))

    assert ran(cli("subscribers", "list")) == (
        (
            "anna@example.se  Anna Berg  Åmål  [prenumeranter]\n"
            "kommun@example.se  Ängelholm  [prenumeranter]\n"
        ),
        "2 people\n",
    )
    assert ran(cli("subscribers", "import", people, "--apply"))[1] == "done\n"


def test_import_as_json(cli: Cli, people: str) -> None:
    ran(cli("subscribers", "import", people, "--apply"))
    ran(cli("subscribers", "unsubscribe", "anna@example.se"))
    (Path(people)).write_text(
        TABLE.replace(";;Ängelholm", ";Registratorn;Ängelholm"), encoding="utf-8"
    )

    assert as_json(cli("subscribers", "import", people, "--format", "json")) == {
        "file": "people.csv",
        "applied": False,
        "rows": 3,
        "added": 0,
        "changed": 1,
        "unchanged": 0,
        "suppressed": 1,
        "repeated": 0,
        "rejected_count": 1,
        "rejected": [{"row": 4, "email": "bo.example.se", "reason": "the e-mail address has no @"}],
        "changes": [
            {
                "row": 3,
                "email": "kommun@example.se",
                "field": "name",
                "old": "",
                "new": "Registratorn",
            }
        ],
        "not_revived": [{"row": 2, "email": "anna@example.se", "list": "*"}],
        "left_former_lists": [],
        "unconfirmed": [],
        "notes": [],
        "file_notes": [],
        "flags": {"role": 1},
        "without_wording": 0,
    }


def test_import_of_nothing_usable_ends_with_1(cli: Cli, project: Path) -> None:
    (project / "bad.csv").write_text("email\nx\n", encoding="utf-8")

    out, err = ran(cli("subscribers", "import", "bad.csv", "--apply"), 1)

    assert "rejected           1\n" in out
    assert err == "not one row can be used: nothing is changed\n"


def test_import_names_twenty_and_counts_the_rest(cli: Cli, project: Path) -> None:
    rows = "".join(f"x{n}\n" for n in range(30))
    (project / "bad.csv").write_text(f"email\nanna@example.se\n{rows}", encoding="utf-8")

    out, _ = ran(cli("subscribers", "import", "bad.csv", *CONSENT))

    assert len(re.findall(r"^    row", out, re.MULTILINE)) == 20
    assert "    … and 10 more (--format json names up to 1,000)\n" in out


def test_consent_without_its_wording_is_pointed_out(cli: Cli, project: Path) -> None:
    (project / "a.csv").write_text("email\nanna@example.se\n", encoding="utf-8")

    out, _ = ran(cli("subscribers", "import", "a.csv", "--basis", "consent"))

    assert out.endswith(
        "1 of the rows give consent as the ground, but neither the words that were shown nor when "
        "and how: --wording, or --consent-at and --source, say it\n"
    )


def test_a_name_cannot_steer_the_terminal(cli: Cli, project: Path) -> None:
    (project / "a.csv").write_text("email;\x1b[31mröd\nx\x1b[2J;\n", encoding="utf-8")

    out, err = ran(cli("subscribers", "import", "a.csv", *CONSENT), 1)

    assert "\x1b" not in out + err


def test_import_names_who_still_waits_to_confirm(cli: Cli, project: Path) -> None:
    ran(cli("subscribers", "invite", "anna@example.se"))
    (project / "a.csv").write_text("email,lists\nanna@example.se,prenumeranter\n", "utf-8")

    out, _ = ran(cli("subscribers", "import", "a.csv", "--basis", "consent"))

    assert (
        "still wait for their own yes; --consent-at and --source, or another ground, confirms:\n"
        "    row 2  anna@example.se  prenumeranter\n"
    ) in out


def test_a_new_address_that_said_no_is_warned_of(cli: Cli) -> None:
    ran(cli("subscribers", "add", "anna@example.se", *CONSENT))
    ran(cli("subscribers", "unsubscribe", "berg@example.se"))

    out, err = ran(cli("subscribers", "edit", "anna@example.se", "--email", "berg@example.se"))

    assert out == "email: anna@example.se → berg@example.se\n"
    assert err == (
        "warning: the new address berg@example.se is kept from every list "
        "(unsubscribed 2026-11-21), and the person now is too; only the person can lift that: "
        "smakom-mail subscribers invite berg@example.se\n"
    )


def test_add_edit_and_show(cli: Cli) -> None:
    assert ran(cli("subscribers", "add", "kansli@example.se", "--name", "Kim", *CONSENT))[0] == (
        "added kansli@example.se to prenumeranter\n"
        "    the address belongs to a desk: one who leaves, leaves for all\n"
    )
    assert ran(cli("subscribers", "edit", "kansli@example.se", "--name", "Eva", "--tag", "X"))[
        0
    ] == ("name: Kim → Eva\ntag: (empty) → x\n")
    assert ran(cli("subscribers", "edit", "kansli@example.se", "--name", "Eva"))[0] == (
        "it was so already: nothing is changed\n"
    )
    at = "2026-11-21T12:00:00.000+00:00"
    assert ran(cli("subscribers", "show", "kansli@example.se"))[0] == (
        "email        kansli@example.se\n"
        "name         Eva\n"
        "flags        role\n"
        f"list         prenumeranter: confirmed since {at}\n"
        "tags         x\n"
        f"ground       prenumeranter: consent {at}, typed by hand\n"
        "  wording    Ja, jag vill.\n"
        f"  recorded   {at} by kim\n"
        f"added        {at}\n"
        f"changed      {at}\n"
        f"history      {at} by kim: added\n"
        f"history      {at} by kim: list prenumeranter: confirmed\n"
        f"history      {at} by kim: basis prenumeranter: consent\n"
        f"history      {at} by kim: name: Kim → Eva\n"
        f"history      {at} by kim: tag: x\n"
        "kept too     a keyed fingerprint of the address, by which a no is known again\n"
        "kept too     a random number, by which links in mails find this person\n"
    )


def test_the_ways_out_and_back(cli: Cli) -> None:
    ran(cli("subscribers", "add", "anna@example.se", *CONSENT))
    assert ran(cli("subscribers", "unsubscribe", "anna@example.se")) == (
        "anna@example.se is kept from every list (unsubscribed)\n",
        "",
    )
    assert ran(cli("subscribers", "unsubscribe", "anna@example.se"))[0] == (
        "anna@example.se is kept from every list already (unsubscribed)\n"
    )
    assert ran(cli("subscribers", "unsubscribe", "bo@example.se", "--reason", "manual"))[1] == (
        "no subscriber has this address; the no is kept, and keeps it out\n"
    )
    assert ran(cli("subscribers", "lift", "bo@example.se", "--reason", "ett misstag"))[0] == (
        "lifted: manual 2026-11-21, every list\n"
    )
    url, sent = ran(cli("subscribers", "invite", "anna@example.se"))
    assert re.fullmatch(r"https://nyhetsbrev\.smakom\.example/confirm/[\w-]{36}\n", url)
    assert sent == (
        "nothing was sent; send this link to anna@example.se: it asks for a yes to prenumeranter\n"
    )
    assert ran(cli("subscribers", "list"))[0] == "anna@example.se  [unsubscribed]\n"


def test_forget_asks_and_where_nobody_answers_does_nothing(cli: Cli) -> None:
    ran(cli("subscribers", "add", "anna@example.se", *CONSENT))

    assert ran(cli("subscribers", "forget", "anna@example.se"), 1) == (
        "",
        "nothing was changed; with --yes it is not asked\n",
    )
    assert ran(cli("subscribers", "list"))[1] == "1 person\n"


def test_after_forget_no_output_names_the_person(cli: Cli, project: Path) -> None:
    ran(cli("subscribers", "add", "anna@example.se", "--name", "Anna Berg", *CONSENT))
    said = [ran(cli("subscribers", "forget", "anna@example.se", "--yes"))]

    said += [
        ran(cli("subscribers", command, *more))
        for command, *more in (
            ("show", "anna@example.se"),
            ("show", "anna@example.se", "--format", "json"),
            ("list",),
            ("list", "--state", "forgotten"),
            ("list", "--state", "forgotten", "--format", "json"),
            ("export",),
            ("export", "--format", "json"),
            ("export", "--out", "out.csv"),
            ("organisations",),
            ("retention",),
            ("forget", "anna@example.se", "--yes"),
        )
    ]

    assert said[0][0].startswith(
        "erased\n    what stays: a keyed fingerprint that keeps the address out"
    )
    assert said[1][0] == "this address said no on 2026-11-21 and was forgotten\n"
    assert json.loads(said[2][0]) == {
        "state": "forgotten",
        "at": "2026-11-21T12:00:00.000+00:00",
    }
    assert "anna" not in str(said).lower()
    assert "berg" not in (project / "out.csv").read_text("utf-8").lower()


def test_export_writes_csv_to_stdout(cli: Cli) -> None:
    ran(cli("subscribers", "add", "anna@example.se", "--name", "=1+1", *CONSENT))

    out, err = ran(cli("subscribers", "export"))

    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert [(row["email"], row["name"], row["lists"]) for row in rows] == [
        ("anna@example.se", "'=1+1", "prenumeranter")
    ]
    assert err == "1 person\n"


def test_export_to_a_file_replaces_only_with_yes(cli: Cli, project: Path) -> None:
    ran(cli("subscribers", "add", "anna@example.se", *CONSENT))

    assert ran(cli("subscribers", "export", "--out", "p.csv", "--excel"))[0] == ""
    assert ran(cli("subscribers", "export", "--out", "p.csv"), 1)[1] == (
        "error: p.csv is there already\n    hint: name another, or write --yes\n"
    )
    ran(cli("subscribers", "export", "--out", "p.csv", "--format", "json", "--yes"))
    data = json.loads((project / "p.csv").read_bytes())
    assert [person["email"] for person in data["people"]] == ["anna@example.se"]


def test_organisations_beside_the_members(cli: Cli, people: str, project: Path) -> None:
    ran(cli("subscribers", "import", people, "--apply"))
    (project / "members.csv").write_text("kommun\nÅmål\nÖrebro\n", encoding="utf-8")

    assert ran(cli("subscribers", "organisations", "--members", "members.csv")) == (
        (
            "    1 of     1  Åmål  member\n"
            "    1 of     1  Ängelholm  no member\n"
            "    0 of     0  Örebro  member\n"
            "members that no address reaches:\n"
            "    Örebro\n"
        ),
        "",
    )
    found = as_json(cli("subscribers", "organisations", "--format", "json"))
    assert found["organisations"][0] == {
        "organisation": "Åmål",
        "addresses": 1,
        "working": 1,
        "member": None,
    }
    assert found["members_without"] == []


def test_the_members_of_the_settings_are_counted_unless_others_are_named(
    cli: Cli, people: str, project: Path
) -> None:
    ran(cli("subscribers", "import", people, "--apply"))
    settings = (project / "smakom-mail.toml").read_text(encoding="utf-8")
    (project / "smakom-mail.toml").write_text(
        f'{settings}\n[people]\nmembers_file = "var/medlemmar.csv"\n', encoding="utf-8"
    )
    (project / "var/medlemmar.csv").write_bytes("Nr;Kommun\n1;ÅMÅLS KOMMUN\n".encode("cp1252"))
    (project / "andra.csv").write_text("kommun\nÖrebro\n", encoding="utf-8")

    found = as_json(cli("subscribers", "organisations", "--format", "json"))
    others = cli("subscribers", "organisations", "--members", "andra.csv", "--format", "json")

    assert [(each["organisation"], each["member"]) for each in found["organisations"]] == [
        ("ÅMÅLS KOMMUN", True),
        ("Ängelholm", False),
    ]
    assert found["members_file"] == str(project / "var/medlemmar.csv")
    assert (found["members_without"], as_json(others)["members_without"]) == ([], ["Örebro"])


def test_retention_as_text_and_json(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(cli("subscribers", "add", "anna@example.se", *CONSENT))
    ran(cli("subscribers", "unsubscribe", "anna@example.se"))
    monkeypatch.setattr(acting, "now", lambda: NOW.replace(year=2029))

    assert ran(cli("subscribers", "retention")) == (
        (
            "1 unused for more than 24 months (before 2027-11-21)\n"
            "they would be forgotten:\n"
            "    anna@example.se  unsubscribed since 2026-11-21\n"
        ),
        "nothing is changed yet: write --apply to forget them\n",
    )
    assert ran(cli("subscribers", "retention", "--apply"), 1)[0] == ""
    done = as_json(cli("subscribers", "retention", "--apply", "--yes", "--format", "json"))
    assert (done["count"], done["people"]) == (1, [])
    assert ran(cli("subscribers", "list"))[1] == "0 people\n"
    assert ran(cli("subscribers", "retention", "--apply", "--yes"))[0] == (
        "0 forgotten, unused for more than 24 months (before 2027-11-21)\n"
    )


def test_adding_a_former_address_says_whose_it_is(cli: Cli) -> None:
    ran(cli("subscribers", "add", "anna@gammal.example", *CONSENT))
    ran(cli("subscribers", "edit", "anna@gammal.example", "--email", "anna@ny.example"))

    note = (
        "note: anna@gammal.example is a former address of anna@ny.example, who is left as they are"
    )

    assert ran(cli("subscribers", "add", "anna@gammal.example", *CONSENT)) == (
        "added anna@gammal.example to prenumeranter\n",
        f"{note}\n",
    )


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (["list"], {"people"}),
        (["show", "anna@example.se"], None),
        (["edit", "anna@example.se", "--name", "A"], {"email", "changes", "notes"}),
        (["add", "bo@example.se", *CONSENT], {"email", "lists", "flags"}),
        (
            ["unsubscribe", "anna@example.se"],
            {"email", "lists", "reason", "known", "changed"},
        ),
        (["invite", "ny@example.se"], {"email", "lists", "url"}),
        (["forget", "anna@example.se", "--yes"], None),
        (["retention"], None),
    ],
)
def test_what_reports_does_so_as_json(
    cli: Cli, arguments: list[str], keys: set[str] | None
) -> None:
    ran(cli("subscribers", "add", "anna@example.se", *CONSENT))

    found = as_json(cli("subscribers", *arguments, "--format", "json"))

    assert isinstance(found, dict)
    assert keys is None or set(found) == keys


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "anna"),
        ("add", "anna@example.se"),
        ("add", "anna@example.se", "--list", "x", *CONSENT),
        ("edit", "ingen@example.se", "--name", "X"),
        ("show", "ingen@example.se"),
        ("unsubscribe", "x@y"),
        ("unsubscribe", "anna@example.se", "--list", "x"),
        ("lift", "ingen@example.se", "--reason", "x"),
        ("lift", "ingen@example.se", "--reason", ""),
        ("forget", "ingen@example.se", "--yes"),
        ("invite", "finns@example.se"),
        ("list", "list:x"),
        ("list", "'; DROP TABLE subscribers; --"),
        ("export", "tag:"),
        ("organisations", "--members", "nowhere.csv"),
        ("import", "nowhere.csv"),
    ],
)
def test_every_refusal_is_a_sentence_with_a_hint(cli: Cli, arguments: tuple[str, ...]) -> None:
    ran(cli("subscribers", "add", "finns@example.se", *CONSENT))

    out, err = ran(cli("subscribers", *arguments), 1)

    assert out == ""
    assert re.fullmatch(r"error: .+\n    hint: .+\n", err)
    assert not re.search(r"SELECT|sqlite|Traceback|subscribers WHERE", err)


def test_without_a_database_it_is_said_how_one_is_made(cli: Cli, project: Path) -> None:
    _, err = ran(cli("subscribers", "list"), 1)

    assert err.startswith("error: there is no database yet: ")
    assert not (project / "var").exists()


def test_no_secret_and_no_reference_is_ever_printed(cli: Cli, people: str, project: Path) -> None:
    output = ""
    for arguments in (
        ("import", people, "--apply"),
        ("show", "anna@example.se"),
        ("show", "anna@example.se", "--format", "json"),
        ("list", "--format", "json"),
        ("export", "--format", "json"),
        ("unsubscribe", "anna@example.se", "--format", "json"),
        ("show", "anna@example.se", "--format", "json"),
    ):
        output += cli("subscribers", *arguments).output

    assert SECRET["SMAKOM_MAIL_SECRET"] not in output
    assert re.findall(r"\b[0-9a-f]{16,64}\b", output) == []
    assert (project / "var").exists()
