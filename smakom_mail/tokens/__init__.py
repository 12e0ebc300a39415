"""What the secret makes: fingerprints of addresses, tokens in links, message ids."""

from smakom_mail.tokens.keyring import SHORTEST, Keyring
from smakom_mail.tokens.message_id import fits_message_id, message_id
from smakom_mail.tokens.token import Purpose, make_token, new_ref, new_scope, read_token

__all__ = [
    "SHORTEST",
    "Keyring",
    "Purpose",
    "fits_message_id",
    "make_token",
    "message_id",
    "new_ref",
    "new_scope",
    "read_token",
]
