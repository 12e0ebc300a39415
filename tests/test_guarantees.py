"""What docs/guarantees.md promises names the tests that hold it, and they are there."""

import re

import pytest

from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
PROMISES = dict(
    re.findall(r"^\*\*(\d+)\. (.+?)(?=^\*\*\d+\. |^Beside these)", TEXT, re.MULTILINE | re.DOTALL)
)
A_TEST = re.compile(r"def test_|^Test\w* = ", re.MULTILINE)
CITED = re.compile(r"`(tests/[\w./]+)`")


def test_every_promise_is_found() -> None:
    assert list(PROMISES) == ["1", "2", "3", "4", "5", "7", "8", "9", "10", "11", "12"]


@pytest.mark.parametrize("number", PROMISES)
def test_every_promise_names_the_tests_that_hold_it(number: str) -> None:
    assert CITED.findall(PROMISES[number])


@pytest.mark.parametrize("cited", sorted(set(CITED.findall(TEXT))))
def test_every_test_that_is_named_is_there(cited: str) -> None:
    path = ROOT / cited
    files = [path] if path.suffix else sorted(path.glob("**/test_*.py"))

    assert files
    assert all(A_TEST.search(file.read_text(encoding="utf-8")) for file in files)
