"""The same mail as other readers get it: light, dark, colours turned, no pictures, larger text."""

from smakom_mail.render.appearance.enlarging import with_text_at
from smakom_mail.render.appearance.pictures import without_pictures
from smakom_mail.render.appearance.scheme import Scheme, with_scheme

__all__ = ["Scheme", "with_scheme", "with_text_at", "without_pictures"]
