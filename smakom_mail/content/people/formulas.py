"""Cells that a spreadsheet would take for formulas: disarmed when written, restored when read."""

_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")


def disarmed(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; nothing is lost by it."""
    return f"'{text}" if text.startswith(_STARTERS) else text


def restored(text: str) -> str:
    """Take away the apostrophe that `disarmed` has put there, and no other."""
    return text[1:] if text.startswith("'") and text.startswith(_STARTERS, 1) else text
