"""The view of the text part: as it flows in a program's window, or line for line as sent."""

from smakom_mail.render.wrapping import unflow
from smakom_mail.services.previewing.document import draw
from smakom_mail.services.previewing.filling import FilledMail
from smakom_mail.services.previewing.snapshot import Snapshot


def text_view(snapshot: Snapshot, mail: FilledMail, columns: int) -> str:
    """Draw the text part; with `columns` exactly the lines that are sent."""
    text = mail.text if columns else unflow(mail.text)
    return draw("text", snapshot, text=text.removesuffix("\n"), sent=bool(columns))
