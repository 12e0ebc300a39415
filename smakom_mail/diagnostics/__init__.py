"""The author's faults as data: what, where, how bad, and what to do about it."""

from smakom_mail.diagnostics.finding import (
    Diagnostic,
    Location,
    Severity,
    finding,
    in_order,
    nearest,
)

__all__ = ["Diagnostic", "Location", "Severity", "finding", "in_order", "nearest"]
