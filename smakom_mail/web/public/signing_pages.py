"""The pages on which somebody signs up, says yes, and looks after what is held of them."""

from dataclasses import dataclass, replace
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from smakom_mail.content.people.address import Address, AddressFault, canonical
from smakom_mail.services.public.asking import Answer, SignUp, ask_preferences, sign_up
from smakom_mail.services.public.confirming import ConfirmPage, carry_out, see_confirm
from smakom_mail.services.public.naming import tidied_name
from smakom_mail.services.public.stamps import judge_stamp, make_stamp
from smakom_mail.services.subscribing.typed import role_addresses
from smakom_mail.web.public.faults import address_words, name_words
from smakom_mail.web.public.fields import Fields, read_fields
from smakom_mail.web.public.site import Site

MOST_SHOWN = 200
"""So much of a name that is not taken stands in the field again."""
Door = Literal["sign_up", "ask"]
_STATES = {"sign-up": ("confirm", "confirmed"), "address": ("move", "moved")}


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a form from being taken: at which field, and in words."""

    field: str = ""
    words: str = ""


NO_FAULT = Fault()


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
        said = self.site.said[self.site.language(request, fields)]
        address = self.read_address(fields.get("email"))
        if isinstance(address, AddressFault):
            return await self._form(
                request, door, fields, Fault("email", address_words(said, address))
            )
        wanted = SignUp(tidied_name(fields.get("name")), self._chosen(fields))
        if door == "sign_up" and (words := name_words(said, wanted.name)):
            return await self._form(request, door, fields, Fault("name", words))
        if door == "sign_up" and not wanted.lists:
            return await self._form(request, door, fields, Fault("lists", said["fault_lists"]))
        now = int(self.site.now().timestamp())
        stamp = fields.get("stamp")
        judged = await self.site.read(lambda store: judge_stamp(store.keyring, stamp, now))
        foreign = self.site.is_foreign(request)
        if judged != "good" or foreign:
            words = said["again_foreign" if foreign else "again_lead"]
            return await self._form(request, door, fields, Fault("again", words))
        return await self._taken(request, door, fields, address, wanted)

    def _chosen(self, fields: Fields) -> tuple[str, ...]:
        """Give the lists that were ticked; one that is alone needs no tick."""
        offered = self.site.offered
        ticked = fields.all("list") if len(offered) > 1 else (offered[0].slug,)
        return tuple(each.slug for each in offered if each.slug in ticked)

    async def _taken(
        self, request: Request, door: Door, fields: Fields, address: Address, wanted: SignUp
    ) -> Response:
        language = self.site.language(request, fields)
        visitor = self.site.visitor(request, language)
        at = self.site.at()
        if door == "sign_up":
            answer = await self.site.change(
                lambda store: sign_up(store, address, wanted, visitor, at)
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
        self, request: Request, door: Door, fields: Fields, fault: Fault = NO_FAULT
    ) -> Response:
        now = int(self.site.now().timestamp())
        stamp = await self.site.read(lambda store: make_stamp(store.keyring, now))
        return self.site.page(
            request,
            "subscribe",
            status=422 if fault.field else 200,
            language=self.site.language(request, fields),
            door=door,
            stamp=stamp,
            fault=fault.field,
            fault_words=fault.words,
            email=fields.get("email")[:320],
            name=fields.get("name")[:MOST_SHOWN],
            lists=self.site.offered,
            chosen=fields.all("list"),
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
            language = self.site.language(request)
            return self._confirm_page(request, token, shown, language)
        fields = await read_fields(request)
        language = self.site.language(request, fields)
        at = self.site.at()
        shown = await self.site.read(lambda store: see_confirm(store, token, at))
        name = tidied_name(fields.get("name"))
        if (
            shown
            and shown.name is not None
            and (words := name_words(self.site.said[language], name))
        ):
            typed = replace(shown, name=fields.get("name")[:MOST_SHOWN])
            return self._confirm_page(request, token, typed, language, words)
        wording = self._wording(shown, language)
        act = self.site.act()
        done = await self.site.change_alone(
            lambda store: carry_out(store, token, wording, act, name)
        )
        return self._confirm_page(request, token, done, language)

    def _wording(self, shown: ConfirmPage | None, language: str) -> str:
        """Give the words beside the button, which are kept with the yes."""
        if shown is None or shown.kind != "sign-up":
            return ""
        words = self.site.said[language]["confirm_wording"]
        return words.replace("{lists}", self._named(shown.lists))

    def _named(self, lists: tuple[str, ...]) -> str:
        """Name the newsletter and each list that a yes is to: what is kept of it is evidence."""
        config = self.site.workplace.config
        name = config.newsletter.name
        if len(config.people.lists) == 1 or lists in ((), (name,)):
            return name
        return f"{name} ({', '.join(lists)})"

    def _confirm_page(
        self,
        request: Request,
        token: str,
        shown: ConfirmPage | None,
        language: str,
        fault_words: str = "",
    ) -> Response:
        if shown is None:
            return self.site.message(
                request, "expired", status=404, language=language, again="subscribe"
            )
        state = _STATES.get(shown.kind, ("erase", "erased"))[shown.done]
        return self.site.page(
            request,
            "confirm",
            status=422 if fault_words else 200,
            language=language,
            private=True,
            state=state,
            about=self._named(shown.lists),
            headline=self._named(shown.lists if len(self.site.offered) > 1 else ()),
            name=shown.name,
            fault_words=fault_words,
            done=shown.done,
            address="" if state == "erased" else shown.address,
            wording=self._wording(shown, language),
            token=token,
        )
