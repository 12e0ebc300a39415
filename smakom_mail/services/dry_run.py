"""An edition filled in for each reader, without being sent: nobody meets a hole in the text."""

from html import escape

from smakom_mail.errors import SmakomMailError
from smakom_mail.model.person import Candidate
from smakom_mail.model.rendered import READER_FIELDS, UNSUBSCRIBE, RenderedEdition, Slot

NAMED = 20


def bare_fields(rendered: RenderedEdition) -> tuple[str, ...]:
    """Give what an edition says of its readers without other words for whoever lacks it."""
    bare = {slot.name for slot in _slots(rendered) if slot.default is None}
    return tuple(name for name in READER_FIELDS if name in bare)


def _slots(rendered: RenderedEdition) -> tuple[Slot, ...]:
    return (*rendered.subject.slots, *rendered.html.slots, *rendered.text.slots)


class DryRun:
    """Fills an edition in for one reader after the other, and remembers who lacks what.

    Readers differ in which words they lack, not in how the others are put in: so the texts are
    filled once for each set of words that is there.
    """

    def __init__(self, rendered: RenderedEdition) -> None:
        """Look at what the edition says of its readers."""
        self._rendered = rendered
        said = {slot.name for slot in _slots(rendered)}
        self._fields = tuple(name for name in READER_FIELDS if name in said)
        self._bare = bare_fields(rendered)
        self._known: dict[tuple[bool, ...], tuple[str, ...]] = {}
        self._named: list[str] = []
        self._lacking = 0
        self._lacked: set[str] = set()

    def fill(self, person: Candidate) -> None:
        """Fill it in for a person; what has no words for her is remembered."""
        there = tuple(bool(getattr(person, name).strip()) for name in self._fields)
        if there not in self._known:
            self._known[there] = self._fill(person)
        if lacks := self._known[there]:
            self._lacking += 1
            self._lacked.update(lacks)
            if len(self._named) < NAMED:
                self._named.append(f"{person.email} ({', '.join(lacks)})")

    def _fill(self, person: Candidate) -> tuple[str, ...]:
        values = {name: " ".join(getattr(person, name).split()) for name in READER_FIELDS}
        values[UNSUBSCRIBE] = UNSUBSCRIBE
        if lacks := tuple(name for name in self._bare if not values[name]):
            return lacks
        self._rendered.subject.fill(values)
        self._rendered.text.fill(values)
        self._rendered.html.fill(values, escape)
        return ()

    def require_complete(self) -> None:
        """Refuse an edition that somebody would get with a hole in it.

        Raises SmakomMailError, which names the first of them.
        """
        if not self._lacking:
            return
        lacked = [name for name in READER_FIELDS if name in self._lacked]
        fields = " and ".join(f"{{{name}}}" for name in lacked)
        have = "has" if len(lacked) == 1 else "have"
        readers, them = ("reader", "her") if self._lacking == 1 else ("readers", "them")
        more = self._lacking - len(self._named)
        named = ", ".join(self._named) + (f" and {more} more" if more else "")
        raise SmakomMailError(
            f"{self._rendered.slug}: {fields} {have} no words for "
            f"{self._lacking} {readers}: {named}",
            f"write {{{lacked[0]}|kära läsare}} in the text, or give {them} one: "
            "smakom-mail subscribers edit ADDRESS",
        )
