"""The addresses of the public pages, and what is answered when something is wrong."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from smakom_mail.errors import StoreError
from smakom_mail.services.bug_log import write_bug_log
from smakom_mail.services.public.desk import DeskClosedError
from smakom_mail.services.public.health import require_writable
from smakom_mail.web.public.archive import ArchivePages
from smakom_mail.web.public.fields import TooLargeError, TooSlowError
from smakom_mail.web.public.guard import Guard
from smakom_mail.web.public.leaving_pages import LeavingPages
from smakom_mail.web.public.own_page import OwnPage
from smakom_mail.web.public.papers import Papers
from smakom_mail.web.public.signing_pages import SigningPages
from smakom_mail.web.public.site import Site, icon, static, stylesheet

BOTH = ["GET", "POST"]
WITHOUT_SLASH = ("subscribe", "preferences", "privacy", "accessibility")
"""Pages that are also looked for as folders, where somebody types or prints their address."""
HEALTH_PATIENCE = 3.0
"""Seconds that the desk may take to say that it is well."""
Answering = Callable[[Request, Exception], Awaitable[Response]]


def make_app(site: Site, log: Callable[[str], None]) -> Guard:
    """Give the application."""
    leaving, signing = LeavingPages(site), SigningPages(site)
    own, papers, archive = OwnPage(site, signing), Papers(site), ArchivePages(site)
    routes = [
        Route("/", papers.start),
        Route("/u/{token}", leaving.leave, methods=BOTH),
        Route("/u/{token}/undo", leaving.undo, methods=BOTH),
        Route("/u/{token}/why", leaving.why, methods=BOTH),
        Route("/subscribe", signing.subscribe, methods=BOTH),
        Route("/confirm/{token}", signing.confirm, methods=BOTH),
        Route("/preferences", signing.ask, methods=BOTH),
        Route("/preferences/{token}", own.show, methods=BOTH),
        Route("/privacy", papers.privacy),
        Route("/accessibility", papers.accessibility),
        Route("/healthz", _health(site)),
        Route("/robots.txt", _robots(site)),
        Route("/favicon.ico", _icon),
        Route("/_/icon.svg", _icon),
        Route("/_/{name}", _asset(site)),
        *(Route(f"/{name}/", _without_slash(site, name), methods=BOTH) for name in WITHOUT_SLASH),
        Route("/{path:path}", archive.show),
    ]
    app = Starlette(routes=routes, exception_handlers=_handlers(site))
    app.router.redirect_slashes = False
    return Guard(app, site.workplace.config.site_url, log, _too_large(site))


def _too_large(site: Site) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        response = site.message(request, "large", status=413)
        response.headers["connection"] = "close"
        return response

    return answer


def _handlers(site: Site) -> dict[int | type[Exception], Answering]:
    def saying(name: str, status: int, **headers: str) -> Answering:
        async def answer(request: Request, _: Exception) -> Response:
            response = site.message(request, name, status=status)
            response.headers.update(headers)
            return response

        return answer

    async def http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        name = "method" if status == 405 else "missing"
        response = site.message(request, name, status=status, again="start")
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        return response

    async def busy(request: Request, error: Exception) -> Response:
        """Say what cannot be done now: whoever only opened a page has nothing to save."""
        name = "busy" if request.method == "POST" else "unshown"
        return await saying(name, 503, **{"retry-after": "60"})(request, error)

    async def bug(request: Request, _: Exception) -> Response:
        write_bug_log()
        return site.message(request, "bug", status=500)

    return {
        HTTPException: http,
        TooLargeError: saying("large", 413, connection="close"),
        TooSlowError: saying("slow", 408, connection="close"),
        StoreError: busy,
        DeskClosedError: busy,
        Exception: bug,
    }


def _health(site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def health(_: Request) -> Response:
        asked = site.desk.submit_alone(require_writable, patience=HEALTH_PATIENCE)
        try:
            await asyncio.wait_for(asyncio.wrap_future(asked), HEALTH_PATIENCE + 2)
        except (StoreError, TimeoutError) as error:
            asked.cancel()
            why = "the database cannot be written now"
            kind = type(error).__name__
            return PlainTextResponse(f"failing: {why} ({kind})\n", 503, {"retry-after": "10"})
        return PlainTextResponse("ok\n")

    return health


def _asset(site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        style, data = stylesheet()
        if name == style:
            return static(data, "text/css")
        if name == "masthead.png" and site.masthead:
            return Response(
                site.masthead, media_type="image/png", headers={"cache-control": "max-age=86400"}
            )
        raise HTTPException(404)

    return asset


async def _icon(_: Request) -> Response:
    """Answer with the icon, also where a browser asks for one without being told of it."""
    headers = {"cache-control": "max-age=86400"}
    return Response(icon(), media_type="image/svg+xml", headers=headers)


def _without_slash(site: Site, name: str) -> Callable[[Request], Awaitable[Response]]:
    async def elsewhere(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{site.base}/{name}{query}", 308)

    return elsewhere


def _robots(site: Site) -> Callable[[Request], Awaitable[Response]]:
    """Keep machines away from links that are one reader's, although none of them does anything."""
    lines = ["User-agent: *", "Disallow: /u/", "Disallow: /confirm/", "Disallow: /preferences/"]
    if site.archive is not None:
        lines.append(f"Sitemap: {site.workplace.config.site_url.rstrip('/')}/sitemap.xml")
    text = "\n".join(lines) + "\n"

    async def robots(_: Request) -> Response:
        return PlainTextResponse(text, headers={"cache-control": "max-age=86400"})

    return robots
