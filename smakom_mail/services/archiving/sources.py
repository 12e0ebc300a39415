"""What the archive is made from, as short words that change when any of it does."""

import hashlib
import json
import os
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import smakom_mail
from smakom_mail.services.building import engine_versions
from smakom_mail.services.workplace import Workplace

_SHARED = ("layouts", "seeds", "smakom-mail.toml", "newsletters/_standing")
_MADE = "__pycache__"


def state_of_shared(workplace: Workplace) -> str:
    """Give a word for what every edition is made from: settings, layouts, seeds, this program."""
    entries = _states(workplace.root, _SHARED)
    return _word([_program(), workplace.config.site_url, workplace.config.site_pages, *entries])


def state_of_edition(workplace: Workplace, shared: str, slug: str) -> str:
    """Give a word for what one edition is made from, with that of what they share."""
    return _word([shared, slug, *_states(workplace.root, (f"newsletters/{slug}",))])


def state_of_archive(workplace: Workplace, published: Collection[str]) -> str:
    """Give a word for what the archive of the `published` editions is made from."""
    shared = state_of_shared(workplace)
    return _word(
        [shared, *(state_of_edition(workplace, shared, each) for each in sorted(published))]
    )


@cache
def _program() -> str:
    """Give a word for the program itself, which may be another one after a restart."""
    package = Path(smakom_mail.__file__).parent
    own = (each for each in _states(package, (".",)) if _MADE not in each[0])
    return _word([sorted(engine_versions().items()), *own])


def _states(root: Path, names: tuple[str, ...]) -> list[tuple[str, int, int]]:
    return sorted(entry for name in names for entry in _entries(root, root / name))


def _entries(root: Path, path: Path) -> Iterator[tuple[str, int, int]]:
    try:
        seen = path.lstat()
        if not path.is_dir():
            yield path.relative_to(root).as_posix(), seen.st_mtime_ns, seen.st_size
            return
        with os.scandir(path) as inside:
            for each in inside:
                if each.is_dir(follow_symlinks=False):
                    yield from _entries(root, Path(each.path))
                else:
                    seen = each.stat(follow_symlinks=False)
                    name = os.path.relpath(each.path, root)
                    yield name, seen.st_mtime_ns, seen.st_size
    except OSError:  # taken away meanwhile
        return


def _word(parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
