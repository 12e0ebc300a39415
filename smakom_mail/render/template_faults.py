"""What is found in a template before its file is known: kept with the text, so it can be cached."""

from dataclasses import dataclass, field

from smakom_mail.diagnostics import Diagnostic, finding
from smakom_mail.render.template_source import TemplateSource

MOST = 20
"""So many faults of one template are told: after them the rest is guesswork."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding without its file."""

    kind: str
    line: int
    values: tuple[tuple[str, str], ...]

    def at(self, file: str) -> Diagnostic:
        """Give the finding in `file`."""
        return finding(self.kind, file, self.line, **dict(self.values))


@dataclass(slots=True)
class Faults:
    """Collects the faults of one template."""

    source: TemplateSource
    found: list[Fault] = field(default_factory=list)

    @property
    def many(self) -> bool:
        """Whether it is enough."""
        return len(self.found) >= MOST

    def add(self, kind: str, at: int, **values: object) -> None:
        """Note the fault `kind` at the place `at`; its line and column are added."""
        line, column = self.source.place(at)
        texts = {name: str(value) for name, value in values.items()}
        self.found.append(Fault(kind, line, tuple({"column": str(column), **texts}.items())))

    def line(self, at: int) -> int:
        """Give the line of a place."""
        return self.source.place(at)[0]
