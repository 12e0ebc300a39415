"""Messages about the editor's own words (T10 and up, S03, A08, L05) and the sender (P20)."""

from smakom_mail.diagnostics.message import Message

_OWN: dict[str, Message] = {
    "no-reply": Message(
        "P20",
        "error",
        "ingen kan svara på {address} ({key})",
        "nobody can answer {address} ({key})",
        "använd en adress som läses: läsaren ska kunna säga nej dit (20 § marknadsföringslagen)",
        "use an address that is read: a reader must be able to say no there",
    ),
    "stale-key": Message(
        "S03",
        "warning",
        "”{words}” i {key} stämmer inte med numrets datum {other}",
        "“{words}” in {key} does not fit the edition's date {other}",
        "ändra {key}, eller date",
        "change {key}, or date",
    ),
    "key-repeated": Message(
        "S03",
        "warning",
        "{key} är ordagrant den i {other}",
        "{key} is word for word that of {other}",
        "skriv vad just det här numret handlar om",
        "write what this edition is about",
    ),
    "stale-text": Message(
        "T10",
        "warning",
        "”{words}” stämmer inte med numrets datum {other}",
        "“{words}” does not fit the edition's date {other}",
        "ändra månaden eller året",
        "change the month or the year",
    ),
    "wrong-weekday": Message(
        "T11",
        "warning",
        "”{words}”: {other} är en {right}",
        "“{words}”: {other} is a {right}",
        "rätta veckodagen eller datumet",
        "mend the weekday or the date",
    ),
    "impossible-date": Message(
        "T11",
        "warning",
        "”{words}” finns inte: månaden har {right} dagar",
        "“{words}” does not exist: the month has {right} days",
        "rätta datumet",
        "mend the date",
    ),
    "day-past": Message(
        "T12",
        "warning",
        "”{title}” var {day}, före numrets datum {date}",
        "“{title}” was on {day}, before the edition's date {date}",
        "rätta datumet, eller ta bort blocket",
        "mend the date, or remove the block",
    ),
    "link-glued": Message(
        "T13",
        "warning",
        "”{words}”: det saknas ett mellanslag vid länken",
        "“{words}”: a space is missing beside the link",
        "skriv ”{right}”",
        "write “{right}”",
    ),
    "marks-mixed": Message(
        "T15",
        "warning",
        "raka och typografiska citattecken blandas i texten: {words}",
        "straight and typographic quotation marks are mixed in the text: {words}",
        "skriv ” på båda sidor överallt",
        "use the same kind everywhere",
    ),
    "doubled-word": Message(
        "T16",
        "warning",
        "dubbelt ord: ”{words}”",
        "the same word twice: “{words}”",
        "stryk det ena, eller skriv om meningen",
        "strike one, or put the sentence another way",
    ),
    "double-space": Message(
        "T17",
        "warning",
        "dubbelt mellanslag: ”{words}”",
        "two spaces: “{words}”",
        "stryk det ena",
        "strike one",
    ),
    "stray-space": Message(
        "T20",
        "warning",
        "ett hårt mellanslag står där det inte hör hemma: ”{words}”",
        "a no-break space stands where it does not belong: “{words}”",
        "skriv ett vanligt mellanslag; mellan tal och enhet sätts hårda av sig själva",
        "write a common space; between number and unit they come of themselves",
    ),
    "invisible-character": Message(
        "T20",
        "warning",
        "ett osynligt tecken ({other}) står i ”{words}”",
        "an invisible character ({other}) stands in “{words}”",
        "skriv om ordet för hand: en del e-postprogram visar tecknet",
        "type the word again: some mail programs show the character",
    ),
    "ordinal-date": Message(
        "T21",
        "warning",
        "ändelse i ett datum: ”{words}”",
        "an ordinal ending in a date: “{words}”",
        "skriv ”{right}”, som i ”den 10 december”",
        "write “{right}”, as in “den 10 december”",
    ),
    "capital-date": Message(
        "T22",
        "warning",
        "”{words}” med stor bokstav inne i meningen",
        "“{words}” with a capital letter inside the sentence",
        "skriv ”{right}”: månader och veckodagar har liten bokstav",
        "write “{right}”: months and weekdays have small letters in Swedish",
    ),
    "leftover": Message(
        "T24",
        "warning",
        "något är kvar att skriva: ”{words}”",
        "something is still to be written: “{words}”",
        "skriv det, eller stryk märket",
        "write it, or strike the mark",
    ),
    "part-empty": Message(
        "T25",
        "warning",
        "det står ingenting under rubriken ”{title}”",
        "nothing stands below the heading “{title}”",
        "skriv något, eller ta bort rubriken",
        "write something, or remove the heading",
    ),
    "section-missing": Message(
        "T25",
        "warning",
        "avsnittet ”{slug}” saknas; {other} hade det",
        "the section “{slug}” is missing; {other} had it",
        "lägg till det, eller ta bort [sections.{slug}] ur smakom-mail.toml om det inte återkommer",
        "add it, or remove [sections.{slug}] from smakom-mail.toml if it does not recur",
    ),
    "pointer-lost": Message(
        "T26",
        "warning",
        "”{words}” pekar på något som inte finns där",
        "“{words}” points at something that is not there",
        "skriv var det står, eller stryk hänvisningen",
        "say where it stands, or strike the reference",
    ),
    "two-reasons": Message(
        "T27",
        "warning",
        "två skäl på en gång till att läsaren får brevet",
        "two reasons at once why the reader gets the mail",
        "skriv det enda som gäller alla på listan",
        "write the one that holds for everybody on the list",
    ),
    "readability": Message(
        "T28",
        "note",
        "LIX {score}: {expected} att läsa",
        "LIX {score}: {expected} to read",
        "under 30 mycket lätt, 30–40 lätt, 40–50 medelsvårt, 50–60 svårt, över 60 mycket svårt",
        "below 30 very easy, 30–40 easy, 40–50 medium, 50–60 hard, above 60 very hard",
    ),
    "unknown-word": Message(
        "T30",
        "warning",
        "”{words}” finns inte i ordlistan",
        "“{words}” is not in the dictionary",
        "menade du ”{nearest}”? Är ordet rätt, skriv in det i ordlista.txt"
        "¦är ordet rätt, skriv in det i ordlista.txt",
        "did you mean “{nearest}”? If the word is right, add it to ordlista.txt"
        "¦if the word is right, add it to ordlista.txt",
    ),
    "dictionary-missing": Message(
        "T30",
        "warning",
        "mappen ”{folder}” har ingen svensk ordlista (sv_SE.aff och sv_SE.dic)",
        "the folder “{folder}” has no Swedish dictionary (sv_SE.aff and sv_SE.dic)",
        "rätta dictionary under [checks], eller ta bort raden: då söks de vanliga mapparna",
        "mend dictionary under [checks], or remove the line: the usual folders are searched then",
    ),
    "link-generic": Message(
        "A08",
        "warning",
        "länktexten ”{words}” säger inte vart länken leder",
        "the link text “{words}” does not say where the link leads",
        "länka orden som säger det: [Läs hela rapporten](…)",
        "link the words that do: [Read the whole report](…)",
    ),
    "link-bare": Message(
        "L05",
        "warning",
        "en lång adress står som länktext: {words}",
        "a long address is the link's text: {words}",
        "skriv [ord som säger vart](adressen)",
        "write [words that say where](the address)",
    ),
}

_SET: dict[str, Message] = {
    "word-glued": Message(
        "T13",
        "warning",
        "två ord sitter ihop: ”{words}”",
        "two words are written together: “{words}”",
        "skriv ”{right}”, och sätt punkt om en mening slutar där",
        "write “{right}”, with a full stop if a sentence ends there",
    ),
    "range-hyphen": Message(
        "T14",
        "warning",
        "bindestreck i ett intervall: ”{words}”",
        "a hyphen in a range: “{words}”",
        "skriv ”{right}” med tankstreck utan mellanslag",
        "write “{right}” with an en dash and no spaces",
    ),
    "space-after-stop": Message(
        "T18",
        "warning",
        "det saknas ett mellanslag efter punkten: ”{words}”",
        "a space is missing after the full stop: “{words}”",
        "skriv ”{right}”",
        "write “{right}”",
    ),
    "label-semicolon": Message(
        "T19",
        "warning",
        "semikolon efter en etikett: ”{words}”",
        "a semicolon behind a label: “{words}”",
        "skriv ”{right}”",
        "write “{right}”",
    ),
    "sign-space": Message(
        "T23",
        "warning",
        "det saknas ett mellanslag: ”{words}”",
        "a space is missing: “{words}”",
        "skriv ”{right}”",
        "write “{right}”",
    ),
}

# The same slips in an excerpt: somebody else's words, so a note, mended openly or not at all.
_QUOTED = {
    f"{kind}-quoted": row._replace(
        severity="note",
        hint_sv="det är källans sätt att skriva; rätta öppet med fix: {words} -> {right}",
        hint_en="the source writes so; mend it openly with fix: {words} -> {right}",
    )
    for kind, row in _SET.items()
} | {
    "marks-mixed-quoted": _OWN["marks-mixed"]._replace(
        severity="note",
        hint_sv="det är källans sätt att skriva; rätta öppet med fix:",
        hint_en="the source writes so; mend it openly with fix:",
    )
}

PROSE: dict[str, Message] = {**_OWN, **_SET, **_QUOTED}
