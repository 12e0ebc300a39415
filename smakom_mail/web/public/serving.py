"""All that serving the public pages takes, put together and taken apart in the right order."""

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from smakom_mail.services.archiving.showing import ArchiveSite
from smakom_mail.services.letters.sender import LetterSender
from smakom_mail.services.public.desk import Desk
from smakom_mail.services.public.housekeeping import Housekeeping
from smakom_mail.services.public.look import masthead_picture
from smakom_mail.services.public.reading import Readers
from smakom_mail.services.storing import Store, open_store
from smakom_mail.services.workplace import Workplace
from smakom_mail.web.public.app import make_app
from smakom_mail.web.public.server import open_socket, run
from smakom_mail.web.public.site import Site

NOT_LED_TO = (
    "note: nothing leads to these pages, since [site] pages = false: no mail, no letter, not the "
    "archive; where readers reach them, set pages = true"
)


@dataclass(frozen=True, slots=True)
class Orders:
    """Where to listen, what the time is, and where words go.

    `ready` is told the address once the first page can be had, `say` what the operator should
    know, `log` each request.
    """

    host: str
    port: int
    now: Callable[[], dt.datetime]
    ready: Callable[[str], None]
    say: Callable[[str], None]
    log: Callable[[str], None]


def serve_pages(workplace: Workplace, environment: Mapping[str, str], orders: Orders) -> int:
    """Serve until a signal says stop; give its number. Raises SmakomMailError."""

    def opener(create: bool) -> Store:  # noqa: FBT001 - what the desk asks of it
        store = open_store(workplace, environment, create=create)
        for note in store.notes:
            orders.say(f"note: {note}")
        return store

    if not workplace.config.site_pages:
        orders.say(NOT_LED_TO)
    with ExitStack() as ending:
        sock = open_socket(orders.host, orders.port)
        ending.callback(sock.close)
        desk, readers = Desk(opener), Readers(opener)
        ending.callback(readers.close)
        desk.open()
        ending.callback(desk.close)
        keeping = Housekeeping(desk, orders.now, orders.say)
        keeping.open()
        ending.callback(keeping.close)
        archive = ArchiveSite(workplace, environment, orders.say)
        ending.callback(archive.close)
        masthead = masthead_picture(workplace)
        site = Site(workplace, desk, readers, orders.now, archive=archive, masthead=masthead)
        shown = f"[{orders.host}]" if ":" in orders.host else orders.host
        address = f"http://{shown}:{sock.getsockname()[1]}/"

        def ready() -> None:
            orders.ready(address)
            archive.open()  # not before: it would take the time of the first answers

        return run(
            sock,
            make_app(site, orders.log),
            ready,
            lambda: LetterSender(workplace, environment, said=orders.say),
        )
