-- What people said of an edition's place in the archive. Without a row, an edition is published
-- once a campaign of it has begun. SQLite and PostgreSQL both read this.
CREATE TABLE publications (
    edition TEXT PRIMARY KEY NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('published', 'unpublished')),
    at TEXT NOT NULL,
    actor TEXT NOT NULL
);
