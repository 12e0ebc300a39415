"""The rows of the result and the table that is printed of them."""

from collections.abc import Iterable
from dataclasses import dataclass

TIMES = ("wall ms", "CPU ms")
RATES = ("messages/s", "CPU s per 1,000")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; `met` is None where there is no value to reach."""

    what: str
    wall: str = ""
    cpu: str = ""
    reach: str = ""
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The line's five cells."""
        verdict = {True: "met", False: "not met", None: ""}[self.met]
        return self.what, self.wall, self.cpu, self.reach, verdict


def table(rows: Iterable[Row], columns: tuple[str, str] = TIMES) -> str:
    """Write the rows as a Markdown table that is as readable on a terminal.

    `columns` name what stands for each row's wall and CPU time.
    """
    cells = [("what", *columns, "reach", ""), *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    right = (0, 1, 1, 0, 0)  # the columns of numbers
    lines = [
        [
            f"{cell:>{w}}" if r else f"{cell:{w}}"
            for cell, w, r in zip(line, widths, right, strict=True)
        ]
        for line in cells
    ]
    rule = ["-" * (w - r) + ":" * r for w, r in zip(widths, right, strict=True)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))
