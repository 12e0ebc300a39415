"""What stands inside the messages' sentences: reasons and expectations, in both languages.

The code that finds a fault says why in English; here is the Swedish. What is not in the table
(the words of another program, such as a template engine) is shown as it came.
"""

import re

_TRANSLATED = ("reason", "expected")

PHRASES = {
    # what a value must be (P04, P13)
    "text": "text",
    "text on one line": "text på en rad",
    "text without personal fields": "text utan personliga fält",
    "a list of text": "en lista med texter",
    "a whole number above 0": "ett heltal över 0",
    "a slug": "ett namn med små bokstäver, siffror och bindestreck",
    "a slug that no other list has": "ett namn som ingen annan lista har",
    "a date": "ett datum",
    "a date or a month": "ett datum eller en månad",
    "true or false": "true eller false",
    "a table": "en tabell",
    "a list of tables": "en lista av tabeller",
    "a name": "ett namn",
    "a reason": "ett skäl",
    '"sv" or "en"': '"sv" eller "en"',
    "an e-mail address": "en e-postadress",
    "a list name": "ett namn på en lista",
    "an address with {path} in it": "en adress med {path} i",
    "an https address": "en https-adress",
    "an https address (http only for loopback)": "en https-adress (http bara till den egna datorn)",
    "a day": "en dag",
    "a day or a range of days": "en dag eller flera dagar i rad",
    "a time of day": "ett klockslag",
    "a telephone number": "ett telefonnummer",
    # what a setting of the relay must be (P04)
    'a time such as "10 min" or "24 h"': 'en tid som "10 min" eller "24 h"',
    "a time of at most 31 days": "en tid på högst 31 dygn",
    "a time above 0": "en tid över 0",
    'a number for each s, min, h or day, or "unlimited"': (
        'ett antal per s, min, h eller day, eller "unlimited"'
    ),
    "a number above 0, in at most 31 days": "ett antal över 0, på högst 31 dygn",
    "one number for each length of time": "ett enda antal för varje tid",
    'a rate for a domain, or for each with "*"': 'en takt för en domän, eller för alla med "*"',
    '"starttls", "tls" or "none"': '"starttls", "tls" eller "none"',
    '"auto", "plain", "login" or "xoauth2"': '"auto", "plain", "login" eller "xoauth2"',
    '"signed" or "plain"': '"signed" eller "plain"',
    "the name of a server, without a port": "namnet på en server, utan port",
    "the name of a host": "namnet på en dator",
    "a domain": "en domän",
    "small letters, digits and hyphens": "små bokstäver, siffror och bindestreck",
    "a program and its arguments": "ett program och dess argument",
    # why a file cannot be read (P01)
    "No such file or directory": "den finns inte",
    "Permission denied": "du får inte läsa den",
    "Is a directory": "det är en mapp",
    "it is not a file": "det är ingen fil",
    "File name too long": "namnet är för långt",
    "Too many levels of symbolic links": "länkarna går i cirkel",
    # why a line is not TOML (P02)
    "too deeply nested": "listor ligger i listor alltför djupt",
    "blocks lie in blocks too deep": "block ligger i block alltför djupt",
    "a number is too long": "ett tal är för långt",
    "Invalid value": "värdet går inte att läsa",
    "Invalid statement": "raden är varken nyckel, tabell eller kommentar",
    "Invalid date or datetime": "datumet finns inte",
    "Cannot overwrite a value": "nyckeln står redan här ovanför",
    "Unescaped '\\' in a string": "ett \\ i en text ska skrivas dubbelt: \\\\",
    "Unterminated string": "texten saknar citattecken på slutet",
    "Illegal character '\\n'": "texten saknar citattecken på slutet",
    "Unclosed array": "listan saknar ] på slutet",
    "Expected '=' after a key in a key/value pair": "det saknas ett = efter nyckeln",
    "Expected newline or end of document after a statement": "det står något efter värdet",
    "Expected ']' at the end of a table declaration": "tabellens namn saknar ] på slutet",
    "Expected ']]' at the end of an array declaration": "tabellens namn saknar ]] på slutet",
    # why a link leads nowhere (L01)
    "it could run in the reader's program": "den kan köras i läsarens program",
    "no address is written": "ingen adress är skriven",
    "it is not an address": "det är ingen adress",
    "it is no mail address": "det är ingen e-postadress",
    "it is no telephone number": "det är inget telefonnummer",
    "http is not encrypted: use https": "http är inte krypterat: använd https",
    "it is not a whole address": "det är ingen hel adress",
    "it holds spaces or quotation marks": "den har mellanslag eller citattecken",
    "only this network knows the host": "bara det egna nätet känner till adressen",
    "seeds.toml has no url for it": "seeds.toml har ingen url till källan",
    # how easily a text reads (T28)
    "very easy": "mycket lätt",
    "easy": "lätt",
    "medium": "medelsvårt",
    "hard": "svårt",
    "very hard": "mycket svårt",
    # what a browser has to guess at (H02, H03)
    "an element is not closed": "elementet stängs inte",
    "it closes what is not open": "det stänger något som inte är öppet",
    "it cannot stand here": "det får inte stå där",
    "it stands in a table but in no cell": "det står i en tabell men inte i en cell",
    "text stands in a table but in no cell": "text står i en tabell men inte i en cell",
    "a heading stands in a heading": "en rubrik står i en rubrik",
    "it stands inside another of its kind": "det står inne i ett likadant",
    "only an empty element may end with />": "bara ett tomt element får sluta med />",
    "it must be written &lt;": "det ska skrivas &lt;",
    "a tag is broken": "taggen är trasig",
    "a comment is broken": "kommentaren är trasig",
    "an end tag holds attributes": "en sluttagg har attribut",
    "its attributes run together": "attributen går ihop",
    "an attribute stands twice": "ett attribut står två gånger",
    "the character has no such name": "tecknet har inget sådant namn",
    "a control character": "ett styrtecken",
    "a conditional comment has no start": "villkoret har ingen början",
    "a conditional comment has no end": "villkoret har inget slut",
    # why a picture cannot be used (I01)
    "the file is not a whole picture": "filen är ingen hel bild",
}
_PATTERNS = (
    (
        r"it is (.+); mail programs show PNG, JPEG and GIF",
        r"den är av typen \1; e-postprogram visar PNG, JPEG och GIF",
    ),
    (r"it has (\d+) pixels, at most (\d+)", r"den har \1 bildpunkter, högst \2"),
    (r"there is no template (.+)", r"mallen \1 finns inte"),
    (r"a whole number from (\d+) to (\d+)", r"ett heltal från \1 till \2"),
    (r"Cannot declare .* twice", "tabellen finns redan här ovanför"),
)


def translate(name: str, value: str, language: str) -> str:
    """Give the value called `name` in `language`."""
    if language != "sv" or name not in _TRANSLATED:
        return value
    for pattern, swedish in _PATTERNS:
        if match := re.fullmatch(pattern, value):
            return match.expand(swedish)
    return PHRASES.get(value, value)
