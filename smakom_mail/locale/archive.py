"""The words of the archive: its list, its search, what stands around an edition, and listening.

What the two scripts say travels in the page.
"""

_SV = {
    "all_editions": "Alla nummer",
    "archive_of": "Alla nummer av {newsletter}, det senaste först.",
    "archive_title": "Alla nummer – {newsletter}",
    "archive": "Arkivet",
    "skip": "Hoppa till innehållet",
    "years": "År",
    "editions_of": "Nummer från {year}",
    "in_edition": "Innehåll i {title}",
    "nothing_yet": "Inget nummer är publicerat än.",
    "search": "Sök",
    "search_label": "Sök i alla nummer",
    "search_example": "När skrev vi om vindkraft?",
    "search_only": "Sökningen sker i din webbläsare. Ingen ser vad du söker efter.",
    "feed": "Följ i en nyhetsläsare",
    "feed_title": "{newsletter}: nya nummer",
    "previous": "Föregående nummer",
    "next": "Nästa nummer",
    "neighbours": "Fler nummer",
    "missing": "Sidan finns inte",
    "missing_long": "Adressen kan vara felskriven, eller så har sidan tagits bort.",
    "to_archive": "Till alla nummer",
    "share_alt": "{newsletter}: {title}",
    "website": "Webbplats",
    "subscribe": "Prenumerera",
    "privacy": "Personuppgifter",
    "accessibility": "Tillgänglighet",
}
_EN = {
    "all_editions": "All editions",
    "archive_of": "Every edition of {newsletter}, the latest first.",
    "archive_title": "All editions – {newsletter}",
    "archive": "The archive",
    "skip": "Skip to the content",
    "years": "Years",
    "editions_of": "Editions of {year}",
    "in_edition": "Contents of {title}",
    "nothing_yet": "No edition has been published yet.",
    "search": "Search",
    "search_label": "Search all editions",
    "search_example": "When did we write about wind power?",
    "search_only": "The search happens in your browser. Nobody sees what you search for.",
    "feed": "Follow in a news reader",
    "feed_title": "{newsletter}: new editions",
    "previous": "Previous edition",
    "next": "Next edition",
    "neighbours": "More editions",
    "missing": "There is no such page",
    "missing_long": "The address may be mistyped, or the page has been taken away.",
    "to_archive": "To all editions",
    "share_alt": "{newsletter}: {title}",
    "website": "Website",
    "subscribe": "Subscribe",
    "privacy": "Personal data",
    "accessibility": "Accessibility",
}

ARCHIVE_WORDS = {"sv": _SV, "en": _EN}

_SEARCH_SV = {
    "found": "{hits} träffar på ”{query}” i {editions} nummer",
    "found_one": "1 träff på ”{query}”",
    "nothing": "Inget hittades för ”{query}”. Pröva ett annat eller kortare ord.",
    "too_common": "Skriv ett ord som säger mer än ”{query}”.",
    "some_words": "Inget ställe har alla orden. Här är ställen som har några av dem.",
    "failed": "Sökningen kunde inte hämtas. Alla nummer står här under.",
    "more": "Visa fler träffar",
    "results": "Träffar",
}
_SEARCH_EN = {
    "found": "{hits} places with “{query}” in {editions} editions",
    "found_one": "1 place with “{query}”",
    "nothing": "Nothing was found for “{query}”. Try another word, or a shorter one.",
    "too_common": "Type a word that says more than “{query}”.",
    "some_words": "No place has all the words. Here are places that have some of them.",
    "failed": "The search could not be fetched. All editions are below.",
    "more": "Show more",
    "results": "Results",
}
SEARCH_WORDS = {"sv": _SEARCH_SV, "en": _SEARCH_EN}

_LISTEN_SV = {
    "listen": "Lyssna",
    "minutes": "{count} min",
    "player": "Uppläsning",
    "pause": "Pausa",
    "continue": "Fortsätt",
    "stop": "Stoppa",
    "back": "Föregående avsnitt",
    "forward": "Nästa avsnitt",
    "place": "{number} av {count}",
    "failed": "Din webbläsare kunde inte läsa upp texten.",
}
_LISTEN_EN = {
    "listen": "Listen",
    "minutes": "{count} min",
    "player": "Reading aloud",
    "pause": "Pause",
    "continue": "Continue",
    "stop": "Stop",
    "back": "Previous section",
    "forward": "Next section",
    "place": "{number} of {count}",
    "failed": "Your browser could not read the text aloud.",
}
LISTEN_WORDS = {"sv": _LISTEN_SV, "en": _LISTEN_EN}

_PASSED_OVER = """
alla allt att av blev bli blir de dem den denna det detta dig din dina ditt du där efter ej
eller en er era ert ett från för förra ha hade han har hur hon i in inte ja jag kan kunde man
med men mer mig min mina mitt mot ni nu när någon något några och om oss på sa samt sedan sig
sin sina sitt ska skrev skrivit skriva skriver skulle som så till under upp ut utan vad var
vara vem vi vid vilka vilken vilket vår våra vårt än är åt över
a about an and are as at be but by did do does for from had has have how i if in is it its me
my not of on or our that the their there they this to us was we were what when where which
who why will with write writes wrote you your
"""
STOP_WORDS = frozenset(_PASSED_OVER.split())
"""Words that say nothing about what a text is about: the search passes over them."""
