"""The author's faults as data: what, where, how bad, and what to do about it."""

from smakom_mail.diagnostics.finding import (
    ENVIRONMENT,
    Diagnostic,
    Location,
    Severity,
    finding,
    in_order,
    nearest,
)

__all__ = [
    "ENVIRONMENT",
    "Diagnostic",
    "Location",
    "Severity",
    "finding",
    "in_order",
    "nearest",
]
