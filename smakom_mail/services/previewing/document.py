"""The documents that the views draw themselves: templates beside this file, all text escaped."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from smakom_mail.locale.preview import VIEW_WORDS
from smakom_mail.services.previewing.snapshot import Snapshot

if TYPE_CHECKING:
    from jinja2 import Environment


def draw(name: str, snapshot: Snapshot, **values: object) -> str:
    """Give the whole document that the template `name` makes of `values`."""
    language = snapshot.config.messages_language
    template = _environment().get_template(f"{name}.html.j2")
    return template.render(
        said=VIEW_WORDS[language],
        language=language,
        edition=snapshot.edition,
        name=name,
        css=_stylesheet(),
        **values,
    )


def nothing(snapshot: Snapshot) -> str:
    """Give the document that stands where nothing could be made of the edition."""
    return draw("nothing", snapshot)


def grouped(number: int, language: str) -> str:
    """Write a number with its thousands apart: 12 345 in Swedish, 12,345 in English."""
    text = f"{number:,}"
    return text.replace(",", "\u00a0") if language == "sv" else text


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("smakom_mail.services.previewing", "documents")
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _stylesheet() -> object:
    from markupsafe import Markup

    folder = files("smakom_mail.services.previewing") / "documents"
    return Markup((folder / "view.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
