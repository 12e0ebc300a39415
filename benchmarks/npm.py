"""npm mjml and juice, warm in a Node process of their own that works when it is told to."""

import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).resolve().parent
FILES = ("source.mjml", "inline.css", "npm.html")


class NpmMissingError(Exception):
    """Npm's rows cannot be measured; the message says why."""


def chain_command(folder: Path) -> list[str]:
    """Give the command that makes npm.html of the two files in `folder`: see chain.mjs."""
    node = shutil.which("node")
    if node is None:
        raise NpmMissingError("node is not installed")
    if not all((HERE / "node_modules" / name).is_dir() for name in ("mjml", "juice")):
        raise NpmMissingError("benchmarks/node_modules is not installed (npm ci)")
    return [node, str(HERE / "chain.mjs"), *(str(folder / name) for name in FILES)]


class NpmChain:
    """The running process; leave the context to have its last page written."""

    def __init__(self, source: str, inline_css: str, folder: Path) -> None:
        """Start it on this MJML and CSS; raise NpmMissingError where that cannot be."""
        command = chain_command(folder)
        (folder / FILES[0]).write_text(source, encoding="utf-8")
        (folder / FILES[1]).write_text(inline_css, encoding="utf-8")
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8")
        self._page = folder / FILES[2]
        self.versions: dict[str, str] = self._answer()

    def __enter__(self) -> Self:
        """Do rounds inside."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the process."""
        self._process.communicate()

    def round(self) -> dict[str, float]:
        """Make the mail once; give the CPU milliseconds of mjml, juice and the whole chain."""
        if self._process.stdin is not None:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        answer: dict[str, float] = self._answer()
        return answer

    def page(self) -> str:
        """Give the last page, when the process has ended."""
        return self._page.read_text(encoding="utf-8")

    def _answer(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise NpmMissingError(f"node ended with {self._process.wait()}")
        return json.loads(line)
