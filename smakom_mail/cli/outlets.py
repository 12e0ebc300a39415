"""stdout and stderr that outlive their reader: what nobody can read any more is dropped.

A sending must not end because `head` has seen enough, a terminal is gone or the disk of its log is
full. So writing to a closed pipe succeeds, at the lowest layer: a command goes on, and ends with
the exit code that it has without a pipe. A result that a full disk cuts off is a stated problem.
"""

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from smakom_mail.errors import WriteRefusedError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_STDERR = 2


class Outlet(io.FileIO):
    """A file descriptor whose reader may go away."""

    def __init__(self, descriptor: int) -> None:
        """Take a descriptor, and leave it open."""
        super().__init__(descriptor, "w", closefd=False)
        self._terminal = os.isatty(descriptor)
        self._full = False

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write, or drop what can reach nobody. Raises WriteRefusedError, once."""
        try:
            return super().write(data)
        except OSError as error:
            if not (self._full or self._drops(error)):
                self._full = True
                raise WriteRefusedError(
                    f"the output cannot be written: {error.strerror}",
                    "make room, or lead it elsewhere; what was done before stays done",
                ) from error
            return memoryview(data).nbytes

    def _drops(self, error: OSError) -> bool:
        gone = error.errno == errno.EPIPE or (self._terminal and error.errno == errno.EIO)
        return gone or self.fileno() == _STDERR


def outlive_readers() -> None:
    """Let stdout and stderr of this process outlive their readers."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _open_closed()
    sys.stdout = _outliving(sys.stdout)
    sys.stderr = _outliving(sys.stderr)


def _open_closed() -> None:
    """Lead what was closed beforehand nowhere; else the next file that is opened would be it."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        pass
    os.close(descriptor)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115 - it stays open
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115 - as above
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115 - as above


def _outliving(stream: TextIO) -> TextIO:
    """Give a stream like this one over an Outlet; what is no plain file stays as it is."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is not io.FileIO:
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(Outlet(raw.fileno())),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
