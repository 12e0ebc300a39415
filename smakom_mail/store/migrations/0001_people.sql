-- People, their consent and their noes. SQLite and PostgreSQL both read this.
-- Times are ISO 8601 text in UTC. Ids are random: a counter would tell how many there are.

CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- `position` is the list's bit in the masks of the audience query (store/audience.py).
CREATE TABLE lists (
    slug TEXT PRIMARY KEY NOT NULL CHECK (slug <> ''),
    name TEXT NOT NULL,
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    position INTEGER NOT NULL UNIQUE CHECK (position BETWEEN 0 AND 59)
);

-- A forgotten person keeps the row, which sums depend on, and the fingerprint, which blocks.
CREATE TABLE subscribers (
    id TEXT PRIMARY KEY NOT NULL,
    ref TEXT NOT NULL,
    key TEXT,
    email TEXT,
    fingerprint TEXT NOT NULL,
    name TEXT,
    organisation TEXT,
    language TEXT,
    flags TEXT NOT NULL,
    sort_key TEXT,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    state TEXT NOT NULL,
    CHECK (
        (state = 'active' AND key IS NOT NULL AND email IS NOT NULL)
        OR (state = 'forgotten' AND key IS NULL AND email IS NULL AND name IS NULL
            AND organisation IS NULL AND sort_key IS NULL)
    )
);

-- Indexes, not constraints: a large import drops them and makes them again (store/applying.py).
CREATE UNIQUE INDEX subscribers_by_ref ON subscribers (ref);
CREATE UNIQUE INDEX subscribers_by_key ON subscribers (key);
CREATE UNIQUE INDEX subscribers_by_fingerprint ON subscribers (fingerprint);

CREATE TABLE memberships (
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id),
    list_slug TEXT NOT NULL REFERENCES lists (slug),
    state TEXT NOT NULL CHECK (state IN ('confirmed', 'pending', 'left')),
    since TEXT NOT NULL,
    PRIMARY KEY (subscriber_id, list_slug)
);

CREATE TABLE tags (
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id),
    tag TEXT NOT NULL CHECK (tag <> ''),
    PRIMARY KEY (subscriber_id, tag)
);

-- An empty `list_slug` is about every list.
CREATE TABLE consents (
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id),
    list_slug TEXT NOT NULL,
    basis TEXT NOT NULL
        CHECK (basis IN ('consent', 'membership', 'public-task', 'legitimate-interest')),
    at TEXT NOT NULL,
    source TEXT NOT NULL,
    wording TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    actor TEXT NOT NULL
);

CREATE INDEX consents_of ON consents (subscriber_id, list_slug);

-- By fingerprint, not by person: a no outlives the erasure of whoever said it.
CREATE TABLE suppressions (
    fingerprint TEXT NOT NULL,
    list_slug TEXT NOT NULL,
    reason TEXT NOT NULL
        CHECK (reason IN ('unsubscribed', 'bounced', 'complained', 'forgotten', 'manual')),
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    lifted_at TEXT NOT NULL,
    lifted_by TEXT NOT NULL
);

-- What the journal knows a no by: a line that is read twice is one no.
CREATE UNIQUE INDEX suppressions_of ON suppressions (fingerprint, list_slug, reason, at);

-- `step` orders what one act changed at one time.
CREATE TABLE history (
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id),
    at TEXT NOT NULL,
    step INTEGER NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL
);

CREATE INDEX history_of ON history (subscriber_id);

-- The set of lists that a token is about.
CREATE TABLE scopes (
    code TEXT PRIMARY KEY NOT NULL,
    lists TEXT NOT NULL UNIQUE
);
