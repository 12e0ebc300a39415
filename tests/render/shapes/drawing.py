"""Small documents in the shape of a program, for tests of shapes."""

from smakom_mail.render.shapes import Shape, shape_for
from tests.render.finishing import finished

EVERY_CLIENT = (
    "gmail", "gmail-other", "outlook-windows", "outlook-com", "yahoo", "apple-mail", "samsung",
)  # fmt: skip


EDITIONS = tuple(
    f"{layout} {slug}"
    for layout in ("smakom", "brev")
    for slug in ("januari-2021", "april-2021", "allt")
)


def mail(edition: str) -> str:
    """Give one of the editions as a reader gets it."""
    layout, _, slug = edition.partition(" ")
    return finished(layout, slug).mail


def body(shape: Shape) -> str:
    """Give what stands in the page's body."""
    return shape.html.partition("<body")[2].partition(">")[2].rpartition("</body>")[0]


def shown(html: str, client: str) -> str:
    """Give the body that `client` makes of `html`, with its own frame around it if it has one."""
    return body(shape_for(html, client))


def styled(css: str, client: str, html: str = '<p class="a">ord</p>') -> str:
    """Give what is left of a style sheet over `html`."""
    shape = shape_for(f"<style>{css}</style>{html}", client)
    return shape.html.partition("<style>")[2].partition("</style>")[0]


def lost(html: str, client: str) -> list[str]:
    """Give the losses, each on a line: feature, what, on how many."""
    return [f"{x.feature} | {x.what} | {x.count}" for x in shape_for(html, client).losses]
