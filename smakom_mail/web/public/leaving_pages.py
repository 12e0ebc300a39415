"""The pages behind a link for leaving: opening one changes nothing, whoever or whatever does it.

A POST acts, whatever its body says: with ``List-Unsubscribe=One-Click`` it was a mail program's own
button (RFC 8058), and is answered in one line. It is never limited, redirected or refused for where
it comes from: the token is the only thing that counts.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from smakom_mail.services.public.leaving import (
    LeavingPage,
    leave,
    say_why,
    see_leaving,
    undo_leaving,
)
from smakom_mail.store.leavings import WHYS
from smakom_mail.web.public.fields import Fields, TooLargeError, TooSlowError, read_fields
from smakom_mail.web.public.site import Site

ONE_CLICK = ("List-Unsubscribe", "One-Click")


@dataclass(slots=True)
class LeavingPages:
    """`/u/TOKEN` and what lies below it."""

    site: Site

    async def leave(self, request: Request) -> Response:
        """Show what the link is about, or carry it out."""
        token = request.path_params["token"]
        if request.method != "POST":
            return await self._shown(request, token, "leave")
        fields = await _fields(request)
        response = await self._left(request, token, fields or Fields([]))
        if fields is None:
            response.headers["connection"] = "close"  # what else was sent is not read
        return response

    async def _left(self, request: Request, token: str, fields: Fields) -> Response:
        one_click = fields.get(ONE_CLICK[0]) == ONE_CLICK[1]
        act = self.site.act()
        everything = fields.get("all") == "1"
        known = await self.site.change(
            lambda store: leave(
                store, token, "one-click" if one_click else "page", act, everything=everything
            )
        )
        if one_click:
            return _one_line(known=known)
        return await self._shown(request, token, "left", fields)

    async def undo(self, request: Request) -> Response:
        """Ask whether it shall be undone, or undo it."""
        token = request.path_params["token"]
        fields = taken = None
        if request.method == "POST":
            fields = await read_fields(request)
            act = self.site.act()
            taken = await self.site.change(lambda store: undo_leaving(store, token, act))
        shown = await self._see(token)
        if shown is None:
            return self._unknown(request, fields)
        language = self.site.language(request, fields)
        state, lists = ("undone", taken.lists) if taken else ("undo", shown.back)
        if lists:
            return self.site.page(
                request, "undo", language=language, private=True, shown=shown, token=token,
                state=state, name=self.site.about(lists),
            )  # fmt: skip
        if not shown.gone:
            return self.site.message(request, "still_there", language=language, again="start")
        name = "taken_back" if taken else "not_undone"
        if not taken and (shown.recent or not shown.may_return):
            name = "kept_out"
        again = "subscribe" if shown.may_return else ""
        return self.site.message(request, name, language=language, again=again)

    async def why(self, request: Request) -> Response:
        """Take the answer to why, or show the page of the link."""
        token = request.path_params["token"]
        if request.method != "POST":
            return await self._shown(request, token, "leave")
        fields = await read_fields(request)
        chosen = next((why for why in WHYS if why == fields.get("why")), None)
        if chosen is not None:
            act = self.site.act()
            await self.site.change(lambda store: say_why(store, token, chosen, act))
        if await self._see(token) is None:
            return self._unknown(request, fields)
        return self.site.message(request, "thanks", language=self.site.language(request, fields))

    async def _see(self, token: str) -> LeavingPage | None:
        at = self.site.at()
        return await self.site.read(lambda store: see_leaving(store, token, at))

    async def _shown(
        self, request: Request, token: str, template: str, fields: Fields | None = None
    ) -> Response:
        shown = await self._see(token)
        if shown is None:
            return self._unknown(request, fields)
        return self.site.page(
            request,
            template,
            language=self.site.language(request, fields),
            private=True,
            shown=shown,
            token=token,
            name=self.site.about(shown.lists),
            whys=WHYS,
        )

    def _unknown(self, request: Request, fields: Fields | None) -> Response:
        language = self.site.language(request, fields)
        return self.site.message(
            request, "unknown", status=404, language=language, again="preferences"
        )


async def _fields(request: Request) -> Fields | None:
    """Read what came with a POST; None where it is too large, or never came whole."""
    try:
        return await read_fields(request)
    except (TooLargeError, TooSlowError):
        return None


def _one_line(*, known: bool) -> Response:
    if known:
        return PlainTextResponse("Unsubscribed.\n")
    return PlainTextResponse("This is no link of ours.\n", 404)
