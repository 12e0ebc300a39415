"""A relay's log as evidence that it took a message: Postfix's lines, or those of a given pattern.

Only what shows that a message was taken settles anything. That the relay has *read* its
Message-ID shows nothing: Postfix writes that line too where the connection broke before the dot,
and then throws the message away. Proof is that the queue manager had it, or a delivery of it.
That a message is in no line proves nothing either: logs are rotated, and relays have several.
"""

import gzip
import io
import re
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from smakom_mail.errors import SmakomMailError

LONGEST_LINE = 8192
"""No relay writes longer lines; what is longer is left out."""
GROUPS = ("message_id", "queue_id", "status")
_SHOWN = 200
_MOST_QUEUED = 100_000
_STEP = 50_000
_PACKED = {b"\xfd7zXZ": "xz -dc", b"BZh": "bzip2 -dc", b"\x28\xb5\x2f\xfd": "zstd -dc"}
# The first bracket of a line is the process's, so that no text behind it can look like this.
_LINE = re.compile(
    rb"[^\[\]]{0,400}/([a-z-]{2,20})\[\d{1,10}\]: ([0-9A-Za-z]{5,30}): (\S.{0,4000})"
)
_MESSAGE_ID = re.compile(rb"message-id=<?([^\s<>]{3,500})>?$")
_QUEUED = re.compile(rb"from=<.*\(queue active\)$")
_STATUS = re.compile(rb"\bstatus=([a-z]{3,20})\b(?: ?\((.*)\))?")
_TOLD = re.compile(rb"(?:milter-)?(?:reject|discard|hold): ")
_TAKEN = re.compile(
    r"(?:sent|delivered|accepted|queued|deferred|bounced|expired|removed|2\d\d|2\.\d{1,3}\.\d{1,3})\b",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")

Progress = Callable[[str, int, int], None]


class RelayLogError(SmakomMailError):
    """A log that cannot be read, or a pattern that is none."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one line says: a message's id, its place in the queue, and that it was taken."""

    message_id: str = ""
    queue_id: str = ""
    taken: bool = False
    over: bool = False
    words: str = ""


@dataclass
class Evidence:
    """What a log says of one message; without `taken` it was seen, and no more is known.

    `where` is the line, `ended` what the relay did with it since, in its own words.
    """

    where: str
    queue_id: str = ""
    taken: bool = False
    ended: str = ""

    def __str__(self) -> str:
        """Give it in words."""
        queue = f" as {self.queue_id}" if self.queue_id else ""
        ended = f"; {self.ended}" if self.ended else ""
        if self.taken:
            return f"{self.where}: the relay took it{queue}{ended}"
        return (
            f"{self.where}: the relay read its beginning{queue}, and no line says it took it{ended}"
        )


Reading = Callable[[bytes], Said | None]


@dataclass
class LogReader:
    """Reads logs line by line and remembers what they say of some messages."""

    wanted: Collection[str]
    read: Reading
    progress: Progress = lambda _what, _done, _all: None
    found: dict[str, Evidence] = field(default_factory=dict)
    lines: int = 0
    relevant: int = 0
    """How many lines were of a message at all, anybody's."""
    _queued: dict[str, str] = field(default_factory=dict)

    def read_files(self, paths: Sequence[Path]) -> None:
        """Read files, packed with gzip or not, the oldest first. Raises RelayLogError."""
        for path in sorted(paths, key=_changed_at):
            try:
                with path.open("rb") as raw:
                    self._read_stream(path, _unpacked(path, raw))
            except (OSError, EOFError, zlib.error) as error:
                reason = getattr(error, "strerror", None) or str(error) or "it breaks off"
                raise RelayLogError(
                    f"the log {path} cannot be read: {reason}", "nothing was settled by it"
                ) from None

    def _read_stream(self, path: Path, stream: BinaryIO) -> None:
        for number, line in _lines(stream):
            self.lines += 1
            if self.lines % _STEP == 0:
                self.progress("reading the log", self.lines, 0)
            said = self.read(line)
            if said is not None:
                self.relevant += 1
                self._take(said, f"{path.name}, line {number}")

    def _take(self, said: Said, where: str) -> None:
        id_ = said.message_id
        if id_:
            # An id of the queue may be used again, for somebody else's message.
            self._queued.pop(said.queue_id, None)
            if id_ not in self.wanted:
                return
            if said.queue_id and len(self._queued) < _MOST_QUEUED:
                self._queued[said.queue_id] = id_
        elif not (id_ := self._queued.get(said.queue_id, "")):
            return
        before = self.found.get(id_)
        if before is None or (said.message_id and not before.taken):
            before = self.found[id_] = Evidence(where, said.queue_id)
        if before.queue_id == said.queue_id:
            before.taken |= said.taken
            before.ended = said.words or before.ended
        if said.over:
            self._queued.pop(said.queue_id, None)


def read_postfix(line: bytes) -> Said | None:
    """Read a line as Postfix writes it; None for one that is not about a message."""
    match = _LINE.match(line)
    if match is None:
        return None
    service, queue_id, text = match[1], match[2].decode("ascii"), match[3].strip()
    if service == b"cleanup":
        if found := _MESSAGE_ID.match(text):
            return Said(_text(found[1]), queue_id)
        return Said(queue_id=queue_id, words=_text(text)) if _TOLD.match(text) else None
    if text == b"removed":
        return Said(queue_id=queue_id, taken=True, over=True)
    if _QUEUED.match(text):
        return Said(queue_id=queue_id, taken=True)
    if found := _STATUS.search(text):
        words = _text(found[1]) + (f" ({_text(found[2])})" if found[2] else "")
        return Said(queue_id=queue_id, taken=True, words=words)
    return None


def reading_of(pattern: str) -> Reading:
    """Give what reads lines by a regular expression, searched for in each.

    Its groups: `message_id`, and where there is one `queue_id` and `status`. Without a group
    `status` each line that it finds says that the message was taken; with one its words decide.
    Raises RelayLogError.
    """
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise RelayLogError(
            f"--pattern is no regular expression: {error}", "see docs/sending.md for an example"
        ) from None
    named = set(compiled.groupindex)
    if "message_id" not in named or named - set(GROUPS):
        raise RelayLogError(
            "--pattern must have a group (?P<message_id>…), and may have (?P<queue_id>…) and "
            "(?P<status>…), but no other named one",
            r"such as 'id=<(?P<message_id>[^>]+)>'",
        )

    def read(line: bytes) -> Said | None:
        match = compiled.search(line.decode("utf-8", "replace").rstrip("\r\n").replace("\0", ""))
        if match is None:
            return None
        said = {name: (value or "").strip() for name, value in match.groupdict().items()}
        status = said.get("status", "")
        taken = bool(_TAKEN.match(status)) if "status" in named else bool(said["message_id"])
        id_ = said["message_id"].removeprefix("<").removesuffix(">")
        return Said(id_, said.get("queue_id", ""), taken, words=_shown(status))

    return read


def _text(data: bytes) -> str:
    return _shown(data.decode("utf-8", "replace"))


def _shown(text: str) -> str:
    shown = _CONTROL.sub(" ", text)
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each line of a usual length with its number; of a longer one nothing is kept."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        whole = line.endswith(b"\n") or len(line) < LONGEST_LINE
        if whole:
            # After a power loss a file may begin a line with zeros.
            yield number, line.lstrip(b"\0")
        while not whole:
            rest = stream.readline(1 << 16)
            whole = not rest or rest.endswith(b"\n")


def _unpacked(path: Path, raw: io.BufferedReader) -> BinaryIO:
    start = raw.peek(8)[:8]
    for magic, program in _PACKED.items():
        if start.startswith(magic):
            raise RelayLogError(
                f"the log {path} is packed in a way that is not read here",
                f"unpack it on the way: {program} {path} | smakom-mail reconcile EDITION "
                "--from /dev/stdin",
            )
    if start.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=raw))
    return raw


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0  # said when it is opened
