"""smakom-mail: a newsletter written in Markdown, quoted from its sources, built into mail."""

__version__ = "0.1.0"
