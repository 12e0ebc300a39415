"""What the commands for the database print."""

from typing import TYPE_CHECKING

import click

from smakom_mail.cli.output import as_json, shown

if TYPE_CHECKING:
    from smakom_mail.services.storing import Adopted, BackedUp, CheckedStore, Upgraded


def upgraded(done: "Upgraded", form: str) -> None:
    """Print which steps were taken."""
    if form == "json":
        as_json(
            {
                "database": str(done.database),
                "version": done.version,
                "steps": list(done.steps),
                "backup": str(done.backup) if done.backup else None,
            }
        )
        return
    for step in done.steps:
        click.echo(f"upgraded {step}")
    if done.backup:
        click.echo(f"as it was before: {shown(done.backup)}")
    click.echo(f"{shown(done.database)} is of version {done.version}")


def backed_up(made: "BackedUp", form: str) -> None:
    """Print where the backup lies."""
    if form == "json":
        as_json({"file": str(made.file.absolute()), "bytes": made.bytes})
        return
    click.echo(f"wrote {shown(made.file.absolute())} ({made.bytes} bytes), whole and checked")


def checked(found: "CheckedStore", form: str) -> None:
    """Print what is wrong."""
    if form == "json":
        as_json(
            {
                "database": str(found.database),
                "version": found.version,
                "state": "copy" if found.copy else "original",
                "problems": [
                    {
                        "code": problem.code,
                        "message": problem.message,
                        "count": problem.count,
                        "examples": list(problem.examples),
                    }
                    for problem in found.problems
                ],
            }
        )
        return
    for problem in found.problems:
        examples = f": {', '.join(problem.examples)}" if problem.examples else ""
        more = ", …" if problem.examples and problem.count > len(problem.examples) else ""
        click.echo(f"{problem.code}: {problem.count} {problem.message}{examples}{more}")
    if found.copy:
        click.echo(f"this is a copy, which may not send: {found.copy}")
        click.echo("    hint: only if the other one is out of use for ever: smakom-mail db adopt")
    if not found.problems:
        click.echo(f"{shown(found.database)} is whole")


def adopted(done: "Adopted", form: str) -> None:
    """Print what the adoption changed."""
    if form == "json":
        as_json(
            {
                "database": str(done.database),
                "was_copy": done.was_copy,
                "noes": done.noes,
                "epoch": done.epoch,
                "in_doubt": dict(done.adoption.in_doubt),
                "letters_in_doubt": done.adoption.letters,
                "begun_elsewhere": list(done.adoption.unknown),
            }
        )
        return
    if done.noes:
        click.echo(f"learned {done.noes} from the journal who had said no")
    state = "is the original now" if done.was_copy else "was the original already"
    click.echo(f"{shown(done.database)} {state}")
    for edition, number in done.adoption.in_doubt.items():
        click.echo(
            f"{edition}: {number} who still waited may have got it since the copy was made: unknown"
        )
        settle = f"smakom-mail reconcile {edition}"
        click.echo(
            f"    hint: by the relay's log: {settle} --from LOG; to send it again: "
            f"{settle} --resend all, then smakom-mail resume {edition}",
            err=True,
        )
    if done.adoption.letters:
        click.echo(f"{done.adoption.letters} single letters that waited may have gone out: unknown")
    for edition in done.adoption.unknown:
        click.echo(
            f"{edition} was begun after the copy was made: who has got it is not known here, and "
            "it is not sent"
        )
