"""A bug's traceback, kept where its reader can find it; never in the project."""

import os
import re
import sys
import tempfile
import traceback

from smakom_mail import __version__

_ADDRESS = re.compile(r"[^\s'\"<>()\[\]{},;:=]+@[^\s'\"<>()\[\]{},;]+")


def write_bug_log() -> str:
    """Write the traceback of the exception at hand to a new file; say where it is.

    On a full disk it goes to stderr.
    """
    text = f"smakom-mail {__version__}, Python {sys.version}\n{_typed(sys.argv[1:])}\n\n"
    text += _ADDRESS.sub("(address)", traceback.format_exc())
    try:
        handle, name = tempfile.mkstemp(prefix="smakom-mail-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(text)
    except OSError:
        sys.stderr.write(text)
        return "text above"
    return f"file {name}"


def _typed(arguments: list[str]) -> list[str]:
    """Give what was typed without what may be of a person: words behind an option, addresses."""
    shown: list[str] = []
    for argument in arguments:
        name, equals, _ = argument.partition("=")
        if argument.startswith("--"):
            shown.append(f"{name}=(text)" if equals else name)
        elif shown and shown[-1].startswith("--"):
            shown.append("(text)")
        else:
            shown.append(_ADDRESS.sub("(address)", argument))
    return shown
