-- What the public pages keep. SQLite and PostgreSQL both read this.

-- That somebody left a list by a link: to put it back when they take it back, and why, if they
-- said it. `was` is how they stood to the list before, `said` whether a no was recorded for it.
-- An empty `list_slug` is every list.
CREATE TABLE leavings (
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id),
    list_slug TEXT NOT NULL,
    was TEXT NOT NULL,
    said INTEGER NOT NULL CHECK (said IN (0, 1)),
    how TEXT NOT NULL CHECK (how IN ('one-click', 'page', 'mail')),
    why TEXT NOT NULL,
    at TEXT NOT NULL,
    undone_at TEXT NOT NULL
);

CREATE INDEX leavings_of ON leavings (subscriber_id, at);
CREATE INDEX leavings_at ON leavings (at);

-- What waits for a yes by the link in a letter. Nobody is a subscriber by one alone.
-- `key` and `email` are the address that the letter goes to; empty where it was erased.
CREATE TABLE requests (
    ref TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sign-up', 'address', 'erasure')),
    subscriber_id TEXT NOT NULL,
    key TEXT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    lists TEXT NOT NULL,
    at TEXT NOT NULL,
    done_at TEXT NOT NULL
);

CREATE INDEX requests_of ON requests (key);
CREATE INDEX requests_at ON requests (at);

-- Single letters to one address each, composed and sent one by one. What was sent and may be
-- deleted goes after some days; of who was forgotten at once.
CREATE TABLE letters (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sign-up', 'already', 'preferences', 'nothing', 'holdings',
        'address', 'moved', 'erasure')),
    language TEXT NOT NULL,
    subscriber_id TEXT NOT NULL,
    key TEXT NOT NULL,
    email TEXT NOT NULL,
    token TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'submitting', 'accepted', 'deferred',
        'refused', 'unknown', 'withheld')),
    message_id TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL,
    at TEXT NOT NULL,
    code INTEGER NOT NULL,
    reply TEXT NOT NULL,
    why TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE INDEX letters_of ON letters (key);
CREATE INDEX letters_to_send ON letters (state, next_at) WHERE state IN ('waiting', 'deferred');

-- How much was asked for in a span of time; `who` is a keyed hash, never an address or a network.
CREATE TABLE budgets (
    name TEXT NOT NULL,
    who TEXT NOT NULL,
    width INTEGER NOT NULL,
    start INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (name, who, width, start)
);
