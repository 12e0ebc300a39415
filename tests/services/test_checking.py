"""A check says everything at once; the editor may accept some of it, with a reason."""

from pathlib import Path

import pytest

from smakom_mail.diagnostics import Severity
from smakom_mail.diagnostics.messages import MESSAGES
from smakom_mail.errors import EditionNotFoundError, InvalidNameError, ProjectNotFoundError
from smakom_mail.services.checking import CheckedEdition, check_edition
from smakom_mail.services.workplace import open_workplace
from tests.content.written import CONFIG, EDITION, said

HERE = "newsletters/maj-2021"
TOML = f"{HERE}/edition.toml"
LONG = EDITION.replace('subject = "Nyhetsbrev maj 2021"', f'subject = "{"a" * 70}"')
SUBJECT = "3 S01 ämnesraden är 70 tecken: telefoner visar ungefär 60"


@pytest.fixture
def edition(project: Path) -> Path:
    """Add a small edition without faults to the copied newsletter."""
    write(project, {TOML: EDITION, f"{HERE}/10-a.md": "# Titel\n\nText.\n"})
    return project


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def check(root: Path, slug: str = "maj-2021") -> CheckedEdition:
    return check_edition(open_workplace(root, {}), slug)


def found_in(checked: CheckedEdition, file: str) -> list[str]:
    return said(found for found in checked.findings if found.location.file == file)


def waiver(code: str, reason: str = "så ska det vara") -> str:
    return f'[[waive]]\ncode = "{code}"\nreason = "{reason}"\n'


def test_an_edition_without_faults_is_rendered(edition: Path) -> None:
    checked = check(edition)

    assert found_in(checked, TOML) == []
    assert (checked.broken, checked.count(Severity.ERROR)) == (False, 0)
    assert checked.rendered is not None


def test_findings_come_by_file_and_line(edition: Path) -> None:
    write(
        edition,
        {
            TOML: LONG,
            f"{HERE}/20-b.md": "# B\n\n{x}\n\n[a](b)\n\n##\n",
            f"{HERE}/30-c.md": "# C\n\n{y}\n\n:::\n",
            "newsletters/_standing/95-z.md": "# Z\n",
        },
    )

    places = [
        (f.location.file, f.location.line)
        for f in check(edition).findings
        if f.location.file.startswith("newsletters") and not f.code.startswith("T")
    ]

    assert places == [
        ("newsletters/_standing/95-z.md", 1),
        *((f"{HERE}/20-b.md", line) for line in (3, 5, 7)),
        *((f"{HERE}/30-c.md", line) for line in (3, 5)),
        (TOML, 3),
    ]


def test_what_the_sender_lacks_is_a_note(edition: Path) -> None:
    write(edition, {"smakom-mail.toml": CONFIG + '[[social]]\nname = "Facebook"\n'})

    assert found_in(check(edition), "smakom-mail.toml") == [
        (
            "4 P17 avsändaren har inget organisationsnummer | "
            "skriv in det i smakom-mail.toml: organisation_number under [sender]"
        ),
        (
            "4 P17 avsändaren har ingen postadress | "
            "skriv in den i smakom-mail.toml: postal_address under [sender]"
        ),
        (
            "9 P17 Facebook har ingen adress och visas utan länk | "
            "skriv in den i smakom-mail.toml: url under [[social]]"
        ),
    ]
    assert not check(edition).broken


def test_a_sender_who_says_all_has_no_notes(edition: Path) -> None:
    details = '[sender]\npostal_address = "Storgatan 1"\norganisation_number = "802000-0000"'
    write(edition, {"smakom-mail.toml": CONFIG.replace("[sender]", details)})

    assert found_in(check(edition), "smakom-mail.toml") == []


@pytest.mark.parametrize(
    ("config", "text", "file", "expected"),
    [
        (
            "",
            "[sections.a]\nkind = 'ledare'\n",
            TOML,
            "5 P08 layouten ”smakom” har ingen avsnittstyp ”ledare” | menade du ”leader”?",
        ),
        (
            "[sections.a]\nkind = 'zzzzzz'\n",
            "",
            "smakom-mail.toml",
            (
                "9 P08 layouten ”smakom” har ingen avsnittstyp ”zzzzzz” | kända typer: "
                "article, contact, items, leader, partner, report, social"
            ),
        ),
    ],
)
def test_an_unknown_kind_is_named_where_it_is_chosen(
    edition: Path, config: str, text: str, file: str, expected: str
) -> None:
    write(edition, {"smakom-mail.toml": CONFIG + config, TOML: EDITION + text})

    assert expected in found_in(check(edition), file)


def test_faults_of_the_settings_are_among_the_findings(edition: Path) -> None:
    write(edition, {"smakom-mail.toml": CONFIG + "[sendr]\n"})

    found = found_in(check(edition), "smakom-mail.toml")
    assert "9 P03 okänd nyckel ”sendr” | menade du ”sender”?" in found


# --- waivers -------------------------------------------------------------------------------


def test_a_waived_finding_is_a_note_with_its_reason(edition: Path) -> None:
    write(edition, {TOML: LONG + waiver("S01", "styrelsen vill ha det så")})

    checked = check(edition)

    assert found_in(checked, TOML) == [f"{SUBJECT} | godtaget: styrelsen vill ha det så"]
    assert [f.severity for f in checked.findings if f.code == "S01"] == [Severity.NOTE]
    assert said(checked.findings, "en")[0].endswith("| waived: styrelsen vill ha det så")


def test_a_waiver_holds_for_every_finding_of_its_code(edition: Path) -> None:
    text = "# B\n\n[](https://a.se)\n\n[](https://b.se)\n"
    write(edition, {TOML: EDITION + waiver("A07"), f"{HERE}/20-b.md": text})

    found = [f for f in check(edition).findings if f.code == "A07"]

    assert [(f.location.line, f.severity) for f in found] == [
        (3, Severity.NOTE),
        (5, Severity.NOTE),
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("S1", "5 P16 undantaget gäller en okänd kod ”S1” | menade du ”S01”?"),
        ("s01", "5 P16 undantaget gäller en okänd kod ”s01” | menade du ”S01”?"),
        ("", "5 P16 undantaget gäller en okänd kod ”” | koderna står i docs/checks.md"),
        ("I01", "5 P16 undantaget för I01 behövs inte längre | ta bort det"),
        *(
            (
                code,
                (
                    f"5 P16 {code} går inte att undanta | "
                    "rätta felet: ett undantag skulle skicka ett trasigt brev"
                ),
            )
            for code in sorted(
                {row.code for row in MESSAGES.values() if row.code[0] in "PQM"} | {"L03", "H04"}
            )
        ),
    ],
)
def test_a_waiver_that_is_of_no_use_is_named(edition: Path, code: str, expected: str) -> None:
    write(edition, {TOML: EDITION + waiver(code)})

    assert found_in(check(edition), TOML) == [expected]


def test_a_waiver_without_a_reason_is_none(edition: Path) -> None:
    write(edition, {TOML: LONG + waiver("S01", "")})

    assert found_in(check(edition), TOML) == [
        f"{SUBJECT} | sätt det viktigaste först",
        (
            '7 P04 ”reason” ska vara ett skäl, inte "" | '
            'skriv till exempel reason = "styrelsen vill ha det så"'
        ),
    ]


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        ("", "ämnesraden är tom"),
        ("a\\nb", "subject har en radbrytning eller ett styrtecken"),
    ],
)
def test_a_subject_that_cannot_be_sent_cannot_be_waived(
    edition: Path, subject: str, message: str
) -> None:
    text = EDITION.replace('subject = "Nyhetsbrev maj 2021"', f'subject = "{subject}"')
    write(edition, {TOML: text + waiver("S01")})

    checked = check(edition)

    assert checked.broken
    assert [line.split(" | ")[0] for line in found_in(checked, TOML)] == [
        f"3 S01 {message}",
        "5 P16 undantaget för S01 behövs inte längre",
    ]


# --- opening -------------------------------------------------------------------------------


def test_a_folder_without_a_project_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(ProjectNotFoundError) as raised:
        open_workplace(tmp_path, {})

    assert raised.value.message == (
        f"there is no smakom-mail.toml in {tmp_path} or in a folder above it"
    )
    assert raised.value.hint == (
        "go to the newsletter's folder, name it with --project DIR, "
        "or make one: smakom-mail init DIR"
    )


@pytest.mark.parametrize(
    ("slug", "hint"),
    [
        ("maj-2020", "did you mean “maj-2021”?"),
        ("zzzzzz", "make it: smakom-mail new zzzzzz"),
    ],
)
def test_an_edition_that_is_not_there_is_named(edition: Path, slug: str, hint: str) -> None:
    with pytest.raises(EditionNotFoundError) as raised:
        check(edition, slug)

    assert raised.value.message == f"there is no edition “{slug}” in newsletters/"
    assert raised.value.hint == hint


@pytest.mark.parametrize("slug", ["../maj-2021", "_standing", "Maj 2021", "", "/etc", "con"])
def test_a_name_that_leads_elsewhere_is_refused(edition: Path, slug: str) -> None:
    with pytest.raises(InvalidNameError) as raised:
        check(edition, slug)

    assert raised.value.message == f"“{slug}” cannot be the name of an edition"


def test_a_name_typed_on_a_mac_finds_its_edition(edition: Path) -> None:
    (edition / HERE).rename(edition / "newsletters" / "v\u00e5r")

    assert check(edition, "va\u030ar").edition.slug == "v\u00e5r"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("# Titel\n\n![Ett mynt](images/saknas.png)\n", "I01"),
        ("Text.\n", "P10"),
        ("# Titel\n\n[x](javascript:alert(1))\n", "L01"),
    ],
)
def test_the_layout_is_not_blamed_for_what_the_author_left_out(
    edition: Path, text: str, code: str
) -> None:
    write(edition, {f"{HERE}/10-a.md": text})

    errors = [f for f in check(edition).findings if f.severity is Severity.ERROR]

    assert [(f.location.file, f.code) for f in errors] == [(f"{HERE}/10-a.md", code)]


def test_a_refused_seed_is_one_finding_and_no_source(edition: Path) -> None:
    seed = next((edition / "seeds").glob("000_*.txt"))
    seed.write_bytes(seed.read_bytes() + b"\x00")
    write(
        edition,
        {f"{HERE}/10-a.md": "# T\n\n::: excerpt soderhamn-civilminister\nfrom: I stort\n:::\n"},
    )

    codes = [f.code for f in check(edition).findings if f.severity is Severity.ERROR]

    assert set(codes) == {"Q14"}


def test_a_settings_file_without_a_byte_lacks_what_one_with_a_blank_line_lacks(
    project: Path,
) -> None:
    kinds = []
    for text in ("", "\n"):
        (project / "smakom-mail.toml").write_text(text, encoding="utf-8")
        kinds.append([found.kind for found in open_workplace(project, {}).findings])
    assert kinds == [["missing-key"] * 3] * 2
