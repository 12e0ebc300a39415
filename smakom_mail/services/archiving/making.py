"""Making the archive of `serve`: a process of its own, since drawing an edition can end one.

It is told on its first line of input what to make, and says one JSON object a line: which edition
it begins, and at last how it went. It ends when its input does, and so with whoever began it.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from smakom_mail.content.project import edition_names
from smakom_mail.errors import SmakomMailError
from smakom_mail.render.archive.entry import ArchivedEdition
from smakom_mail.render.archive.files import archive_files, with_share_picture
from smakom_mail.services.archiving.keeping import (
    KEPT,
    LOCK,
    SITE,
    Drawn,
    forget_others,
    keep,
    kept,
)
from smakom_mail.services.archiving.placing import made_of, place_site
from smakom_mail.services.archiving.site import Site, archived
from smakom_mail.services.archiving.sources import state_of_edition, state_of_shared
from smakom_mail.services.bug_log import write_bug_log
from smakom_mail.services.checking import check_edition
from smakom_mail.services.workplace import Workplace, open_workplace
from smakom_mail.store.locks import take_lock

MEMORY = 2 << 30
"""So much address space it may have, in bytes: many times what an edition takes."""
_NICE = 5  # readers come first
_PAUSE = 0.5
ENDED = "it ended the program that draws it, or took too long"

Tell = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be made: of which editions, and the word for what it is made from.

    `skip` are editions that ended a process which drew them: they are not tried again.
    """

    root: str
    published: list[str]
    state: str
    skip: list[str] = field(default_factory=list)


def main() -> None:
    """Make what the first line of input asks for."""
    job = Job(**json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_with_input, daemon=True).start()
    _bound()
    out = sys.stdout

    def tell(what: Mapping[str, object]) -> None:
        out.write(json.dumps(what) + "\n")
        out.flush()

    try:
        tell({"faults": make_kept(job, os.environ, tell)})
    except SmakomMailError as error:
        tell({"trouble": error.message})
    except Exception as error:  # noqa: BLE001 - the boundary: what is left is a bug
        tell({"trouble": f"the program has a fault ({type(error).__name__}), {write_bug_log()}"})


def make_kept(job: Job, environment: Mapping[str, str], tell: Tell) -> dict[str, str]:
    """Make the archive in its place below ``var/``; give what was wrong by edition.

    An edition that cannot be drawn stays as it was drawn before, or is left out. Raises
    SmakomMailError where the archive cannot be made at all.
    """
    workplace = open_workplace(Path(job.root), environment)
    folder = workplace.root / KEPT
    with _alone(folder, tell):
        if made_of(folder / SITE) == job.state:
            return {}  # another server has just made it
        forget_others(folder, job.published)
        drawing = _Drawing(workplace, folder, tell)
        for slug in job.published:
            drawing.take(slug, skip=slug in job.skip)
        shown = sorted(drawing.shown, key=lambda each: (each.date, each.slug))
        site = Site(archive_files(workplace.config, shown), tuple(each.slug for each in shown))
        # With a fault in it, it is tried again after a restart.
        place_site(site, folder / SITE, "" if drawing.faults else job.state)
        return drawing.faults


@contextmanager
def _alone(folder: Path, tell: Tell) -> Iterator[None]:
    """Wait until no other server makes the archive, and keep it from that."""
    while (lock := take_lock(folder / LOCK)) is None:
        tell({"waiting": True})
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        lock.release()


@dataclass
class _Drawing:
    """Takes editions one by one, and draws those that have changed since they were kept."""

    workplace: Workplace
    folder: Path
    tell: Tell
    shown: list[ArchivedEdition] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look once at what all editions share."""
        self._shared = state_of_shared(self.workplace)
        self._there = set(edition_names(self.workplace.root))

    def take(self, slug: str, *, skip: bool) -> None:
        """Take an edition as it is kept, else draw it; where that cannot be, say so."""
        state = state_of_edition(self.workplace, self._shared, slug)
        before = kept(self.folder, slug)
        if before is not None and before.state == state:
            self.shown.append(before.edition)
        elif slug not in self._there:
            self.faults[slug] = (
                f"{slug} is public, but newsletters/ has no such folder; bring it back, or take "
                f"it out: smakom-mail archive --unpublish {slug}"
            )
        else:
            self._draw(slug, state, before, ENDED if skip else "")

    def _draw(self, slug: str, state: str, before: Drawn | None, why: str) -> None:
        edition, why = (None, why) if why else self._drawn(slug)
        if edition is not None:
            keep(self.folder, Drawn(edition, state))
            self.shown.append(edition)
            return
        if before is not None:
            self.shown.append(before.edition)
        instead = "is shown as it was before" if before else "is left out"
        self.faults[slug] = (
            f"{slug} cannot be drawn as it is now ({why}), and {instead}; "
            f"mend it: smakom-mail check {slug}"
        )

    def _drawn(self, slug: str) -> tuple[ArchivedEdition | None, str]:
        self.tell({"at": slug})
        try:
            edition = archived(check_edition(self.workplace, slug))
            if edition is None:
                return None, "it has errors"
            return with_share_picture(self.workplace.config, edition), ""
        except SmakomMailError as error:
            return None, error.message
        except MemoryError:
            return None, f"it takes more than {MEMORY >> 20} MB"
        except Exception as error:  # noqa: BLE001 - the others can be drawn all the same
            return None, f"the program has a fault, {type(error).__name__}: {write_bug_log()}"


def _bound() -> None:
    """Let a layout that eats memory meet a MemoryError, and readers come first."""
    with suppress(ImportError, OSError, ValueError, AttributeError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
        os.nice(_NICE)


def _end_with_input() -> None:
    with suppress(OSError, ValueError):
        while sys.stdin.readline():
            pass
    os._exit(0)
