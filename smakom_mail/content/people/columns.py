"""The header of a table of people: which column is what, in Swedish and English."""

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from smakom_mail.model.person import Fault

# field: the headers that mean it; compared without case, accents, spaces and signs.
HEADERS: dict[str, tuple[str, ...]] = {
    "email": (
        *("e-post", "epost", "e-postadress", "epostadress", "e-post adress", "e-postadresser"),
        *("mejl", "mejladress", "mail", "mailadress", "maila", "email", "e-mail"),
        *("email address", "e-mailadress", "mail address", "epost 1", "e-post 1"),
    ),
    "name": ("namn", "name", "full name", "fullname", "fullständigt namn", "för- och efternamn"),
    "first_name": ("förnamn", "first name", "firstname", "given name"),
    "last_name": ("efternamn", "last name", "lastname", "surname", "family name"),
    "organisation": (
        *("organisation", "organization", "kommun", "kommunnamn", "kommunens namn"),
        *("municipality", "org", "förening", "företag", "company", "arbetsplats"),
    ),
    "language": ("språk", "language", "lang"),
    "lists": ("listor", "lista", "lists", "list", "utskickslista", "utskickslistor"),
    "tags": ("taggar", "tagg", "tags", "tag", "etiketter", "etikett", "labels", "label"),
    "basis": (
        *("grund", "rättslig grund", "laglig grund", "basis", "legal basis", "lawful basis"),
    ),
    "consent_at": (
        *("consent_at", "consent at", "samtycke", "samtyckesdatum", "samtycke datum"),
        *("samtyckt", "datum för samtycke", "consent date", "consent", "consented at"),
    ),
    "consent_source": (
        *("consent_source", "consent source", "samtyckeskälla", "samtycke källa", "källa"),
        *("source", "källa för samtycke"),
    ),
    "wording": (
        *("wording", "ordalydelse", "samtyckestext", "lydelse", "consent wording"),
        *("consent text",),
    ),
}
_SIGNS = re.compile(r"[\W_]+")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_SEARCHED = 10


def fold(text: str) -> str:
    """Give a header as it is compared: lower case, no accents, letters and digits only."""
    plain = unicodedata.normalize("NFKD", text[:200].casefold())
    return _SIGNS.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


_FIELDS = {fold(header): name for name, headers in HEADERS.items() for header in headers}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands in a row, counted from 0; `width` is that of the header.

    `header` is its place among the rows, counted from 0; `notes` name the columns not read.
    """

    places: dict[str, int]
    width: int
    header: int = 0
    notes: tuple[Fault, ...] = field(default=())

    @property
    def fields(self) -> frozenset[str]:
        """The fields of a person that the table has a column for; first and last name are name."""
        return frozenset(
            "name" if name in ("first_name", "last_name") else name for name in self.places
        )


def known(cells: Sequence[str]) -> int:
    """Count the cells that are headers we know."""
    return len({_FIELDS[folded] for cell in cells if (folded := fold(cell)) in _FIELDS})


def find_columns(rows: Sequence[Sequence[str]]) -> Columns | Fault:
    """Find the header among the first rows of a table; a title may stand above it."""
    filled = [number for number, cells in enumerate(rows[:_SEARCHED]) if any(map(str.strip, cells))]
    if not filled:
        return Fault("file-empty")
    for number in filled:
        if any(_FIELDS.get(fold(cell)) == "email" for cell in rows[number]):
            return _columns(rows[number], number)
    likeliest = max(filled, key=lambda number: (known(rows[number]), -number))
    cells = rows[likeliest]
    if any(_ADDRESS.search(cell) for number in filled for cell in rows[number]) and not known(
        cells
    ):
        return Fault("header-none")
    named = ", ".join(cell.strip()[:30] for cell in cells[:8] if cell.strip())
    return Fault("header-no-email", (("columns", named),))


def _columns(cells: Sequence[str], number: int) -> Columns | Fault:
    places: dict[str, int] = {}
    notes: list[Fault] = []
    width = 0
    for place, cell in enumerate(cells):
        folded = fold(cell)
        if cell.strip():
            width = place + 1
        name = _FIELDS.get(folded, "")
        if name in places:
            first = cells[places[name]].strip()
            return Fault("header-twice", (("first", first), ("second", cell.strip())))
        if name:
            places[name] = place
        elif cell.strip():
            notes.append(_unread(cell.strip(), folded))
    return Columns(places, width, number, tuple(notes))


def _unread(cell: str, folded: str) -> Fault:
    near = difflib.get_close_matches(folded, _FIELDS, n=1, cutoff=0.75)
    if not near:
        return Fault("column-unread", (("column", cell),))
    header = next(h for h in HEADERS[_FIELDS[near[0]]] if fold(h) == near[0])
    return Fault("column-unknown", (("column", cell), ("nearest", header)))
