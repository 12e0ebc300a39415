"""Leaving by mail: a token in the subject is the proof, and nothing else is."""

from email.header import Header
from pathlib import Path

import pytest

from smakom_mail.model.person import Reason
from smakom_mail.services.storing import Store, open_store, timestamp
from smakom_mail.services.subscribing.inviting import confirm, invite
from smakom_mail.services.subscribing.leaving import forget_subscriber, unsubscribe
from smakom_mail.store.mail_reads import last_read
from smakom_mail.tokens import Keyring, make_token
from tests.services.receiving import place
from tests.services.subscribing.keeping import (
    ACT,
    NOW,
    SECRET,
    added,
    history,
    later,
    planned,
    standing,
)
from tests.services.unsubscribe_mail.mailing import box, counted, mail, named, read, token


def test_whoever_has_the_token_leaves_its_lists_whoever_the_mail_claims_to_be_from(
    store: Store, tmp_path: Path
) -> None:
    anna = added(store, "anna@example.se", "medlemmar", "press")
    bo = added(store, "bo@example.se", "press")

    done = read(store, box(tmp_path / "in", mail(token(store, anna), sender="bo@example.se")))

    assert counted(done) == {"unsubscribed": 1}
    assert standing(store, "anna@example.se") == {
        "medlemmar": "left",
        "press": "confirmed",
        "no medlemmar": "unsubscribed",
    }
    assert standing(store, bo.email) == {"press": "confirmed"}
    assert [entry[:2] for entry in history(store, "anna@example.se")][-3:] == [
        ("no medlemmar", ""),
        ("list medlemmar", "confirmed"),
        ("left by mail", ""),
    ]


def test_it_is_recorded_as_the_command_does_it(store: Store, tmp_path: Path) -> None:
    anna, bo = added(store, "anna@example.se"), added(store, "bo@example.se")

    read(store, box(tmp_path / "in", mail(token(store, anna, "medlemmar"))))
    unsubscribe(store, bo.email, ("medlemmar",), ACT)

    assert standing(store, anna.email) == standing(store, bo.email)
    assert [e for e in history(store, anna.email) if e[0] != "left by mail"] == history(
        store, bo.email
    )


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        "Re: {}",
        "SV: Fwd: [EXTERN] {}",
        "{} (skickat från min telefon)",
        " {}\t",
        "\r\n {}",
        "“{}”",
        "Avsluta,{}.",
    ],
)
def test_a_token_is_found_however_the_subject_is_decorated(
    store: Store, tmp_path: Path, written: str
) -> None:
    anna = added(store, "anna@example.se")

    done = read(store, box(tmp_path / "in", mail(written.format(token(store, anna)))))

    assert counted(done) == {"unsubscribed": 1}


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_a_token_in_encoded_words_is_found(store: Store, tmp_path: Path, charset: str) -> None:
    anna = added(store, "anna@example.se")
    subject = Header(f"Återkallat: {token(store, anna)}", charset, maxlinelen=40).encode()
    assert subject.count("=?") > 1

    assert counted(read(store, box(tmp_path / "in", mail(subject)))) == {"unsubscribed": 1}


def test_no_forged_altered_or_foreign_token_does_anything(store: Store, tmp_path: Path) -> None:
    anna = added(store, "anna@example.se")
    good = token(store, anna)
    theirs = Keyring((b"another secret of thirty-two bytes",))
    other = make_token(theirs, "unsubscribe", bytes.fromhex(anna.ref), b"abc")
    bad = [
        *(good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :] for at in range(36)),
        good[:-1],
        good[1:],
        good + "A",
        good.swapcase(),
        good[::-1],
        good[:18] + " " + good[18:],
        token(store, anna, purpose="preferences"),
        token(store, anna, purpose="confirm"),
        token(store, anna, purpose="envelope"),
        other,
        "anna@example.se",
        anna.ref,
    ]

    done = read(store, box(tmp_path / "in", *map(mail, bad)))

    assert (done.read, done.unsubscribed, done.gone) == (len(bad), 0, 0)
    assert {each.why.name for each in done.named} == {"ALTERED"}
    assert standing(store, "anna@example.se") == {"medlemmar": "confirmed"}


def test_a_token_outlives_a_changed_secret(store: Store, tmp_path: Path) -> None:
    anna = added(store, "anna@example.se")
    source = box(tmp_path / "in", mail(token(store, anna)))
    store.close()
    rotated = {
        "SMAKOM_MAIL_SECRET": "en-ny-hemlighet-som-bara-testerna-har",
        "SMAKOM_MAIL_SECRETS_OLD": SECRET["SMAKOM_MAIL_SECRET"],
    }

    with open_store(place(tmp_path / "project"), rotated, create=False) as again:
        assert counted(read(again, source)) == {"unsubscribed": 1}
        assert planned(again) == []
    twice = rotated | {
        "SMAKOM_MAIL_SECRET": "en-tredje-hemlighet-som-testerna-har",
        "SMAKOM_MAIL_SECRETS_OLD": ",".join(rotated.values()),
    }
    with open_store(place(tmp_path / "project"), twice, create=False) as again:
        assert counted(read(again, source)) == {"before": 1}


def test_a_second_reading_changes_nothing_even_for_who_has_come_back(
    store: Store, tmp_path: Path
) -> None:
    anna, bo = added(store, "anna@example.se"), added(store, "bo@example.se")
    unsubscribe(store, bo.email, (), ACT)
    source = box(tmp_path / "in", mail(token(store, anna)), mail(token(store, bo)))

    assert counted(read(store, source)) == {"unsubscribed": 1, "gone": 1}
    for email in (anna.email, bo.email):
        link = invite(store, email, ("medlemmar",), later(days=1)).url.rsplit("/", 1)[1]
        assert confirm(store, link, later(days=2), "Ja")
    before = [history(store, each.email) for each in (anna, bo)]

    assert counted(read(store, source, later(days=3))) == {"before": 2}
    assert planned(store) == ["anna@example.se", "bo@example.se"]
    assert [history(store, each.email) for each in (anna, bo)] == before

    again = box(tmp_path / "in", *[mail(token(store, each), "Date: later") for each in (anna, bo)])
    assert counted(read(store, again, later(days=4))) == {"unsubscribed": 2}
    assert planned(store) == []


def test_the_same_mail_marked_by_a_mail_program_or_in_an_mbox_is_the_same_mail(
    store: Store, tmp_path: Path
) -> None:
    anna = added(store, "anna@example.se")
    letter = mail(token(store, anna))
    read(store, box(tmp_path / "in", letter))
    mbox = tmp_path / "arkiv.mbox"
    marked = letter.replace(b"\r\n\r\n", b"\r\nStatus: RO\r\nX-UID: 4\r\n\r\n", 1)
    mbox.write_bytes(b"From x@evil.example Mon Jan  4 08:00:00 2021\n" + marked)

    assert counted(read(store, mbox)) == {"before": 1}


@pytest.mark.parametrize("reason", [Reason.COMPLAINED, Reason.MANUAL])
def test_a_no_of_her_own_is_kept_beside_another(
    store: Store, tmp_path: Path, reason: Reason
) -> None:
    anna = added(store, "anna@example.se")
    unsubscribe(store, anna.email, (), ACT, reason)

    assert counted(read(store, box(tmp_path / "in", mail(token(store, anna))))) == {"gone": 1}
    assert standing(store, anna.email) == {
        "medlemmar": "left",
        "no *": str(reason),
        "no medlemmar": "unsubscribed",
    }


def test_the_token_of_somebody_forgotten_changes_nothing(store: Store, tmp_path: Path) -> None:
    anna = added(store, "anna@example.se")
    source = box(tmp_path / "in", mail(token(store, anna), sender=anna.email))
    forget_subscriber(store, anna.email, ACT)

    assert counted(read(store, source)) == {"gone": 1}


def test_a_good_token_of_nobody_is_named_without_being_printed(
    store: Store, tmp_path: Path
) -> None:
    nobody = make_token(store.keyring, "unsubscribe", b"nobody..", b"abc")

    done = read(store, box(tmp_path / "in", mail(nobody, sender="anna@example.se")))

    assert named(done) == [("anna@example.se", "", "NOBODY", False)]


def test_a_token_about_lists_that_are_not_known_is_about_all(store: Store, tmp_path: Path) -> None:
    anna = added(store, "anna@example.se", "medlemmar", "press")
    lost = make_token(store.keyring, "unsubscribe", bytes.fromhex(anna.ref), b"abc")

    assert counted(read(store, box(tmp_path / "in", mail(lost)))) == {"unsubscribed": 1}
    assert standing(store, anna.email) == {
        "medlemmar": "left",
        "press": "left",
        "no *": "unsubscribed",
    }


def test_a_trial_counts_the_same_and_changes_nothing(store: Store, tmp_path: Path) -> None:
    anna, bo = added(store, "anna@example.se"), added(store, "bo@example.se")
    twice = mail(token(store, anna), "Date: again")
    source = box(tmp_path / "in", mail(token(store, anna)), twice, mail(token(store, bo)))

    trial = counted(read(store, source, dry_run=True))

    assert planned(store) == ["anna@example.se", "bo@example.se"]
    assert last_read(store.database) == ""
    assert counted(read(store, source)) == trial == {"unsubscribed": 2, "gone": 1}
    assert last_read(store.database) == timestamp(NOW)


def test_a_mailbox_is_left_as_it_was(store: Store, tmp_path: Path) -> None:
    anna = added(store, "anna@example.se")
    source = box(tmp_path / "in", mail(token(store, anna)))

    def state() -> list[tuple[str, int, int]]:
        return [
            (str(path), path.stat().st_mtime_ns, path.stat().st_size)
            for path in sorted(source.rglob("*"))
        ]

    before = state()
    read(store, source)

    assert state() == before


def test_one_mail_that_cannot_be_read_hides_no_other(store: Store, tmp_path: Path) -> None:
    anna = added(store, "anna@example.se")
    source = box(tmp_path / "in", mail("x"), mail(token(store, anna)))
    (source / "new" / "0000").unlink()
    (source / "new" / "0000").mkdir()

    done = read(store, source)

    assert counted(done) == {"unsubscribed": 1, "unclear": 1}
    assert [(each.place, each.why.name, each.detail) for each in done.named] == [
        ("in/new/0000", "UNREADABLE", "Is a directory")
    ]
