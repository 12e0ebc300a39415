"""By what a mail with a token is known again, so that it is acted upon once."""

from smakom_mail.services.storing import Store

_MARK = 16


def marks_of(store: Store, token: tuple[bytes, bytes], identity: str) -> tuple[str, ...]:
    """Give what a mail is known by under each secret, the current one first."""
    message = "\n".join([token[0].hex(), token[1].hex(), identity])
    macs = store.keyring.macs("unsubscribe mail", message.encode("utf-8", "replace"))
    return tuple(mac[:_MARK].hex() for mac in macs)
