"""What a relay's log proves: that a message was taken, and never by its absence."""

import gzip
import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smakom_mail.services.sending.relay_log import (
    LONGEST_LINE,
    LogReader,
    RelayLogError,
    read_postfix,
    reading_of,
)
from tests.conftest import ROOT

# As Postfix 3.7 wrote them: ok was taken, cut broke off before its dot, late behind it, refused was
# refused by the relay at the end, and held lies in its queue until somebody lets it go.
POSTFIX = """\
Nov 22 00:37:46 relay postfix/smtpd[13420]: connect from localhost[127.0.0.1]
Nov 22 00:37:46 relay postfix/smtpd[13420]: EC0A222693F: client=localhost[127.0.0.1]
Nov 22 00:37:47 relay postfix/cleanup[13423]: EC0A222693F: message-id=<ok@brev.example>
Nov 22 00:37:47 relay postfix/qmgr[13041]: EC0A222693F: from=<studs@s.example>, size=292, \
nrcpt=1 (queue active)
Nov 22 00:37:47 relay postfix/smtpd[13420]: 06958226940: client=localhost[127.0.0.1]
Nov 22 00:37:47 relay postfix/smtp[13425]: EC0A222693F: to=<asa@a.example>, \
relay=mx.a.example[192.0.2.1]:25, delay=0.07, delays=0.06/0.01/0/0, dsn=5.1.1, status=bounced \
(host mx.a.example[192.0.2.1] said: 550 5.1.1 no such user)
Nov 22 00:37:47 relay postfix/qmgr[13041]: EC0A222693F: removed
Nov 22 00:37:47 relay postfix/smtpd[13420]: lost connection after DATA (103 bytes) from \
localhost[127.0.0.1]
Nov 22 00:37:47 relay postfix/cleanup[13423]: 06958226940: message-id=<cut@brev.example>
Nov 22 00:37:47 relay postfix/submission/smtpd[13424]: 5092B22693F: client=localhost[127.0.0.1]
Nov 22 00:37:47 relay postfix-out/cleanup[13423]: 5092B22693F: message-id=<late@brev.example>
Nov 22 00:37:47 relay postfix-out/qmgr[13041]: 5092B22693F: from=<studs@s.example>, size=305, \
nrcpt=1 (queue active)
Nov 22 00:37:47 relay postfix/cleanup[13423]: 52090226940: message-id=<refused@brev.example>
Nov 22 00:37:47 relay postfix/cleanup[13423]: 52090226940: milter-reject: END-OF-MESSAGE from \
localhost[127.0.0.1]: 5.7.1 not wanted here; from=<studs@s.example> to=<asa@a.example>
Nov 22 00:37:47 relay postfix/cleanup[13423]: 5D56322693F: message-id=<held@brev.example>
"""
NONE = "--pattern is no regular expression"
OTHER_GROUPS = (
    "--pattern must have a group (?P<message_id>…), and may have (?P<queue_id>…) and "
    "(?P<status>…), but no other named one"
)
CUT_OFF = "Compressed file ended before the end-of-stream marker was reached"
IDS = ("ok", "cut", "late", "refused", "held", "absent")


def read(
    tmp_path: Path, *logs: str | bytes, pattern: str = "", ids: tuple[str, ...] = IDS
) -> LogReader:
    """Read logs for the messages <ID@brev.example>."""
    paths = []
    for number, text in enumerate(logs):
        path = tmp_path / f"mail.log.{number}"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        os.utime(path, (1000 + number, 1000 + number))
        paths.append(path)
    reading = reading_of(pattern) if pattern else read_postfix
    reader = LogReader([f"{id_}@brev.example" for id_ in ids], reading)
    reader.read_files(paths)
    return reader


def said(reader: LogReader) -> dict[str, str]:
    """Give what was found, by the first part of the id."""
    return {id_.partition("@")[0]: str(found) for id_, found in reader.found.items()}


def test_only_what_the_queue_had_was_taken(tmp_path: Path) -> None:
    reader = read(tmp_path, POSTFIX)

    assert said(reader) == {
        "ok": "mail.log.0, line 3: the relay took it as EC0A222693F; bounced "
        "(host mx.a.example[192.0.2.1] said: 550 5.1.1 no such user)",
        "cut": "mail.log.0, line 9: the relay read its beginning as 06958226940, "
        "and no line says it took it",
        "late": "mail.log.0, line 11: the relay took it as 5092B22693F",
        "refused": "mail.log.0, line 13: the relay read its beginning as 52090226940, "
        "and no line says it took it; milter-reject: END-OF-MESSAGE from localhost[127.0.0.1]: "
        "5.7.1 not wanted here; from=<studs@s.example> to=<asa@a.example>",
        "held": "mail.log.0, line 15: the relay read its beginning as 5D56322693F, "
        "and no line says it took it",
    }
    assert sorted(id_ for id_, found in reader.found.items() if found.taken) == [
        "late@brev.example",
        "ok@brev.example",
    ]
    assert (reader.lines, reader.relevant) == (15, 10)


@pytest.mark.parametrize("status", ["sent", "bounced", "deferred", "expired"])
@pytest.mark.parametrize("service", ["smtp", "lmtp", "virtual", "local", "pipe", "relay"])
def test_a_delivery_of_any_kind_shows_that_it_was_taken(
    tmp_path: Path, service: str, status: str
) -> None:
    log = (
        "2026-11-22T00:37:47.1+01:00 relay postfix/cleanup[1]: 4X8fQl1Qm0z2Dw: "
        "message-id=<ok@brev.example>\n"
        f"2026-11-22T00:37:47.1+01:00 relay postfix/{service}[2]: 4X8fQl1Qm0z2Dw: "
        f"to=<asa@a.example>, relay=x, delay=0.1, dsn=2.0.0, status={status} (said so)\n"
    )

    assert said(read(tmp_path, log)) == {
        "ok": f"mail.log.0, line 1: the relay took it as 4X8fQl1Qm0z2Dw; {status} (said so)"
    }


def test_an_id_of_the_queue_that_is_used_again_is_another_message(tmp_path: Path) -> None:
    log = """\
Nov 22 00:00:01 r postfix/cleanup[1]: ABCDEF1: message-id=<cut@brev.example>
Nov 22 00:00:09 r postfix/cleanup[1]: ABCDEF1: message-id=<other@elsewhere.example>
Nov 22 00:00:09 r postfix/qmgr[1]: ABCDEF1: from=<x@y.example>, size=1, nrcpt=1 (queue active)
Nov 22 00:00:09 r postfix/cleanup[1]: ABCDEF2: message-id=<ok@brev.example>
Nov 22 00:00:09 r postfix/qmgr[1]: ABCDEF2: removed
Nov 22 00:00:10 r postfix/smtp[1]: ABCDEF2: to=<x@y.example>, status=bounced (another's)
"""

    assert said(read(tmp_path, log)) == {
        "cut": "mail.log.0, line 1: the relay read its beginning as ABCDEF1, "
        "and no line says it took it",
        "ok": "mail.log.0, line 4: the relay took it as ABCDEF2",
    }


def test_a_later_try_of_the_same_message_decides(tmp_path: Path) -> None:
    log = """\
Nov 22 00:00:01 r postfix/cleanup[1]: ABCDEF1: message-id=<ok@brev.example>
Nov 22 00:00:01 r postfix/cleanup[1]: ABCDEF1: milter-reject: END-OF-MESSAGE: 4.7.1 later
Nov 22 00:10:01 r postfix/cleanup[1]: ABCDEF2: message-id=<ok@brev.example>
Nov 22 00:10:01 r postfix/qmgr[1]: ABCDEF2: from=<x@y.example>, size=1, nrcpt=1 (queue active)
"""

    assert said(read(tmp_path, log)) == {"ok": "mail.log.0, line 3: the relay took it as ABCDEF2"}


def test_what_a_line_quotes_is_not_what_the_relay_says(tmp_path: Path) -> None:
    log = """\
Nov 22 00:00:01 r postfix/cleanup[1]: ABCDEF1: message-id=<cut@brev.example>
Nov 22 00:00:02 r postfix/smtpd[1]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 550 5.1.1 \
<"/qmgr[1]: ABCDEF1: removed"@a.example>: no
Nov 22 00:00:02 r postfix/cleanup[1]: ABCDEF1: resent-message-id=<ok@brev.example>
Nov 22 00:00:02 r postfix/cleanup[1]: ABCDEF9: message-id=<x> message-id=<late@brev.example>
Nov 22 00:00:02 r postfix/smtpd[1]: ABCDEF1: client=x[192.0.2.1], sasl_username=removed
"""

    assert said(read(tmp_path, log)) == {
        "cut": "mail.log.0, line 1: the relay read its beginning as ABCDEF1, "
        "and no line says it took it"
    }


def test_several_logs_are_read_the_oldest_first_and_unpacked(tmp_path: Path) -> None:
    first, second = POSTFIX.split("Nov 22 00:37:47 relay postfix/qmgr", 1)
    packed = gzip.compress(first.encode()) + gzip.compress(b"Nov 22 of another day\n")
    reader = read(tmp_path, packed, "Nov 22 00:37:47 relay postfix/qmgr" + second)
    reader_of_reversed = LogReader(reader.wanted, read_postfix)
    reader_of_reversed.read_files([tmp_path / "mail.log.1", tmp_path / "mail.log.0"])

    assert said(reader)["ok"].startswith("mail.log.0, line 3: the relay took it as EC0A222693F")
    assert said(reader_of_reversed) == said(reader)


def test_a_hostile_log_is_harmless(tmp_path: Path) -> None:
    noise = [
        b"\0" * 5000
        + b"Nov 22 00:37:46 r postfix/cleanup[1]: ABCDEF1: message-id=<ok@brev.example>",
        b"x" * 1_000_000,
        b"Nov 22 00:37:46 r postfix/cleanup[1]: ABCDEF2: message-id=<" + b"a" * 1_000_000 + b">",
        b"\xff\xfe\x00[[[[" * 500,
        b"Nov 22 r postfix/cleanup[99999999999999]: ABCDEF3: message-id=<late@brev.example>",
        b"/cleanup[1]: : message-id=<cut@brev.example>",
        b"Nov 22 00:37:46 r postfix/qmgr[1]: ABCDEF1: removed\r",
    ]

    reader = read(tmp_path, b"\n".join(noise))

    assert said(reader) == {"ok": "mail.log.0, line 1: the relay took it as ABCDEF1"}
    assert reader.lines == 5  # two were longer than any line is


@given(st.lists(st.binary(max_size=300), min_size=3, max_size=3))
def test_other_lines_change_nothing_of_what_is_found(noise: list[bytes]) -> None:
    lines = [
        b"Nov 22 r postfix/cleanup[1]: ABCDEF1: message-id=<ok@brev.example>",
        b"Nov 22 r postfix/qmgr[1]: ABCDEF1: removed",
    ]
    reader = LogReader(["ok@brev.example"], read_postfix)

    mixed = [noise[0], lines[0], noise[1], lines[1], noise[2]]
    with TemporaryDirectory() as folder:
        log = Path(folder) / "mail.log"
        # No gzip by chance.
        log.write_bytes(b"\n" + b"\n".join(mixed))
        reader.read_files([log])

    assert [each.taken for each in reader.found.values()] == [True]


def test_a_line_of_the_longest_kind_is_read_and_the_next_one_too(tmp_path: Path) -> None:
    good = b"Nov 22 r postfix/cleanup[1]: ABCDEF1: message-id=<ok@brev.example>\n"
    for length in (LONGEST_LINE - 1, LONGEST_LINE, LONGEST_LINE + 1, 3 * 65536 + LONGEST_LINE):
        reader = read(tmp_path, b"x" * length + b"\n" + good)

        assert list(said(reader)) == ["ok"], length


# ------------------------------------------------------------------------------ other formats


def test_a_pattern_without_status_takes_each_line_that_it_finds_as_proof(tmp_path: Path) -> None:
    log = """\
2026-11-22 00:37:46 1vMabc-0001-XY <= studs@s.example H=x P=esmtp S=9 id=ok@brev.example
2026-11-22 00:37:47 1vMabc-0001-XY => asa@a.example R=dns T=remote_smtp H=mx.a.example
2026-11-22 00:37:48 1vMabd-0001-XY <= x@y.example H=x P=esmtp S=9 id=other@y.example
"""
    reader = read(tmp_path, log, pattern=r"(?P<queue_id>\S+) <= .* id=(?P<message_id>\S+)")

    assert said(reader) == {"ok": "mail.log.0, line 1: the relay took it as 1vMabc-0001-XY"}


def test_the_patterns_of_the_docs_read_what_they_say(tmp_path: Path) -> None:
    docs = (ROOT / "docs" / "sending.md").read_text(encoding="utf-8")
    exim, table = re.findall(r"^    --pattern '(.*)'$", docs, re.MULTILINE)
    received = "2026-11-22 00:37:46 1vMabc <= s@s.example H=x P=esmtp id=ok@brev.example\n"
    rows = '"<ok@brev.example>",asa@a.example,"Delivered"\ncut@brev.example,bo@a.example,deferral\n'

    assert said(read(tmp_path, received, pattern=exim)) == {
        "ok": "mail.log.0, line 1: the relay took it as 1vMabc"
    }
    assert said(read(tmp_path, rows, pattern=table)) == {
        "ok": "mail.log.0, line 1: the relay took it; Delivered",
        "cut": "mail.log.0, line 2: the relay read its beginning, and no line says it took it; "
        "deferral",
    }


@pytest.mark.parametrize(
    ("status", "taken"),
    [
        ("sent", True),
        ("Delivered", True),
        ("250", True),
        ("2.0.0", True),
        ("bounced", True),
        ("rejected", False),
        ("450", False),
        ("unsent", False),
        ("", False),
    ],
)
def test_with_a_status_its_word_decides(tmp_path: Path, status: str, taken: object) -> None:
    log = f'{{"id": "<ok@brev.example>", "event": "{status}"}}\n'
    pattern = r'"id": "(?P<message_id>[^"]*)", "event": "(?P<status>[^"]*)"'

    assert [each.taken for each in read(tmp_path, log, pattern=pattern).found.values()] == [taken]


def test_id_and_status_may_stand_on_two_lines_with_the_same_place_in_the_queue(
    tmp_path: Path,
) -> None:
    log = "q1 id=<ok@brev.example>\nq2 id=<cut@brev.example>\nq1 delivered\nq3 delivered\n"
    pattern = r"(?P<queue_id>q\d) (?:id=(?P<message_id>\S+)|(?P<status>\w+))"

    assert said(read(tmp_path, log, pattern=pattern)) == {
        "ok": "mail.log.0, line 1: the relay took it as q1; delivered",
        "cut": "mail.log.0, line 2: the relay read its beginning as q2, "
        "and no line says it took it",
    }


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("id=(", f"{NONE}: missing ), unterminated subpattern at position 3"),
        ("(?P<message_id>x{99999999999999999999})", f"{NONE}: the repetition number is too large"),
        ("id=(?P<id>x)", OTHER_GROUPS),
        ("(?P<message_id>x)(?P<stauts>y)", OTHER_GROUPS),
        ("", OTHER_GROUPS),
    ],
)
def test_a_pattern_that_is_none_is_said(pattern: str, message: str) -> None:
    with pytest.raises(RelayLogError) as caught:
        reading_of(pattern)

    assert caught.value.message == message


# -------------------------------------------------------------------------- files that are none


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(POSTFIX.encode())[:-9], CUT_OFF),
        (b"\x1f\x8bnot gzip at all", "Unknown compression method"),
    ],
)
def test_a_broken_archive_is_said(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(RelayLogError) as caught:
        read(tmp_path, data)

    log = tmp_path / "mail.log.0"
    assert caught.value.message == f"the log {log} cannot be read: {reason}"


def test_an_archive_of_another_kind_is_said_with_the_way_around(tmp_path: Path) -> None:
    with pytest.raises(RelayLogError) as caught:
        read(tmp_path, b"\xfd7zXZ\x00rest")

    assert caught.value.hint == (
        f"unpack it on the way: xz -dc {tmp_path}/mail.log.0 | smakom-mail reconcile EDITION "
        "--from /dev/stdin"
    )


def test_a_folder_or_nothing_is_no_log(tmp_path: Path) -> None:
    for path, reason in (
        (tmp_path, "Is a directory"),
        (tmp_path / "x", "No such file or directory"),
    ):
        with pytest.raises(RelayLogError) as caught:
            LogReader([], read_postfix).read_files([path])

        assert caught.value.message == f"the log {path} cannot be read: {reason}"
