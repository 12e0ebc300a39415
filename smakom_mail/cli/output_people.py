"""What the commands for people print; addresses are shown whole to whoever keeps them."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from smakom_mail.cli.output import as_json

if TYPE_CHECKING:
    from smakom_mail.model.person import Change, Subscriber, Suppression
    from smakom_mail.services.importing import Imported
    from smakom_mail.services.subscribing.adding import Edited
    from smakom_mail.services.subscribing.leaving import Forgotten, Left, Lifted
    from smakom_mail.services.subscribing.listing import Listed
    from smakom_mail.services.subscribing.organisations import Organisations

_FEW = 20
_EVERY = "every list"
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Spell out what would steer the terminal."""
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def first_lines(title: str, lines: Sequence[str], count: int) -> None:
    """Print the first lines under their title, and how many there are beside them."""
    if not count:
        return
    click.echo(f"{title}:")
    for line in lines[:_FEW]:
        click.echo(f"    {plain(line)}")
    if count > _FEW:
        click.echo(f"    … and {count - _FEW} more (--format json names up to 1,000)")


# ------------------------------------------------------------------------------------- import


def imported(done: "Imported", form: str) -> None:
    """Print what an import would do, or has done."""
    if form == "json":
        as_json(_imported_json(done))
        return
    for name, number, note in (
        ("rows", done.rows, ""),
        ("added", done.added, ""),
        ("changed", done.changed, ""),
        ("unchanged", done.unchanged, ""),
        ("suppressed", done.suppressed, "said no, and stay as they are"),
        ("repeated", done.repeated, "say what a row above says"),
        ("rejected", done.rejected_count, ""),
    ):
        if number or not note:
            click.echo(f"{name:<11}{number:>9}" + (f"   {note}" if note else ""))
    _imported_details(done)
    if done.is_useless:
        click.echo("not one row can be used: nothing is changed", err=True)
    elif done.applied:
        click.echo("done", err=True)
    elif done.added or done.changed:
        click.echo("nothing is changed yet: write --apply to carry it out", err=True)
    else:
        click.echo("there is nothing to change", err=True)


def _imported_details(done: "Imported") -> None:
    changes = [
        f"row {each.row}  {each.email}  {each.what}: {_arrow(each.old, each.new)}"
        for each in done.changes
    ]
    first_lines("changed", changes, len(changes))
    noes = [
        f"row {row}  {email}" + (f"  not on {slug}" if slug else "")
        for row, email, slug in done.not_revived
    ]
    first_lines("said no, and are not revived", noes, max(done.suppressed, len(noes)))
    departed = [f"row {row}  {email}  {slug}" for row, email, slug in done.departed]
    title = (
        "warning: left a list that is no longer in the settings, and are put on no other but by a "
        "newer consent_at and consent_source of their own"
    )
    first_lines(title, departed, len(departed))
    waiting = [f"row {row}  {email}  {slug}" for row, email, slug in done.unconfirmed]
    title = "still wait for their own yes; --consent-at and --source, or another ground, confirms"
    first_lines(title, waiting, len(waiting))
    rejected = [
        f"row {each.row}  {each.email or '(empty)'}: {each.message}" for each in done.rejected
    ]
    first_lines("rejected", rejected, done.rejected_count)
    notes = [f"row {each.row}  {each.email}: {each.message}" for each in done.notes]
    first_lines("notes", [*done.file_notes, *notes], len(done.file_notes) + done.note_count)
    flagged = [f"row {each.row}  {each.email}: {each.message}" for each in done.flagged]
    first_lines("look at these addresses", flagged, len(flagged))
    roles = dict(done.flags).get("role", 0)
    if roles:
        click.echo(f"{roles} of the addresses belong to a desk, such as kommun@: one who leaves, "
                   "leaves for all")  # fmt: skip
    if done.thin:
        click.echo(
            f"{done.thin} of the rows give consent as the ground, but neither the words that were "
            "shown nor when and how: --wording, or --consent-at and --source, say it"
        )


def _arrow(old: str, new: str) -> str:
    return f"{old or '(empty)'} → {new or '(empty)'}"


def _of_lists(rows: Iterable[tuple[int, str, str]]) -> list[dict[str, object]]:
    return [{"row": row, "email": email, "list": slug} for row, email, slug in rows]


def _imported_json(done: "Imported") -> dict[str, object]:
    return {
        "file": done.file,
        "applied": done.applied,
        "rows": done.rows,
        "added": done.added,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "suppressed": done.suppressed,
        "repeated": done.repeated,
        "rejected_count": done.rejected_count,
        "rejected": [
            {"row": each.row, "email": each.email, "reason": each.message} for each in done.rejected
        ],
        "changes": [
            {
                "row": each.row,
                "email": each.email,
                "field": each.what,
                "old": each.old,
                "new": each.new,
            }
            for each in done.changes
        ],
        "not_revived": [
            {"row": row, "email": email, "list": slug or "*"}
            for row, email, slug in done.not_revived
        ],
        "left_former_lists": _of_lists(done.departed),
        "unconfirmed": _of_lists(done.unconfirmed),
        "notes": [
            {"row": each.row, "email": each.email, "message": each.message} for each in done.notes
        ],
        "file_notes": list(done.file_notes),
        "flags": dict(done.flags),
        "without_wording": done.thin,
    }


# ------------------------------------------------------------------------------- one by one


def added(person: "Subscriber", notes: tuple[str, ...], form: str) -> None:
    """Print who was added, to which lists, and what to know of it."""
    lists = [each.list_slug for each in person.memberships]
    if form == "json":
        data = {"email": person.email, "lists": lists, "flags": list(person.flags)}
        as_json({**data, "notes": list(notes)} if notes else data)
        return
    for note in notes:
        click.echo(f"note: {plain(note)}", err=True)
    click.echo(f"added {person.email} to {', '.join(lists)}")
    for flag in person.flags:
        click.echo(f"    {_FLAGS[flag]}")


_FLAGS = {
    "role": "the address belongs to a desk: one who leaves, leaves for all",
    "mixed-script": "the address mixes alphabets: see that it is the right one",
    "look-alike": "the address has letters that look like others: see that it is the right one",
}


def edited(done: "Edited", form: str) -> None:
    """Print what really changed, and what to know of it."""
    if form == "json":
        changes = [_change_json(change) for change in done.changes]
        as_json({"email": done.person.email, "changes": changes, "notes": list(done.notes)})
        return
    for change in done.changes:
        click.echo(f"{plain(change.what)}: {plain(_arrow(change.old, change.new))}")
    if not done.changes:
        click.echo("it was so already: nothing is changed")
    for note in done.notes:
        click.echo(f"warning: {plain(note)}", err=True)


def _change_json(change: "Change") -> dict[str, str]:
    return {"field": change.what, "old": change.old, "new": change.new}


def left(done: "Left", form: str) -> None:
    """Print what somebody no longer gets."""
    if form == "json":
        as_json(
            {
                "email": done.email,
                "lists": [slug or "*" for slug in done.lists],
                "reason": str(done.reason),
                "known": done.known,
                "changed": done.new,
                **({"former_address_of": list(done.formers)} if done.formers else {}),
            }
        )
        return
    lists = ", ".join(slug or _EVERY for slug in done.lists)
    already = "" if done.new else " already"
    click.echo(f"{done.email} is kept from {lists}{already} ({done.reason})")
    if done.formers:
        click.echo(
            f"it was once the address of {' and '.join(done.formers)}, who are left as they are; "
            "the no is kept, and keeps it out",
            err=True,
        )
    elif not done.known:
        click.echo("no subscriber has this address; the no is kept, and keeps it out", err=True)


def lifted(done: "Lifted", form: str) -> None:
    """Print what was lifted, and what still stands."""
    if form == "json":
        as_json(
            {
                "email": done.email,
                "lifted": [_no_json(no) for no in done.lifted],
                "standing": [_no_json(no) for no in done.standing],
            }
        )
        return
    for no in done.lifted:
        click.echo(f"lifted: {no.reason} {no.at[:10]}, {where_no(no)}")
    for no in done.standing:
        click.echo(f"still stands: {no.reason} {no.at[:10]}, {where_no(no)}")


def where_no(no: "Suppression") -> str:
    """Say which lists a no is about."""
    return {"": _EVERY, "+": "lists made later"}.get(no.list_slug, no.list_slug)


def _no_json(no: "Suppression") -> dict[str, str]:
    return {"list": no.list_slug or "*", "reason": str(no.reason), "at": no.at}


def forgotten(done: "Forgotten", root: Path, form: str) -> None:
    """Print that somebody is erased, and what stays; never who."""
    backups = [_below(path, root) for path in done.backups]
    files = [_below(path, root) for path in done.leftovers.files]
    unsearched = [_below(path, root) for path in done.leftovers.unsearched]
    if form == "json":
        as_json(
            {
                "forgotten_at": done.at,
                "changed": done.now,
                "complete": done.complete,
                "left": done.left,
                "backups": backups,
                "files": files,
                "unsearched": unsearched,
                **({"texts_of_others": dict(done.texts)} if done.texts else {}),
            }
        )
        return
    click.echo("erased" if done.now else f"was erased already, {done.at[:10]}")
    if done.texts:
        places = ", ".join(f"{place} {number}" for place, number in done.texts.items())
        click.echo(f"    it stood in what is written of others: {places}")
        click.echo("    what stays: a keyed fingerprint that keeps the address out")
    elif done.subscriber:
        click.echo(
            "    what stays: a keyed fingerprint that keeps the address out, and an empty row"
        )
    else:
        click.echo("    what stays: that a proof went out; this was no subscriber")
    if done.left:
        click.echo(f"    not yet out of the freed pages: {done.left}; the next command tries again")
    for name in backups:
        click.echo(f"    this backup may still hold it, until you remove it: {name}")
    for name in files:
        click.echo(f"    this file still holds it, until you remove it: {plain(name)}")
    for name in unsearched:
        click.echo(f"    this file was too large to look into, or cannot be read: {plain(name)}")
    click.echo("    what you keep elsewhere, and have sent to others, is yours to see to")


def _below(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


# ------------------------------------------------------------------------------------- many


def listed(people: Iterator["Listed"], form: str) -> None:
    """Print people as they come, in flat memory."""
    if form == "json":
        _stream_json("people", (_listed_json(each) for each in people))
        return
    count = 0
    for each in people:
        count += 1
        if each.state == "forgotten":
            click.echo(f"(forgotten {each.since[:10]})")
            continue
        who = [each.email, each.name, each.organisation]
        how = f"{each.state}{f' ({each.why})' if each.why else ''}"
        lists = ", ".join(each.lists)
        click.echo(plain("  ".join([*filter(None, who), f"[{lists or how}]"])))
    click.echo(f"{count} {'person' if count == 1 else 'people'}", err=True)


def _listed_json(each: "Listed") -> dict[str, object]:
    if each.state == "forgotten":
        return {"state": each.state, "since": each.since}
    return {
        "email": each.email,
        "name": each.name,
        "organisation": each.organisation,
        "language": each.language,
        "flags": list(each.flags),
        "state": each.state,
        "reason": each.why,
        "lists": list(each.lists),
    }


def _stream_json(name: str, values: Iterable[object]) -> None:
    """Print one JSON document whose only list may be longer than memory."""
    click.echo(f'{{"{name}": [', nl=False)
    for number, value in enumerate(values):
        data = json.dumps(value, ensure_ascii=not _any_letter())
        click.echo((",\n" if number else "\n") + data, nl=False)
    click.echo("\n]}")


def _any_letter() -> bool:
    return sys.stdout.encoding.lower().startswith("utf")


def organisations(found: "Organisations", form: str) -> None:
    """Print organisations with their addresses, and the members that none reaches."""
    if form == "json":
        as_json(
            {
                "organisations": [
                    {
                        "organisation": each.name,
                        "addresses": each.addresses,
                        "working": each.working,
                        "member": each.member,
                    }
                    for each in found.organisations
                ],
                "members_without": list(found.unreached),
                "without_organisation": {
                    "addresses": found.without[0],
                    "working": found.without[1],
                },
                "members_file": found.members_file or None,
            }
        )
        return
    for each in found.organisations:
        kind = "" if each.member is None else "  member" if each.member else "  no member"
        click.echo(f"{each.working:5} of {each.addresses:5}  {plain(each.name)}{kind}")
    if found.without[0]:
        click.echo(f"{found.without[1]:5} of {found.without[0]:5}  (no organisation)")
    first_lines("members that no address reaches", found.unreached, len(found.unreached))
    if not found.members_file:
        click.echo("to see members without an address: --members FILE.csv", err=True)
