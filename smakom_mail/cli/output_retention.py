"""How the command retention prints who is kept longer than may be."""

from typing import TYPE_CHECKING

import click

from smakom_mail.cli.output import as_json
from smakom_mail.cli.output_people import first_lines

if TYPE_CHECKING:
    from smakom_mail.services.subscribing.retaining import Retention


def retention(kept: "Retention", form: str) -> None:
    """Print who is kept for nothing."""
    if form == "json":
        as_json(
            {
                "months": kept.months,
                "before": kept.before,
                "applied": kept.applied,
                "complete": kept.complete,
                "left": kept.left,
                "count": kept.count,
                "unanswered": kept.unanswered,
                "people": [
                    {"email": each.email, "reason": each.why, "since": each.since}
                    for each in kept.people
                ]
                if not kept.applied
                else [],
            }
        )
        return
    span = f"{kept.months} {'month' if kept.months == 1 else 'months'} (before {kept.before[:10]})"
    verb = "forgotten, unused for more than" if kept.applied else "unused for more than"
    click.echo(f"{kept.count} {verb} {span}")
    if kept.unanswered:
        click.echo(
            f"    and {kept.unanswered} asked for on the web that nobody confirmed in 14 days"
        )
    if kept.left:
        click.echo(f"    not yet out of the freed pages: {kept.left}; the next command tries again")
    if kept.applied:
        return
    lines = [f"{each.email}  {each.why} since {each.since[:10]}" for each in kept.people]
    first_lines("they would be forgotten", lines, kept.count)
    if kept.count:
        click.echo("nothing is changed yet: write --apply to forget them", err=True)
