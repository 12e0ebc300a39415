"""An edition that is deleted in the moment between two steps of the studio."""
# ruff: noqa: SLF001 - that moment cannot be had from outside

import asyncio
import shutil
from pathlib import Path

from smakom_mail.services.previewing.studio import Failure, Studio
from tests.services.test_building import SLUG


class Endless:
    """A worker that never ends by itself."""

    async def take(self, slug: str) -> Failure:
        """Wait for ever."""
        del slug
        await asyncio.Event().wait()
        raise AssertionError


def test_an_edition_that_is_deleted_while_it_makes_way_for_another_is_forgotten(
    alone: Path,
) -> None:
    shutil.copytree(alone / "newsletters" / SLUG, alone / "newsletters" / "maj-2021")

    async def story() -> None:
        studio = Studio(alone, {})
        studio._worker = Endless()  # type: ignore[assignment] # it is never asked for more
        studio._stale["maj-2021"] = None
        taken = asyncio.create_task(studio._take("maj-2021", patient=True))
        await asyncio.sleep(0)
        shutil.rmtree(alone / "newsletters" / "maj-2021")
        studio._list_editions()
        studio._stale[SLUG] = studio._asked[SLUG] = None
        await taken
        assert studio._in_background() == SLUG

    asyncio.run(asyncio.wait_for(story(), 30))
