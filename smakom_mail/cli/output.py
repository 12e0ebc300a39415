"""Everything that is printed: results to stdout, prompts and progress to stderr."""

import json
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smakom_mail.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from smakom_mail.services.building import BuiltEdition
    from smakom_mail.services.checking import CheckedEdition
    from smakom_mail.services.doubts import Doubt
    from smakom_mail.services.reaching import Reach
    from smakom_mail.services.scaffolding import Created
    from smakom_mail.services.seeding import ListedSeed, ShownSeed, VerifiedSeed
    from smakom_mail.services.shots import ShotFiles

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_LISTED = 20
_MARKS = {"speech": "–", "bullet": "•", "heading": "#", "text": " "}


def as_json(value: object) -> None:
    """Print one JSON document, in ASCII where the stream takes nothing else."""
    any_letter = sys.stdout.encoding.lower().startswith("utf")
    click.echo(json.dumps(value, ensure_ascii=not any_letter, indent=2))


def diagnostics(findings: Iterable[Diagnostic], language: str, *, err: bool = False) -> None:
    """Print findings, one line each and one for the hint, as editors and terminals link them."""
    for found in findings:
        place = visible(str(found.location))
        label = click.style(
            f"{found.severity}[{found.code}]", fg=_COLOURS[found.severity], bold=True
        )
        message = visible(found.message(language))
        click.echo(f"{place}: {label}: {message}", color=_colour(), err=err)
        if hint := found.hint(language):
            click.echo(f"    hint: {visible(hint)}", err=err)


def visible(text: str) -> str:
    """Spell out control characters: what an author wrote must not steer the terminal."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda match: f"\\x{ord(match[0]):02x}", text)


def _colour() -> bool | None:
    """None lets Click see for itself whether this is a terminal; NO_COLOR says no."""
    return False if os.environ.get("NO_COLOR") else None


def finding_json(found: Diagnostic, language: str) -> dict[str, object]:
    """Give a finding as the contract shows it."""
    return {
        "code": found.code,
        "severity": str(found.severity),
        "file": found.location.file,
        "line": found.location.line,
        "message": found.message(language),
        "hint": found.hint(language),
    }


def checked_json(checked: "CheckedEdition", language: str) -> dict[str, object]:
    """Give the result of a check as the contract shows it."""
    return {
        "edition": checked.edition.slug,
        "errors": checked.count(Severity.ERROR),
        "warnings": checked.count(Severity.WARNING),
        "notes": checked.count(Severity.NOTE),
        "findings": [finding_json(found, language) for found in checked.findings],
    }


def checked_edition(checked: "CheckedEdition", language: str, form: str) -> None:
    """Print the result of a check."""
    if form == "json":
        as_json(checked_json(checked, language))
        return
    if form == "sarif":
        from smakom_mail.services.sarif import sarif_log

        as_json(sarif_log(checked, language))
        return
    if form == "html":
        from smakom_mail.services.chair_report import chair_report

        click.echo(chair_report(checked, language), nl=False)
        return
    diagnostics(checked.findings, language)
    click.echo(f"{checked.edition.slug}: {counts(checked)}")


def counts(checked: "CheckedEdition") -> str:
    """Give "1 error, 0 warnings, 2 notes"."""
    return ", ".join(
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity in Severity
        for number in (checked.count(severity),)
    )


def built_edition(built: "BuiltEdition", reach: "Reach | None", language: str, form: str) -> None:
    """Print what was built and how many it would reach, or why it was not built."""
    checked = built.checked
    if reach and reach.unknown:
        click.echo(f"note: whom it would reach is not counted: {visible(reach.unknown)}", err=True)
        reach = None
    if reach:
        doubts(reach.doubts)
    if form == "json":
        files = [{"path": name, "bytes": size} for name, size in built.files]
        as_json(
            {
                **checked_json(checked, language),
                "built": built.folder is not None,
                "digest": built.digest,
                "folder": str(built.folder) if built.folder else None,
                "html_quoted_printable_bytes": built.quoted_bytes,
                "files": files,
                "reach": reach and _reach_json(reach),
            }
        )
        return
    diagnostics(checked.findings, language)
    if built.folder is None:
        click.echo(f"{checked.edition.slug}: {counts(checked)}; not built", err=True)
        click.echo(
            "    hint: mend the errors above; a build from before is left as it was", err=True
        )
        return
    sizes = dict(built.files)
    folder = shown(built.folder)
    click.echo(f"{checked.edition.slug}: {counts(checked)}")
    click.echo(f"built {folder}, digest {built.digest[:8]}")
    size = f"{sizes['message.html']} bytes, {built.quoted_bytes} as sent"
    click.echo(f"    mail     {folder}/message.html  ({size})")
    click.echo(f"    text     {folder}/message.txt")
    click.echo(f"    message  {folder}/message.eml  (open it in a mail program)")
    click.echo(f"    web      {folder}/web/index.html  (open it in a browser)")
    if reach:
        click.echo(f"would reach {reach.planned} of {reach.candidates}{_lacking(reach)}")


def _lacking(reach: "Reach") -> str:
    fields = " or ".join(f"{{{name}}}" for name in reach.fields)
    return f"; {reach.lacking} of them lack {fields}" if reach.lacking else ""


def _reach_json(reach: "Reach") -> dict[str, object]:
    return {
        "planned": reach.planned,
        "candidates": reach.candidates,
        "lacking": reach.lacking,
        "copy": reach.copy or None,
        "warnings": doubts_json(reach.doubts),
    }


def exposed(path: Path) -> None:
    """Warn of a file of people that git keeps, or would keep."""
    click.echo(f"warning: git keeps {shown(path)}, or would: people's addresses", err=True)
    click.echo("    hint: write such files to var/, which .gitignore leaves out", err=True)


def doubts(found: "Iterable[Doubt]") -> None:
    """Warn of what an audience's number does not tell."""
    for doubt in found:
        click.echo(f"warning: {visible(doubt.message)}", err=True)
        click.echo(f"    hint: {visible(doubt.hint)}", err=True)


def doubts_json(found: "Iterable[Doubt]") -> list[dict[str, str]]:
    """Give the same as plain data."""
    return [{"message": doubt.message, "hint": doubt.hint} for doubt in found]


def shown(path: Path) -> str:
    """Give a path as it is reached from here."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def shot_files(made: "ShotFiles") -> None:
    """Print which pictures were taken, and what to mail to the chair."""
    for name in made.pictures:
        click.echo(f"    {shown(made.folder / name)}")
    click.echo(f"page  {shown(made.folder / made.page)}  (one file, opens in any browser)")
    click.echo(f"pdf   {shown(made.folder / made.pdf)}")


def created(made: "Created", following: str) -> None:
    """Print what was made and what to do next."""
    for name in made.files if len(made.files) <= _LISTED else _tops(made.files):
        click.echo(f"    {shown(made.folder / name)}")
    click.echo(f"made {shown(made.folder)}; next: {following}")


def _tops(files: Iterable[str]) -> list[str]:
    """Give the topmost names, folders with a slash."""
    return list(dict.fromkeys(n.split("/", 1)[0] + ("/" if "/" in n else "") for n in files))


def listed_seeds(listed: "Iterable[ListedSeed]", form: str) -> None:
    """Print the catalogue."""
    if form == "json":
        as_json(
            {
                "seeds": [
                    {
                        "slug": entry.seed.slug,
                        "file": entry.seed.file,
                        "title": entry.seed.title,
                        "label": entry.seed.label,
                        "publisher": entry.seed.publisher,
                        "url": entry.seed.url,
                        "published": entry.seed.published,
                        "credit": entry.seed.credit,
                        "paragraphs": len(entry.seed.paragraphs),
                        "editions": list(entry.editions),
                    }
                    for entry in listed
                ]
            }
        )
        return
    for entry in listed:
        seed = entry.seed
        click.echo(click.style(seed.slug, bold=True) + f"  {seed.file}", color=_colour())
        about = [seed.title or seed.label or "(no title)", seed.publisher, seed.published]
        click.echo("    " + ", ".join(part for part in about if part))
        click.echo("    used by " + (", ".join(entry.editions) or "no edition"))


def shown_seed(shown_: "ShownSeed", form: str) -> None:
    """Print a seed's paragraphs with their numbers."""
    seed = shown_.seed
    if form == "json":
        as_json(
            {
                "slug": seed.slug,
                "file": seed.file,
                "title": seed.title,
                "sha256": seed.sha256,
                "paragraphs": [
                    {
                        "number": p.number,
                        "line": p.line,
                        "style": p.style,
                        "dropped": p.dropped,
                        "text": p.text,
                        "editions": list(shown_.uses.get(p.number, ())),
                    }
                    for p in seed.paragraphs
                ],
            }
        )
        return
    click.echo(click.style(f"{seed.slug}  {seed.file}", bold=True), color=_colour())
    for paragraph in seed.paragraphs:
        used = shown_.uses.get(paragraph.number, ())
        note = "  (dropped)" if paragraph.dropped else f"  ← {', '.join(used)}" if used else ""
        text = paragraph.text.replace("\n", "\n      ")
        click.echo(f"{paragraph.number:4} {_MARKS[paragraph.style]} {text}{note}")


def verified_seeds(verified: "Iterable[VerifiedSeed]", form: str) -> None:
    """Print how each seed compares with the day it was taken in."""
    if form == "json":
        as_json(
            {
                "seeds": [
                    {
                        "slug": v.seed.slug,
                        "file": v.seed.file,
                        "state": v.state,
                        "sha256": v.seed.sha256,
                        "pinned": v.seed.pinned,
                        "places": [
                            {"edition": u.edition, "file": u.file, "line": u.line} for u in v.places
                        ],
                    }
                    for v in verified
                ]
            }
        )
        return
    for v in verified:
        click.echo(f"{v.state:10} {v.seed.slug}  {v.seed.file}")
        if v.state == "changed":
            for use in v.places:
                click.echo(f"    {use.file}:{use.line}: {use.kind} in {use.edition}")
            click.echo(f"    hint: read it, then smakom-mail seeds verify --accept {v.seed.slug}")
