"""What is wrong with an address, a file or a row, said in one sentence, in Swedish and English."""

import re
import unicodedata

from smakom_mail.model.person import Fault

_SHOWN = 60
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")

# Of each kind the Swedish sentence, then the English one.
_ADDRESS = {
    "email-empty": ("e-postadressen saknas", "the e-mail address is missing"),
    "email-no-at": (
        "e-postadressen saknar @",
        "the e-mail address has no @",
    ),
    "email-two-ats": ("e-postadressen har mer än ett @", "the e-mail address has more than one @"),
    "email-several": (
        "rutan har flera e-postadresser: ge var och en sin egen rad",
        "the cell holds several e-mail addresses: give each a row of its own",
    ),
    "email-display-name": (
        "skriv bara e-postadressen, utan namn och < > omkring",
        "write the e-mail address alone, without a name and < > around it",
    ),
    "email-quoted": (
        "e-postadresser med citattecken tas inte emot",
        "e-mail addresses with quotation marks are not taken",
    ),
    "email-comment": (
        "e-postadressen har en kommentar inom parentes: ta bort den",
        "the e-mail address has a comment in parentheses: take it away",
    ),
    "email-ip": (
        "e-postadressen har ett IP-nummer i stället för en domän",
        "the e-mail address has an IP number in place of a domain",
    ),
    "email-space": (
        "e-postadressen har ett mellanslag i sig",
        "the e-mail address has a space in it",
    ),
    "email-control": (
        "e-postadressen har ett osynligt tecken i sig ({character}): skriv om den för hand",
        "the e-mail address has an invisible character in it ({character}): type it anew",
    ),
    "email-too-long": (
        "e-postadressen är längre än {limit} tecken",
        "the e-mail address is longer than {limit} characters",
    ),
    "email-local-long": (
        "det före @ är längre än {limit} tecken, och det tar ingen server emot",
        "what stands before the @ is longer than {limit} characters, which no server takes",
    ),
    "email-reserved": (
        "adresser som slutar på .{domain} når ingen utanför det egna nätet",
        "addresses that end in .{domain} reach nobody outside one's own network",
    ),
    "email-domain": (
        "det efter @ är ingen domän: {domain}",
        "what follows the @ is no domain: {domain}",
    ),
    "email-local": (
        "det före @ får inte stå i en e-postadress: {local}",
        "what stands before the @ cannot stand in an e-mail address: {local}",
    ),
    "email-smtputf8": (
        "e-postadressen har {character} före @, och det tar servern inte emot",
        "the e-mail address has {character} before the @, which the relay does not take",
    ),
}
_FILE = {
    "file-empty": ("filen är tom", "the file is empty"),
    "file-size": (
        "filen är på {size} MB, och högst {limit} MB läses: dela den i flera filer",
        "the file has {size} MB, and at most {limit} MB are read: divide it into several",
    ),
    "file-expanded": (
        (
            "arbetsboken är på {size} MB uppackad, och högst {limit} MB läses: spara bladet"
            ' som "CSV UTF-8"'
        ),
        (
            "the workbook has {size} MB unpacked, and at most {limit} MB are read: save the sheet"
            ' as "CSV UTF-8"'
        ),
    ),
    "file-utf16": (
        'filen är sparad som Unicode-text (UTF-16): spara om den i Excel som "CSV UTF-8"',
        'the file is saved as Unicode text (UTF-16): save it anew in Excel as "CSV UTF-8"',
    ),
    "file-nul": (
        (
            "rad {row} har tomma byte (NUL): filen är skadad, eller ingen tabell. Spara om den"
            ' som "CSV UTF-8"'
        ),
        (
            "row {row} holds empty bytes (NUL): the file is damaged, or no table. Save it anew"
            ' as "CSV UTF-8"'
        ),
    ),
    "file-encoding": (
        (
            "rad {row} går inte att läsa, varken som UTF-8 eller Windows-1252: spara om filen"
            ' som "CSV UTF-8"'
        ),
        (
            "row {row} cannot be read, neither as UTF-8 nor as Windows-1252: save the file anew"
            ' as "CSV UTF-8"'
        ),
    ),
    "file-mixed": (
        (
            "rad {row} är inte UTF-8, fast annat i filen är det: spara om filen"
            ' som "CSV UTF-8" och se efter hur å, ä och ö ser ut'
        ),
        (
            "row {row} is not UTF-8, although other rows are: save the file anew"
            ' as "CSV UTF-8" and look at its å, ä and ö'
        ),
    ),
    "file-xls": (
        "filen är i Excels gamla format (.xls): spara om den som .xlsx",
        "the file is in Excel's old format (.xls): save it anew as .xlsx",
    ),
    "file-password": (
        "arbetsboken är låst med lösenord: spara den utan lösenord",
        "the workbook is locked with a password: save it without one",
    ),
    "file-xlsb": (
        "filen är en binär arbetsbok (.xlsb): spara om den som .xlsx",
        "the file is a binary workbook (.xlsb): save it anew as .xlsx",
    ),
    "file-ods": (
        "filen är i LibreOffices format (.ods): spara om den som .xlsx eller CSV",
        "the file is in LibreOffice's format (.ods): save it anew as .xlsx or CSV",
    ),
    "file-numbers": (
        "filen är från Numbers: exportera den därifrån som Excel eller CSV",
        "the file comes from Numbers: export it from there as Excel or CSV",
    ),
    "file-kind": (
        "filen är ingen tabell utan {kind}: spara den som .xlsx eller CSV",
        "the file is no table but {kind}: save it as .xlsx or CSV",
    ),
    "file-broken": (
        "arbetsboken är skadad och går inte att läsa: öppna den i Excel och spara om den",
        "the workbook is damaged and cannot be read: open it in Excel and save it anew",
    ),
    "file-strict": (
        'arbetsboken är sparad som "Strict Open XML": spara om den som vanlig .xlsx',
        'the workbook is saved as "Strict Open XML": save it anew as an ordinary .xlsx',
    ),
    "sheet-unknown": (
        'arbetsboken har inget blad "{sheet}"; den har {known}',
        'the workbook has no sheet "{sheet}"; it has {known}',
    ),
    "header-none": (
        (
            "första raden har inga rubriker, bara uppgifter: sätt in en rad överst,"
            " till exempel e-post, namn, kommun"
        ),
        (
            "the first row has no headers, only data: insert a row on top,"
            " such as email, name, organisation"
        ),
    ),
    "header-no-email": (
        "ingen kolumn heter e-post; kolumnerna är {columns}",
        "no column is called email; the columns are {columns}",
    ),
    "header-twice": (
        "två kolumner är till för samma sak: {first} och {second}",
        "two columns are for the same thing: {first} and {second}",
    ),
}
_NOTES = {
    "column-unknown": (
        "kolumnen {column} läses inte; menade du {nearest}?",
        "the column {column} is not read; did you mean {nearest}?",
    ),
    "column-unread": (
        "kolumnen {column} läses inte",
        "the column {column} is not read",
    ),
    "sheet-chosen": (
        "bladet {sheet} läses; arbetsboken har också {others}",
        "the sheet {sheet} is read; the workbook also has {others}",
    ),
    "rows-hidden": (
        "dolda eller bortfiltrerade rader läses också: {count}, den första är rad {row}",
        "rows that are hidden or filtered away are read too: {count}, the first is row {row}",
    ),
    "cells-merged": (
        "sammanslagna rutor ({cells}): bara den första av dem har någon text",
        "merged cells ({cells}): only the first of them has a text",
    ),
    "text-mended": (
        "radbrytningar, styrtecken eller osynliga tecken i {field} är utbytta mot mellanslag",
        "line breaks, control or invisible characters in {field} were replaced by a space",
    ),
    "cell-error": (
        "rutan för {field} har felvärdet {value} och läses som tom",
        "the cell for {field} holds the error {value} and is read as empty",
    ),
    "date-serial": (
        "talet {value} är läst som Excels nummer för {date}",
        "the number {value} was read as Excel's number for {date}",
    ),
}
_ROW = {
    "row-quote": (
        "ett citattecken som öppnas på raden stängs aldrig: ta bort det eller skriv ett till",
        "a quotation mark that opens on this row never closes: take it away or add another",
    ),
    "row-long": (
        "raden är längre än {limit} tecken",
        "the row is longer than {limit} characters",
    ),
    "row-wide": (
        "raden har text i kolumn {column}, till höger om rubrikerna: är den delad på fel ställe?",
        "the row has text in column {column}, right of the headers: was it divided wrongly?",
    ),
    "row-broken": (
        (
            "raden är skadad, och arbetsboken går inte att läsa längre än hit:"
            " öppna den i Excel och spara om den"
        ),
        (
            "the row is damaged, and the workbook cannot be read further:"
            " open it in Excel and save it anew"
        ),
    ),
    "duplicate": (
        "samma adress står med andra uppgifter på rad {first}, som gäller",
        "the same address stands with other data on row {first}, which counts",
    ),
    "too-long": (
        "{field} har {length} tecken, högst {limit} får plats",
        "{field} has {length} characters, at most {limit} fit",
    ),
    "too-many": (
        "{field} har {length} delar, högst {limit} får plats",
        "{field} has {length} parts, at most {limit} fit",
    ),
    "language-unknown": (
        'språket "{value}" finns inte: skriv sv eller en',
        'the language "{value}" is not known: write sv or en',
    ),
    "basis-unknown": (
        (
            'den rättsliga grunden "{value}" finns inte: skriv samtycke, medlemskap,'
            " allmänt intresse eller berättigat intresse"
        ),
        (
            'the legal basis "{value}" is not known: write consent, membership, public-task'
            " or legitimate-interest"
        ),
    ),
    "date-unknown": (
        'datumet "{value}" går inte att läsa: skriv till exempel 2021-01-04',
        'the date "{value}" cannot be read: write for example 2021-01-04',
    ),
    "date-future": (
        "datumet {value} har inte varit än",
        "the date {value} has not been yet",
    ),
}
SENTENCES = {**_ADDRESS, **_FILE, **_NOTES, **_ROW}

FIELDS = {
    "email": "e-post",
    "name": "namn",
    "organisation": "organisation",
    "language": "språk",
    "lists": "listor",
    "tags": "taggar",
    "basis": "rättslig grund",
    "consent_at": "samtyckets datum",
    "consent_source": "samtyckets källa",
    "wording": "ordalydelse",
}
"""The columns of an import by the names that the program has for them, in Swedish."""

_KINDS = {
    "a PDF": "en PDF",
    "a picture": "en bild",
    "a text document": "ett textdokument",
    "a web page": "en webbsida",
    "an archive": "ett arkiv",
}


def sentence(fault: Fault, language: str = "sv") -> str:
    """Say in one sentence what is wrong; what was met is shown short and on one line."""
    swedish = language == "sv"
    values = {name: _shown(name, value, swedish=swedish) for name, value in fault.values}
    return SENTENCES[fault.kind][0 if swedish else 1].format(**values)


def _shown(name: str, value: str, *, swedish: bool) -> str:
    if swedish and name == "field":
        return FIELDS.get(value, value)
    if swedish and name == "kind":
        return _KINDS.get(value, value)
    visible = "".join(
        f"<U+{ord(character):04X}>" if unicodedata.category(character) in _UNSEEN else character
        for character in re.sub(r"\s+", " ", value[: 4 * _SHOWN])
    )
    return visible if len(visible) <= _SHOWN else f"{visible[: _SHOWN - 1]}…"
