"""Feed the readers whatever a fuzzer comes upon: for a developer's machine, no part of the suite.

atheris is in no requirements file. In an environment that has it and the project, from the root
of the repository:

    python tests/hostile/fuzz.py parse_section -max_total_time=120 FOLDER-FOR-ITS-FINDS

What it finds becomes a case of tests/hostile/test_readers.py.
"""

import importlib
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main() -> None:
    """Run one target until something raises, hangs or eats the memory."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["smakom_mail", "markdown_it", "tomllib"]):
        targets = importlib.import_module("tests.hostile.targets")
    target = targets.TARGETS[sys.argv.pop(1)]
    limits = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=4000"]
    atheris.Setup([sys.argv[0], *limits, *sys.argv[1:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
