"""The published editions, shown as they lie in the archive: the same bytes, without a reader."""

import hashlib
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from smakom_mail.render.archive.dressing import CSP
from smakom_mail.web.public.site import Archive, Site

POLICY = f"{CSP}; frame-ancestors 'none'"
ANYBODY = "cross-origin"
"""Webmail, share previews and feed readers show its pictures in pages of their own; no reader of
ours is in any of it."""
RETRY = 10
"""Seconds after which to come again for what is being made."""
_LONGEST = 300
_SHORT, _LONG = "public, max-age=300", "public, max-age=31536000, immutable"
_NAMED_BY_CONTENT = ("/assets/", "/images/")


@dataclass(slots=True)
class ArchivePages:
    """Everything that no other page has: what the archive lacks is not there."""

    site: Site

    async def show(self, request: Request) -> Response:
        """Answer with a file of the archive."""
        path = f"/{request.path_params['path']}"
        archive = self.site.archive
        if archive is None or len(path) > _LONGEST or path.endswith("/404.html"):
            raise HTTPException(404)
        found = archive.file(path)
        if found is None:
            return self._elsewhere(request, archive, path)
        data, kind = found
        tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        lasting = any(part in path for part in _NAMED_BY_CONTENT)
        headers = {
            "cache-control": _LONG if lasting else _SHORT,
            "content-security-policy": POLICY,
            "cross-origin-resource-policy": ANYBODY,
            "etag": tag,
        }
        if request.headers.get("if-none-match") == tag:
            return Response(None, 304, headers)
        return Response(data, media_type=kind, headers=headers)

    def _elsewhere(self, request: Request, archive: Archive, path: str) -> Response:
        """Lead to the folder that was meant, ask for patience, or say that it is not there."""
        if not path.endswith("/") and archive.file(f"{path}/"):
            return RedirectResponse(f"{self.site.base}{path}/", 301)
        if archive.is_coming(path):
            response = self.site.message(request, "coming", status=503)
            response.headers["retry-after"] = str(RETRY)
            return response
        page = archive.missing_page
        if page is None or not path.startswith("/archive/"):
            raise HTTPException(404)
        headers = {"content-security-policy": POLICY}
        return Response(page, 404, headers, "text/html; charset=utf-8")
