"""A bug's traceback, kept where its reader can find it; never in the project."""

import os
import sys
import tempfile
import traceback

from smakom_mail import __version__


def write_bug_log() -> str:
    """Write the traceback of the exception at hand to a new file; give its path."""
    handle, name = tempfile.mkstemp(prefix="smakom-mail-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(f"smakom-mail {__version__}, Python {sys.version}\n{sys.argv[1:]}\n\n")
        log.write(traceback.format_exc())
    return name
