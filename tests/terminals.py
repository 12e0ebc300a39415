"""The program as a person at a terminal meets it."""

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def on_terminal(
    project: Path, *arguments: str, typed: str = "", **environment: str
) -> tuple[int, str]:
    """Run the program on a terminal where that is typed; give its exit code and what was shown."""
    main, worker = pty.openpty()
    attributes = termios.tcgetattr(worker)
    attributes[3] &= ~termios.ECHO  # what is typed early would be shown before the question
    termios.tcsetattr(worker, termios.TCSANOW, attributes)
    with subprocess.Popen(
        [sys.executable, "-m", "smakom_mail", *arguments],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm"} | environment,
        stdout=worker,
        stderr=worker,
        stdin=worker,
    ) as running:
        os.close(worker)
        os.write(main, typed.encode())
        shown = b""
        while True:
            try:
                part = os.read(main, 65536)
            except OSError:  # the terminal is closed
                break
            if not part:
                break
            shown += part
        running.wait(60)
    os.close(main)
    return running.returncode, shown.decode("utf-8")
