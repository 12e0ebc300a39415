"""The state of every edition while the preview runs, and who is told when it changes."""

from dataclasses import dataclass

from smakom_mail.services.previewing.snapshot import Failure, Snapshot

__all__ = ["EditionState", "Failure", "Studio"]


@dataclass(frozen=True, slots=True)
class EditionState:
    """What is known of an edition: the newest snapshot, the last good one, what stands in the way.

    `generation` grows with each change of what is shown; 0 means that nothing is taken yet.
    """

    slug: str
    generation: int = 0
    snapshot: Snapshot | None = None
    good: Snapshot | None = None
    failure: Failure | None = None


class Studio:
    """To be written."""
