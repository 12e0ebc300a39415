"""TOML with line numbers and strict keys.

`tomllib` tells the line of a syntax error only; a finding about a *value* needs its line
too, so `TomlText.line` looks the key up in the text.
"""

import datetime as dt
import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from smakom_mail.diagnostics import Diagnostic, finding, nearest

_HEADER = re.compile(r"^\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
# A key of a hundred parts: tomllib takes the square of the time for them, and tables in tables
# as deep as that cannot be shown.
_DEEP_KEY = re.compile(r"""(?<![\w."'-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){100}""")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_.-]+)\s*=""")
# What never stands in a line of text: controls, bidi controls, line and paragraph separators.
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]"
)
_POSITION = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Key:
    r"""What a key may hold: `kind` is text, line, texts, number, date, month, flag, table, tables.

    A ``line`` is text without control characters, written escapes such as ``\n`` included;
    where it is required it is not empty.
    """

    kind: str
    example: str
    required: bool = False


@dataclass(slots=True)
class TomlText:
    """A parsed TOML file and its findings; `data` is empty when the syntax is broken."""

    file: str
    text: str
    data: dict[str, Any] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)
    broken: bool = False
    _places: dict[tuple[str | int, ...], int] | None = None

    def line(self, *path: str | int) -> int:
        """Give the line of a key or table: ``line("sender", "email")``, ``line("social", 0)``.

        Falls back to the closest part of the path that stands in the text, then to 1.
        """
        if self._places is None:
            self._places = self._index()
        lines = self._places
        for length in range(len(path), 0, -1):
            if path[:length] in lines:
                return lines[path[:length]]
        return 1

    def _index(self) -> dict[tuple[str | int, ...], int]:
        found: dict[tuple[str | int, ...], int] = {}
        counts: dict[str, int] = {}
        table: tuple[str | int, ...] = ()
        quoting = False
        for number, line in enumerate(self.text.split("\n"), 1):
            toggles = (line.count('"""') + line.count("'''")) % 2 == 1
            if quoting:
                quoting = not toggles
                continue
            if header := _HEADER.match(line):
                name = header[2].replace('"', "").replace("'", "").strip()
                table = tuple(part.strip() for part in name.split("."))
                if header[1] == "[[":
                    table = (*table, counts.setdefault(name, 0))
                    counts[name] += 1
                found.setdefault(table[:1], number)
                found.setdefault(table, number)
            elif key := _KEY.match(line):
                name = key[1].strip("\"'")
                found.setdefault((*table, *name.split(".")), number)
                found.setdefault((*table, name.split(".")[0]), number)
                quoting = toggles
        return found


def parse_toml(file: str, text: str) -> TomlText:
    """Parse `text`; a syntax error becomes a finding with its line, and empty data."""
    result = TomlText(file, text)
    if deep := _DEEP_KEY.search(text):
        result.broken = True
        line = text.count("\n", 0, deep.start()) + 1
        result.findings.append(finding("toml-syntax", file, line, reason="too deeply nested"))
        return result
    try:
        result.data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        result.broken = True
        message = str(error)
        position = _POSITION.search(message)
        last = max(text.count("\n"), 0) + (0 if text.endswith("\n") else 1)
        line = int(position[1]) if position and position[1] else last
        reason = _POSITION.sub("", message)
        result.findings.append(finding("toml-syntax", file, line, reason=reason))
    except ValueError:
        # The one fault of a value that tomllib lets through: int() refuses over 4,300 digits.
        result.broken = True
        result.findings.append(
            finding("toml-syntax", file, _long_number(text), reason="a number is too long")
        )
    except RecursionError:
        result.broken = True
        result.findings.append(finding("toml-syntax", file, 1, reason="too deeply nested"))
    return result


def _long_number(text: str) -> int:
    found = re.search(r"[\d_]{4301}", text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def read_table(
    toml: TomlText,
    raw: Mapping[str, Any],
    keys: Mapping[str, Key],
    path: tuple[str | int, ...] = (),
) -> dict[str, Any]:
    """Give the good values of one table; unknown keys, wrong types and gaps become findings."""
    good: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in keys:
            toml.findings.append(_unknown(toml, keys, (*path, name)))
        elif (clean := _check(keys[name].kind, value)) is None or _hollow(keys[name], clean):
            toml.findings.append(bad_value(toml, keys, (*path, name), value))
        else:
            good[name] = clean
    if not toml.broken:
        toml.findings += [
            _missing(toml, name, key, path)
            for name, key in keys.items()
            if key.required and name not in raw
        ]
    return good


def _unknown(toml: TomlText, keys: Mapping[str, Key], path: tuple[str | int, ...]) -> Diagnostic:
    name = str(path[-1])
    return finding(
        "unknown-key",
        toml.file,
        toml.line(*path),
        key=name,
        where=_where(path[:-1]),
        nearest=nearest(name, keys),
        known=", ".join(keys),
    )


def _missing(toml: TomlText, name: str, key: Key, path: tuple[str | int, ...]) -> Diagnostic:
    return finding(
        "missing-key",
        toml.file,
        toml.line(*path) if path else 1,
        key=name,
        where=_where(path),
        example=_example((*path, name), key),
    )


def _example(path: tuple[str | int, ...], key: Key) -> str:
    name = ".".join(part for part in path if isinstance(part, str))
    if key.kind == "tables":
        return f"[[{name}]]"
    return f"[{name}]" if key.kind == "table" else f"{path[-1]} = {key.example}"


def bad_value(
    toml: TomlText,
    keys: Mapping[str, Key],
    path: tuple[str | int, ...],
    value: object,
    expected: str = "",
) -> Diagnostic:
    """Make the finding that a value is not what its key holds."""
    name = str(path[-1])
    key = keys[name]
    return finding(
        "bad-value",
        toml.file,
        toml.line(*path),
        key=name,
        expected=expected or _EXPECTED[key.kind],
        value=shown(value),
        example=_example(path, key),
    )


_EXPECTED = {
    "text": "text",
    "line": "text on one line",
    "texts": "a list of text",
    "number": "a whole number above 0",
    "date": "a date",
    "month": "a date or a month",
    "flag": "true or false",
    "table": "a table",
    "tables": "a list of tables",
}


def _check(kind: str, value: object) -> Any:  # noqa: ANN401 - whatever the kind asks for
    match kind:
        case "text" if isinstance(value, str):
            return unicodedata.normalize("NFC", value).strip()
        case "line" if isinstance(value, str) and not _CONTROL.search(value.strip()):
            return unicodedata.normalize("NFC", value).strip()
        case "texts" if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(unicodedata.normalize("NFC", v) for v in value)
        case "date":
            return _date(value)
        case "month":
            date = _date(value)
            if date:
                return date.isoformat()
            return value if isinstance(value, str) and _is_month(value) else None
        case "flag" | "number" if isinstance(value, int) and _fits(kind, value):
            return value
        case "table" if isinstance(value, dict):
            return value
        case "tables" if isinstance(value, list) and all(isinstance(v, dict) for v in value):
            return value
    return None


def _fits(kind: str, value: int) -> bool:
    """Say whether a bool is a flag, or an int a number: to Python a bool is an int too."""
    return isinstance(value, bool) if kind == "flag" else not isinstance(value, bool) and value > 0


def _hollow(key: Key, value: object) -> bool:
    return key.required and key.kind == "line" and value == ""


def _date(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return None
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _is_month(value: str) -> bool:
    return len(value) == len("2021-01") and _date(f"{value}-01") is not None


def _where(path: tuple[str | int, ...]) -> str:
    names = ".".join(part for part in path if isinstance(part, str))
    return f" [{names}]" if names else ""


def shown(value: object) -> str:
    """Give a value as it stands in TOML or JSON, at most 40 characters of it."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:39] + "…"
