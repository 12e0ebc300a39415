"""The installed program as a process: told to stop, and out of room while it sends."""

import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.receiving import EDITION
from tests.torture.rig import Newsletter, SinkProcess, running_sink

READERS = 400


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Newsletter]:
    """Make a newsletter for 400 readers, and a sink that is not fast."""
    with running_sink(tmp_path / "sink", 1, delay=20.0) as sink:
        yield Newsletter.made(tmp_path / "project", sink, READERS, connections=4)


def wait_for(sink: SinkProcess, number: int) -> None:
    """Wait until so many messages were taken."""
    while sum(sink.since()[0].values()) < number:
        time.sleep(0.01)


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_sender_that_is_told_to_stop_leaves_nobody_in_doubt(
    mail: Newsletter, name: signal.Signals
) -> None:
    with mail.start("send", EDITION, "--yes") as process:
        wait_for(mail.sink, 40)
        process.send_signal(name)
        _out, err = process.communicate()
    assert process.returncode == 4
    assert f"{EDITION}: stopped: the program was told to stop" in err
    found = mail.compared(READERS).states
    assert set(found) == {"accepted", "waiting"}
    mail.finish()
    assert mail.compared(READERS).states == {"accepted": READERS}


def test_a_disk_without_room_stops_the_sender_and_nobody_gets_it_twice(mail: Newsletter) -> None:
    """No file of the process may grow any more; after a moment there is room again."""
    with mail.start("send", EDITION, "--yes") as process:
        wait_for(mail.sink, 40)
        _soft, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, hard))
        while mail.sink.process.poll() is None and process.poll() is None:
            size = mail.sink.size
            time.sleep(0.5)
            if mail.sink.size == size:
                break
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        _out, err = process.communicate()
    assert process.returncode == 4
    assert f"{EDITION}: nothing more is sent: " in err
    assert "Traceback" not in err
    found = mail.compared(READERS).states
    assert set(found) == {"accepted", "waiting"}
    mail.finish()
    assert mail.compared(READERS).states == {"accepted": READERS}
