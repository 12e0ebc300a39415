"""Mailboxes on disk: each mail once, only the beginning of it, and nothing is written."""

import io
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.content.mailbox.sources import (
    LIMIT,
    MailboxError,
    RawLetter,
    Unreadable,
    _pieces,
    read_mailbox,
)

MBOX = (
    b"From kim@example.se Mon Jan  4 08:00:00 2021\n"
    b"Subject: one\n"
    b"\n"
    b"From the beginning it was good.\n"
    b">From here too.\n"
    b"\n"
    b"From the second paragraph on as well.\n"
    b"\n"
    b"From - Tue Apr 27 12:00:00 2021\n"
    b"Subject: two\n"
    b"\n"
    b"Hej!\n"
    b"\n"
    b"From \n"
    b"Subject: three\n"
)


def read(source: Path) -> list[tuple[str, bytes]]:
    """Give the place and the first line of each mail."""
    return [
        (each.place, each.data.split(b"\n")[0] if isinstance(each, RawLetter) else b"?")
        for each in read_mailbox(source)
    ]


def maildir(folder: Path, **mails: bytes) -> Path:
    """Write a Maildir; `new_1` is the file new/1."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, data in mails.items():
        place, _, file = name.partition("_")
        (folder / place / file).write_bytes(data)
    return folder


def test_an_mbox_is_divided_where_mails_begin_and_not_where_a_sentence_does(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.write_bytes(MBOX)

    assert read(box) == [
        ("box, mail 1", b"Subject: one"),
        ("box, mail 2", b"Subject: two"),
        ("box, mail 3", b"Subject: three"),
    ]


def test_an_mbox_with_windows_line_ends_is_the_same(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.write_bytes(MBOX.replace(b"\n", b"\r\n"))

    assert [place for place, _ in read(box)] == ["box, mail 1", "box, mail 2", "box, mail 3"]


def test_a_from_inside_a_long_line_begins_no_mail(tmp_path: Path) -> None:
    box = tmp_path / "box"
    long = b"x" * (1 << 16)
    box.write_bytes(
        b"From a Mon Jan  4 08:00:00 2021\nSubject: one\n\n"
        + long
        + b"\nFrom b Mon Jan  4 08:00:00 2021\n"
        + long
        + b"From c Mon Jan  4 08:00:00 2021\n"
    )

    assert read(box) == [("box, mail 1", b"Subject: one")]


def test_an_empty_file_is_an_empty_mbox(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.touch()

    assert read(box) == []


def test_a_maildir_is_read_without_what_is_still_being_delivered(tmp_path: Path) -> None:
    box = maildir(tmp_path / "box", new_2=b"Subject: b", cur_1=b"Subject: a", tmp_3=b"Subject: c")
    (box / "new" / ".hidden").write_bytes(b"Subject: d")

    assert read(box) == [("box/cur/1", b"Subject: a"), ("box/new/2", b"Subject: b")]


def test_a_mail_that_a_mail_program_moves_meanwhile_is_read_once(tmp_path: Path) -> None:
    box = maildir(tmp_path / "box", new_1=b"Subject: a", new_2=b"Subject: b")
    letters = read_mailbox(box)
    (box / "new" / "1").rename(box / "cur" / "1:2,S")
    (box / "new" / "2").unlink()

    assert list(letters) == [
        RawLetter("box/cur/1:2,S", b"Subject: a"),
        Unreadable("box/new/2", "No such file or directory"),
    ]


def test_a_mail_is_counted_once_where_it_lies_in_both_folders(tmp_path: Path) -> None:
    box = maildir(tmp_path / "box", new_1=b"Subject: a")
    (box / "cur" / "1:2,").write_bytes(b"Subject: a")

    assert read(box) == [("box/cur/1:2,", b"Subject: a")]


def test_pipes_links_and_folders_in_a_maildir_are_named_and_hold_nobody_up(tmp_path: Path) -> None:
    box = maildir(tmp_path / "box", new_4=b"Subject: a")
    os.mkfifo(box / "new" / "1")
    (box / "new" / "2").symlink_to("/etc/passwd")
    (box / "new" / "3").mkdir()

    assert list(read_mailbox(box)) == [
        Unreadable("box/new/1", "it is not a file"),
        Unreadable("box/new/2", "Too many levels of symbolic links"),
        Unreadable("box/new/3", "Is a directory"),
        RawLetter("box/new/4", b"Subject: a"),
    ]


def test_single_mails_are_read_alone_and_by_the_folder(tmp_path: Path) -> None:
    (tmp_path / "b.eml").write_bytes(b"\xef\xbb\xbfSubject: b")
    (tmp_path / "A.EML").write_bytes(b"Subject: a")
    (tmp_path / "notes.txt").write_bytes(b"Subject: no")

    assert read(tmp_path / "b.eml") == [("b.eml", b"\xef\xbb\xbfSubject: b")]
    assert [data for _, data in read(tmp_path)] == [b"Subject: a", b"\xef\xbb\xbfSubject: b"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0rest", "is a mail of Outlook's own kind (.msg), which cannot be read"),
        (b"!BDN....", "is a store of Outlook's own kind (.pst), which cannot be read here"),
        (b"PK\x03\x04", "is a zip archive, which cannot be read here"),
        (b"\x1f\x8b\x08", "is a compressed file, which cannot be read here"),
        (b"Kim;Berg\n", "is no mailbox: it does not begin as a mail does"),
        (b"\x00" * 100, "is no mailbox: it does not begin as a mail does"),
    ],
)
def test_what_is_no_mailbox_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)

    with pytest.raises(MailboxError) as raised:
        read_mailbox(file)

    assert raised.value.message.startswith(f"{file} {message}")
    assert raised.value.hint == (
        "name a Maildir (a folder with cur and new), an mbox, or mails saved as .eml"
    )


def test_a_missing_source_an_empty_folder_and_a_pipe_are_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    told = []
    for name in ("missing", "folder", "pipe"):
        with pytest.raises(MailboxError) as raised:
            read_mailbox(tmp_path / name)
        told.append(raised.value.message)

    assert told == [
        f"{tmp_path}/missing cannot be read: No such file or directory",
        f"{tmp_path}/folder holds neither a Maildir nor mails saved as .eml",
        f"{tmp_path}/pipe is no mailbox",
    ]


@pytest.mark.parametrize("line", [b"x" * 997 + b"\n", b"x" * 65_536, b"\n" * 1000])
def test_a_hundred_megabytes_are_streamed(tmp_path: Path, line: bytes) -> None:
    box = tmp_path / "box"
    with box.open("wb") as file:
        for name in (b"one", b"two"):
            file.write(b"From a Mon Jan  4 08:00:00 2021\nSubject: " + name + b"\n\n")
            chunk = line * (1_000_000 // len(line) + 1)
            for _ in range(50):
                file.write(chunk)
            file.write(b"\n\n")
    assert box.stat().st_size > 100_000_000

    tracemalloc.start()
    found = [each.data[:12] for each in read_mailbox(box) if isinstance(each, RawLetter)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert found == [b"Subject: one", b"Subject: two"]
    assert peak < 10 * LIMIT


def test_only_the_beginning_of_a_huge_mail_is_read(tmp_path: Path) -> None:
    mail = tmp_path / "huge.eml"
    with mail.open("wb") as file:
        file.write(b"Subject: one\n\n")
        file.truncate(10 * LIMIT)

    [letter] = read_mailbox(mail)

    assert isinstance(letter, RawLetter)
    assert len(letter.data) == LIMIT


def test_a_line_that_makes_patterns_slow_begins_no_mail(tmp_path: Path) -> None:
    line = b"From " + b"00:" * 20_000 + b"\rx\n"
    box = tmp_path / "box"
    box.write_bytes(b"From a 08:00 2021\nSubject: one\n\n" + line + b"\n" + line)

    assert read(box) == [("box, mail 1", b"Subject: one")]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("offset", range(-24, 3))
def test_a_mail_begins_wherever_the_pieces_that_are_read_end(
    tmp_path: Path, offset: int, end: bytes
) -> None:
    before = b"From a 08:00 2021" + end + b"Subject: one" + end * 2
    filler = b"x" * (256 * 1024 + offset - len(before))
    box = tmp_path / "box"
    box.write_bytes(before + filler + end * 2 + b"From b 08:00 2021" + end + b"Subject: two" + end)

    assert [place for place, _ in read(box)] == ["box, mail 1", "box, mail 2"]


@given(
    st.lists(st.sampled_from([b"From ", b"From a 08:00 2021", b"\n", b"\r\n", b"x"]), max_size=30)
)
def test_an_mbox_is_divided_as_line_by_line(parts: list[bytes]) -> None:
    data = b"From a 08:00 2021\n" + b"".join(parts)
    begun, blank = 0, True
    for line in data.splitlines(keepends=True) if b"\r" not in data else data.split(b"\n"):
        bare = line.rstrip(b"\r\n")
        begins = blank and (bare == b"From " or (bare.startswith(b"From ") and b"08:00" in bare))
        begun, blank = begun + begins, not bare and not begins

    assert sum(piece is None for piece in _pieces(io.BytesIO(data))) == begun
