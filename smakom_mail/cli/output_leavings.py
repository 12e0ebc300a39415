"""What a report says of who left since the campaign began: counted, and what looks odd by name."""

from typing import TYPE_CHECKING

from smakom_mail.cli.output_people import plain
from smakom_mail.cli.spans import local_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smakom_mail.services.sending.leaving_report import Leavings, RoleLeft

_SHOWN = 100


def leavings_lines(found: "Leavings") -> "Iterator[str]":
    """Give the lines about who left; none where nobody did."""
    if not found.total:
        return
    ways = ", ".join(f"{number} by {how}" for how, number in found.by_how.items() if number)
    yield f"    {found.total:9} left since it began: {ways}"
    if found.role_addresses:
        yield "role addresses that left, each perhaps read by several people:"
        for each in found.role_addresses[:_SHOWN]:
            yield f"    {_role(each)}"
        more = len(found.role_addresses[_SHOWN:]) + found.more_role_addresses
        yield from _more(more, "role addresses")
    for domain in found.domains[:_SHOWN]:
        yield (
            f"{domain.left} of {domain.recipients} at {plain(domain.domain)} have left since it "
            "began: a link scanner, or one person for all? smakom-mail subscribers show ADDRESS "
            "says how each left"
        )
    yield from _more(len(found.domains[_SHOWN:]) + found.more_domains, "such domains")


def _role(left: "RoleLeft") -> str:
    lists = ", ".join(slug or "every list" for slug in left.lists)
    whose = f"  {plain(left.organisation)}" if left.organisation else ""
    why = f", said why: {left.why}" if left.why else ""
    return f"{local_time(left.at)}  {plain(left.email)}{whose}  left {lists} by {left.how}{why}"


def _more(number: int, what: str) -> "Iterator[str]":
    if number:
        yield f"    and {number} more {what}: --format json names up to 1,000"
