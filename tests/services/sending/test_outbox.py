"""The outbox: a Maildir that any mail program opens, in which a message is whole or not at all."""

import mailbox
from pathlib import Path

import pytest

from smakom_mail.errors import WriteRefusedError
from smakom_mail.model.campaign import Kind
from smakom_mail.services.sending.outbox import Outbox, outbox_means
from smakom_mail.services.sending.running import run_campaign
from tests.services.sending.engines import Heard, campaign_of, hurried, store_of, tallied


def test_a_rehearsal_lies_in_the_outbox_as_whole_messages(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.open()
    with store_of(tmp_path / "project", 30) as store:
        campaign = campaign_of(store, kind=Kind.REHEARSAL)
        ran = run_campaign(store, campaign, outbox_means(outbox, "exempel"), Heard(), hurried())
    assert tallied(ran) == {"accepted": 30}
    read = mailbox.Maildir(outbox.folder, create=False)
    assert sorted(str(message["To"]) for message in read) == sorted(
        f"reader{number}@kommun.example" for number in range(1, 31)
    )


def test_only_what_bears_the_mark_is_cleared(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.open()
    for mark in ("januari", "februari", "januari"):
        outbox.add([b"Subject: x\r\n\r\n"], mark)
    assert outbox.clear("januari") == 2
    assert ["_februari." in path.name for path in (outbox.folder / "new").iterdir()] == [True]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "var" / "outbox")
    outbox.open()
    modes = [(outbox.folder / name).stat().st_mode & 0o777 for name in ("tmp", "new", "cur")]
    assert modes == [0o700] * 3


def test_a_message_that_cannot_be_written_leaves_no_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.open()

    def full(_path: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(WriteRefusedError) as caught:
        outbox.add([b"Subject: x\r\n\r\n"], "januari")
    expected = f"the outbox {outbox.folder} cannot be written: No space left on device"
    assert caught.value.message == expected
    assert [path for name in ("tmp", "new") for path in (outbox.folder / name).iterdir()] == []
