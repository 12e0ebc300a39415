"""Style sheets changed in place: one declaration's value at a time, the rest as it was written."""

import re
from collections.abc import Callable

Change = Callable[[str, str, tuple[str, ...]], str]
"""Takes a property in small letters, its value, and what stands before the blocks around it."""

STRING = r"\"(?:[^\"\\\n]|\\[\s\S])*+(?:\"|(?=\n)|\Z)|'(?:[^'\\\n]|\\[\s\S])*+(?:'|(?=\n)|\Z)"
COMMENT = r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)"
URL = r"url\(\s*(?![\"'])(?:[^)\\]|\\[\s\S])*+(?:\)|\Z)"
SKIPPED = f"{COMMENT}|{STRING}|{URL}"
_MARK = re.compile(rf"{SKIPPED}|\\[\s\S]|[{{}};()]", re.IGNORECASE)
_DECLARATION = re.compile(rf"(?:\s|{COMMENT})*+([\w-]+)(?:\s|{COMMENT})*+:\s*+")
_MOST_DEEP = 50


def rewrite_sheet(css: str, change: Change) -> str:
    """Give the style sheet with each value put through `change`."""
    out: list[str] = []
    around: list[str] = []
    start = depth = 0
    for match in _MARK.finditer(css):
        mark = match[0]
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(0, depth - 1)
        elif mark in ("{", "}") or (mark == ";" and not depth):
            words = css[start : match.start()]
            depth = 0
            if mark == "{":
                out += [words, mark]
                around.append(" ".join(words.split()) if len(around) < _MOST_DEEP else "")
            else:
                out += [_declared(words, change, tuple(around)), mark]
                if mark == "}" and around:
                    around.pop()
            start = match.end()
    return "".join([*out, _declared(css[start:], change, tuple(around))])


def rewrite_style(style: str, change: Change) -> str:
    """Give the value of a ``style`` attribute with each value put through `change`."""
    return rewrite_sheet(style, change)


def _declared(words: str, change: Change, around: tuple[str, ...]) -> str:
    match = _DECLARATION.match(words)
    if not match:
        return words
    name = match[1] if match[1].startswith("--") else match[1].lower()
    value = words[match.end() :]
    bare = value.rstrip()
    return words[: match.end()] + change(name, bare, around) + value[len(bare) :]
