"""Lines of plain text: 72 columns, soft breaks as format=flowed wants them (RFC 3676)."""

import re
import unicodedata
from functools import cache

WIDTH = 72


def columns(text: str) -> int:
    """Give how many columns `text` takes: combining marks none, East Asian wide ones two."""
    return len(text) if text.isascii() else sum(map(_width, text))


@cache
def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def words_of(text: str) -> list[str]:
    """Divide at spaces, no-break ones included: plain text cannot hold a line together.

    ``text <address>`` may break before the address, never inside it.
    """
    return re.sub("[\u00a0\u202f\u2007]", " ", text).split()


def wrap(text: str, width: int = WIDTH, first: str = "", rest: str = "") -> list[str]:
    """Wrap `text` with hard line breaks; `first` and `rest` begin the first and later lines."""
    lines: list[str] = []
    line, size = first, columns(first)
    empty = True
    for word in words_of(text):
        long = columns(word)
        if not empty and size + 1 + long > width:
            lines.append(line)
            line, size, empty = rest, columns(rest), True
        line, size = (line + word, size + long) if empty else (f"{line} {word}", size + 1 + long)
        empty = False
    return [*lines, line.rstrip()] if not empty else lines


def flow(text: str, width: int = WIDTH) -> list[str]:
    """Wrap a paragraph with soft breaks: a space at the end says that the line goes on.

    "-- " alone would begin the signature (RFC 3676 section 4.3), so that line stays hard.
    """
    lines = wrap(text, width - 1)
    return [line if line == "--" else f"{line} " for line in lines[:-1]] + lines[-1:]


def cut(line: str, width: int = WIDTH) -> list[str]:
    """Cut a literal line where it is too wide, at spaces; inside the line they are kept."""
    pieces = [""]
    for word in re.findall(r"\s*\S+", line):
        if pieces[-1] and columns(pieces[-1] + word) > width:
            pieces.append(word.lstrip())
        else:
            pieces[-1] += word
    return pieces


def stuff(text: str) -> str:
    """Space-stuff the lines that format=flowed would misread (RFC 3676 section 4.4)."""
    return "\n".join(
        f" {line}" if line.startswith((" ", ">", "From ")) else line for line in text.split("\n")
    )


def unflow(text: str) -> str:
    """Give the paragraphs as a mail program shows them: the reading side of format=flowed."""
    out: list[str] = []
    going_on = False
    for raw in text.split("\n"):
        line = raw.removeprefix(" ")
        soft = line.endswith(" ") and line != "-- "
        if going_on:
            out[-1] += line
        else:
            out.append(line)
        going_on = soft
    return "\n".join(out)


def underline(text: str, mark: str) -> list[str]:
    """Give a heading's lines with a line of `mark` under the longest of them."""
    lines = wrap(text)
    return [*lines, mark * max((columns(line) for line in lines), default=0)]
