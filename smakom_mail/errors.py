"""What can go wrong for the one who runs the program, as opposed to the one who writes."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command (docs/configuration.md, "Exit codes")."""

    DONE = 0
    PROBLEM = 1
    USAGE = 2
    BUG = 3
    INCOMPLETE = 4
    INTERRUPTED = 130


class SmakomMailError(Exception):
    """A stated problem: what is wrong, where, and what to do about it.

    Shown as ``error: MESSAGE`` and ``hint: HINT``; the command ends with `exit_code`.
    """

    exit_code = ExitCode.PROBLEM

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the sentence that says what is wrong, and the one that says what to do."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class ProjectNotFoundError(SmakomMailError):
    """No smakom-mail.toml in this folder or above it."""


class EditionNotFoundError(SmakomMailError):
    """The named edition has no folder in newsletters/."""


class InvalidNameError(SmakomMailError):
    """A name that would not make a safe folder and web address."""


class WriteRefusedError(SmakomMailError):
    """Writing would destroy something, or the disk refuses it."""


class EngineError(SmakomMailError):
    """A rendering engine refused input that our own code made: a fault of the layout."""


class StoreError(SmakomMailError):
    """The database cannot be used as it is: where it lies, what it holds, or who has it."""


class CopyError(StoreError):
    """The database is a copy of another one, and may not send."""
