"""The relay session: SMTP that always knows whether the dot was sent."""
