"""The words that mark a proof: whoever gets one must not take it for the edition itself."""

_SV = {
    "mark": "PROV",
    "heading": "Prov för genomläsning: {digest}",
    "about": (
        "Det här är ett prov av numret {edition}, inte själva utskicket. Siffrorna {digest} är "
        "brevets fingeravtryck: samma siffror, samma brev. Länken för att avsluta "
        "prenumerationen är avstängd i ett prov."
    ),
}
_EN = {
    "mark": "PROOF",
    "heading": "Proof for reading: {digest}",
    "about": (
        "This is a proof of the edition {edition}, not the mailing itself. The digits {digest} "
        "are the digest of the message: the same digits, the same message. The link for "
        "unsubscribing is switched off in a proof."
    ),
}

PROOF_WORDS = {"sv": _SV, "en": _EN}


def proof_words(language: str) -> dict[str, str]:
    """Give the words of a proof in `language` ("sv" or "en")."""
    return PROOF_WORDS[language]
