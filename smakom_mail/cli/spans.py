"""Spans and points of time as people say them."""

from datetime import datetime


def span(seconds: float) -> str:
    """Give a span in its one or two largest units: 45 s, 9 min 5 s, 5 h 33 min, 2 days 3 h."""
    whole = max(0, round(seconds))
    if whole < 100:
        return f"{whole} s"
    if whole < 600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    minutes = round(whole / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} days {hours} h" if hours else f"{days} days"


def local_time(at: str, unit: str = "minutes") -> str:
    """Give a time of the store in this machine's zone, to the minute or in `seconds`."""
    return datetime.fromisoformat(at).astimezone().isoformat(sep=" ", timespec=unit)
