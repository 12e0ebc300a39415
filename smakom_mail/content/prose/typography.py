"""How words are set: ranges, spaces, quotation marks, percent and paragraph signs."""

import re
from collections.abc import Iterator

from smakom_mail.content.prose.runs import MASK, Run
from smakom_mail.content.prose.slips import Slip

_NBSP = "\u00a0\u202f"
_DOUBLE = re.compile(r"(?<=\S)  +(?=\S)")
_STOP = re.compile(
    r"(?:(?<=[a-zåäöé]{2})|(?<=[\d)”\"]))[.!?](?=([”\")]?)[A-ZÅÄÖ][a-zåäöé])(?![.]\w{1,3}\b)"
)
_SIGN = re.compile(r"\d%|\d§|§\d")
_LABELS = (
    "e-post|epost|mejl|mail|telefon|tel|tfn|mobil|fax|adress|besöksadress|postadress|webb"
    "|webbplats|hemsida|kontakt|tid|plats|datum|när|var|källa|foto|bild|anmälan|pris|kostnad"
)
_LABEL = re.compile(
    rf"(?i:(?:^|\n)((?:{_LABELS})\.?);(?=\s|$)|\b(fr\.? ?v\.?);)"
    r"|(?<=\s)((?:E-post|Epost|Mejl|Telefon|Tel|Tfn|Mobil|Fax|Hemsida|Besöksadress|Postadress)\.?);"
)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_DOUBLED_SPACE = re.compile(f"(?<![ {_NBSP}])(?: *[{_NBSP}][ {_NBSP}]+| +[{_NBSP}])")
_EDGE = re.compile(f"^[{_NBSP}]|[{_NBSP}]$|\n[{_NBSP}]|[{_NBSP}](?=\n)")
_BETWEEN = re.compile(f"([^\\W\\d_]{{2,}})([{_NBSP}])(?=[^\\W\\d_]{{2,}})")
# A no-break space is at home behind these, beside numbers, initials and dashes, in names.
_BINDING = frozenset(
    "kl nr ca dr hr fr st art bil fig kap sid tab tel tfn den mom prop lag".split()  # noqa: SIM905 - a list to read
)


def double_space(run: Run) -> Iterator[Slip]:
    """Two spaces inside a line."""
    for match in _DOUBLE.finditer(run.text):
        yield Slip("double-space", match.start(), match.end(), run.around(*match.span()))


def missing_space(run: Run) -> Iterator[Slip]:
    """A sentence's end with the next sentence's capital right behind it."""
    for match in _STOP.finditer(run.text):
        gap = match.end() + len(match[1])
        left, right = run.around(match.start(), gap).rpartition(run.text[match.start() : gap])[::2]
        left, mark = left.lstrip('”“"(['), run.text[match.start() : gap]
        yield Slip(
            "space-after-stop", match.start(), gap, f"{left}{mark}{right}", f"{left}{mark} {right}"
        )


def sign_space(run: Run) -> Iterator[Slip]:
    """A percent or paragraph sign written together with its number."""
    for match in _SIGN.finditer(run.text):
        shown = run.around(*match.span())
        right = re.sub(r"(?<=\d)(?=[%§])|(?<=§)(?=\d)", " ", shown)
        yield Slip("sign-space", match.start(), match.end(), shown, right)


def label_semicolon(run: Run) -> Iterator[Slip]:
    """A label such as "Telefon" with a semicolon behind it."""
    for match in _LABEL.finditer(run.text):
        label = match[1] or match[2] or match[3]
        yield Slip("label-semicolon", match.end() - 1, match.end(), f"{label};", f"{label}:")


def stray_space(run: Run) -> Iterator[Slip]:
    """A no-break space that holds nothing together."""
    seen: set[int] = set()
    for pattern in (_DOUBLED_SPACE, _EDGE):
        for match in pattern.finditer(run.text):
            seen.add(match.start())
            yield Slip("stray-space", match.start(), match.end(), run.around(*match.span()).strip())
    for match in _BETWEEN.finditer(run.text):
        named = match[1][0].isupper() and run.text[match.end()].isupper()
        if match.start(2) not in seen and not named and match[1].lower() not in _BINDING:
            words = run.around(match.start(), match.end() + 1)
            yield Slip("stray-space", *match.span(2), words.replace("\u00a0", " "))


def invisible(run: Run) -> Iterator[Slip]:
    """A soft hyphen or a space without width, pasted from somewhere."""
    for match in _INVISIBLE.finditer(run.text):
        start, end = match.span()
        shown = _INVISIBLE.sub("", run.around(start, end))
        yield Slip("invisible-character", start, end, shown, other=f"U+{ord(match[0]):04X}")


def straight_mark(run: Run) -> int | None:
    """Give where the first straight quotation mark stands; one behind a digit means inches."""
    match = re.search(r'(?<!\d)"|(?<=\d)"(?=[.,;:!?])', run.text)
    return match.start() if match else None


def curly_mark(run: Run) -> bool:
    """Say whether a typographic quotation mark stands in the run."""
    return re.search("[”“„»«]", run.text) is not None


def words_of(run: Run) -> list[str]:
    """Give the words of a run, without what is masked."""
    return re.findall(r"[^\W_]+(?:[-:’'][^\W_]+)*", run.text.replace(MASK, " "))
