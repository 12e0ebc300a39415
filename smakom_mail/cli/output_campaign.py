"""What the commands of a campaign print: the plan, how it ended, and how everybody stands."""

from typing import TYPE_CHECKING

import click

from smakom_mail.cli.output import as_json, checked_json, counts, diagnostics, doubts_json, visible
from smakom_mail.cli.spans import local_time, span
from smakom_mail.diagnostics import Severity
from smakom_mail.errors import ExitCode
from smakom_mail.model.campaign import AS_ASKED, BY_HAND, NOT_WAITED, Kind
from smakom_mail.model.delivery import State

if TYPE_CHECKING:
    from smakom_mail.services.sending.controlling import Status
    from smakom_mail.services.sending.running import Ran
    from smakom_mail.services.sending.starting import Proposal, Sent

_MEANS = {
    State.WAITING: "still to be sent",
    State.CLAIMED: "a program has them next",
    State.SUBMITTING: "on their way this moment",
    State.ACCEPTED: "the relay has taken them",
    State.DEFERRED: "the relay asked to come again later",
    State.REFUSED: "the relay said no for good",
    State.UNKNOWN: "the connection broke in the one moment when nobody can know",
    State.WITHHELD: "left meanwhile, or cancelled",
}
_LAID = "laid in var/outbox; nobody has got anything"
_SHOWN = 100


def plan(proposal: "Proposal", *, err: bool) -> None:
    """Print what is going to be sent, to whom and how."""
    frozen, campaign = proposal.plan.frozen, proposal.plan.campaign
    subject = "".join(p if isinstance(p, str) else f"{{{p.name}}}" for p in frozen.subject.parts)
    name, address = frozen.sender
    found = proposal.plan.list
    lines = [
        f"{campaign.edition}  {campaign.digest[:8]}",
        f"    subject   {visible(subject)}",
        f"    from      {visible(name)} <{address}>",
        f"    relay     {_relay(proposal)}",
        f"    audience  {visible(found.audience)}",
        f"    to        {campaign.planned} of {found.candidates} people",
        *(f"    {number:9} not: {reason}" for reason, number in found.excluded),
        *_organisations(proposal),
        *_times(proposal),
        *(f"    note      {visible(note)}" for note in proposal.notes),
    ]
    for line in lines:
        click.echo(line, err=err)


def _relay(proposal: "Proposal") -> str:
    if not proposal.relay:
        return "none is configured"
    if not proposal.lasts.seconds:
        return f"{visible(proposal.relay)}, as fast as it takes them"
    domain = visible(proposal.lasts.domain)
    limit = f", by the limit for {domain}" if domain else ""
    takes = f"that takes {span(proposal.lasts.seconds)}{limit}"
    return f"{visible(proposal.relay)}, {proposal.rate}; {takes}"


def _organisations(proposal: "Proposal") -> list[str]:
    every = proposal.plan.list.by_organisation
    if not any(each.organisation for each in every):
        return []
    lines = ["    by organisation, who gets it and who does not:"]
    for each in every[:_SHOWN]:
        name = visible(each.organisation) or "(none)"
        lines.append(f"    {each.planned:9} {each.excluded:9}  {name}")
    if (more := len(every) - _SHOWN) > 0:
        lines.append(f"    and {more} more organisations: --format json has them all")
    return lines


def _times(proposal: "Proposal") -> list[str]:
    order, campaign = proposal.order, proposal.plan.campaign
    lines = []
    if campaign.pause_after:
        lines.append(f"    first     {campaign.pause_after}, then it pauses until resume")
    if order.due:
        lines.append(f"    begins    {order.due.isoformat(sep=' ', timespec='minutes')}")
    elif order.hold_seconds and not order.dry_run:
        lines.append(f"    begins    {span(order.hold_seconds)} after your yes; till then Ctrl-C")
    return lines


def sent_edition(sent: "Sent", edition: str, language: str, form: str) -> ExitCode:
    """Print how a command that sends ended; give its exit code."""
    if sent.undone:
        click.echo(f"{edition}: nothing was sent: {sent.undone}", err=True)
    elif sent.ran is not None and sent.ran.ended.why:
        click.echo(f"{edition}: stopped: {sent.ran.ended.why}", err=True)
        _unrecorded(sent.ran)
    if sent.status is not None:
        status(sent.status, form)
        return sent.status.exit_code
    if sent.undone:
        return ExitCode.INTERRUPTED if sent.interrupted else ExitCode.PROBLEM
    if sent.proposal is not None:
        if form == "json":
            as_json(_proposal_json(sent.proposal))
        return ExitCode.DONE
    _refused(sent, language, form)
    return ExitCode.PROBLEM


def _refused(sent: "Sent", language: str, form: str) -> None:
    checked = sent.checked
    if checked is None:
        return
    if form == "json":
        as_json({**checked_json(checked, language), "planned": None})
        return
    errors = [found for found in checked.findings if found.severity is Severity.ERROR]
    diagnostics(errors, language, err=True)
    click.echo(f"{checked.edition.slug}: {counts(checked)}; nothing was sent", err=True)
    click.echo("    hint: mend the errors above", err=True)


def _proposal_json(proposal: "Proposal") -> dict[str, object]:
    found, campaign = proposal.plan.list, proposal.plan.campaign
    return {
        "edition": campaign.edition,
        "digest": campaign.digest,
        "state": "planned",
        "audience": found.audience,
        "candidates": found.candidates,
        "planned": campaign.planned,
        "excluded": dict(found.excluded),
        "by_organisation": {
            each.organisation: {"planned": each.planned, "excluded": each.excluded}
            for each in found.by_organisation
        },
        "relay": proposal.relay or None,
        "rate": proposal.rate,
        "expected_seconds": round(proposal.lasts.seconds, 1),
        "slowest_domain": proposal.lasts.domain or None,
        "warnings": doubts_json(found.doubts),
        "notes": list(proposal.notes),
    }


def status(found: "Status", form: str) -> None:
    """Print how a campaign stands."""
    if form == "json":
        as_json(status_json(found))
        return
    campaign, tally = found.campaign, found.tally
    why = f": {visible(campaign.why)}" if campaign.why and found.state == campaign.wish else ""
    click.echo(f"{campaign.edition}  {campaign.digest[:8]}  {campaign.kind}, {found.state}{why}")
    click.echo(f"    {tally.planned:9} planned of {tally.candidates}")
    for reason, number in sorted(tally.excluded.items()):
        click.echo(f"    {number:9} not planned: {reason}")
    rehearsal = campaign.kind is Kind.REHEARSAL
    for state, meaning in _MEANS.items():
        if number := tally.of(state):
            said = _LAID if rehearsal and state is State.ACCEPTED else meaning
            click.echo(f"    {number:9} {state}: {said}")
    if found.earlier_unknown:
        click.echo(f"    {found.earlier_unknown:9} unknown since an earlier campaign of it")
    for hint in _next_steps(found):
        click.echo(f"    hint: {hint}", err=True)


def status_json(found: "Status") -> dict[str, object]:
    """Give how a campaign stands, as the contract has it."""
    campaign, tally = found.campaign, found.tally
    return {
        "edition": campaign.edition,
        "digest": campaign.digest,
        "state": found.state,
        "planned": tally.planned,
        "excluded": dict(tally.excluded),
        **{str(state): tally.of(state) for state in State},
        "candidates": tally.candidates,
        "kind": str(campaign.kind),
        "why": campaign.why,
        "created_at": campaign.created_at,
        "begun_at": campaign.begun_at or None,
        "due_at": campaign.due_at or None,
        "senders": list(found.senders),
        "earlier_unknown": found.earlier_unknown,
    }


def _next_steps(found: "Status") -> list[str]:
    edition = found.campaign.edition
    settle = f"to settle them: smakom-mail reconcile {edition}"
    doubts = f"who is unknown: smakom-mail report {edition}; {settle}"
    return [*filter(None, [_way_on(found), doubts if found.in_doubt else ""])]


def _way_on(found: "Status") -> str:
    campaign = found.campaign
    resume = f"smakom-mail resume {campaign.edition}"
    if found.state == "held" and not campaign.due_at:
        return f"its wait was cut short, nothing was sent: smakom-mail send {campaign.edition}"
    if found.state == "held":
        begins, taken_back = local_time(campaign.due_at), f"smakom-mail cancel {campaign.edition}"
        return f"it begins at {begins} while {resume} runs; not at all: {taken_back}"
    if found.state == "paused":
        return _way_on_from_pause(found, resume)
    if found.state in ("interrupted", "deferred"):
        return f"to go on: {resume}"
    return ""


def _way_on_from_pause(found: "Status", resume: str) -> str:
    campaign, taken = found.campaign, found.tally.of(State.ACCEPTED)
    if campaign.why.endswith(AS_ASKED):
        have = "1 person has" if taken == 1 else f"{taken} people have"
        return f"{have} got it, as asked; look at it, then: {resume}"
    if campaign.why.endswith(NOT_WAITED):
        return f"when the quota is free again: {resume}"
    if campaign.why not in ("", BY_HAND):
        return f"see to what is said above first; then {resume}"
    if campaign.due_at and not campaign.begun_at:
        begins = local_time(campaign.due_at)
        return f"to let it wait for its hour again, {begins}: {resume}"
    return f"to go on: {resume}"


def _unrecorded(ran: "Ran") -> None:
    """Name those whose outcome the relay has told and the disk could not keep."""
    if ran.unrecorded:
        click.echo("could not be written down, so that they stand as unknown later:", err=True)
    for email, said in ran.unrecorded:
        click.echo(f"    {visible(email)}  {visible(said)}", err=True)
