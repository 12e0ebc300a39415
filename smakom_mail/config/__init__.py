"""Settings: strict TOML tables with line numbers, and what smakom-mail.toml may say."""

from smakom_mail.config.measures import Rate
from smakom_mail.config.people import PeopleSettings
from smakom_mail.config.relay import DkimSettings, RelaySettings, SendSettings
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
    "DkimSettings",
    "ListSettings",
    "Newsletter",
    "PeopleSettings",
    "Rate",
    "RelaySettings",
    "SampleReader",
    "SectionDefaults",
    "SendSettings",
    "Sender",
    "Social",
    "read_config",
]
