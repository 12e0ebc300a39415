"""What the program itself writes down about a person, in English; and the same in Swedish.

The database keeps the English words, as an editor reads them. The letter that tells a person what
is held of her has them in her language; what somebody else wrote stands in it as it is.
"""

_SOURCES = {
    "signed up on the web, and confirmed by the link that was sent to the address": (
        "anmäld på webben och bekräftad med länken som skickades till adressen"
    ),
    "chosen on the reader's own page, by the link that was sent to the address": (
        "valt på den egna sidan, med länken som skickades till adressen"
    ),
    "confirmed by the link that was sent to the address": (
        "bekräftat med länken som skickades till adressen"
    ),
    "confirmed by a mail with the token that was sent to the address": (
        "bekräftat med ett mejl med koden som skickades till adressen"
    ),
    "typed by hand": "inskrivet för hand",
}
_NOTES = {
    "new address": "följde med till den nya adressen",
    "has left": "har avslutat",
    "forgotten": "raderad",
    "cancelled": "utskicket avbröts",
    "kept from getting anything": "adressen ska inte få något",
    "the address was changed": "adressen ändrades",
    "the relay put it off for 24 hours": "servern sköt upp det i 24 timmar",
    "the program was stopped": "programmet stoppades",
    "the program was told to stop": "programmet ombads sluta",
    "a fault of the program": "ett fel i programmet",
    "the connection is over": "förbindelsen tog slut",
    "laid in the outbox": "lagt i utkorgen",
}
_RELAY = {
    "the relay has accepted it": "servern tog emot det",
    "the account's own mailbox at the relay is full": "avsändarens egen brevlåda är full",
    "the relay says that the address does not exist": "servern säger att adressen inte finns",
    "the reader's mailbox is full": "brevlådan är full",
    "the relay's quota for this period is used up": "serverns kvot är slut för tillfället",
    "the relay does not let this account send from the sender's address": (
        "servern låter inte kontot skicka från avsändarens adress"
    ),
    "the relay has closed the account": "servern har stängt kontot",
    "the relay wants fewer connections at a time": "servern vill ha färre förbindelser",
    "the relay wants messages at a lower rate": "servern vill ha breven i långsammare takt",
    "the relay does not accept the login: see username and password under [relay]": (
        "servern godtar inte inloggningen"
    ),
    "the relay does not send on for this machine or account": (
        "servern skickar inte vidare för det här kontot"
    ),
    "the relay cannot check the login just now": "servern kan inte pröva inloggningen just nu",
    "the relay closes the connection": "servern stänger förbindelsen",
    "the relay refuses this sender or session": "servern nekar avsändaren",
    "the relay makes a new sender wait": "servern låter en ny avsändare vänta",
    "the relay is short of room for messages": "servern har ont om plats",
    "the relay cannot take messages just now": "servern kan inte ta emot brev just nu",
    "the relay asks to try again later": "servern ber oss försöka senare",
    "the relay refuses the recipient": "servern nekar mottagaren",
    "the relay refuses the message": "servern nekar brevet",
}
_FLAGS = {
    "role": "adress till en funktion, inte en person",
    "mixed-script": "blandar bokstäver ur olika alfabet",
    "look-alike": "liknar en annan adress",
}
_FILE = "import of "
"""Behind it stands the name of a file."""
_SV = _SOURCES | _NOTES | _RELAY | _FLAGS


def stored_words(text: str, language: str) -> str:
    """Give words of the program in `language` ("sv" or "en"), anybody else's as they are."""
    if language != "sv":
        return text
    if text.startswith(_FILE):
        return f"inläst ur filen {text.removeprefix(_FILE)}"
    return _SV.get(text, text)
