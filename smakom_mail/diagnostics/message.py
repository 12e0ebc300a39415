"""The shape of a row in the table of messages."""

from typing import Literal, NamedTuple

Level = Literal["error", "warning", "note"]


class Message(NamedTuple):
    """What a finding says: its code, how bad it is, the sentences and the hints."""

    code: str
    severity: Level
    sv: str
    en: str
    hint_sv: str = ""
    hint_en: str = ""
