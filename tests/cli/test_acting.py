"""The line that tells how far a long task is."""

import io

from smakom_mail.cli.acting import Ticker


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def told(stream: io.StringIO, *calls: tuple[float, str, int, int]) -> str:
    """Call a ticker at these times; give what it wrote."""
    times = iter([0.0, *(call[0] for call in calls for _ in (1, 2))])
    latest = [0.0]

    def clock() -> float:
        latest[0] = next(times, latest[0])
        return latest[0]

    ticker = Ticker(clock, stream)
    for _, what, done, whole in calls:
        ticker(what, done, whole)
    ticker.done()
    return stream.getvalue()


def test_nothing_is_said_within_the_first_second() -> None:
    assert told(io.StringIO(), (0.4, "reading", 1, 2)) == ""


def test_in_a_log_there_is_a_line_for_each_second() -> None:
    assert told(io.StringIO(), (1.5, "reading", 1, 4), (2.6, "writing", 0, 0)) == (
        "reading 25 % …\nwriting …\n"
    )


def test_on_a_terminal_one_line_changes_and_goes_away() -> None:
    assert told(Terminal(), (1.5, "reading", 3_000, 0), (2.6, "writing", 0, 0)) == (
        "\r\x1b[Kreading 3,000 …\r\x1b[Kwriting …\r\x1b[K"
    )
