"""caniemail's notes about declarations, those that can be applied by rule.

The same words stand at many features and programs, so a note is known by its words, and what it
speaks of (`rem`, `<td>`) is read out of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from smakom_mail.render.shapes.losses import Why
from smakom_mail.render.shapes.support import quoted

_QUIET = re.compile(r"url\([^)]*\)|\"[^\"]*\"|'[^']*'")


@dataclass(frozen=True, slots=True)
class Use:
    """One declaration where it stands: on an element with `tag`, or in a rule that means such."""

    name: str
    value: str
    mark: str
    tag: str
    inline: bool
    note: str

    @property
    def bare(self) -> str:
        """The value in small letters, without addresses and strings."""
        return _QUIET.sub("", self.value.lower())

    def again(self, value: str, name: str = "") -> str:
        """Give the declaration with another value."""
        return f"{name or self.name}: {value}{self.mark}"


@dataclass(frozen=True, slots=True)
class NoteRule:
    """What a note does: None leaves the declaration alone, "" takes it away, else the new one.

    `whole`: everything around it goes as well.
    """

    said: re.Pattern[str]
    apply: Callable[[Use], str | None]
    why: Why
    features: tuple[str, ...] = ()
    whole: bool = False


def _gone(test: Callable[[Use], object]) -> Callable[[Use], str | None]:
    return lambda use: "" if test(use) else None


def _tags(note: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`<(\w+)>`", note))


def _named_words(use: Use) -> bool:
    """Say whether the value holds a word that the note calls unsupported."""
    note = use.note
    words = quoted(note.split("but not", 1)[1] if "but not" in note else note)
    known = {word.split(":")[-1].strip("`") for word in words}
    return any(
        re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", use.bare)
        for word in known
        if re.fullmatch(r"[a-z -]+", word)
    )


def _units(use: Use) -> bool:
    return any(re.search(rf"\d{unit}\b", use.bare) for unit in quoted(use.note))


def _spaced_colour(use: Use) -> bool:
    return bool(re.search(r"rgba?\(\s*[^,()]+\s+[^,()]*\)", use.bare))


def _alpha(use: Use) -> bool:
    return bool(re.search(r"rgb\([^()]*(?:,[^(),]*){3}\)|rgb\([^()]*/", use.bare))


def _without_auto(use: Use) -> str | None:
    value = re.sub(r"(?<![\w-])auto(?![\w-])", "0", use.value)
    return use.again(value) if value != use.value else None


def _thin(use: Use) -> str | None:
    if "radius" in use.name or "spacing" in use.name:
        return None
    value = re.sub(
        r"(?<![\w#.])(\d+(?:\.\d+)?)px",
        lambda width: "8px" if float(width[1]) > 8 else width[0],
        use.value,
    )
    return use.again(value) if value != use.value else None


def _only_colour(use: Use) -> str | None:
    if use.name != "background":
        return None
    words = re.findall(r"[\w#-]+(?:\([^()]*\))?", _QUIET.sub("", use.value))
    colours = [word for word in words if _is_colour(word)]
    rest = [word for word in words if word not in colours]
    if not rest and "url(" not in use.value.lower():
        return None
    return use.again(colours[0], "background-color") if colours else ""


_NO_COLOURS = frozenset(
    """none initial inherit unset scroll fixed local repeat repeat-x repeat-y no-repeat space round
    top bottom left right center cover contain border-box padding-box content-box auto""".split()  # noqa: SIM905 - a list to read
)


def _is_colour(word: str) -> bool:
    word = word.lower()
    if word.startswith("#") or re.match(r"(?:rgb|hsl)a?\(", word):
        return True
    return bool(re.fullmatch(r"[a-z]+", word)) and word not in _NO_COLOURS


def _only_kind_of_list(use: Use) -> str | None:
    if use.name != "list-style":
        return None
    words = re.sub(r"url\([^)]*\)|\b(?:inside|outside)\b", " ", use.value).split()
    if len(words) == len(use.value.split()):
        return None
    return use.again(" ".join(words), "list-style-type") if words else ""


def _without_picture(use: Use) -> str | None:
    if "url(" not in use.value.lower():
        return None
    rest = " ".join(re.sub(r"url\([^)]*\)", " ", use.value, flags=re.IGNORECASE).split())
    return use.again(rest) if rest else ""


def _weight(use: Use) -> str | None:
    if use.name != "font-weight" or not re.fullmatch(r"\d+", use.value.strip()):
        return None
    return use.again("bold" if int(use.value) >= 600 else "normal")


def without_system_fonts(use: Use) -> str | None:
    """Take the names of the system's own fonts out of the list, those that the note leaves out."""
    kept = "system-ui" if "Supports `system-ui` only" in use.note else ""
    names = [name.strip() for name in use.value.split(",")]
    rest = [
        name
        for name in names
        if name == kept or not re.fullmatch(r"system-ui|ui-[\w-]+", name, re.IGNORECASE)
    ]
    if len(rest) == len(names):
        return None
    return use.again(", ".join(rest)) if rest else ""


def _comma(use: Use) -> bool:
    flat = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", use.bare))
    return "," in flat


def _why(sv: str, en: str) -> Why:
    return Why(f"{{client}} {sv}.", f"{{client}} {en}.")


def _rule(  # noqa: PLR0913 - one line of the table
    said: str,
    apply: Callable[[Use], str | None],
    sv: str,
    en: str,
    features: str = "",
    *,
    whole: bool = False,
) -> NoteRule:
    return NoteRule(re.compile(said), apply, _why(sv, en), tuple(features.split()), whole)


_PART = ("kan inte det här värdet", "cannot do this value")
_WORDS = (
    "css-clear css-display css-display-flex css-float css-position css-resize css-text-align "
    "css-text-decoration css-text-transform css-text-underline-position css-white-space "
    "css-overflow"
)

NOTE_RULES = (
    _rule(r"Negative values", _gone(lambda u: re.search(r"(?<![\w#.-])-\.?\d", u.bare)),
          "bryr sig inte om negativa mått", "ignores negative lengths"),
    _rule(r"`rem`.*not supported|not support `rem`", _gone(_units),
          "förstår inte måttet rem", "does not understand the unit rem"),
    _rule(r"[Ww]hitespace syntax .*whole", _gone(_spaced_colour),
          "tar bort all formgivning runt en färg skriven med mellanslag",
          "drops all styling around a colour written with spaces", whole=True),
    _rule(r"[Ww]hitespace syntax", _gone(_spaced_colour),
          "förstår inte färger skrivna med mellanslag",
          "does not understand colours written with spaces"),
    _rule(r"syntax for an inline style will remove all inline", _gone(lambda u: u.inline),
          "tar bort all formgivning på ett element med en sådan färg",
          "drops all styling of an element with such a colour", whole=True),
    _rule(r"Alpha value is not", _gone(_alpha),
          "visar inga genomskinliga färger", "shows no transparent colours"),
    _rule(r"Only works on `<table>`", _gone(lambda u: u.tag != "table"),
          "begränsar bara bredden på tabeller", "limits the width of tables only"),
    _rule(r"Only supported on table cells", _gone(lambda u: u.tag not in ("td", "th")),
          "visar luft inåt (padding) bara i tabellceller",
          "shows inner space (padding) in table cells only"),
    _rule(r"Not supported on (?:`<\w+>`[, or]*(?:and )?)+", _gone(lambda u: u.tag in _tags(u.note)),
          "bryr sig inte om måttet på ett sådant element", "ignores the length on such an element",
          "css-height css-width css-margin"),
    _rule(r"`auto` value is not", _without_auto,
          "centrerar inget med marginaler (auto)", "centres nothing by margins (auto)"),
    _rule(r"border can not be bigger than 8px", _thin,
          "gör inga ramar tjockare än 8 px", "makes no border thicker than 8px"),
    _rule(r"Only `background-color` values", _only_colour,
          "tar bara färgen ur en bakgrund", "takes only the colour of a background"),
    _rule(r"Only `list-style-type` values", _only_kind_of_list,
          "tar bara punktens form ur en listas stil", "takes only the kind of bullet"),
    _rule(r"entire `list-style` property", _gone(lambda u: "url(" in u.value),
          "visar inga bilder som punkter i listor", "shows no images as bullets"),
    _rule(r"`list-style-image` values are not.*rest", _without_picture,
          "visar inga bilder som punkter i listor", "shows no images as bullets"),
    _rule(r"between 0 and 599", _weight,
          "skriver bara vanligt eller fet stil", "writes either normal or bold"),
    _rule(r"Only the following numeric values",
          _gone(lambda u: u.value.isdigit() and int(u.value) % 100),
          "kan bara hela hundratal för hur fet texten är",
          "knows only whole hundreds for how bold text is"),
    _rule(r"Only supports `display:none`",
          _gone(lambda u: u.bare != "none"),
          "ställer inte om hur en ruta läggs ut (display)",
          "does not change how a box is laid out"),
    _rule(r"directly to an `<img>`", _gone(lambda u: u.tag == "img"),
          "kan inte dölja en bild", "cannot hide an image"),
    _rule(r"Only supported in lowercase", _gone(lambda u: u.mark.strip() not in
                                                ("", "!important", "! important")),
          "förstår bara !important med små bokstäver", "knows !important in small letters only"),
    _rule(r"Only supported with a space before", _gone(lambda u: u.mark[:1] == "!"),
          "kräver ett mellanslag före !important", "needs a space before !important"),
    _rule(r"Not supported inline", _gone(lambda u: u.mark and u.inline),
          "läser inte !important på ett element", "does not read !important on an element",
          "css-important"),
    _rule(r"no space before when used with a `background-image`",
          _gone(lambda u: u.name == "background-image" and u.mark[:1] == "!"),
          "kräver ett mellanslag före !important", "needs a space before !important"),
    _rule(r"Supports column-gap for flexbox", _gone(lambda u: u.name != "column-gap"),
          "kan bara mellanrum mellan kolumner", "knows only gaps between columns"),
    _rule(r"stripped except when the value is", _gone(lambda u: u.bare not in quoted(u.note)),
          *_PART),
    _rule(r"Longhand properties", _gone(lambda u: u.name != "transition"),
          "kan bara den samlade regeln för övergångar", "knows only the shorthand of transitions"),
    _rule(r"`all` keyword", _gone(lambda u: re.search(r"\ball\b", u.bare)), *_PART),
    _rule(r"Does not support multiple values. The comma", _gone(_comma),
          "kan bara ett värde åt gången", "knows only one value at a time"),
    _rule(r"multiple values", _gone(lambda u: len(u.bare.split()) > 1),
          "kan bara ett värde åt gången", "knows only one value at a time", "css-text-decoration"),
    _rule(r"the `/ value` shorthand|slash `/` notation", _gone(lambda u: "/" in u.bare), *_PART),
    _rule(r"[Pp]ercentages? values are|`percentage` size values",
          _gone(lambda u: re.search(r"\d%|\b(?:larger|smaller)\b", u.bare)), *_PART),
    _rule(r"Only supports: ", _gone(lambda u: u.bare not in re.findall(r"[a-z-]+", u.note.lower())
                                    and not re.fullmatch(r"[nesw]{1,2}-resize", u.bare)), *_PART),
    _rule(r"URL is not supported", _gone(lambda u: "url(" in u.value.lower()), *_PART),
    _rule(r"does not work\.$", _gone(lambda u: re.search(r"-(?:color|width)$", u.name)), *_PART,
          "css-border-inline-block-individual"),
    _rule(r"`overflow-block`", _gone(lambda u: u.name in ("overflow-block", "overflow-inline")),
          *_PART),
    _rule(r"Supports `system-ui` only", without_system_fonts,
          "känner inte till systemets typsnitt vid det namnet",
          "does not know the system's font by that name"),
    _rule(r"inline in the `background-image`",
          _gone(lambda u: u.inline and u.name == "background-image"),
          "visar inga färgövergångar", "shows no gradients"),
    _rule(r"Replaces `height` by `min-height`", lambda u: u.again(u.value, "min-height"),
          "gör höjden till minsta höjd", "turns the height into a smallest height"),
    _rule(r"(?:not|n't) support|but not", _gone(_named_words), *_PART, _WORDS),
)  # fmt: skip
"""Every rule in the order in which it is tried."""
