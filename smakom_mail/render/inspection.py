"""What the rules over finished pages look at: every page read once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.render.finished import FinishedPage, read_finished
from smakom_mail.render.layout import Layout
from smakom_mail.render.markup import MarkupFault, outlook_view
from smakom_mail.render.origins import Origins


@dataclass(frozen=True)
class Inspection:
    """An edition, its finished pages, and where their parts were written.

    `html` is the mail with every reader's own value at its default.
    """

    rendered: RenderedEdition
    edition: Edition
    layout: Layout
    html: str
    subject: str

    @cached_property
    def mail(self) -> FinishedPage:
        """The mail, read."""
        return read_finished(self.html)

    @cached_property
    def web(self) -> FinishedPage:
        """The web version, read."""
        return read_finished(self.rendered.web)

    @cached_property
    def outlook(self) -> tuple[str, list[MarkupFault]]:
        """The mail as Outlook on Windows reads it, and its broken conditional comments."""
        return outlook_view(self.html)

    @cached_property
    def origins(self) -> Origins:
        """Where things were written."""
        return Origins(self.edition, self.layout)

    def pages(self) -> Iterator[tuple[FinishedPage, bool]]:
        """Give mail and web version; the second value says which is the web version."""
        yield self.mail, False
        yield self.web, True
