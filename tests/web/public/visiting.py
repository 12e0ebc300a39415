"""The public pages of a small newsletter, asked without a network; and its people."""

import asyncio
import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from smakom_mail.model.person import Subscriber
from smakom_mail.services.public.desk import Desk
from smakom_mail.services.public.reading import Readers
from smakom_mail.services.storing import Store, open_store
from smakom_mail.services.subscribing.moving import page_token
from smakom_mail.store.letters import Letter, letters_of
from smakom_mail.store.lists import scope_code
from smakom_mail.store.people import find_by_key
from smakom_mail.tokens import Purpose, make_token
from smakom_mail.web.public.app import make_app
from smakom_mail.web.public.guard import Guard
from smakom_mail.web.public.site import Site
from tests.services.receiving import add, newsletter, person, place

KIM, BO = "kim@kommun.se", "bo@kommun.se"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: dt.datetime = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        """Give the time."""
        return self.now

    def passes(self, **how_much: float) -> None:
        """Let time pass."""
        self.now += dt.timedelta(**how_much)


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")


@dataclass
class Visited:
    """The pages, a store of the test's own to look into, and the lines of the log."""

    root: Path
    store: Store
    site: Site
    clock: Clock
    log: list[str] = field(default_factory=list)
    app: Guard = field(init=False)

    def __post_init__(self) -> None:
        """Make the application."""
        self.app = make_app(self.site, self.log.append)

    def get(self, path: str, headers: Mapping[str, str] = {}, method: str = "GET") -> Answer:
        """Ask for a page."""
        return self.asked(method, path, headers, b"")

    def post(
        self,
        path: str,
        fields: Mapping[str, str] | bytes = b"",
        headers: Mapping[str, str] = {},
        *,
        kind: str = FORM,
    ) -> Answer:
        """Send a form, or any body."""
        body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
        given = {"content-type": kind, "content-length": str(len(body)), **headers}
        return self.asked("POST", path, given, body)

    def asked(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Give what the application answers to one request; a body of None never comes."""
        return asyncio.run(self._asked(method, path, headers, body))

    async def _asked(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        bare, _, query = path.partition("?")
        fields = {"host": "nyhetsbrev.forening.example", **headers}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": bare,
            "raw_path": bare.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in fields.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8026),
        }
        sent: list[dict[str, object]] = []
        whole = body or b""
        pieces = [whole[i : i + 4096] for i in range(0, len(whole), 4096)] or [b""]
        pieces = [] if body is None else pieces

        async def receive() -> dict[str, object]:
            if not pieces:
                await asyncio.sleep(3600)
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)  # type: ignore[arg-type] # plain dicts are messages
        start = sent[0]
        names: list[tuple[bytes, bytes]] = start["headers"]  # type: ignore[assignment] # as ASGI has it
        return Answer(
            int(str(start["status"])),
            {key.decode().lower(): value.decode() for key, value in names},
            b"".join(m["body"] for m in sent[1:] if isinstance(m.get("body"), bytes)),  # type: ignore[misc] # just looked
        )

    # ------------------------------------------------------------------------------ its people

    def token(self, email: str, *lists: str, purpose: Purpose = "unsubscribe") -> str:
        """Give a token of somebody for lists; without any for the default one."""
        code = scope_code(self.store.database, lists or ("prenumeranter",))
        return make_token(self.store.keyring, purpose, bytes.fromhex(self.who(email).ref), code)

    def page(self, email: str) -> str:
        """Give the address of somebody's own page."""
        return f"/preferences/{page_token(self.store, self.who(email))}"

    def who(self, email: str) -> Subscriber:
        """Give somebody who is there."""
        found = find_by_key(self.store.database, email)
        assert found is not None, email
        return found

    def lists(self, email: str) -> dict[str, str]:
        """Give how somebody stands to lists."""
        return {each.list_slug: str(each.state) for each in self.who(email).memberships}

    def letters(self, email: str) -> list[Letter]:
        """Give the letters to an address."""
        return list(letters_of(self.store.database, email))

    def contents(self) -> dict[str, list[tuple[object, ...]]]:
        """Give everything in the database."""
        tables = sorted(self.store.database.tables())
        return {
            name: [tuple(row) for row in self.store.database.all(f"SELECT * FROM {name}")]  # type: ignore[arg-type] # noqa: S608 - a row is one of sqlite3; names of our tables
            for name in tables
        }


@contextmanager
def visited(root: Path, settings: str = "") -> Iterator[Visited]:
    """Make a newsletter with Kim on both lists and Bo on one, and serve it."""
    newsletter(root)
    with (root / "smakom-mail.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    with _served(root, Clock()) as made:
        kim = person(made.store, KIM, "prenumeranter", "medlemmar")
        add(made.store, kim, person(made.store, BO))
        yield made


@contextmanager
def restarted(before: Visited) -> Iterator[Visited]:
    """Serve the same newsletter anew: another desk, other readers."""
    with _served(before.root, before.clock) as made:
        yield made


@contextmanager
def _served(root: Path, clock: Clock) -> Iterator[Visited]:
    workplace = place(root)

    def opener(create: bool) -> Store:  # noqa: FBT001 - what the desk asks of it
        return open_store(workplace, {}, create=create)

    desk, readers = Desk(opener), Readers(opener)
    desk.open()
    store = opener(False)  # noqa: FBT003 - as above
    try:
        yield Visited(root, store, Site(workplace, desk, readers, clock), clock)
    finally:
        desk.close()
        readers.close()
        store.close()
