"""What an address of the preview asks for; a value that makes no sense is the usual one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from smakom_mail.render.appearance import Scheme
from smakom_mail.render.shapes import CLIENTS
from smakom_mail.services.previewing.views import ViewRequest

VIEWS = ("mail", "web", "text", "inbox", "order", "raw", "seeds")
WIDTHS = (320, 375, 600, 700)
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
USUAL_WIDTHS = (375, 600)
NARROWEST, WIDEST = 240, 1600


@dataclass(frozen=True, slots=True)
class Asked:
    """One page: which view is in front and how; `free` is a width of its own, 0 for none."""

    view: str = "mail"
    widths: tuple[int, ...] = USUAL_WIDTHS
    free: int = 0
    client: str = ""
    scheme: Scheme = "light"
    pictures: bool = True
    text: int = 100
    reader: int = 0
    columns: int = 0
    draft: bool = False

    def request(self, name: str) -> ViewRequest:
        """Give what the frame of the view `name` is to show."""
        return ViewRequest(
            name=name,
            client=self.client if name == "mail" else "",
            scheme=self.scheme if name in ("mail", "web") else "light",
            pictures=self.pictures or name != "mail",
            text=self.text if name in ("mail", "web") else 100,
            reader=self.reader if name in ("mail", "text", "inbox", "raw") else 0,
            columns=self.columns if name == "text" else 0,
        )

    def frame_query(self, name: str, generation: int) -> str:
        """Give the query of a frame's address; another generation is another address."""
        asked = self.request(name)
        parts: dict[str, object] = {"g": generation}
        parts |= _changed(asked, ViewRequest(name=name))
        if self.draft:
            parts["draft"] = 1
        return urlencode(parts)

    def query(self, **changes: object) -> str:
        """Give the query of this page with `changes`, what is usual left out."""
        asked = replace(self, **changes)  # type: ignore[arg-type] # the names of its own fields
        parts = _changed(asked, Asked(widths=() if asked.free else USUAL_WIDTHS))
        widths = parts.pop("widths", ())
        pairs = list(parts.items())
        if isinstance(widths, tuple):
            pairs += [("width", width) for width in widths]
        return urlencode(pairs)


def _changed(asked: object, usual: object) -> dict[str, object]:
    """Give the fields that are not as usual, as they stand in an address."""
    names = type(asked).__dataclass_fields__  # type: ignore[attr-defined] # only dataclasses come here
    values = {name: getattr(asked, name) for name in names if name != "name"}
    return {
        name: int(value) if isinstance(value, bool) else value
        for name, value in values.items()
        if value != getattr(usual, name)
    }


def read_query(query: QueryParams) -> Asked:
    """Read the query of a page or of a frame."""
    widths = tuple(w for w in WIDTHS if str(w) in query.getlist("width"))
    free = _number(query, "free", range(NARROWEST, WIDEST + 1), 0)
    usual = () if free else USUAL_WIDTHS
    return Asked(
        view=_one_of(query, "view", VIEWS, "mail"),
        widths=widths or usual,
        free=free,
        client=_one_of(query, "client", CLIENTS, ""),
        scheme=next((s for s in SCHEMES if s == query.get("scheme")), "light"),
        pictures=query.get("pictures") != "0",
        text=_number(query, "text", (100, 200), 100),
        reader=_number(query, "reader", range(1000), 0),
        columns=_number(query, "columns", (0, 72), 0),
        draft=query.get("draft") == "1",
    )


def _one_of(
    query: QueryParams, name: str, known: Iterable[str] | Mapping[str, object], usual: str
) -> str:
    value = query.get(name, usual)
    return value if value in known else usual


def _number(query: QueryParams, name: str, known: Iterable[int], usual: int) -> int:
    value = query.get(name, "")
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else usual
    return number if number in known else usual
