"""Approving an edition: a record of who said yes to which digest. It authenticates nobody."""

from collections.abc import Mapping
from dataclasses import dataclass

from smakom_mail.errors import SmakomMailError
from smakom_mail.model.person import Act
from smakom_mail.services.checking import CheckedEdition, check_edition
from smakom_mail.services.sending.proofing import require_proof
from smakom_mail.services.storing import Store, open_store
from smakom_mail.services.workplace import Workplace
from smakom_mail.store.proofs import Approval, Proof, approvals_of, proofs_of, record_approval


class NotApprovedError(SmakomMailError):
    """An edition that nobody has approved as it is now."""


@dataclass(frozen=True, slots=True)
class Approvable:
    """An edition as it would be approved: its digest, and the proofs and approvals of just that.

    Where errors stand in the way (`checked.broken`) there is no digest.
    """

    checked: CheckedEdition
    digest: str = ""
    proofs: tuple[Proof, ...] = ()
    approvals: tuple[Approval, ...] = ()


def open_approval(
    workplace: Workplace, environment: Mapping[str, str], slug: str, *, proof: bool = True
) -> Approvable:
    """Say what an approval of the edition `slug` would be about now.

    Raises ProofMissingError where no proof of it has gone out, unless `proof` is False.
    """
    checked = check_edition(workplace, slug)
    if checked.rendered is None or checked.broken:
        return Approvable(checked)
    slug, digest = checked.edition.slug, checked.rendered.digest
    with open_store(workplace, environment, create=True) as store:
        require_proof(store, slug, digest, needed=proof)
        return Approvable(
            checked,
            digest,
            proofs_of(store.database, slug, digest),
            approvals_of(store.database, slug, digest),
        )


def approve_edition(
    workplace: Workplace, environment: Mapping[str, str], approvable: Approvable, act: Act
) -> Approval:
    """Record that the digest which was shown is approved, whatever the files hold by now."""
    approval = Approval(approvable.digest, act.at, act.actor)
    with (
        open_store(workplace, environment, create=True) as store,
        store.database.transaction(),
    ):
        record_approval(store.database, approvable.checked.edition.slug, approval)
    return approval


def require_approval(store: Store, slug: str, digest: str) -> None:
    """See that somebody approved this very digest, where [send] require_approval asks for it.

    Raises NotApprovedError.
    """
    if not store.workplace.config.send.require_approval:
        return
    found = approvals_of(store.database, slug)
    if any(each.digest == digest for each in found):
        return
    if found:
        last = found[-1]
        raise NotApprovedError(
            f"{slug} has been changed since {last.actor} approved it: {last.digest[:8]} was "
            f"approved, and it is {digest[:8]} now",
            f"have it read again, then: smakom-mail approve {slug}",
        )
    raise NotApprovedError(
        f"nobody has approved {slug} ({digest[:8]}), as require_approval under [send] asks for",
        f"once it has been read: smakom-mail approve {slug}",
    )
