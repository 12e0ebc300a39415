"""What each mail program makes of our real HTML, by documented rules.

`shape_for` takes the finished mail and gives it as one of `CLIENTS` shows it, with everything
that was lost on the way and why.
"""

from smakom_mail.render.shapes.clients import CLIENTS
from smakom_mail.render.shapes.engine import shape_for
from smakom_mail.render.shapes.model import Badge, Client, Loss, Shape

__all__ = ["CLIENTS", "Badge", "Client", "Loss", "Shape", "shape_for"]
