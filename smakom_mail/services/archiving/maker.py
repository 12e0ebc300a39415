"""The process that makes the archive, as the server that waits for it sees it."""

import dataclasses
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from smakom_mail.errors import SmakomMailError
from smakom_mail.services.archiving.making import Job

LIMIT = 120.0
"""Seconds in which the process must say something: an edition takes a tenth of one."""
_LOOK = 1.0
_PROGRAM = "from smakom_mail.services.archiving.making import main; main()"


class MakingEndedError(SmakomMailError):
    """The process ended, or was ended, without an archive; `at` is the edition it had begun."""

    def __init__(self, message: str, at: str) -> None:
        """Keep what it was at."""
        super().__init__(message)
        self.at = at


class Maker:
    """Begins the process, and begins it anew without the edition that ended it."""

    def __init__(self, root: Path, environment: Mapping[str, str], limit: float = LIMIT) -> None:
        """Prepare; nothing runs before `make`."""
        self.at = ""
        """The edition that the process has in hand."""
        self._root = root
        self._environment = dict(environment)
        self._limit = limit
        self._closed = False
        self._turn = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def make(
        self, published: Collection[str], state: str, meanwhile: Callable[[], None]
    ) -> dict[str, str]:
        """Make the archive below ``var/``; give what was wrong, by edition.

        `meanwhile` is called about once a second. Raises SmakomMailError where there is none.
        """
        skip: list[str] = []
        while True:
            job = Job(str(self._root), sorted(published), state, skip)
            try:
                return self._made(job, meanwhile)
            except MakingEndedError as error:
                if not error.at or error.at in skip or self._closed:
                    raise
                skip.append(error.at)

    @property
    def pid(self) -> int:
        """The number of the process, 0 before there was one."""
        return self._process.pid if self._process else 0

    def close(self) -> None:
        """End the process, if it runs; no other begins."""
        with self._turn:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def _made(self, job: Job, meanwhile: Callable[[], None]) -> dict[str, str]:
        process = self._begin(job)
        self.at = ""
        try:
            for said in _sayings(process, self._limit, meanwhile):
                if "faults" in said:
                    return dict(said["faults"])
                if "trouble" in said:
                    raise SmakomMailError(str(said["trouble"]))
                self.at = str(said.get("at", self.at))
        finally:
            process.kill()
            code = process.wait()
            with suppress(OSError):
                for stream in (process.stdin, process.stdout):
                    if stream is not None:
                        stream.close()
        raise MakingEndedError(f"the program that makes it ended with {code}", self.at)

    def _begin(self, job: Job) -> "subprocess.Popen[str]":
        # -P: no file of the project is taken for a module. A session of its own: Ctrl-C is for us.
        command = [sys.executable, "-P", "-c", _PROGRAM]
        with self._turn:
            if self._closed:
                raise SmakomMailError("the server ends")
            try:
                process = subprocess.Popen(  # noqa: S603 - our own program
                    command,
                    env=self._environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    encoding="utf-8",
                    start_new_session=True,
                )
            except OSError as error:
                raise SmakomMailError(f"no process can be begun: {error.strerror}") from error
            self._process = process
        with suppress(OSError):  # it is gone already, which is seen at once
            if process.stdin is not None:
                process.stdin.write(json.dumps(dataclasses.asdict(job)) + "\n")
                process.stdin.flush()
        return process


def _sayings(
    process: "subprocess.Popen[str]", limit: float, meanwhile: Callable[[], None]
) -> Iterator[dict[str, Any]]:
    """Give what the process says until it ends, or has said nothing for `limit` seconds."""
    heard: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_hear, args=(process, heard), daemon=True).start()
    silent = 0.0
    while silent < limit:
        try:
            line = heard.get(timeout=_LOOK)
        except queue.Empty:
            silent += _LOOK
            meanwhile()
            continue
        if line is None:
            return
        silent = 0.0
        with suppress(ValueError):
            yield dict(json.loads(line))


def _hear(process: "subprocess.Popen[str]", heard: "queue.SimpleQueue[str | None]") -> None:
    with suppress(OSError, ValueError):
        for line in process.stdout or ():
            heard.put(line)
    heard.put(None)
