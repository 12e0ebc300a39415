"""Rules on the editor's own words: what would embarrass her, found before anybody reads it."""

from smakom_mail.content.prose.check import check_prose
from smakom_mail.content.prose.context import (
    OtherEdition,
    ProseContext,
    other_editions,
    standing_slugs,
)

__all__ = ["OtherEdition", "ProseContext", "check_prose", "other_editions", "standing_slugs"]
