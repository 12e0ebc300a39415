"""Where on a page the sections of an edition begin: at their headings."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from smakom_mail.model.document import Heading, plain, walk
from smakom_mail.model.edition import Edition, Section
from smakom_mail.render.appearance.outline import Element, Outline, squeeze

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Beyond so many pairs to compare, headings are taken one after the other.
_MOST_PAIRS = 200_000


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """A section and the element that shows its title, None where the page does not."""

    section: Section
    heading: Element | None


def section_places(outline: Outline, edition: Edition) -> list[SectionPlace]:
    """Find the title of every section.

    Titles and the headings of the text are laid beside those of the page in one go, so that a
    heading inside a section is not taken for a later section of the same name.
    """
    shown = [each for each in outline.elements if each.name in HEADINGS]
    texts = [outline.words[each.begin : each.finish] for each in shown]
    wanted = [
        (index, words)
        for index, section in enumerate(edition.sections)
        for words in (squeeze(section.title), *_headings(section))
    ]
    titles = {at: number for number, at in _title_places(wanted).items()}
    found: dict[int, Element] = {}
    for mine, theirs in _aligned([words for _, words in wanted], texts):
        if mine in titles:
            found[titles[mine]] = shown[theirs]
    for index, section in enumerate(edition.sections):
        if index not in found and (element := _unmarked(outline, section, index, found)):
            found[index] = element
    return [SectionPlace(each, found.get(at)) for at, each in enumerate(edition.sections)]


def _headings(section: Section) -> list[str]:
    return [squeeze(plain(b.children)) for b in walk(section.blocks) if isinstance(b, Heading)]


def _title_places(wanted: list[tuple[int, str]]) -> dict[int, int]:
    """Give where in `wanted` the title of each section stands: first of its own."""
    places: dict[int, int] = {}
    for at, (index, words) in enumerate(wanted):
        if index not in places:
            places[index] = at if words else -1
    return places


def _aligned(wanted: list[str], shown: list[str]) -> list[tuple[int, int]]:
    """Give the pairs of equal words, in the order of both."""
    if len(wanted) * len(shown) <= _MOST_PAIRS:
        blocks = SequenceMatcher(None, wanted, shown, autojunk=False).get_matching_blocks()
        return [(b.a + n, b.b + n) for b in blocks for n in range(b.size) if wanted[b.a + n]]
    pairs, at = [], 0
    for index, words in enumerate(wanted):
        if words and words in shown[at : at + 1000]:
            at = shown.index(words, at) + 1
            pairs.append((index, at - 1))
    return pairs


def _unmarked(
    outline: Outline, section: Section, index: int, found: dict[int, Element]
) -> Element | None:
    """Find a title that a layout shows in no heading; a list of contents links to it."""
    title = squeeze(section.title)
    at = max((each.finish for number, each in found.items() if number < index), default=0)
    stop = min((each.begin for number, each in found.items() if number > index), default=None)
    for _ in range(20):
        at = outline.words.find(title, at, stop) if title else -1
        if at < 0:
            return None
        element = outline.around(at, at + len(title))
        exact = element and (element.begin, element.finish) == (at, at + len(title))
        if element and exact and not within(element, "a"):
            return element
        at += 1
    return None


def within(element: Element, name: str) -> bool:
    """Say whether an element is of `name`, or inside one that is."""
    each: Element | None = element
    while each:
        if each.name == name:
            return True
        each = each.parent
    return False
