"""What is wrong with what a reader typed, in words for her; the import has others, for its rows."""

from collections.abc import Mapping

from smakom_mail.content.people.address import AddressFault
from smakom_mail.services.public.naming import LONGEST_NAME, name_fault

_OF_ADDRESSES = {
    "email-empty": "fault_email_empty",
    "email-several": "fault_email_several",
    "email-smtputf8": "fault_email_letters",
}
"""The faults that have words of their own; all others are about how an address is written."""


def address_words(said: Mapping[str, str], fault: AddressFault) -> str:
    """Say what is wrong with an address."""
    return said[_OF_ADDRESSES.get(fault.kind, "fault_email")]


def name_words(said: Mapping[str, str], name: str) -> str:
    """Say what is wrong with a tidied name; nothing where it is taken."""
    fault = name_fault(name)
    words = said[f"fault_name_{fault}"] if fault else ""
    return words.replace("{limit}", str(LONGEST_NAME))
