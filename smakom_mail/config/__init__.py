"""Settings: strict TOML tables with line numbers, and what smakom-mail.toml may say."""

from smakom_mail.config.people import PeopleSettings
from smakom_mail.config.settings import (
    Config,
    ListSettings,
    Newsletter,
    SampleReader,
    SectionDefaults,
    Sender,
    Social,
    read_config,
)

__all__ = [
    "Config",
    "ListSettings",
    "Newsletter",
    "PeopleSettings",
    "SampleReader",
    "SectionDefaults",
    "Sender",
    "Social",
    "read_config",
]
