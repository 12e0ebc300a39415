"""What the command sendlist prints, and the last line of build."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smakom_mail.cli.output import (
    as_json,
    checked_json,
    counts,
    diagnostics,
    doubts,
    doubts_json,
    exposed,
    shown,
    visible,
)
from smakom_mail.diagnostics import Severity

if TYPE_CHECKING:
    from smakom_mail.services.sendlisting import ListedEdition
    from smakom_mail.services.surveying import SendList

_SHOWN = 100
_REASONS = {
    "unsubscribed": "has unsubscribed",
    "bounced": "mail to the address came back",
    "complained": "has complained",
    "manual": "was taken off by hand",
    "forgotten": "was erased, and is here again",
    "unconfirmed": "has not confirmed",
    "no-consent": "no legal basis is recorded",
    "invalid": "no address that can be written to",
    "duplicate": "the same address as another",
    "not-selected": "not in the audience",
}


def listed_edition(
    listed: "ListedEdition", language: str, form: str, out: Path | None, excluded: Path | None
) -> None:
    """Print who would get an edition, or which errors stand in the way."""
    for path in listed.exposed:
        exposed(path)
    if listed.list is None:
        _refused(listed, language, form)
        return
    doubts(listed.list.doubts)
    if form == "json":
        as_json(_json(listed, listed.list, out, excluded))
    else:
        _text(listed, listed.list, out, excluded)


def _refused(listed: "ListedEdition", language: str, form: str) -> None:
    checked = listed.checked
    if form == "json":
        as_json({**checked_json(checked, language), "planned": None})
        return
    errors = [found for found in checked.findings if found.severity is Severity.ERROR]
    diagnostics(errors, language, err=True)
    click.echo(f"{checked.edition.slug}: {counts(checked)}; no send list", err=True)
    click.echo("    hint: mend the errors above; nothing is written", err=True)


def _json(
    listed: "ListedEdition", found: "SendList", out: Path | None, excluded: Path | None
) -> dict[str, object]:
    return {
        "edition": listed.checked.edition.slug,
        "digest": listed.checked.rendered.digest if listed.checked.rendered else "",
        "audience": found.audience,
        "candidates": found.candidates,
        "planned": found.planned,
        "excluded": dict(found.excluded),
        "by_list": dict(found.by_list),
        "by_organisation": {
            each.organisation: {"planned": each.planned, "excluded": each.excluded}
            for each in found.by_organisation
        },
        "out": str(out.absolute()) if out else None,
        "excluded_out": str(excluded.absolute()) if excluded else None,
        "copy": found.copy or None,
        "warnings": doubts_json(found.doubts),
    }


def _text(
    listed: "ListedEdition", found: "SendList", out: Path | None, excluded: Path | None
) -> None:
    slug = listed.checked.edition.slug
    click.echo(f"{slug} would reach {found.planned} of {found.candidates}")
    click.echo(f"audience: {visible(found.audience)}")
    for slug_, number in found.by_list:
        click.echo(f"    {number:7}  {visible(slug_)}")
    if found.excluded:
        click.echo("not to:")
    named = dict(found.named)
    for reason, number in found.excluded:
        click.echo(f"    {number:7}  {reason}: {_REASONS.get(reason, reason)}")
        for email, why in named[reason]:
            click.echo(f"             {visible(email)}" + (f"  ({why})" if why != reason else ""))
        if (more := number - len(named[reason])) > 0:
            click.echo(f"             and {more} more: --excluded FILE.csv has them all")
    _organisations(found)
    if out:
        click.echo(f"wrote {shown(out.absolute())}  (who would get it)")
    if excluded:
        click.echo(f"wrote {shown(excluded.absolute())}  (who would not, and why)")


def _organisations(found: "SendList") -> None:
    every = found.by_organisation
    if not any(each.organisation for each in every):
        return
    click.echo("by organisation, who would get it and who would not:")
    for each in every[:_SHOWN]:
        name = visible(each.organisation) or "(none)"
        click.echo(f"    {each.planned:7} {each.excluded:7}  {name}")
    if len(every) > _SHOWN:
        click.echo(f"    and {len(every) - _SHOWN} more: --format json has them all")
