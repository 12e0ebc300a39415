"""All rules over the finished mail, its web version and the layout's styles."""

from collections.abc import Iterator

from smakom_mail.diagnostics import Diagnostic
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import RenderedEdition
from smakom_mail.render.checks import open_form
from smakom_mail.render.checks_access import check_access
from smakom_mail.render.checks_clients import check_clients
from smakom_mail.render.checks_css import check_css
from smakom_mail.render.checks_html import check_html
from smakom_mail.render.checks_images import check_images
from smakom_mail.render.checks_links import check_links
from smakom_mail.render.checks_looks import check_looks
from smakom_mail.render.inspection import Inspection
from smakom_mail.render.layout import Layout


def check_page(rendered: RenderedEdition, edition: Edition, layout: Layout) -> Iterator[Diagnostic]:
    """Check styles, markup, accessibility, pictures and links (C, H, A, I, L)."""
    seen = Inspection(
        rendered, edition, layout, open_form(rendered.html), open_form(rendered.subject)
    )
    for check in (
        check_css,
        check_clients,
        check_html,
        check_access,
        check_looks,
        check_images,
        check_links,
    ):
        yield from check(seen)
