"""What the commands proof and approve print."""

from typing import TYPE_CHECKING

import click

from smakom_mail.cli.output import (
    as_json,
    checked_json,
    counts,
    diagnostics,
    doubts,
    doubts_json,
    shown,
    visible,
)
from smakom_mail.cli.spans import local_time
from smakom_mail.diagnostics import Severity
from smakom_mail.model.rendered import READER_FIELDS

if TYPE_CHECKING:
    from smakom_mail.services.checking import CheckedEdition
    from smakom_mail.services.sending.approving import Approvable
    from smakom_mail.services.sending.proofing import ProofCopy, Proofed
    from smakom_mail.store.proofs import Approval


def proofed(done: "Proofed", language: str, form: str) -> None:
    """Print who got a proof, or which errors stand in the way."""
    if not done.copies:
        _in_the_way(done.checked, language, form, "no proof was sent")
        return
    if form == "json":
        as_json(_proofed_json(done))
        return
    slug = done.checked.edition.slug
    click.echo(f"{slug}, digest {done.digest[:8]}: {visible(done.subject)}")
    for each in done.copies:
        click.echo(f"    {each.state:<9}  {each.email}{_said(each)}")
    if done.outbox:
        click.echo(f"laid in {shown(done.outbox)}, and sent to nobody: send still wants a proof")
    elif not done.complete:
        click.echo("    hint: mend what is said above, and send it again", err=True)
    doubts(done.doubts)


def _said(copy: "ProofCopy") -> str:
    words = ": ".join(filter(None, (copy.why, copy.reply)))
    return f"  {visible(words)}" if words else ""


def _proofed_json(done: "Proofed") -> dict[str, object]:
    return {
        "edition": done.checked.edition.slug,
        "digest": done.digest,
        "subject": done.subject,
        "outbox": str(done.outbox) if done.outbox else None,
        "proofs": [
            {
                "email": each.email,
                "state": each.state,
                "message_id": each.message_id,
                "reply": each.reply,
                "why": each.why,
            }
            for each in done.copies
        ],
        "warnings": doubts_json(done.doubts),
    }


def not_approvable(found: "Approvable", language: str, form: str) -> None:
    """Print which errors stand in the way of an approval."""
    _in_the_way(found.checked, language, form, "nothing was recorded")


def _in_the_way(checked: "CheckedEdition", language: str, form: str, outcome: str) -> None:
    if form == "json":
        as_json({**checked_json(checked, language), "digest": None})
        return
    errors = [found for found in checked.findings if found.severity is Severity.ERROR]
    diagnostics(errors, language, err=True)
    click.echo(f"{checked.edition.slug}: {counts(checked)}; {outcome}", err=True)
    click.echo("    hint: mend the errors above", err=True)


def approvable(found: "Approvable") -> None:
    """Show what is about to be approved, before it is asked."""
    rendered = found.checked.rendered
    names = {name: f"{{{name}}}" for name in READER_FIELDS}
    subject = rendered.subject.fill(names) if rendered else ""
    click.echo(f"{found.checked.edition.slug}, digest {found.digest[:8]}", err=True)
    click.echo(f"    subject   {visible(subject)}", err=True)
    for proof in found.proofs:
        click.echo(f"    proof     {local_time(proof.at)} to {proof.email}", err=True)
    for approval in found.approvals:
        click.echo(
            f"    approved  {local_time(approval.at)} by {visible(approval.actor)}", err=True
        )


def approved(found: "Approvable", approval: "Approval", form: str) -> None:
    """Print what was recorded."""
    slug = found.checked.edition.slug
    if form == "json":
        as_json(
            {
                "edition": slug,
                "digest": approval.digest,
                "at": approval.at,
                "actor": approval.actor,
            }
        )
        return
    by = visible(approval.actor)
    click.echo(f"{slug} is approved as {approval.digest[:8]}, by {by} at {local_time(approval.at)}")
