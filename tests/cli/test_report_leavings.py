"""What `report` prints of who left since the campaign began."""

from pathlib import Path

from smakom_mail.cli.spans import local_time
from tests.services.receiving import EDITION
from tests.services.running import Cli, as_json, ran
from tests.services.sending.test_leaving_report import AFTER, DESK, LATER, left, sent

PEOPLE = tuple(f"p{n}@mejl.example" for n in range(12))


def between(out: str) -> list[str]:
    """Give the lines behind the sums and before the recipients."""
    lines = out.splitlines()
    return lines[3 : lines.index("recipients:")]


def test_the_report_counts_who_left_and_names_what_looks_odd(cli: Cli, tmp_path: Path) -> None:
    with sent(tmp_path / "brev", DESK, "info@b.example", *PEOPLE) as store:
        left(store, DESK, lists=("prenumeranter",))
        left(store, "info@b.example", "page", LATER)
        for email in PEOPLE[:4]:
            left(store, email, "mail")

    out, _ = ran(cli("report", EDITION, "--project", str(tmp_path / "brev")))

    assert between(out) == [
        "            6 left since it began: 1 by one-click, 1 by page, 4 by mail",
        "role addresses that left, each perhaps read by several people:",
        f"    {local_time(AFTER)}  {DESK}  Exempelby kommun  left prenumeranter by one-click",
        f"    {local_time(LATER)}  info@b.example  Exempelby kommun  left every list by page",
        (
            "4 of 12 at mejl.example have left since it began: a link scanner, or one person for "
            "all? smakom-mail subscribers show ADDRESS says how each left"
        ),
    ]


def test_where_nobody_left_the_report_says_nothing_of_it(cli: Cli, tmp_path: Path) -> None:
    with sent(tmp_path / "brev", DESK):
        pass

    out, _ = ran(cli("report", EDITION, "--project", str(tmp_path / "brev")))

    assert between(out) == []


def test_as_json_the_leavings_stand_with_the_sums(cli: Cli, tmp_path: Path) -> None:
    with sent(tmp_path / "brev", DESK, *PEOPLE[:4]) as store:
        left(store, DESK)
        for email in PEOPLE[:3]:
            left(store, email, "mail")

    found = as_json(cli("report", EDITION, "--format", "json", "--project", str(tmp_path / "brev")))

    assert found["leavings"] == {
        "total": 4,
        "by_how": {"one-click": 1, "page": 0, "mail": 3},
        "role_addresses": [
            {
                "email": DESK,
                "organisation": "Exempelby kommun",
                "at": AFTER,
                "how": "one-click",
                "why": "",
                "lists": ["*"],
            }
        ],
        "more_role_addresses": 0,
        "domains": [{"domain": "mejl.example", "left": 3, "recipients": 4}],
        "more_domains": 0,
    }


def test_the_table_holds_nothing_of_it(cli: Cli, tmp_path: Path) -> None:
    with sent(tmp_path / "brev", DESK) as store:
        left(store, DESK)

    out, _ = ran(cli("report", EDITION, "--format", "csv", "--project", str(tmp_path / "brev")))

    assert len(out.splitlines()) == 2
    assert "one-click" not in out
