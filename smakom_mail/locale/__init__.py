"""Everything a reader meets in words, dates and typography: Swedish first, English second."""

from smakom_mail.locale.dates import (
    Period,
    day_and_month,
    format_date,
    format_period,
    month_name,
    parse_period,
)
from smakom_mail.locale.typography import bind
from smakom_mail.locale.words import WORDS, words

__all__ = [
    "WORDS",
    "Period",
    "bind",
    "day_and_month",
    "format_date",
    "format_period",
    "month_name",
    "parse_period",
    "words",
]
