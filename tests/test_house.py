"""The house rules that a machine can hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.conftest import ROOT

PACKAGE = ROOT / "smakom_mail"
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# Names that say nothing about what is inside.
HOLLOW_NAMES = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
IGNORE = re.compile(r"# (noqa|type: ignore|pragma: no)\b")
REASONED_IGNORE = re.compile(
    r"# (noqa: [A-Z]+\d+(, [A-Z]+\d+)*|type: ignore\[[a-z, -]+\]|pragma: no \w+) +(#|-+) +\w"
)


def shown(path: Path) -> str:
    """Give a file's name as seen from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def listed(advice: str, faults: list[str]) -> str:
    """Write every fault on a line of its own, under what to do about them."""
    return "\n".join([f"{advice}:", *faults])


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines, its signature and docstring among them."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_every_import_goes_down(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT)  # lint_imports adds the folder too, but leaves it there
    exit_code = lint_imports(no_cache=True, no_logo=True)
    assert exit_code == 0, capsys.readouterr().out


def test_no_file_is_too_long() -> None:
    lines = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    long = [f"{name} has {n} lines" for name, n in lines.items() if n > LONGEST_FILE]
    assert not long, listed(f"split by noun what has more than {LONGEST_FILE} lines", long)


def test_no_function_is_too_long() -> None:
    long = [
        f"{shown(path)}:{function.lineno}: {function.name} has {length(function)} lines"
        for path in FILES
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION
    ]
    assert not long, listed(f"split by verb what has more than {LONGEST_FUNCTION} lines", long)


def test_every_module_has_a_name_that_says_what_it_holds() -> None:
    named = {path: path.parent.name if path.stem == "__init__" else path.stem for path in FILES}
    hollow = [shown(path) for path, name in named.items() if name in HOLLOW_NAMES]
    assert not hollow, listed("name after what is inside", hollow)


def test_every_ignored_finding_has_its_reason() -> None:
    bare = [
        f"{shown(path)}:{number}: {line.strip()}"
        for path in [*FILES, *sorted((ROOT / "tests").rglob("*.py"))]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if IGNORE.search(line) and not REASONED_IGNORE.search(line)
    ]
    assert not bare, listed(
        "write why after the code: # noqa: S105 - a file's key, no secret", bare
    )


def test_nothing_names_a_registry() -> None:
    """A lock file may hold names, versions and hashes, but no address to fetch them from."""
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert not re.search(r"^\s*--(?!hash)", text, re.MULTILINE)
        assert len(re.findall(r"^\S+==", text, re.MULTILINE)) <= text.count("--hash=sha256:")
