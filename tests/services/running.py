"""Running a command in a test: what it printed, when it ended as it should."""

import json
from collections.abc import Callable
from typing import Any

from click.testing import Result

Cli = Callable[..., Result]


def ran(result: Result, code: int = 0) -> tuple[str, str]:
    """Give what was printed to stdout and stderr by a command that ended with `code`."""
    assert result.exit_code == code, result.output
    return result.stdout, result.stderr


def as_json(result: Result, code: int = 0) -> Any:  # noqa: ANN401 - whatever was printed  # noqa: ANN401 - whatever was printed
    """Give the JSON that a command printed."""
    return json.loads(ran(result, code)[0])
