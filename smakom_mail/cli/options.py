"""Options that several commands share; their values are asked for here, not passed around."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from smakom_mail.cli import output
from smakom_mail.diagnostics import Diagnostic, Severity, in_order
from smakom_mail.errors import ExitCode

if TYPE_CHECKING:
    from smakom_mail.services.workplace import Workplace

Command = Callable[..., Any]


def _keep(ctx: click.Context, parameter: click.Parameter, value: object) -> None:
    ctx.meta[f"smakom_mail.{parameter.name}"] = value or ctx.meta.get(
        f"smakom_mail.{parameter.name}"
    )


def _kept(name: str) -> Any:  # noqa: ANN401 - whatever the option's type gives
    return click.get_current_context().meta.get(f"smakom_mail.{name}")


project = click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The newsletter's folder; without it the closest one with smakom-mail.toml.",
    expose_value=False,
    callback=_keep,
)
"""``--project DIR``, before or behind the command's name."""

yes = click.option(
    "--yes", is_flag=True, help="Do not ask; for scripts.", expose_value=False, callback=_keep
)
"""``--yes``: accepted by every command that changes something, needed by those that ask."""

output_format = click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the result.",
    expose_value=False,
    callback=_keep,
)
"""``--format text|json``."""

report_format = click.option(
    "--format",
    type=click.Choice(["text", "json", "sarif", "html"]),
    default="text",
    show_default=True,
    help="How to print: for people, programs, code editors, or as a page for the chair.",
    expose_value=False,
    callback=_keep,
)
"""``--format text|json|sarif|html``."""

lang = click.option(
    "--lang",
    type=click.Choice(["sv", "en"]),
    help="Language of the findings; otherwise [messages] language, else the newsletter's.",
    expose_value=False,
    callback=_keep,
)
"""``--lang sv|en``."""


def form() -> str:
    """Give "text", "json", or another form that the command offers."""
    return str(_kept("format"))


def language(place: "Workplace") -> str:
    """Give the language of findings."""
    return str(_kept("lang") or place.language)


def workplace() -> "Workplace":
    """Open the project that the options name, or the one around the current folder."""
    from smakom_mail.services.workplace import open_workplace

    return open_workplace(_kept("project") or Path.cwd(), os.environ)


def said_yes() -> bool:
    """Say whether ``--yes`` was given."""
    return bool(_kept("yes"))


def confirmed(question: str) -> bool:
    """Give yes for ``--yes``, else ask on a terminal; where nobody can answer it is no."""
    return said_yes() or (sys.stdin.isatty() and click.confirm(question, err=True))


def report(findings: Iterable[Diagnostic], place: "Workplace", *, failed: bool = False) -> None:
    """Print findings to stderr beside a result, and end with 1 if one is an error."""
    found = in_order(findings)
    output.diagnostics(found, language(place), err=True)
    broken = failed or any(f.severity is Severity.ERROR for f in found)
    click.get_current_context().exit(ExitCode.PROBLEM if broken else ExitCode.DONE)
