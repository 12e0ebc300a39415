"""The SQL edge: people, consent, suppression and the audience; SQL stands nowhere else.

What is written here is understood by SQLite and PostgreSQL alike, with two exceptions that say so:
`database.py` (the connection) and `erasing.py` (what must leave the disk). Values are parameters;
the text of a statement holds none.

Whatever is ordered by text is ordered by its bytes, for which sort keys are made. SQLite does so by
itself; on PostgreSQL the database has to be made with LOCALE 'C', or it sorts by its own language.
"""

from smakom_mail.store.database import Database, Row
from smakom_mail.store.opening import open_database

__all__ = ["Database", "Row", "open_database"]
