"""A reader's own page, which only a letter leads to."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from smakom_mail.content.people.address import AddressFault
from smakom_mail.content.people.sentences import sentence
from smakom_mail.model.person import Subscriber
from smakom_mail.services.public.asking import ask_address, ask_erasure, ask_holdings
from smakom_mail.services.public.preferences import (
    choose_language,
    choose_lists,
    find_reader,
    see_preferences,
)
from smakom_mail.services.storing import Store
from smakom_mail.web.public.fields import Fields, read_fields
from smakom_mail.web.public.signing_pages import SigningPages
from smakom_mail.web.public.site import Site
from smakom_mail.web.public.visitors import LANGUAGES

Change = Callable[[Store, Subscriber], None]


@dataclass(slots=True)
class OwnPage:
    """`/preferences/TOKEN`."""

    site: Site
    signing: SigningPages

    async def show(self, request: Request) -> Response:
        """Show the page, or do what one of its buttons says and show it again."""
        token = request.path_params["token"]
        if request.method != "POST":
            return await self._shown(request, token, "")
        fields = await read_fields(request)
        language = self.site.language(request, fields)
        if self.site.is_foreign(request):
            return self.site.message(request, "foreign", status=403, language=language)
        what = fields.get("do")
        change = self._change(what, fields, language)
        if isinstance(change, str):
            email = fields.get("email")
            return await self._shown(request, token, language, fault=change, email=email)
        if change is None:
            return await self._shown(request, token, language)
        if not await self.site.change(lambda store: _changed(store, token, change)):
            return self._unknown(request, language)
        if what == "language":
            language = fields.get("language")
        return await self._shown(request, token, language, saved=what)

    def _change(self, what: str, fields: Fields, language: str) -> Change | str | None:
        """Give what a button does; words where it cannot, None where there is no such button."""
        act = self.site.act()
        if what == "lists":
            chosen = frozenset(fields.all("list"))
            wording = self.site.said[language]["lists_wording"]
            return lambda store, reader: choose_lists(store, reader, chosen, wording, act)
        if what == "language" and (wanted := fields.get("language")) in LANGUAGES:
            return lambda store, reader: choose_language(store, reader, wanted, act)
        if what == "holdings":
            return lambda store, reader: ask_holdings(store, reader, language, act.at)
        if what == "erasure":
            return lambda store, reader: ask_erasure(store, reader, language, act.at)
        if what != "address":
            return None
        address = self.signing.read_address(fields.get("email"))
        if isinstance(address, AddressFault):
            words = self.site.said[language]["fault_email"]
            return words.replace("{reason}", sentence(address, language))
        return lambda store, reader: ask_address(store, reader, address, language, act.at)

    async def _shown(  # noqa: PLR0913 - the page, and what was just done on it
        self,
        request: Request,
        token: str,
        language: str,
        *,
        saved: str = "",
        fault: str = "",
        email: str = "",
    ) -> Response:
        shown = await self.site.read(lambda store: see_preferences(store, token))
        if shown is None:
            return self._unknown(request, language)
        return self.site.page(
            request,
            "preferences",
            status=422 if fault else 200,
            language=language or self.site.language(request),
            private=True,
            shown=shown,
            token=token,
            saved="nothing" if saved == "lists" and shown.gets_nothing else saved,
            fault_words=fault,
            email=email[:320],
        )

    def _unknown(self, request: Request, language: str) -> Response:
        return self.site.message(
            request, "expired", status=404, language=language, again="preferences"
        )


def _changed(store: Store, token: str, change: Change) -> bool:
    reader = find_reader(store, token)
    if reader is None:
        return False
    change(store, reader)
    return True
