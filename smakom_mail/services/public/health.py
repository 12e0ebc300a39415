"""Whether what a reader says now would be kept: asked by whoever watches the server."""

import shutil

from smakom_mail.errors import StoreError
from smakom_mail.services.storing import Store

ROOM = 1 << 20
"""Bytes that must be free where the database lies."""


def require_writable(store: Store) -> None:
    """See that the database and its disk would take a change; makes none.

    It takes the right to write and gives it back. Raises StoreError.
    """
    with store.database.impatient(), store.database.transaction():
        pass
    if shutil.disk_usage(store.database.path.parent).free < ROOM:
        raise StoreError(
            f"the disk of {store.database.path} is full", "make room: what readers say is not kept"
        )
