"""Turn ``:::`` blocks into typed ones: event, deadline, numbers, person; partner is in tree."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smakom_mail.config.addresses import is_address
from smakom_mail.content.directive import Directive, read_entry
from smakom_mail.content.rules import address_problem
from smakom_mail.diagnostics import Diagnostic, finding, nearest
from smakom_mail.locale import Period, bind, parse_period
from smakom_mail.model.document import (
    Block,
    Deadline,
    Event,
    KeyFigure,
    Numbers,
    Person,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class _Shape:
    """The keys of a block: which there are, which must be there, which may come again."""

    keys: tuple[str, ...]
    required: tuple[tuple[str, str], ...] = ()
    repeated: tuple[str, ...] = ()


SHAPES = {
    "excerpt": _Shape(("from", "to", "paragraphs", "title", "fix", "link"), (), ("fix", "link")),
    "event": _Shape(
        ("title", "date", "time", "place", "link"),
        (("title", "title: Vårmötet"), ("date", "date: 21–23 april 2021")),
    ),
    "deadline": _Shape(
        ("title", "date", "to"),
        (("title", "title: Lämna synpunkter"), ("date", "date: 26 februari 2021")),
    ),
    "person": _Shape(("name", "role", "mail", "telephone"), (("name", "name: Kim Exempel"),)),
}
NAMES = (*SHAPES, "numbers", "partner")


def check_shape(directive: Directive, file: str) -> list[Diagnostic]:
    """Say what is wrong with a block's lines, each at its own."""
    shape = SHAPES[directive.name]
    findings = [] if directive.name == "excerpt" else _argument(directive, file, shape.keys[0])
    seen: set[str] = set()
    for number, text in directive.lines:
        entry = read_entry(text, number)
        if entry is None:
            example = f"{shape.keys[0]}: …"
            findings.append(finding("block-line", file, number, text=text.strip(), example=example))
        elif entry.key not in shape.keys:
            findings.append(
                finding(
                    "block-key-unknown",
                    file,
                    number,
                    block=directive.name,
                    key=entry.key,
                    nearest=nearest(entry.key, shape.keys),
                    known=", ".join(shape.keys),
                )
            )
        elif entry.key in seen and entry.key not in shape.repeated:
            findings.append(finding("block-key-repeated", file, number, key=entry.key))
        seen.add(entry.key if entry else "")
    findings += [
        finding(
            "block-key-missing",
            file,
            directive.line,
            block=directive.name,
            key=key,
            example=example,
        )
        for key, example in shape.required
        if not directive.value(key)
    ]
    return findings


def _argument(directive: Directive, file: str, key: str) -> list[Diagnostic]:
    """Say that words beside the block's name are not part of it."""
    if not directive.argument:
        return []
    words = directive.argument
    example = f"{key}: {words}"
    return [finding("block-line", file, directive.line, text=words, example=example)]


def make_block(
    directive: Directive, file: str, language: str
) -> tuple[Block | None, list[Diagnostic]]:
    """Make the block that a directive stands for; None where too much is missing."""
    if directive.name == "numbers":
        return _numbers(directive, file, language)
    findings = check_shape(directive, file)
    makers: dict[str, Callable[[Directive, str], tuple[Block | None, list[Diagnostic]]]] = {
        "event": _event,
        "deadline": _deadline,
        "person": _person,
    }
    block, faults = makers[directive.name](directive, file)
    return block, findings + faults


def _numbers(
    directive: Directive, file: str, language: str
) -> tuple[Block | None, list[Diagnostic]]:
    figures: list[KeyFigure] = []
    findings = _argument(directive, file, "38")
    for number, text in directive.lines:
        entry = read_entry(text, number)
        if entry and entry.value:
            figures.append(
                KeyFigure(bind(entry.key, language), bind(entry.value, language), number)
            )
        else:
            findings.append(
                finding(
                    "block-line",
                    file,
                    number,
                    text=text.strip(),
                    example="38: hushåll flyttade hit",
                )
            )
    if not directive.lines:
        findings.append(finding("block-empty", file, directive.line, block=directive.name))
    return (Numbers(tuple(figures), directive.line) if figures else None), findings


def _period(
    directive: Directive, file: str, *, one_day: bool
) -> tuple[Period | None, list[Diagnostic]]:
    entry = directive.entry("date")
    if entry is None or not entry.value:
        return None, []
    period = parse_period(entry.value)
    if period is None or (one_day and period.start != period.end):
        expected = "a day" if one_day else "a day or a range of days"
        example = "date: 26 februari 2021" if one_day else "date: 21–23 april 2021"
        return None, [
            finding(
                "block-value",
                file,
                entry.line,
                key="date",
                value=entry.value,
                expected=expected,
                example=example,
            )
        ]
    return period, []


def _event(directive: Directive, file: str) -> tuple[Block | None, list[Diagnostic]]:
    period, findings = _period(directive, file, one_day=False)
    findings += _time(directive, file, one_day=period is not None and period.start == period.end)
    link, faults = _link(directive, file)
    findings += faults
    if period is None or not directive.value("title"):
        return None, findings
    block = Event(
        directive.value("title"),
        period.start,
        period.end,
        directive.value("time"),
        directive.value("place"),
        link,
        directive.line,
    )
    return block, findings


def _time(directive: Directive, file: str, *, one_day: bool) -> list[Diagnostic]:
    entry = directive.entry("time")
    if entry is None:
        return []
    times = parse_times(entry.value)
    if times and not (one_day and times[1] and times[1] < times[0]):
        return []
    return [
        finding(
            "block-value",
            file,
            entry.line,
            key="time",
            value=entry.value,
            expected="a time of day",
            example="time: 13.30–15.00",
        )
    ]


def _link(directive: Directive, file: str) -> tuple[str, list[Diagnostic]]:
    entry = directive.entry("link")
    if entry is None:
        return "", []
    problem = address_problem(entry.value)
    if not problem:
        return entry.value, []
    return "", [finding("link-broken", file, entry.line, href=entry.value[:80], reason=problem)]


def _deadline(directive: Directive, file: str) -> tuple[Block | None, list[Diagnostic]]:
    period, findings = _period(directive, file, one_day=True)
    findings += _mail(directive, "to", file)
    if period is None or not directive.value("title"):
        return None, findings
    return Deadline(
        directive.value("title"), period.start, directive.value("to"), directive.line
    ), findings


def _person(directive: Directive, file: str) -> tuple[Block | None, list[Diagnostic]]:
    findings = _mail(directive, "mail", file)
    telephone = directive.entry("telephone")
    if telephone and not any(character.isdigit() for character in telephone.value):
        findings.append(
            finding(
                "block-value",
                file,
                telephone.line,
                key="telephone",
                value=telephone.value,
                expected="a telephone number",
                example="telephone: 08-465 00 000",
            )
        )
    if not directive.value("name"):
        return None, findings
    block = Person(
        directive.value("name"),
        directive.value("role"),
        directive.value("mail"),
        directive.value("telephone"),
        directive.line,
    )
    return block, findings


def _mail(directive: Directive, key: str, file: str) -> list[Diagnostic]:
    entry = directive.entry(key)
    if entry is None or is_address(entry.value):
        return []
    return [
        finding(
            "block-value",
            file,
            entry.line,
            key=key,
            value=entry.value,
            expected="an e-mail address",
            example=f"{key}: namn@kommun.example",
        )
    ]


def parse_times(text: str) -> tuple[dt.time, dt.time | None] | None:
    """Read ``kl. 13.30–15.00`` or ``13:30`` as (start, end or None)."""
    match = re.fullmatch(
        r"(?:kl\.?\s*)?(\d{1,2})(?:[.:](\d{2}))?(?:\s*[-–]\s*(\d{1,2})(?:[.:](\d{2}))?)?",
        text.strip(),
    )
    if not match:
        return None
    hour, minute, end_hour, end_minute = match.groups()
    try:
        start = dt.time(int(hour), int(minute or 0))
        return start, (dt.time(int(end_hour), int(end_minute or 0)) if end_hour else None)
    except ValueError:
        return None
