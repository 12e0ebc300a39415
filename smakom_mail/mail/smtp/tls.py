"""TLS to the relay: 1.2 or later, with a certificate that is verified, or nothing is sent."""

import ssl

from smakom_mail.errors import SmakomMailError

# X509_V_ERR_… of OpenSSL.
_SELF_SIGNED = 18
_REASONS = {
    9: "is not valid yet",
    10: "has expired",
    _SELF_SIGNED: "is signed by nobody but itself",
    19: "is signed by an authority that this machine does not trust",
    20: "is signed by an authority that this machine does not trust",
    21: "is signed by an authority that this machine does not trust",
    62: "is for another name",
    64: "is for another name",
}
BROKEN_OFF = "the relay broke off the TLS handshake (too old a TLS version?)"
_TOO_OLD = ("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE")


class CertificateAuthorityError(SmakomMailError):
    """The file of certificate authorities cannot be used."""


def client_context(authorities: str = "") -> ssl.SSLContext:
    """Make what verifies a relay: once for all connections, as it takes 25 ms.

    `authorities` are certificates in PEM that are trusted instead of the system's. Raises
    CertificateAuthorityError where they are none.
    """
    try:
        context = ssl.create_default_context(cadata=authorities or None)
    except ssl.SSLError as error:
        raise CertificateAuthorityError(
            "the file that [relay] ca_file names holds no certificate in PEM",
            "it begins with -----BEGIN CERTIFICATE-----: ask the relay's keeper for it",
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def broke_off(error: Exception) -> bool:
    """Say whether the relay ended a handshake without a word of why."""
    silent = (ConnectionResetError, BrokenPipeError, ssl.SSLEOFError)
    return isinstance(error, silent)


def refusal(host: str, error: Exception) -> str | None:
    """Say in a sentence why a TLS handshake failed for good; None where it may yet succeed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = _REASONS.get(error.verify_code, f"cannot be verified ({error.verify_message})")
        way_out = ""
        if "authority" in reason or error.verify_code == _SELF_SIGNED:
            way_out = "; [relay] ca_file can name a certificate to trust"
        return f"the certificate of {host} {reason}, and nothing is sent{way_out}"
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "reason", None) or ""
        if any(sign in reason for sign in _TOO_OLD):
            return f"{host} speaks no TLS 1.2 or later, and nothing is sent"
        if "WRONG_VERSION_NUMBER" in reason:
            return (
                f"{host} does not speak TLS on this port, and nothing is sent: "
                'security = "tls" goes with port 465, "starttls" with 587'
            )
    return None
