"""The words of single letters: what each kind says before its link, on it and behind it.

The places in braces are filled with names from the settings and with the address that the letter
goes to; nothing that a visitor typed has a place here.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class LetterWords:
    """What a letter says. Without a `link` there is nothing to click."""

    subject: str
    preheader: str
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    link: str = ""


_NOT_YOU_SV = "Var det inte du? Då behöver du inte göra någonting."
_NOT_YOU_EN = "Was it not you? Then you need not do anything."

_SV = {
    "sign-up": LetterWords(
        "Bekräfta att du vill få {newsletter}",
        "Gör du ingenting får du inga fler brev.",
        "Vill du få {newsletter}?",
        (
            (
                "Adressen {email} har anmälts till {newsletter}, av dig själv eller av någon "
                "annan. {organisation} skickar ingenting dit förrän du har sagt ja."
            ),
        ),
        (
            "Knappen öppnar en sida där du bekräftar med ett klick till.",
            (
                "Vill du inte, eller var det inte du? Då behöver du inte göra någonting: du får "
                "inga fler brev, och adressen raderas efter {days} dagar."
            ),
        ),
        "Ja, jag vill prenumerera",
    ),
    "invited": LetterWords(
        "Bekräfta att du vill få {newsletter}",
        "Gör du ingenting får du inga fler brev.",
        "Vill du få {newsletter}?",
        (
            (
                "{organisation} frågar om du vill få {newsletter} till {email}. Ingenting skickas "
                "dit förrän du har sagt ja."
            ),
        ),
        (
            "Knappen öppnar en sida där du bekräftar med ett klick till.",
            "Vill du inte? Då behöver du inte göra någonting.",
        ),
        "Ja, jag vill prenumerera",
    ),
    "already": LetterWords(
        "Du får redan {newsletter}",
        "Ingenting har ändrats.",
        "Du får redan {newsletter}",
        (
            (
                "Adressen {email} har anmälts till {newsletter}, av dig själv eller av någon "
                "annan. Du får det redan, så ingenting har ändrats."
            ),
            (
                "På din egen sida kan du byta adress eller språk, välja listor eller sluta "
                "prenumerera."
            ),
        ),
        (_NOT_YOU_SV,),
        "Öppna din sida",
    ),
    "preferences": LetterWords(
        "Länken till din sida för {newsletter}",
        "Här sköter du din prenumeration.",
        "Din egen sida",
        (
            (
                "Någon, troligen du, har bett om länken till sidan där du sköter din prenumeration "
                "på {newsletter}. Den som har {email} får länken, och ingen annan."
            ),
            (
                "På sidan kan du välja listor, byta adress eller språk och sluta prenumerera. Där "
                "kan du också be att få se vad som är sparat om dig, eller att få det raderat."
            ),
        ),
        (
            "Länken är personlig: skicka inte brevet vidare.",
            _NOT_YOU_SV,
        ),
        "Öppna din sida",
    ),
    "nothing": LetterWords(
        "Ingen prenumeration på den här adressen",
        "Det finns ingen sida att öppna.",
        "Ingen prenumeration på den här adressen",
        (
            (
                "Någon, troligen du, har bett om länken till sin sida för {newsletter} och skrivit "
                "adressen {email}. Den prenumererar inte på brevet, så det finns ingen sida att "
                "öppna."
            ),
            "Prenumererar du med en annan adress? Be om länken igen, med den.",
        ),
        (
            (
                "Var det inte du? Då behöver du inte göra någonting. Att någon frågade sparas i "
                "högst {days} dagar, så att ingen kan skicka dig många sådana här brev."
            ),
        ),
        "Anmäl dig till {newsletter}",
    ),
    "holdings": LetterWords(
        "Det här har {organisation} sparat om dig",
        "Svaret på din fråga om dina uppgifter.",
        "Det här är sparat om dig",
        (
            (
                "Du har bett att få se vad {organisation} har sparat om {email} för {newsletter}. "
                "Här är allt."
            ),
            (
                "Vill du ändra något, eller få allt raderat? Gör det på din egen sida, eller svara "
                "på det här brevet."
            ),
        ),
        (),
        "Öppna din sida",
    ),
    "address": LetterWords(
        "Bekräfta din nya adress för {newsletter}",
        "Gör du ingenting ändras ingenting.",
        "Är det här din nya adress?",
        (
            (
                "En prenumerant på {newsletter} har bett att få brevet till {email} i stället för "
                "till sin tidigare adress."
            ),
        ),
        (
            "Knappen öppnar en sida där du bekräftar med ett klick till.",
            (
                "Var det inte du? Då behöver du inte göra någonting: inget ändras, och adressen "
                "raderas efter {days} dagar."
            ),
        ),
        "Ja, byt till den här adressen",
    ),
    "moved": LetterWords(
        "Din adress för {newsletter} är ändrad",
        "Var det inte du? Svara på det här brevet.",
        "Adressen är ändrad",
        (
            (
                "{newsletter} skickas från och med nu till en annan adress än {email}. Ändringen "
                "gjordes på prenumerantens egen sida och bekräftades från den nya adressen."
            ),
        ),
        ("Var det inte du? Svara på det här brevet, så rättar vi det.",),
    ),
    "erasure": LetterWords(
        "Bekräfta att allt om dig ska raderas",
        "Gör du ingenting blir allt som det är.",
        "Ska allt om dig raderas?",
        (
            (
                "Du har bett {organisation} att radera allt som är sparat om {email} för "
                "{newsletter}. Det går inte att ångra, och du får inga fler brev."
            ),
            (
                "Det enda som blir kvar är en kod som ingen kan läsa adressen ur. Den hindrar att "
                "du läggs till igen av misstag."
            ),
        ),
        (
            (
                "Knappen öppnar en sida där du bekräftar med ett klick till. Länken gäller i "
                "{days} dagar."
            ),
            "Var det inte du? Då behöver du inte göra någonting: allt blir som det är.",
        ),
        "Ja, radera allt om mig",
    ),
}
_EN = {
    "sign-up": LetterWords(
        "Confirm that you want {newsletter}",
        "If you do nothing, you get no more mail.",
        "Do you want {newsletter}?",
        (
            (
                "The address {email} has been signed up for {newsletter}, by you or by somebody "
                "else. {organisation} sends nothing to it until you have said yes."
            ),
        ),
        (
            "The button opens a page where you confirm with one more click.",
            (
                "You do not want it, or it was not you? Then you need not do anything: you get no "
                "more mail, and the address is erased after {days} days."
            ),
        ),
        "Yes, I want to subscribe",
    ),
    "invited": LetterWords(
        "Confirm that you want {newsletter}",
        "If you do nothing, you get no more mail.",
        "Do you want {newsletter}?",
        (
            (
                "{organisation} asks whether you want {newsletter} at {email}. Nothing is sent to "
                "it until you have said yes."
            ),
        ),
        (
            "The button opens a page where you confirm with one more click.",
            "You do not want it? Then you need not do anything.",
        ),
        "Yes, I want to subscribe",
    ),
    "already": LetterWords(
        "You get {newsletter} already",
        "Nothing has changed.",
        "You get {newsletter} already",
        (
            (
                "The address {email} has been signed up for {newsletter}, by you or by somebody "
                "else. You get it already, so nothing has changed."
            ),
            "On your own page you can change address or language, choose lists or unsubscribe.",
        ),
        (_NOT_YOU_EN,),
        "Open your page",
    ),
    "preferences": LetterWords(
        "The link to your page for {newsletter}",
        "Here you look after your subscription.",
        "Your own page",
        (
            (
                "Somebody, probably you, has asked for the link to the page where you look after "
                "your subscription to {newsletter}. It goes to whoever has {email}, and to nobody "
                "else."
            ),
            (
                "On the page you can choose lists, change address or language and unsubscribe. You "
                "can also ask to see what is kept about you, or to have it erased."
            ),
        ),
        (
            "The link is personal: do not pass this letter on.",
            _NOT_YOU_EN,
        ),
        "Open your page",
    ),
    "nothing": LetterWords(
        "No subscription at this address",
        "There is no page to open.",
        "No subscription at this address",
        (
            (
                "Somebody, probably you, has asked for the link to their page for {newsletter} and "
                "typed the address {email}. It has no subscription, so there is no page to open."
            ),
            "Do you subscribe with another address? Ask for the link again, with that one.",
        ),
        (
            (
                "Was it not you? Then you need not do anything. That somebody asked is kept for at "
                "most {days} days, so that nobody can send you many letters like this."
            ),
        ),
        "Sign up for {newsletter}",
    ),
    "holdings": LetterWords(
        "What {organisation} keeps about you",
        "The answer to your question about your data.",
        "What is kept about you",
        (
            (
                "You have asked to see what {organisation} keeps about {email} for {newsletter}. "
                "This is all of it."
            ),
            (
                "Do you want to change something, or have all of it erased? Do it on your own "
                "page, or answer this letter."
            ),
        ),
        (),
        "Open your page",
    ),
    "address": LetterWords(
        "Confirm your new address for {newsletter}",
        "If you do nothing, nothing changes.",
        "Is this your new address?",
        (
            (
                "A subscriber to {newsletter} has asked to get it at {email} instead of at their "
                "former address."
            ),
        ),
        (
            "The button opens a page where you confirm with one more click.",
            (
                "Was it not you? Then you need not do anything: nothing changes, and the address "
                "is erased after {days} days."
            ),
        ),
        "Yes, change to this address",
    ),
    "moved": LetterWords(
        "Your address for {newsletter} has been changed",
        "Was it not you? Answer this letter.",
        "The address has been changed",
        (
            (
                "From now on {newsletter} is sent to another address than {email}. The change was "
                "made on the subscriber's own page and confirmed from the new address."
            ),
        ),
        ("Was it not you? Answer this letter, and we put it right.",),
    ),
    "erasure": LetterWords(
        "Confirm that everything about you is to be erased",
        "If you do nothing, everything stays as it is.",
        "Erase everything about you?",
        (
            (
                "You have asked {organisation} to erase everything that is kept about {email} for "
                "{newsletter}. It cannot be undone, and you get no more mail."
            ),
            (
                "All that stays is a code from which nobody can read the address. It keeps you "
                "from being added again by mistake."
            ),
        ),
        (
            (
                "The button opens a page where you confirm with one more click. The link works for "
                "{days} days."
            ),
            "Was it not you? Then you need not do anything: everything stays as it is.",
        ),
        "Yes, erase everything about me",
    ),
}

_BY_MAIL = {
    "sv": "Knappen öppnar ett färdigskrivet mejl till {mailbox}. Skicka det som det är.",
    "en": "The button opens a mail to {mailbox} that is written already. Send it as it is.",
}
LETTER_WORDS = {"sv": _SV, "en": _EN}
for _language, _words in LETTER_WORDS.items():
    _asked = _words["invited"]
    _words["invited-by-mail"] = replace(_asked, after=(_BY_MAIL[_language], *_asked.after[1:]))

_FRAME_SV = {
    "lists": "Anmälan gäller: {lists}.",
    "instead": "Fungerar inte knappen? Öppna den här adressen i webbläsaren:",
    "instead_mail": (
        "Öppnas inget mejl? Skicka ett till {mailbox} med ämnet ”ja {token}”, eller öppna länken:"
    ),
    "reason": (
        "Det här är ett enstaka brev till {email}, inget utskick, och ingenting i det mäter om du "
        "läser det."
    ),
    "privacy": "Så behandlas personuppgifter",
}
_FRAME_EN = {
    "lists": "It is about: {lists}.",
    "instead": "Does the button not work? Open this address in your browser:",
    "instead_mail": (
        "No mail opens? Send one to {mailbox} with the subject “yes {token}”, or open the link:"
    ),
    "reason": (
        "This is a single letter to {email}, not a mailing, and nothing in it measures whether "
        "you read it."
    ),
    "privacy": "How personal data is treated",
}

LETTER_FRAME = {"sv": _FRAME_SV, "en": _FRAME_EN}


def letter_words(language: str, kind: str) -> LetterWords:
    """Give the words of a kind of letter in `language` ("sv" or "en")."""
    return LETTER_WORDS[language][kind]


def letter_frame(language: str) -> dict[str, str]:
    """Give the words that all letters share in `language`."""
    return LETTER_FRAME[language]
