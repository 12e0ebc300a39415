"""MJML to HTML through mjml-python, kept away from what it would spoil.

The engine prints attributes with escapes of its own, drops some white space, knows no line
numbers and dies on deep nesting (docs/architecture.md). So it gets templates with tokens only,
never deeper than `MAX_DEPTH`, without web fonts, includes and comments.
"""

import re

MAX_DEPTH = 100
# The engine takes almost anything for a name, and reads no tags inside a comment.
_TAG = re.compile(r"<(/?)([^\s<>/!?][^\s<>/]*)((?:\"[^\"]*\"|'[^']*'|[^'\">])*?)(/?)>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905 - a list to read
)


class MjmlFault(Exception):  # noqa: N818 - it is turned into a finding, never shown
    """MJML that the engine cannot read; the message says why."""


def mjml_to_html(source: str) -> str:
    """Render MJML; raise MjmlFault with a reason where it cannot be read."""
    from mjml import mjml2html

    if depth(source) > MAX_DEPTH:
        raise MjmlFault(f"elements nest deeper than {MAX_DEPTH}")
    try:
        return mjml2html(source, disable_comments=True, fonts={}, include_loader=None)
    except (ValueError, TypeError) as error:
        raise MjmlFault(str(error)) from error
    except BaseException as error:
        # The engine's panics derive from BaseException on purpose; anything else is not ours.
        if type(error).__name__ != "PanicException":
            raise
        raise MjmlFault("the engine gave up") from error


def depth(source: str) -> int:
    """Give how deep the elements of `source` nest."""
    level = deepest = 0
    for match in _TAG.finditer(_COMMENT.sub("", source)):
        closing, name, _, empty = match.groups()
        if closing:
            level = max(0, level - 1)
        elif not empty and name.lower() not in _VOID:
            level += 1
            deepest = max(deepest, level)
    return deepest
