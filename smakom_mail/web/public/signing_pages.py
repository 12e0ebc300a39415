"""The pages on which somebody signs up, says yes, and looks after what is held of them."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from smakom_mail.content.people.address import Address, AddressFault, canonical
from smakom_mail.content.people.sentences import sentence
from smakom_mail.services.public.asking import Answer, ask_preferences, sign_up
from smakom_mail.services.public.confirming import ConfirmPage, carry_out, see_confirm
from smakom_mail.services.public.stamps import judge_stamp, make_stamp
from smakom_mail.services.subscribing.typed import role_addresses
from smakom_mail.web.public.fields import Fields, read_fields
from smakom_mail.web.public.site import Site

LONGEST_NAME = 100
Door = Literal["sign_up", "ask"]
_STATES = {"sign-up": ("confirm", "confirmed"), "address": ("move", "moved")}


@dataclass(slots=True)
class SigningPages:
    """`/subscribe`, `/preferences` (asking for the link) and `/confirm/TOKEN`."""

    site: Site

    async def subscribe(self, request: Request) -> Response:
        """Show the form, or take it."""
        return await self._door(request, "sign_up")

    async def ask(self, request: Request) -> Response:
        """Show the form that asks for the link to one's own page, or take it."""
        return await self._door(request, "ask")

    async def _door(self, request: Request, door: Door) -> Response:
        if request.method != "POST":
            return await self._form(request, door, Fields([]))
        fields = await read_fields(request)
        if fields.get("website"):  # no person sees this field
            return self._sent(request, door, fields)
        address = self.read_address(fields.get("email"))
        if isinstance(address, AddressFault):
            return await self._form(request, door, fields, "email", address)
        name = _tidied(fields.get("name"))
        if len(name) > LONGEST_NAME:
            return await self._form(request, door, fields, "name")
        now = int(self.site.now().timestamp())
        stamp = fields.get("stamp")
        judged = await self.site.read(lambda store: judge_stamp(store.keyring, stamp, now))
        if judged != "good" or self.site.is_foreign(request):
            return await self._form(request, door, fields, "again")
        return await self._taken(request, door, fields, address, name)

    async def _taken(
        self, request: Request, door: Door, fields: Fields, address: Address, name: str
    ) -> Response:
        language = self.site.language(request, fields)
        visitor = self.site.visitor(request, language)
        at = self.site.at()
        if door == "sign_up":
            answer = await self.site.change(
                lambda store: sign_up(store, address, name, visitor, at)
            )
        else:
            answer = await self.site.change(
                lambda store: ask_preferences(store, address, visitor, at)
            )
        if answer is Answer.TOO_MANY:
            name = "too_many" if door == "sign_up" else "too_many_asked"
            return self.site.message(request, name, status=429, language=language)
        return self._sent(request, door, fields)

    def read_address(self, text: str) -> Address | AddressFault:
        """Read an address that a visitor typed."""
        roles = role_addresses(self.site.workplace.config.people)
        return canonical(text.strip(), roles=roles)

    async def _form(
        self,
        request: Request,
        door: Door,
        fields: Fields,
        fault: str = "",
        address: AddressFault | None = None,
    ) -> Response:
        now = int(self.site.now().timestamp())
        stamp = await self.site.read(lambda store: make_stamp(store.keyring, now))
        language = self.site.language(request, fields)
        said = self.site.said[language]
        words = {
            "": "",
            "again": said["again_lead"],
            "name": said["fault_name"].replace("{limit}", str(LONGEST_NAME)),
            "email": said["fault_email"].replace(
                "{reason}", sentence(address, language) if address else ""
            ),
        }[fault]
        return self.site.page(
            request,
            "subscribe",
            status=422 if fault else 200,
            language=language,
            door=door,
            stamp=stamp,
            fault=fault,
            fault_words=words,
            email=fields.get("email")[:320],
            name=fields.get("name")[:LONGEST_NAME],
        )

    def _sent(self, request: Request, door: Door, fields: Fields) -> Response:
        return self.site.page(
            request,
            "sent",
            language=self.site.language(request, fields),
            private=True,
            door=door,
            email=fields.get("email").strip()[:320],
        )

    # ------------------------------------------------------------------------------ saying yes

    async def confirm(self, request: Request) -> Response:
        """Show what a link asks, or carry it out."""
        token = request.path_params["token"]
        if request.method != "POST":
            at = self.site.at()
            shown = await self.site.read(lambda store: see_confirm(store, token, at))
            return self._confirm_page(request, token, shown, self.site.language(request))
        fields = await read_fields(request)
        language = self.site.language(request, fields)
        at = self.site.at()
        shown = await self.site.read(lambda store: see_confirm(store, token, at))
        wording = self._wording(shown, language)
        act = self.site.act()
        done = await self.site.change_alone(lambda store: carry_out(store, token, wording, act))
        return self._confirm_page(request, token, done, language)

    def _wording(self, shown: ConfirmPage | None, language: str) -> str:
        """Give the words beside the button, which are kept with the yes."""
        if shown is None or shown.kind != "sign-up":
            return ""
        words = self.site.said[language]["confirm_wording"]
        return words.replace("{lists}", self.site.about(shown.lists))

    def _confirm_page(
        self, request: Request, token: str, shown: ConfirmPage | None, language: str
    ) -> Response:
        if shown is None:
            return self.site.message(
                request, "expired", status=404, language=language, again="subscribe"
            )
        state = _STATES.get(shown.kind, ("erase", "erased"))[shown.done]
        return self.site.page(
            request,
            "confirm",
            language=language,
            private=True,
            state=state,
            done=shown.done,
            address="" if state == "erased" else shown.address,
            wording=self._wording(shown, language),
            token=token,
        )


def _tidied(name: str) -> str:
    """Give a name on one line, without what cannot be seen."""
    visible = "".join(
        c if c.isprintable() else " " for c in unicodedata.normalize("NFC", name[:10_000])
    )
    return " ".join(visible.split())
