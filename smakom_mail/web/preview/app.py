"""The preview's addresses: the list, an edition's page, its frames, its pictures, its news.

No address names a file: editions, views and pictures are looked up among those there are.
"""

import asyncio
import json
import mimetypes
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from smakom_mail.services.bug_log import write_bug_log
from smakom_mail.services.previewing.snapshot import Snapshot
from smakom_mail.services.previewing.studio import EditionState, Studio
from smakom_mail.services.previewing.views import View, ViewRequest, make_view
from smakom_mail.web.preview import pages
from smakom_mail.web.preview.asking import VIEWS, Asked, read_query
from smakom_mail.web.preview.guard import FRAME_POLICY, Guard
from smakom_mail.web.preview.links import LINK_PAGE, inert

_ASSETS = {
    "preview.css": "text/css",
    "preview.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_KEPT_VIEWS = 48
_HEARTBEAT = 15.0
"""Seconds between signs of life to a browser that listens."""


@dataclass(slots=True)
class Preview:
    """The application's memory: the studio behind it, and the views that were made last."""

    studio: Studio
    root: Path
    language: str
    editor: str
    made: OrderedDict[tuple[object, ...], View] = field(default_factory=OrderedDict)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def listing(self, _: Request) -> Response:
        """Answer with the list of editions."""
        return HTMLResponse(pages.editions_page(self.studio.states(), self.language))

    async def edition(self, request: Request) -> Response:
        """Answer with the page of one edition."""
        slug = request.path_params["slug"]
        state = await self.studio.state(slug)
        if state is None:
            states = self.studio.states()
            return HTMLResponse(pages.editions_page(states, self.language, slug), 404)
        asked = read_query(request.query_params)
        snapshot = chosen(state, asked)
        view = None
        if snapshot and snapshot.rendered:
            view = await self._view(state, snapshot, asked.request(asked.view))
        shown = pages.Shown(state, snapshot, state.generation, asked, view)
        html = await run_in_threadpool(
            pages.edition_page, shown, self.root, self.editor, self.language
        )
        return HTMLResponse(html)

    async def frame(self, request: Request) -> Response:
        """Answer with one view, a document of its own."""
        name = request.path_params["name"]
        state = await self.studio.state(request.path_params["slug"])
        asked = read_query(request.query_params)
        snapshot = chosen(state, asked) if state else None
        if name not in VIEWS or state is None or snapshot is None or snapshot.rendered is None:
            return Response("There is no such view.\n", 404, media_type="text/plain")
        view = await self._view(state, snapshot, asked.request(name))
        return HTMLResponse(inert(view.html), headers={"content-security-policy": FRAME_POLICY})

    async def link(self, request: Request) -> Response:
        """Answer where a link of a mail would have led."""
        html = pages.link_page(request.query_params.get("to", ""), self.language)
        return HTMLResponse(html, headers={"content-security-policy": FRAME_POLICY})

    async def picture(self, request: Request) -> Response:
        """Answer with a picture of the edition, known by its published name."""
        state = await self.studio.state(request.path_params["slug"])
        for snapshot in (state.snapshot, state.good) if state else ():
            for picture in snapshot.rendered.pictures if snapshot and snapshot.rendered else ():
                if picture.name == request.path_params["name"]:
                    kind = mimetypes.guess_type(picture.name)[0] or "application/octet-stream"
                    # The name carries a piece of the content's hash: it never shows anything else.
                    lasting = {"cache-control": "private, max-age=3600"}
                    return Response(picture.data, media_type=kind, headers=lasting)
        return Response("There is no such picture.\n", 404, media_type="text/plain")

    async def events(self, request: Request) -> Response:
        """Answer with news of an edition, or of all, for as long as the browser listens."""
        slugs = [slug for slug in request.query_params.getlist("edition") if slug]
        return StreamingResponse(self._news(*slugs), media_type="text/event-stream")

    async def _news(self, *slugs: str) -> AsyncIterator[str]:
        closing = asyncio.ensure_future(self.closing.wait())
        async with self.studio.listen(*slugs) as changes:
            # From here on nothing is missed: what changed before is on the page asked for now.
            yield "retry: 500\nevent: listening\ndata: now\n\n"
            coming = asyncio.ensure_future(anext(changes))
            try:
                while not closing.done():
                    await asyncio.wait(
                        (coming, closing), timeout=_HEARTBEAT, return_when="FIRST_COMPLETED"
                    )
                    if not coming.done():
                        if not closing.done():
                            yield ": still here\n\n"
                        continue
                    try:
                        state = coming.result()
                    except StopAsyncIteration:  # the studio has ended
                        return
                    coming = asyncio.ensure_future(anext(changes))
                    news = {
                        "edition": state.slug,
                        "generation": state.generation,
                        "state": pages.state_kind(state),
                    }
                    yield f"data: {json.dumps(news)}\n\n"
            finally:
                for task in (coming, closing):
                    task.cancel()
                await asyncio.gather(coming, closing, return_exceptions=True)

    async def _view(self, state: EditionState, snapshot: Snapshot, request: ViewRequest) -> View:
        draft = snapshot is not state.good
        key = (state.slug, state.generation, draft, request)
        if key not in self.made:
            view = await run_in_threadpool(make_view, snapshot, request)
            self.made[key] = view
            while len(self.made) > _KEPT_VIEWS:
                self.made.popitem(last=False)
        return self.made[key]


def chosen(state: EditionState, asked: Asked) -> Snapshot | None:
    """Give the snapshot to look at: the last good one, the newest where a draft is asked for."""
    if state.good is None or (asked.draft and state.snapshot and state.snapshot.rendered):
        return state.snapshot
    return state.good


async def _to_slash(request: Request) -> Response:
    return RedirectResponse(request.url.replace(path=request.url.path + "/"))


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _ASSETS:
        return Response("There is no such file.\n", 404, media_type="text/plain")
    data = (files("smakom_mail.web.preview") / "static" / name).read_bytes()
    return Response(data, media_type=_ASSETS[name])


async def _bug(_: Request, error: Exception) -> Response:
    """Say that it is our fault, and where the traceback lies; the preview goes on."""
    words = f"bug: {type(error).__name__}: {error}\nplease report it with the {write_bug_log()}\n"
    return Response(words, 500, media_type="text/plain")


def make_app(preview: Preview, hosts: frozenset[str]) -> Guard:
    """Give the application, answering to `hosts` only."""
    routes = [
        Route("/", preview.listing),
        Route("/_/events", preview.events),
        Route(LINK_PAGE, preview.link),
        Route("/_/{name}", _asset),
        Route("/{slug}", _to_slash),
        Route("/{slug}/", preview.edition),
        Route("/{slug}/view/images/{name}", preview.picture),
        Route("/{slug}/view/{name}", preview.frame),
    ]
    return Guard(Starlette(routes=routes, exception_handlers={Exception: _bug}), hosts)
