"""Who would get an edition: everybody counted once, nobody who has said no, the same every time."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smakom_mail.config.settings import Config, Sender
from smakom_mail.errors import SmakomMailError, StoreError
from smakom_mail.model.person import MembershipState, Reason
from smakom_mail.services import surveying
from smakom_mail.services.sendlisting import list_recipients
from smakom_mail.services.storing import Store, open_store
from smakom_mail.services.surveying import OrganisationTotals, message_host
from smakom_mail.tokens import message_id, read_token
from tests.conftest import ROOT
from tests.services.receiving import (
    EDITION,
    FIRST,
    add,
    aimed_at,
    append,
    asked,
    cells,
    left_by,
    listed,
    newsletter,
    opened,
    person,
    place,
    planned,
    reasons,
    say_no,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a newsletter without people."""
    return newsletter(tmp_path / "brev")


@pytest.fixture
def store(root: Path) -> Iterator[Store]:
    """Open the newsletter's store."""
    with opened(root) as store:
        yield store


def by_hand(root: Path, sql: str, *values: str) -> None:
    """Change the database past the program."""
    connection = sqlite3.connect(root / "var/smakom-mail.db")
    with connection:
        connection.execute(sql, values)
    connection.close()


# ---------------------------------------------------------------------------- who, and who not


def test_everybody_is_planned_or_excluded_for_one_reason(
    root: Path, store: Store, tmp_path: Path
) -> None:
    add(
        store,
        person(store, "ja@a.example"),
        person(store, "lamnat@a.example", state=MembershipState.LEFT),
        person(store, "sagtnej@a.example"),
        person(store, "studsar@a.example"),
        person(store, "klagar@a.example"),
        person(store, "borttagen@a.example"),
        person(store, "vantar@a.example", state=MembershipState.PENDING),
        person(store, "grundlos@a.example", consent=False),
        person(store, "annanlista@a.example", "medlemmar"),
    )
    say_no(store, "sagtnej@a.example")
    say_no(store, "studsar@a.example", reason=Reason.BOUNCED)
    say_no(store, "klagar@a.example", reason=Reason.COMPLAINED)
    say_no(store, "borttagen@a.example", reason=Reason.MANUAL)

    assert reasons(root, tmp_path) == {
        "lamnat@a.example": "unsubscribed",
        "sagtnej@a.example": "unsubscribed",
        "studsar@a.example": "bounced",
        "klagar@a.example": "complained",
        "borttagen@a.example": "manual",
        "vantar@a.example": "unconfirmed",
        "grundlos@a.example": "no-consent",
        "annanlista@a.example": "not-selected",
    }
    assert planned(root, tmp_path) == ["ja@a.example"]
    found = listed(root)
    assert (found.planned, found.candidates) == (1, 9)
    assert found.excluded == (
        ("bounced", 1),
        ("complained", 1),
        ("manual", 1),
        ("no-consent", 1),
        ("not-selected", 1),
        ("unconfirmed", 1),
        ("unsubscribed", 2),
    )


def test_it_is_told_what_each_list_and_each_municipality_gets(root: Path, store: Store) -> None:
    add(
        store,
        person(store, "a@a.example", "prenumeranter", "medlemmar", organisation="Åmåls kommun"),
        person(store, "b@a.example", "medlemmar", organisation="Arboga kommun"),
        person(store, "c@a.example", "medlemmar", organisation="Öckerö kommun"),
        person(store, "d@a.example", "medlemmar"),
    )
    say_no(store, "c@a.example")
    aimed_at(root, "list:prenumeranter or list:medlemmar")

    found = listed(root)

    assert found.by_list == (("medlemmar", 3), ("prenumeranter", 1))
    assert found.by_organisation == (
        OrganisationTotals("", 1, 0),
        OrganisationTotals("Arboga kommun", 1, 0),
        OrganisationTotals("Åmåls kommun", 1, 0),
        OrganisationTotals("Öckerö kommun", 0, 1),
    )


def test_the_first_twenty_are_named_for_each_reason(root: Path, store: Store) -> None:
    add(store, *(person(store, f"p{n:02}@a.example", consent=False, name="") for n in range(23)))

    found = listed(root)

    assert dict(found.named)["no-consent"] == tuple(
        (f"p{n:02}@a.example", "no-consent") for n in range(20)
    )
    assert found.excluded == (("no-consent", 23),)


def test_swedes_find_people_where_they_look_for_them(
    root: Path, store: Store, tmp_path: Path
) -> None:
    names = ["Örjan Öst", "Ärla Ek", "Åsa Ek", "Zoe Ek", "anna Ek", "Eva Ek", "Évа Al"]
    add(store, *(person(store, f"p{i}@a.example", name=name) for i, name in enumerate(names)))

    listed(root, out=tmp_path / "ut.csv")

    assert [row["name"] for row in cells(tmp_path / "ut.csv")] == [
        *("anna Ek", "Eva Ek", "Évа Al", "Zoe Ek", "Åsa Ek", "Ärla Ek", "Örjan Öst")
    ]


def test_without_a_database_it_says_where_one_comes_from(root: Path) -> None:
    with pytest.raises(StoreError) as caught:
        listed(root)

    assert caught.value.message == f"there is no database yet: {root / 'var/smakom-mail.db'}"
    assert not (root / "var").exists()


def test_a_database_without_people_is_a_list_of_nobody(root: Path, store: Store) -> None:
    assert store.database.path.is_file()
    found = listed(root)

    assert (found.planned, found.candidates, found.excluded) == (0, 0, ())


# ----------------------------------------------------------------------------------- audience


@pytest.mark.parametrize(
    ("audiences", "expected"),
    [
        (("", ""), ["pren@a.example"]),
        (("", "list:medlemmar"), ["medlem@a.example", "styrelse@a.example"]),
        (("list:medlemmar and not tag:styrelse", "list:prenumeranter"), ["medlem@a.example"]),
        (("everyone", ""), ["medlem@a.example", "pren@a.example", "styrelse@a.example"]),
    ],
)
def test_the_audience_is_the_editions_else_the_newsletters_else_the_default_list(
    root: Path, store: Store, tmp_path: Path, audiences: tuple[str, str], expected: list[str]
) -> None:
    own, newsletters = audiences
    add(
        store,
        person(store, "pren@a.example", name="C"),
        person(store, "medlem@a.example", "medlemmar", name="B"),
        person(store, "styrelse@a.example", "medlemmar", name="D", tags=["Styrelse"]),
    )
    settings = root / "smakom-mail.toml"
    if newsletters:
        text = settings.read_text(encoding="utf-8")
        line = f"[newsletter]\naudience = '{newsletters}'\n"
        settings.write_text(text.replace("[newsletter]\n", line), encoding="utf-8")
    if own:
        aimed_at(root, own)

    assert planned(root, tmp_path) == expected


def test_a_list_that_is_not_there_is_told_with_the_nearest_and_nothing_is_listed(
    root: Path, store: Store, tmp_path: Path
) -> None:
    add(store, person(store, "a@a.example"))
    aimed_at(root, "list:medlemar")

    found = asked(root, out=tmp_path / "ut.csv")

    assert found.list is None
    errors = [f for f in found.checked.findings if f.severity == "error"]
    assert [(f.code, f.hint("en")) for f in errors] == [("P22", "did you mean list:medlemmar?")]
    assert not (tmp_path / "ut.csv").exists()


def test_a_person_on_two_selected_lists_gets_one_copy_and_leaving_it_leaves_both(
    root: Path, store: Store, tmp_path: Path
) -> None:
    add(
        store,
        person(store, "bada@a.example", "medlemmar", "prenumeranter", name="A"),
        person(store, "en@a.example", "medlemmar", name="B"),
    )
    aimed_at(root, "list:medlemmar or list:prenumeranter")

    assert planned(root, tmp_path) == ["bada@a.example", "en@a.example"]
    assert [left_by(store, row) for row in cells(tmp_path / "planned.csv")] == [
        ("medlemmar", "prenumeranter"),
        ("medlemmar",),
    ]


def test_who_has_left_one_of_two_lists_is_reached_by_the_other_alone(
    root: Path, store: Store, tmp_path: Path
) -> None:
    add(store, person(store, "bada@a.example", "medlemmar", "prenumeranter"))
    say_no(store, "bada@a.example", "medlemmar")
    aimed_at(root, "list:medlemmar or list:prenumeranter")

    assert planned(root, tmp_path) == ["bada@a.example"]
    assert left_by(store, cells(tmp_path / "planned.csv")[0]) == ("prenumeranter",)


# ---------------------------------------------------------------------- ids, links, the same again


def test_each_row_has_the_message_id_and_the_link_of_the_message_itself(
    root: Path, store: Store, tmp_path: Path
) -> None:
    somebody = person(store, "Kim.Ek@A.example", name="Kim Ek")
    add(store, somebody)

    listed(root, out=tmp_path / "ut.csv")

    row = cells(tmp_path / "ut.csv")[0]
    assert list(row) == ["email", "name", "message_id", "unsubscribe_url"]
    assert (row["email"], row["name"]) == ("Kim.Ek@a.example", "Kim Ek")
    assert row["message_id"] == message_id(
        store.keyring, EDITION, "kim.ek@a.example", "nyhetsbrev.forening.example"
    )
    token = row["unsubscribe_url"].removeprefix("https://nyhetsbrev.forening.example/u/")
    read = read_token(store.keyring, "unsubscribe", token)
    assert read is not None
    assert read[0].hex() == somebody.ref


def test_two_runs_give_the_same_bytes(root: Path, store: Store, tmp_path: Path) -> None:
    add(
        store,
        *(person(store, f"p{n}@a.example", "medlemmar", "prenumeranter") for n in range(20)),
        *(person(store, f"q{n}@a.example", consent=False) for n in range(20)),
    )
    say_no(store, "p3@a.example", "medlemmar")
    files = [(tmp_path / f"ut{n}.csv", tmp_path / f"inte{n}.csv") for n in range(2)]
    for out, excluded in files:
        listed(root, out=out, excluded=excluded)

    (out, excluded), (again, excluded_again) = files
    assert out.read_bytes() == again.read_bytes()
    assert excluded.read_bytes() == excluded_again.read_bytes()
    assert (len(cells(out)), len(cells(excluded))) == (20, 20)


def test_after_a_new_secret_there_are_new_links_to_the_same_people(
    root: Path, tmp_path: Path
) -> None:
    old = {"SMAKOM_MAIL_SECRET": "en-hemlighet-som-ar-lang-nog-att-duga"}
    new = {
        "SMAKOM_MAIL_SECRET": "en-annan-hemlighet-som-ar-lang-nog-ocksa",
        "SMAKOM_MAIL_SECRETS_OLD": old["SMAKOM_MAIL_SECRET"],
    }
    with open_store(place(root), old, create=True) as store:
        add(store, person(store, "kim@a.example"))
    listed(root, out=tmp_path / "ut.csv", environment=old)
    before = cells(tmp_path / "ut.csv")[0]
    listed(root, out=tmp_path / "ut.csv", environment=new)
    after = cells(tmp_path / "ut.csv")[0]

    assert before["email"] == after["email"]
    assert before["message_id"] != after["message_id"]
    with open_store(place(root), new, create=False) as store:
        tokens = [row["unsubscribe_url"].rpartition("/")[2] for row in (before, after)]
        one, other = (read_token(store.keyring, "unsubscribe", token) for token in tokens)
        assert one == other is not None


@pytest.mark.parametrize(
    ("site", "sender", "expected"),
    [
        ("https://nyhetsbrev.forening.example", "a@b.example", "nyhetsbrev.forening.example"),
        ("http://localhost:8000", "a@b.example", "localhost"),
        ("http://127.0.0.1:8000", "a@b.example", "127.0.0.1"),
        ("http://[::1]:8000", "a@b.example", "b.example"),
        ("https://åmål.example", "a@b.example", "b.example"),
        ("https://åmål.example", "a@åmål.example", "xn--ml-xiab.example"),
        ("http://[::1]", "", "localhost"),
    ],
)
def test_message_ids_name_the_site_or_where_that_cannot_be_the_sender(
    site: str, sender: str, expected: str
) -> None:
    assert message_host(Config(site_url=site, sender=Sender(email=sender))) == expected


# ------------------------------------------------------------------------------------ the dry run


def test_who_lacks_what_the_text_says_is_named_and_nothing_is_written(
    root: Path, store: Store, tmp_path: Path
) -> None:
    add(
        store,
        person(store, "med@a.example", name="Kim"),
        person(store, "utan@a.example", name=""),
        person(store, "blank@a.example", name="   "),
        person(store, "lamnat@a.example", name="", state=MembershipState.LEFT),
    )
    append(root / FIRST, "\nHej {name}!\n")

    with pytest.raises(SmakomMailError) as caught:
        listed(root, out=tmp_path / "ut.csv", excluded=tmp_path / "inte.csv")

    assert caught.value.message == (
        "exempel: {name} has no words for 2 readers: blank@a.example (name), utan@a.example (name)"
    )
    assert caught.value.hint == (
        "write {name|kära läsare} in the text, or give them one: "
        "smakom-mail subscribers edit ADDRESS"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brev"]


def test_of_many_who_lack_something_twenty_are_named(root: Path, store: Store) -> None:
    add(store, *(person(store, f"p{n:02}@a.example", name="") for n in range(23)))
    append(root / FIRST, "\n{name} i {organisation}: hej!\n")

    with pytest.raises(SmakomMailError) as caught:
        listed(root)

    message = caught.value.message
    assert message.startswith(
        "exempel: {name} and {organisation} have no words for 23 readers: "
        "p00@a.example (name, organisation), "
    )
    assert message.endswith("p19@a.example (name, organisation) and 3 more")


@pytest.mark.parametrize("text", ["Hej {name|kära läsare}!", "Hej {email}!", "Hej \\{name}!"])
def test_a_text_that_has_words_for_everybody_is_fine(root: Path, store: Store, text: str) -> None:
    add(store, person(store, "utan@a.example", name=""))
    append(root / FIRST, f"\n{text}\n")

    assert listed(root).planned == 1


def test_a_hole_in_the_subject_is_found_too(root: Path, store: Store) -> None:
    add(store, person(store, "utan@a.example", name="", organisation="Åmål"))
    toml = root / "newsletters/exempel/edition.toml"
    lines = toml.read_text(encoding="utf-8").splitlines()
    lines = ['subject = "Till {name}"' if s.startswith("subject") else s for s in lines]
    toml.write_text("\n".join(lines) + "\n", encoding="utf-8")

    with pytest.raises(SmakomMailError, match=r"has no words for 1 reader: utan@a\.example \(name"):
        listed(root)


def test_an_edition_with_errors_has_no_list_and_needs_no_database(root: Path) -> None:
    append(root / FIRST, "\n::: okänd\n")

    found = asked(root)

    assert found.list is None
    assert found.checked.broken
    assert not (root / "var").exists()


# ------------------------------------------------------------------- one moment, and odd databases


def test_a_no_that_another_process_commits_before_the_list_is_read_is_in_it(
    root: Path, store: Store, tmp_path: Path
) -> None:
    add(store, person(store, "a@a.example"), person(store, "b@a.example"))
    code = (
        "from pathlib import Path\n"
        "from tests.services.receiving import opened, say_no\n"
        f"with opened(Path({str(root)!r})) as store: say_no(store, 'a@a.example')\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)

    assert planned(root, tmp_path) == ["b@a.example"]
    assert reasons(root, tmp_path) == {"a@a.example": "unsubscribed"}


def test_what_is_committed_while_the_list_is_read_is_in_the_next_one(
    root: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, *(person(store, f"p{n}@a.example") for n in range(3)))
    monkeypatch.setattr(surveying, "_STEP", 1)

    def meanwhile(_what: str, done: int, _everybody: int) -> None:
        if done == 1:
            say_no(store, "p2@a.example")
            add(store, person(store, "ny@a.example", "medlemmar", "prenumeranter"))

    out = tmp_path / "ut.csv"
    list_recipients(place(root), {}, EDITION, out=out, progress=meanwhile)
    first = [row["email"] for row in cells(out)]

    assert first == ["p0@a.example", "p1@a.example", "p2@a.example"]
    assert planned(root, tmp_path) == ["ny@a.example", "p0@a.example", "p1@a.example"]


def test_the_journal_is_heard_before_a_list_is_made_from_a_restored_backup(
    root: Path, tmp_path: Path
) -> None:
    with opened(root) as store:
        add(store, person(store, "a@a.example"), person(store, "b@a.example"))
    file = root / "var/smakom-mail.db"
    backup = file.read_bytes()
    with opened(root) as store:
        say_no(store, "a@a.example")
    file.write_bytes(backup)

    assert planned(root, tmp_path) == ["b@a.example"]


def test_an_address_that_somebody_has_put_in_twice_by_hand_gets_one_copy(
    root: Path, store: Store, tmp_path: Path
) -> None:
    add(store, person(store, "kim@a.example"), person(store, "annan@a.example", name="A"))
    by_hand(root, "UPDATE subscribers SET email = 'Kim@A.example' WHERE key = 'annan@a.example'")

    assert planned(root, tmp_path) == ["kim@a.example"]
    assert reasons(root, tmp_path) == {"Kim@A.example": "duplicate of kim@a.example"}
    assert listed(root).excluded == (("duplicate", 1),)


@pytest.mark.parametrize(
    "email",
    [
        "kim@a.example\r\nBcc: x@a.example",
        "kim@",
        "kim",
        "kim ek@a.example",
        '"kim"@a.example',
        "kim@a.local",
        "kím@a.example",
        "kim@a..example",
        "kim@-a.example",
        "",
    ],
)
def test_an_address_that_no_message_can_be_sent_to_is_invalid(
    root: Path, store: Store, tmp_path: Path, email: str
) -> None:
    add(store, person(store, "kim@a.example"))
    by_hand(root, "UPDATE subscribers SET email = ?, key = lower(?)", email, email)

    assert reasons(root, tmp_path) == {email: "invalid"}
    assert planned(root, tmp_path) == []


def test_an_address_under_a_key_that_is_not_its_own_is_invalid(
    root: Path, store: Store, tmp_path: Path
) -> None:
    """Whether that person has said no could not be known."""
    add(store, person(store, "kim@a.example"))
    by_hand(root, "UPDATE subscribers SET email = 'bo@a.example'")

    assert reasons(root, tmp_path) == {"bo@a.example": "invalid"}


def test_a_sum_that_does_not_come_out_is_a_bug_and_makes_no_list(
    root: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, person(store, "kim@a.example"))
    monkeypatch.setattr(surveying, "count_people", lambda _: 2)

    with pytest.raises(AssertionError, match=r"^1 people are planned or excluded, of 2$"):
        listed(root, out=tmp_path / "ut.csv")

    assert not (tmp_path / "ut.csv").exists()
