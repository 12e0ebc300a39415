"""People as files name them: addresses, tables, headers and rows; nothing is stored here."""
