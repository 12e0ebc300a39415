"""Where something on a finished page was written: the author's line, or the layout's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from smakom_mail.model.document import Event, Figure, Heading, Link, inlines, plain, runs, walk
from smakom_mail.model.edition import Edition
from smakom_mail.render.layout import FOLDER, Layout
from smakom_mail.render.view import section_anchors

MAIL = "edition.mjml.j2"
WEB = "web.html.j2"
LETTER = "letter.mjml.j2"
Place = tuple[str, int]


@dataclass(slots=True)
class _Authored:
    links: dict[tuple[str, str], Place] = field(default_factory=dict)
    addresses: dict[str, Place] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    figures: dict[str, tuple[Figure, Place]] = field(default_factory=dict)
    anchors: dict[str, Place] = field(default_factory=dict)


class Origins:
    """Looks up the places of one edition in one layout; nothing is read before it is asked."""

    def __init__(self, edition: Edition, layout: Layout) -> None:
        """Take both."""
        self.edition = edition
        self.layout = layout

    def css_files(self) -> tuple[tuple[str, str], ...]:
        """Give the layout's style sheets: path in the project and text."""
        base = f"{FOLDER}/{self.layout.name}/"
        return tuple((base + name, text) for name, text in self.layout.stylesheets)

    def templates(self, *, web: bool = False) -> Iterable[tuple[str, str]]:
        """Give the layout's templates of the mail, or of the web version, and none of letters."""
        base = f"{FOLDER}/{self.layout.name}/"
        for name, text in self.layout.templates:
            if name.endswith(".txt.j2") or name == LETTER:
                continue
            if name.startswith("web") is web:
                yield base + name, text

    def template(self, *, web: bool = False) -> str:
        """Give the path of the template that the page begins with."""
        return f"{FOLDER}/{self.layout.name}/{WEB if web else MAIL}"

    def in_template(self, *needles: str, web: bool = False) -> Place:
        """Give the first line of a template that holds a needle, the first needle before others."""
        found = _line_with(self.templates(web=web), needles)
        return found or (self.template(web=web), 1)

    def in_css(self, words: str, path: Iterable[str], *, dark: bool = False) -> Place:
        """Give the line that says `words` of an element.

        `path` are the selectors that may have said it, ``.class`` or ``tag``, nearest first;
        failing these an attribute of a template, or any line with the words.
        """
        files = [file for file in self.css_files() if ("/head/" in file[0]) is dark]
        files += [file for file in self.css_files() if file not in files]
        lines = [
            (file, number, line)
            for file, text in files
            for number, line in enumerate(text.split("\n"), 1)
            if words.lower() in line.lower()
        ]
        for name in path:
            one = re.compile(rf"(?:^|[\s,>}}]|(?<=\w)(?=\.)){re.escape(name)}(?![\w-])[^{{}}]*\{{")
            for file, number, line in lines:
                if one.search(line):
                    return file, number
        attribute = re.sub(r"^([\w-]+): *(.*)$", r'\1="\2"', words)
        quoted = attribute if attribute != words else f'"{words}"'
        found = _line_with(self.templates(), (quoted,))
        return found or _line_with(files, (words,)) or self.in_template(words)

    @cached_property
    def _authored(self) -> _Authored:
        found = _Authored()
        anchors = section_anchors(self.edition)
        for section in self.edition.sections:
            file = section.file
            level = 1
            found.anchors.setdefault(anchors[section.slug], (file, section.line))
            for block in walk(section.blocks):
                if isinstance(block, Heading):
                    if block.level > level + 1:
                        found.skipped.add(_squeezed(plain(block.children)))
                    level = block.level
                elif isinstance(block, Event) and block.url:
                    found.addresses.setdefault(unquote(block.url), (file, block.line))
                elif isinstance(block, Figure):
                    for picture in self.edition.pictures:
                        if picture.source == block.source:
                            found.figures.setdefault(picture.name, (block, (file, block.line)))
                for link in (n for run in runs(block) for n in inlines(run) if isinstance(n, Link)):
                    place = (file, link.line or getattr(block, "line", 1))
                    said = _squeezed(plain(link.children))
                    found.links.setdefault((unquote(link.href), said), place)
                    found.addresses.setdefault(unquote(link.href), place)
        return found

    def link(self, href: str, text: str = "") -> Place | None:
        """Give the author's line of a link; None where it is the layout's."""
        exact = self._authored.links.get((unquote(href), _squeezed(text)))
        return exact or self._authored.addresses.get(unquote(href))

    @property
    def skipped(self) -> set[str]:
        """The author's headings that leave out a level."""
        return self._authored.skipped

    def anchor(self, name: str) -> Place | None:
        """Give the author's line of a section by its place on the web page."""
        return self._authored.anchors.get(name)

    def picture(self, src: str, *, web: bool = False) -> Place:
        """Give the template's line that shows the picture at `src`."""
        name = src.rsplit("/", 1)[-1]
        stem = next((stem for stem, picture in self.layout.pictures if picture.name == name), "")
        wanted = (f"pictures.{stem}", "place.icon") if stem else ("block.src",)
        if not stem and not self.figure(src):
            wanted = (src,)
        return self.in_template(*wanted, "<img", "<mj-image", web=web)

    def figure(self, src: str) -> tuple[Figure, Place] | None:
        """Give the author's figure that shows the picture at `src`, and its line."""
        return self._authored.figures.get(src.rsplit("/", 1)[-1])


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _line_with(files: Iterable[tuple[str, str]], needles: Iterable[str]) -> Place | None:
    kept = list(files)
    for needle in filter(None, needles):
        for file, text in kept:
            at = text.lower().find(needle.lower())
            if at >= 0:
                return file, text.count("\n", 0, at) + 1
    return None
