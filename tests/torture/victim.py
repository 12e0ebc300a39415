"""The program smakom-mail, which kills itself at the Nth commit: the process of a crash test.

    python -m tests.torture.victim --die-at N --when before|after [--unlocked] -- send EDITION --yes

The installed program knows nothing of it: the wrapper is put around its Database here. With
`--unlocked` no program holds an edition for itself, so that two senders really run at once. Without
`--die-at` it tells on stderr how many commits there were.
"""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Iterator

from smakom_mail.cli import main as smakom_mail
from smakom_mail.services.sending import resuming, starting
from smakom_mail.store.database import Database


class Commits:
    """Counts the transactions of this process, and ends it at one of them."""

    def __init__(self, die_at: int, when: str) -> None:
        """Take the number of the commit, and whether to die before or after it."""
        self.number = 0
        self._die_at = die_at
        self._when = when

    def wrap(self) -> None:
        """Put this around every transaction of the program."""
        original = Database.transaction

        @contextlib.contextmanager
        def transaction(database: Database) -> Iterator[None]:
            with original(database):
                yield
                self.number += 1
                self._die("before")
            self._die("after")

        setattr(Database, "transaction", transaction)  # noqa: B010 - a method is not assigned to

    def _die(self, when: str) -> None:
        if self.number == self._die_at and when == self._when:
            os.kill(os.getpid(), signal.SIGKILL)


def unlock() -> None:
    """Let any number of programs have an edition in hand."""

    def held(_store: object, _edition: str) -> "contextlib.AbstractContextManager[None]":
        return contextlib.nullcontext()

    for module in (starting, resuming):
        vars(module)["held"] = held


def main() -> None:
    """Run one command of smakom-mail."""
    own, _, theirs = " ".join(sys.argv[1:]).partition("-- ")
    parser = argparse.ArgumentParser()
    parser.add_argument("--die-at", type=int, default=0)
    parser.add_argument("--when", choices=["before", "after"], default="before")
    parser.add_argument("--unlocked", action="store_true")
    options = parser.parse_args(own.split())
    commits = Commits(options.die_at, options.when)
    commits.wrap()
    if options.unlocked:
        unlock()
    try:
        smakom_mail(theirs.split())
    finally:
        sys.stderr.write(f"commits: {commits.number}\n")


if __name__ == "__main__":
    main()
