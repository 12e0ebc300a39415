"""What every public page has at hand: the project, the desk, the readers, the clock, the look."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from smakom_mail.content.people.address import readable
from smakom_mail.locale.public import PUBLIC_WORDS
from smakom_mail.locale.public_forms import FORM_WORDS
from smakom_mail.locale.public_papers import PAPER_WORDS
from smakom_mail.locale.typography import unbroken
from smakom_mail.model.person import Act, MailingList
from smakom_mail.render.papers import paper_templates
from smakom_mail.services.public.asking import Visitor
from smakom_mail.services.public.desk import Desk
from smakom_mail.services.public.reading import Readers
from smakom_mail.services.storing import Store, timestamp
from smakom_mail.services.workplace import Workplace
from smakom_mail.web.public.fields import Fields
from smakom_mail.web.public.visitors import (
    LANGUAGES,
    asked_language,
    chosen_language,
    network_of,
)

READER = "reader"
"""Who has done it, in the history of a person: she herself, on the web."""

_AS_KEPT = ("email", "address_label", "confirm_wording", "lists_wording")
"""Words that stay as they are written: labels are short, and what is kept with a yes is plain."""
_STEM = 3

T = TypeVar("T")


class Archive(Protocol):
    """The published editions: what lies at a path, with its type, or nothing."""

    @property
    def missing_page(self) -> bytes | None:
        """The page for an address that leads nowhere; None before it is made."""

    def file(self, path: str) -> tuple[bytes, str] | None:
        """Give what lies at `path`, such as ``/archive/januari-2021/``, without waiting."""

    def is_coming(self, path: str) -> bool:
        """Say whether what belongs at a path is being made."""


@dataclass(slots=True)
class Site:
    """The public pages of one project."""

    workplace: Workplace
    desk: Desk
    readers: Readers
    now: Callable[[], dt.datetime]
    archive: Archive | None = None
    masthead: bytes | None = None
    said: dict[str, dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        """Fill in what the settings say once."""
        self.said = {language: self._words(language) for language in LANGUAGES}

    # --------------------------------------------------------------------------- what is done

    def at(self) -> str:
        """Give the time as the store keeps it."""
        return timestamp(self.now())

    def act(self) -> Act:
        """Give what the history says of an act of a reader."""
        return Act(self.at(), READER)

    async def read(self, job: Callable[[Store], T]) -> T:
        """Read something."""
        return await _answered(self.readers.read(job))

    async def change(self, job: Callable[[Store], T]) -> T:
        """Change something; when this gives its answer it is on disk."""
        return await _answered(self.desk.submit(job))

    async def change_alone(self, job: Callable[[Store], T]) -> T:
        """Change something that makes transactions of its own."""
        return await _answered(self.desk.submit_alone(job))

    # --------------------------------------------------------------------------- who asks

    def language(self, request: Request, fields: Fields | None = None) -> str:
        """Give the language of a page: that of the form it answers, else the visitor's."""
        given = fields.get("lang") if fields else ""
        default = self.workplace.config.newsletter.language
        return given if given in LANGUAGES else chosen_language(request, default)

    def visitor(self, request: Request, language: str) -> Visitor:
        """Give who asks."""
        peer = request.client.host if request.client else ""
        forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
        trusted = self.workplace.config.serve.trusted_proxies
        return Visitor(network_of(peer, forwarded, trusted), language)

    def is_foreign(self, request: Request) -> bool:
        """Say whether another site's page made the browser send this."""
        fetched = request.headers.get("sec-fetch-site", "")
        if fetched:
            return fetched not in ("same-origin", "none")
        origin = request.headers.get("origin", "null").lower()
        site = urlsplit(self.workplace.config.site_url)
        # A browser that is told to send no referrer sends "null" from our own pages too.
        return origin not in ("null", f"{site.scheme}://{site.netloc}".lower())

    # --------------------------------------------------------------------------- how it looks

    @property
    def base(self) -> str:
        """The path below which the pages lie; empty for the top of the host."""
        return urlsplit(self.workplace.config.site_url).path.rstrip("/")

    @property
    def contact(self) -> str:
        """The address to write to."""
        return self.workplace.config.contact

    def about(self, lists: tuple[str, ...]) -> str:
        """Name the newsletter, and its lists (by name) where there are several to tell apart."""
        config = self.workplace.config
        name = config.newsletter.name
        if (
            len(config.people.lists) == 1
            or not lists
            or (len(lists) == 1 and _says(name, lists[0]))
        ):
            return name
        return f"{name} ({', '.join(lists)})"

    @property
    def offered(self) -> tuple[MailingList, ...]:
        """The lists that readers can join by themselves, in the order of the settings."""
        config = self.workplace.config
        known = {each.slug: each for each in config.people.lists}
        slugs = config.serve.lists or (config.people.default_list,)
        return tuple(known[slug] for slug in dict.fromkeys(slugs))

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        language: str = "",
        private: bool = False,
        **values: object,
    ) -> HTMLResponse:
        """Draw a page; a `private` one is found by no search engine."""
        chosen = language or self.language(request)
        known: dict[str, object] = {
            "said": self.said[chosen],
            "language": chosen,
            "base": self.base,
            "to": self._links(chosen if asked_language(request) else ""),
            "path": request.url.path,
            "config": self.workplace.config,
            "contact": self.contact,
            "style": stylesheet()[0],
            "masthead": self.masthead is not None,
            "archive": self.archive is not None,
            "private": private,
            "fault_words": "",
        }
        html = _environment().get_template(f"{template}.html.j2").render(known | values)
        headers = {"vary": "Accept-Language", "content-language": chosen}
        if private or status >= 400:
            headers["x-robots-tag"] = "noindex, nofollow"
        return HTMLResponse(html, status, headers)

    def _links(self, language: str) -> Callable[[str], str]:
        """Give what makes a page's links and forms, which keep a language that was chosen."""
        query = f"?lang={language}" if language else ""
        return lambda path: f"{self.base}{path}{query}"

    def message(
        self, request: Request, name: str, *, status: int = 200, language: str = "", **more: object
    ) -> HTMLResponse:
        """Draw a page that only says something: the words NAME_title and NAME_lead."""
        return self.page(
            request, "message", status=status, language=language, private=True, name=name,
            again=more.pop("again", ""), **more,
        )  # fmt: skip

    def _words(self, language: str) -> dict[str, str]:
        """Give all words of a language with what the settings say put in."""
        config = self.workplace.config
        newsletter = config.newsletter
        known = {
            "newsletter": newsletter.name or newsletter.organisation,
            "organisation": newsletter.organisation or newsletter.name,
            "sender": config.sender.email,
            "contact": self.contact,
            "site": urlsplit(config.site_url).netloc + self.base,
        }
        words = PUBLIC_WORDS[language] | FORM_WORDS[language] | PAPER_WORDS[language]
        filled = {key: _filled(text, known) for key, text in words.items()}
        return {key: text if key in _AS_KEPT else unbroken(text) for key, text in filled.items()}


def _says(name: str, list_name: str) -> bool:
    """Say whether a list is called as its newsletter is: to name both would say it twice."""
    words = name.casefold().split()
    return all(
        any(each.startswith(word) or word.startswith(each) for word in words if len(word) > _STEM)
        for each in list_name.casefold().split()
    )


def _filled(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    return text


async def _answered(future: Future[T]) -> T:
    return await asyncio.wrap_future(future)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("smakom_mail.web.public"), paper_templates()]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["unbroken"] = unbroken
    environment.filters["readable"] = readable
    environment.filters["fill"] = lambda text, **known: _filled(text, known)
    return environment


@cache
def stylesheet() -> tuple[str, bytes]:
    """Give the stylesheet and its name, which says what is in it: it can be kept for ever."""
    data = (files("smakom_mail.web.public") / "static" / "public.css").read_bytes()
    return f"public-{hashlib.sha256(data).hexdigest()[:12]}.css", data


@cache
def icon() -> bytes:
    """Give the icon of the pages."""
    return (files("smakom_mail.web.public") / "static" / "icon.svg").read_bytes()


def static(data: bytes, kind: str) -> Response:
    """Answer with a file whose name changes with its content."""
    return Response(data, media_type=kind, headers={"cache-control": "public, max-age=31536000"})
