"""Subscribers as readers of the preview: beside the invented ones, in no address of a page."""

import asyncio
from pathlib import Path

import pytest

from smakom_mail.config import SampleReader
from smakom_mail.services.previewing.filling import chosen_reader, filled_mail
from smakom_mail.services.previewing.readers import read_readers
from smakom_mail.services.previewing.studio import EditionState, Studio
from tests.services.receiving import EDITION, FIRST, add, append, newsletter, opened, person, place


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a newsletter with two subscribers, one of them without a name."""
    root = newsletter(tmp_path / "brev")
    with opened(root) as store:
        add(
            store,
            person(store, "Asa.Ek@a.example", name="Åsa Ek", organisation="Åmåls kommun"),
            person(store, "utan@a.example", name=""),
        )
    return root


def test_subscribers_are_found_by_any_spelling_of_their_address_once(root: Path) -> None:
    (root / "var/secret").unlink()

    found = read_readers(place(root), [" asa.ek@A.example", "utan@a.example", "utan@a.example"])

    assert found == (
        SampleReader("Åsa Ek", "Åmåls kommun", "Asa.Ek@a.example"),
        SampleReader("", "", "utan@a.example"),
    )


def test_without_addresses_no_database_is_looked_for(tmp_path: Path) -> None:
    assert read_readers(place(newsletter(tmp_path / "brev")), []) == ()


async def taken(root: Path, readers: tuple[SampleReader, ...]) -> EditionState:
    """Let a studio take the edition once."""
    studio = Studio(root, {}, readers=readers)
    running = asyncio.create_task(studio.run())
    try:
        state = await studio.state(EDITION)
        assert state is not None
        return state
    finally:
        running.cancel()
        await asyncio.wait({running})


def test_they_stand_behind_the_sample_readers_and_the_mail_is_filled_in_for_them(
    root: Path,
) -> None:
    append(root / FIRST, "\nHej {name|kära läsare} i {organisation|landet}!\n")

    state = asyncio.run(taken(root, read_readers(place(root), ["asa.ek@a.example"])))

    snapshot = state.good
    assert snapshot is not None
    assert snapshot.rendered is not None
    config = snapshot.config
    assert config.samples[-1] == SampleReader("Åsa Ek", "Åmåls kommun", "Asa.Ek@a.example")
    assert len(config.samples) == len(place(root).config.samples) + 1
    reader = chosen_reader(config, len(config.samples) - 1)
    mail = filled_mail(snapshot.edition, snapshot.rendered, config, reader)
    assert "Hej Åsa Ek i Åmåls kommun!" in mail.text
