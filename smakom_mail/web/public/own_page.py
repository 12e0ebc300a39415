"""A reader's own page, which only a letter leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from smakom_mail.content.people.address import AddressFault
from smakom_mail.locale import format_date
from smakom_mail.model.person import Subscriber
from smakom_mail.services.public.asking import (
    Answer,
    Visitor,
    ask_address,
    ask_erasure,
    ask_holdings,
)
from smakom_mail.services.public.naming import tidied_name
from smakom_mail.services.public.preferences import (
    ListGround,
    PreferencesPage,
    change_name,
    choose_language,
    choose_lists,
    find_reader,
    see_preferences,
)
from smakom_mail.services.storing import Store
from smakom_mail.web.public.faults import address_words, name_words
from smakom_mail.web.public.fields import Fields, read_fields
from smakom_mail.web.public.signing_pages import SigningPages
from smakom_mail.web.public.site import Site
from smakom_mail.web.public.visitors import LANGUAGES

Change = Callable[[Store, Subscriber], Answer | None]
_REFUSED = {Answer.SAME: "fault_address_same", Answer.TOO_MANY: "fault_address_many"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What could not be done: at which button, why in words, and what was typed there."""

    what: str = ""
    words: str = ""
    typed: str = ""


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
        change = self._change(what, fields, self.site.visitor(request, language))
        if isinstance(change, str):
            wrong = Wrong(what, change, fields.get("name" if what == "name" else "email")[:320])
            return await self._shown(request, token, language, wrong=wrong)
        if change is None:
            return await self._shown(request, token, language)
        answer = await self.site.change(lambda store: _changed(store, token, change))
        if answer is None:
            return self._unknown(request, language)
        if answer in _REFUSED:
            words = self.site.said[language][_REFUSED[answer]]
            wrong = Wrong(what, words, fields.get("email")[:320])
            return await self._shown(request, token, language, wrong=wrong)
        if what == "language":
            language = fields.get("language")
        return await self._shown(request, token, language, saved=what)

    def _change(self, what: str, fields: Fields, visitor: Visitor) -> Change | str | None:
        """Give what a button does; words where it cannot, None where there is no such button."""
        act, language = self.site.act(), visitor.language
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
        if what == "name":
            name = tidied_name(fields.get("name"))
            words = name_words(self.site.said[language], name)
            return words or (lambda store, reader: change_name(store, reader, name, act))
        if what != "address":
            return None
        address = self.signing.read_address(fields.get("email"))
        if isinstance(address, AddressFault):
            return address_words(self.site.said[language], address)
        return lambda store, reader: ask_address(store, reader, address, visitor, act.at)

    async def _shown(
        self,
        request: Request,
        token: str,
        language: str,
        *,
        saved: str = "",
        wrong: Wrong = Wrong(),
    ) -> Response:
        shown = await self.site.read(lambda store: see_preferences(store, token))
        if shown is None:
            return self._unknown(request, language)
        language = language or self.site.language(request)
        return self.site.page(
            request,
            "preferences",
            status=422 if wrong.words else 200,
            language=language,
            private=True,
            shown=shown,
            grounds=[(each.list_name, self._ground(each, language)) for each in shown.grounds],
            token=token,
            saved=_said(saved, shown),
            fault=wrong.what,
            fault_words=wrong.words,
            typed=wrong.typed,
        )

    def _ground(self, ground: ListGround, language: str) -> str:
        """Say in plain words by what right a list is sent to her, and since when."""
        words = self.site.said[language][f"ground_{ground.basis or 'none'}"]
        try:
            day = datetime.fromisoformat(ground.at).astimezone().date()
        except ValueError:
            return words
        since = self.site.said[language]["ground_since"]
        return f"{words} {since.replace('{date}', format_date(day, language))}"

    def _unknown(self, request: Request, language: str) -> Response:
        return self.site.message(
            request, "no_page", status=404, language=language, again="preferences"
        )


def _said(saved: str, shown: PreferencesPage) -> str:
    """Name the words that tell what was saved: two of them depend on what the page is like now."""
    if saved == "lists" and shown.gets_nothing:
        return "nothing"
    return "no_name" if saved == "name" and not shown.name else saved


def _changed(store: Store, token: str, change: Change) -> Answer | None:
    reader = find_reader(store, token)
    if reader is None:
        return None
    return change(store, reader) or Answer.TAKEN
