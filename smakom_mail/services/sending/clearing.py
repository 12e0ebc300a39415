"""What must be true of an edition before it is sent to everybody: seen as mail, and approved."""

from smakom_mail.errors import SmakomMailError
from smakom_mail.services.storing import Store
from smakom_mail.store.clearance import last_approval, last_proof


class NotClearedError(SmakomMailError):
    """Nobody has looked at, or agreed to, exactly this."""


def require_proof(store: Store, edition: str, digest: str) -> None:
    """See that a proof of this very digest went out. Raises NotClearedError."""
    if last_proof(store.database, edition, digest) is None:
        raise NotClearedError(
            f"no proof of {edition} as it is now ({digest[:8]}) has gone out",
            f"look at it as mail first: smakom-mail proof {edition} --to YOUR-ADDRESS; "
            "or leave that out with --no-proof",
        )


def require_approval(store: Store, edition: str, digest: str) -> None:
    """See that this very digest was approved, where the settings ask for it.

    Raises NotClearedError.
    """
    if not store.workplace.config.send.require_approval:
        return
    if last_approval(store.database, edition, digest) is None:
        raise NotClearedError(
            f"{edition} as it is now ({digest[:8]}) has not been approved",
            f"whoever may approve it: smakom-mail approve {edition}",
        )
