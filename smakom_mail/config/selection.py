"""Who is selected: a closed small language, read into a tree and never into SQL.

    list:medlemmar and not (tag:styrelse or organisation:"Åmåls kommun")

`not` binds closest, then `and`, then `or`. A name with anything but letters, digits, hyphen,
dot or underscore in it stands in quotation marks.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from smakom_mail.diagnostics import nearest

LONGEST = 2_000
DEEPEST = 20
KINDS = ("list", "tag", "organisation", "language")
EVERYONE = "everyone"

_WORDS = {"list": "list:NAME", "tag": "tag:NAME", "organisation": 'organisation:"NAME"'}
_TERMS = (*_WORDS.values(), "language:sv", EVERYONE, "not", "(")
_SWEDISH = {
    "och": "and",
    "samt": "and",
    "eller": "or",
    "inte": "not",
    "ej": "not",
    "utom": "and not",
    "alla": EVERYONE,
    "lista": "list",
    "listor": "list",
    "tagg": "tag",
    "taggar": "tag",
    "etikett": "tag",
    "kommun": "organisation",
    "organization": "organisation",
    "språk": "language",
    "all": EVERYONE,
    "everybody": EVERYONE,
    "&": "and",
    "&&": "and",
    "|": "or",
    "||": "or",
    "!": "not",
    ",": "or",
    "+": "and",
    "-": "not",
}
_QUOTES = '"“”„»«'
_TOKEN = re.compile(
    rf"\s*(?:(?P<bracket>[()])|(?P<quoted>[{_QUOTES}](?:[^{_QUOTES}\\]|\\.)*[{_QUOTES}])"
    r"|(?P<colon>:)|(?P<word>[\w.-]+)|(?P<sign>\S))",
    re.DOTALL,
)
_BARE = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Term:
    """All whose `kind` (list, tag, organisation, language) is `name`; or everyone, nameless."""

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """All but those."""

    part: "Selection"


@dataclass(frozen=True, slots=True)
class And:
    """Those that are in every part; two parts or more."""

    parts: "tuple[Selection, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Those that are in any part; two parts or more."""

    parts: "tuple[Selection, ...]"


Selection = Term | Not | And | Or


@dataclass(frozen=True, slots=True)
class SelectionFault:
    """Why a text selects nobody: `position` counts characters from 0.

    `kind` is "empty", "unexpected", "end", "unclosed", "unknown", "deep" or "long"; `found` is
    what stands there, `expected` what could; `nearest` is what was most likely meant.
    """

    kind: str
    position: int
    found: str = ""
    expected: tuple[str, ...] = ()
    nearest: str = ""

    def message(self, language: str = "sv") -> str:
        """Say in one sentence what is wrong, and what was most likely meant."""
        swedish = language == "sv"
        said = _SENTENCES[self.kind][0 if swedish else 1].format(
            column=self.position + 1,
            found=_shown(self.found),
            expected=_listed(self.expected, "eller" if swedish else "or"),
            limit=DEEPEST if self.kind == "deep" else LONGEST,
        )
        if not self.nearest:
            return said
        return f"{said}; {'menade du' if swedish else 'did you mean'} {self.nearest}?"


_SENTENCES = {
    "empty": ("urvalet är tomt; skriv {expected}", "the selection is empty; write {expected}"),
    "unexpected": (
        'tecken {column}: här står "{found}" i stället för {expected}',
        'character {column}: here stands "{found}" in place of {expected}',
    ),
    "end": (
        "urvalet slutar för tidigt: {expected} saknas",
        "the selection ends without {expected}",
    ),
    "unclosed": (
        "tecken {column}: citattecknet stängs aldrig",
        "character {column}: the quotation mark never closes",
    ),
    "unknown": (
        "tecken {column}: {found} finns inte",
        "character {column}: there is no {found}",
    ),
    "deep": (
        "tecken {column}: parenteser och not ligger i varandra djupare än {limit} steg",
        "character {column}: parentheses and not lie in each other deeper than {limit} steps",
    ),
    "long": (
        "urvalet är längre än {limit} tecken",
        "the selection is longer than {limit} characters",
    ),
}


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class _FaultError(Exception):
    """Carries a fault out of the parser's depth."""

    def __init__(self, fault: SelectionFault) -> None:
        super().__init__(fault.kind)
        self.fault = fault


def parse_selection(
    text: str, known: Mapping[str, Collection[str]] | None = None
) -> Selection | SelectionFault:
    """Read a selection; `known` gives for a kind ("list", "tag" …) the names that there are.

    A name that its kind does not know is a fault; of a kind that is not given any name will do.
    """
    if len(text) > LONGEST:
        return SelectionFault("long", LONGEST)
    text = unicodedata.normalize("NFC", text)
    names = {kind: {_fold(name) for name in there} for kind, there in (known or {}).items()}
    try:
        return _Parser(text, names).whole()
    except _FaultError as error:
        return error.fault


def matches(
    selection: Selection,
    *,
    lists: Collection[str] = (),
    tags: Collection[str] = (),
    organisation: str = "",
    language: str = "",
) -> bool:
    """Say whether somebody with these lists, tags, organisation and language is selected."""
    facts = {
        "list": {_fold(name) for name in lists},
        "tag": {_fold(name) for name in tags},
        "organisation": {_fold(organisation)},
        "language": {_fold(language)},
    }
    return _holds(selection, facts)


def _holds(selection: Selection, facts: Mapping[str, Collection[str]]) -> bool:
    match selection:
        case Term(kind, name):
            return kind == EVERYONE or name in facts[kind]
        case Not(part):
            return not _holds(part, facts)
        case And(parts):
            return all(_holds(part, facts) for part in parts)
        case Or(parts):
            return any(_holds(part, facts) for part in parts)


def print_selection(selection: Selection) -> str:
    """Write a selection in its one canonical form, which reads back as the same selection."""
    match selection:
        case Term(kind, name):
            return kind if kind == EVERYONE else f"{kind}:{_name(name)}"
        case Not(part):
            return f"not {_inside(part, (And, Or))}"
        case And(parts):
            return " and ".join(_inside(part, (And, Or)) for part in parts)
        case Or(parts):
            return " or ".join(_inside(part, (Or,)) for part in parts)


def terms(selection: Selection) -> tuple[Term, ...]:
    """Give every term of a selection, in the order in which they stand."""
    match selection:
        case Term():
            return (selection,)
        case Not(part):
            return terms(part)
        case And(parts) | Or(parts):
            return tuple(term for part in parts for term in terms(part))


def _inside(part: Selection, loose: tuple[type, ...]) -> str:
    return f"({print_selection(part)})" if isinstance(part, loose) else print_selection(part)


def _name(name: str) -> str:
    if _BARE.fullmatch(name):
        return name
    return '"' + re.sub(rf"([{_QUOTES}\\])", r"\\\1", name) + '"'


def _fold(name: str) -> str:
    """Give a name as it is compared: NFC, lower case, blanks run together."""
    return unicodedata.normalize("NFC", " ".join(name.split()).lower())


class _Parser:
    """One reading of one text, a token at a time."""

    def __init__(self, text: str, names: Mapping[str, Collection[str]]) -> None:
        self.text = text
        self.names = names
        self.tokens = self._split()
        self.at = 0
        self.depth = 0

    def whole(self) -> Selection:
        if not self.tokens:
            raise _FaultError(SelectionFault("empty", 0, expected=_TERMS))
        found = self._or()
        if self.at < len(self.tokens):
            raise self._wrong(("and", "or"))
        return found

    def _split(self) -> list[_Token]:
        found = []
        place = 0
        while match := _TOKEN.match(self.text, place):
            kind = str(match.lastgroup)
            token = _Token(kind, match[kind], match.start(kind), match.end())
            if kind == "sign" and token.text in _QUOTES:
                raise _FaultError(SelectionFault("unclosed", token.start, token.text))
            found.append(token)
            place = match.end()
        return found

    def _or(self) -> Selection:
        parts = [self._and()]
        while self._take("or"):
            parts.append(self._and())
        return Or(tuple(_flat(parts, Or))) if len(parts) > 1 else parts[0]

    def _and(self) -> Selection:
        parts = [self._not()]
        while self._take("and"):
            parts.append(self._not())
        return And(tuple(_flat(parts, And))) if len(parts) > 1 else parts[0]

    def _not(self) -> Selection:
        start = self.tokens[self.at].start if self.at < len(self.tokens) else len(self.text)
        if self.depth > DEEPEST:
            raise _FaultError(SelectionFault("deep", start))
        self.depth += 1
        found = Not(self._not()) if self._take("not") else self._single()
        self.depth -= 1
        return found

    def _single(self) -> Selection:
        if self._take("("):
            found = self._or()
            if not self._take(")"):
                raise self._wrong(("and", "or", ")"))
            return found
        if self._take(EVERYONE):
            return Term(EVERYONE)
        for kind in KINDS:
            if self._take(kind):
                return self._named(kind)
        raise self._wrong(_TERMS)

    def _named(self, kind: str) -> Term:
        if not self._take(":"):
            raise self._wrong((":",))
        token = self._peek()
        close = token is not None and token.start == self.tokens[self.at - 1].end
        if token is None or not close or token.kind not in ("word", "quoted"):
            raise self._wrong((f"{kind}:NAME",), f"{kind}:" if token and not close else "")
        bare = token.text if token.kind == "word" else re.sub(r"\\(.)", r"\1", token.text[1:-1])
        name = _fold(bare)
        if not name:
            raise self._wrong((f"{kind}:NAME",))
        known = self.names.get(kind)
        if known is not None and name not in known:
            fault = SelectionFault("unknown", token.start, f"{kind}:{bare}")
            near = nearest(name, known)
            hint = f"{kind}:{_name(near)}" if near else ""
            raise _FaultError(SelectionFault(fault.kind, fault.position, fault.found, (), hint))
        self.at += 1
        return Term(kind, name)

    def _peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _take(self, word: str) -> bool:
        token = self._peek()
        if token is None or token.kind == "quoted" or token.text.lower() != word:
            return False
        self.at += 1
        return True

    def _wrong(self, expected: tuple[str, ...], before: str = "") -> _FaultError:
        """Make the fault of the token that stands here; `before` would have made it right."""
        token = self._peek()
        if token is None:
            return _FaultError(SelectionFault("end", len(self.text), "", expected))
        word = token.text.lower()
        named = [f"{kind}:{_name(word)}" for kind, names in self.names.items() if word in names]
        if before:
            meant = f"{before}{token.text}"
        elif named and expected == _TERMS:
            meant = named[0]
        else:
            meant = _SWEDISH.get(word, "") or nearest(word, _words(expected))
        return _FaultError(SelectionFault("unexpected", token.start, token.text, expected, meant))


def _words(expected: tuple[str, ...]) -> list[str]:
    words = (re.match("[a-z]+", item) for item in expected)
    return [word[0] for word in words if word]


def _flat(parts: list[Selection], kind: type[And] | type[Or]) -> list[Selection]:
    """Lay parts of the same kind side by side: a and (b and c) is a and b and c."""
    found: list[Selection] = []
    for part in parts:
        found += part.parts if isinstance(part, kind) else (part,)
    return found


def _listed(words: tuple[str, ...], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1] if words else "")))


def _shown(text: str) -> str:
    shown = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text[:60])
    return f"{shown}…" if len(text) > 60 else shown
