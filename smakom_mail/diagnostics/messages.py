"""The one table of messages: every finding in Swedish and English.

A row's name is what code calls the finding; several names may share a code when they are the
same rule seen from different sides. In a hint, ``¦`` divides the sentence used when a nearest
name is known from the one used when it is not.
"""

from smakom_mail.diagnostics.message import Message
from smakom_mail.diagnostics.messages_layout import LAYOUT
from smakom_mail.diagnostics.messages_page import PAGE
from smakom_mail.diagnostics.messages_project import PROJECT
from smakom_mail.diagnostics.messages_prose import PROSE
from smakom_mail.diagnostics.messages_result import RESULT
from smakom_mail.diagnostics.messages_source import SOURCE

MESSAGES: dict[str, Message] = {**PROJECT, **SOURCE, **PROSE, **RESULT, **PAGE, **LAYOUT}

__all__ = ["MESSAGES", "Message"]
