"""A bug's traceback, kept where its reader can find it; never in the project."""

import os
import sys
import tempfile
import traceback

from smakom_mail import __version__


def write_bug_log() -> str:
    """Write the traceback of the exception at hand to a new file; say where it is.

    On a full disk it goes to stderr.
    """
    text = f"smakom-mail {__version__}, Python {sys.version}\n{sys.argv[1:]}\n\n"
    text += traceback.format_exc()
    try:
        handle, name = tempfile.mkstemp(prefix="smakom-mail-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(text)
    except OSError:
        sys.stderr.write(text)
        return "text above"
    return f"file {name}"
