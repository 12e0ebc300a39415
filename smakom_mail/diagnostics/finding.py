"""A finding and the helpers that make one."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, runtime_checkable

from smakom_mail.diagnostics.messages import MESSAGES, Message
from smakom_mail.diagnostics.phrases import translate


class Severity(StrEnum):
    """How bad a finding is; an error keeps the edition from leaving."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


ENVIRONMENT = "environment"
"""In the place of a file: what stands in a variable, which the message names."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in the project: path with forward slashes, relative to the root; line from 1.

    A variable of the environment has no line (1) and no file (ENVIRONMENT).
    """

    file: str
    line: int = 1

    def __str__(self) -> str:
        """Give it as editors and terminals link it."""
        return self.file if self.file == ENVIRONMENT else f"{self.file}:{self.line}"


@runtime_checkable
class Saying(Protocol):
    """What says in one sentence, in either language, what is wrong: a finding, or its cause."""

    def message(self, language: str, /) -> str:
        """Give the sentence."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding; `kind` names its row in the table of messages.

    A value may be another finding, or a fault, that caused this one: its sentence is shown.
    """

    kind: str
    location: Location
    severity: Severity
    values: tuple[tuple[str, str | Saying], ...] = ()
    waived: str = ""

    @property
    def code(self) -> str:
        """The stable code, such as Q03 (docs/checks.md)."""
        return self._row.code

    def message(self, language: str) -> str:
        """Say in one sentence what is wrong."""
        return self._fill(self._row.sv if language == "sv" else self._row.en, language)

    def hint(self, language: str) -> str:
        """Say what to do about it; empty where the message says it all."""
        if self.waived:
            return ("godtaget: " if language == "sv" else "waived: ") + self.waived
        known, _, unknown = (
            self._row.hint_sv if language == "sv" else self._row.hint_en
        ).partition("¦")
        if dict(self.values).get("nearest") == "":
            return self._fill(unknown, language)
        return self._fill(known, language)

    def waive(self, reason: str) -> "Diagnostic":
        """Give the same finding as a note, with the editor's reason."""
        return replace(self, severity=Severity.NOTE, waived=reason)

    @property
    def _row(self) -> Message:
        return MESSAGES[self.kind]

    def _fill(self, sentence: str, language: str) -> str:
        values = {
            name: translate(name, value, language)
            if isinstance(value, str)
            else value.message(language)
            for name, value in self.values
        }
        return sentence.format(**values).strip()


def finding(kind: str, file: str, line: int = 1, /, **values: object) -> Diagnostic:
    """Make the finding `kind` at `file`:`line`, with the severity of the table.

    `values` fill the message; a value `nearest` that is empty selects the part of the hint
    behind ``¦``, which has no name to suggest. ``reason`` and ``expected`` are given in English
    and shown in the reader's language (phrases.py).
    """
    return Diagnostic(
        kind=kind,
        location=Location(file, max(line, 1)),
        severity=Severity(MESSAGES[kind].severity),
        values=tuple(
            (name, value if isinstance(value, Saying) else str(value))
            for name, value in values.items()
        ),
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """Give the known name that `name` was most likely meant to be, or nothing."""
    by_fold = {candidate.casefold(): candidate for candidate in sorted(known, reverse=True)}
    found = difflib.get_close_matches(name.casefold(), sorted(by_fold), n=1, cutoff=0.5)
    return by_fold[found[0]] if found else ""


_ONCE = ("seed-undated", "seed-without-publisher")
"""What is true of a seed wherever it is quoted: said at the first place only."""


def in_order(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by file and line, worst first on one line, and drop repeats."""
    rank = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    ordered = sorted(
        dict.fromkeys(findings),
        key=lambda f: (f.location, rank[f.severity], f.code, f.kind, str(f.values)),
    )
    first = {(f.kind, f.values): f for f in reversed(ordered) if f.kind in _ONCE}
    return tuple(f for f in ordered if first.get((f.kind, f.values), f) is f)
