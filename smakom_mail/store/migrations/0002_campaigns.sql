-- Campaigns and their ledger: one row for each recipient. SQLite and PostgreSQL both read this.

-- `wish` is what people want of it; whether it is finished is computed from the ledger.
-- `frozen` is what all its messages have in common (model/campaign.py), `excluded` counts by
-- reason, both as JSON. Its deliveries are those from `first_id` to `last_id`.
CREATE TABLE campaigns (
    id TEXT PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    edition TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('campaign', 'rehearsal')),
    digest TEXT NOT NULL,
    wish TEXT NOT NULL
        CHECK (wish IN ('planning', 'planned', 'held', 'sending', 'paused', 'cancelled')),
    why TEXT NOT NULL,
    created_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    pause_after INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    planned INTEGER NOT NULL,
    excluded TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    frozen TEXT NOT NULL
);

CREATE INDEX campaigns_of ON campaigns (edition, created_at);

-- At most one that is not cancelled, so that nobody can begin the same edition twice.
CREATE UNIQUE INDEX campaigns_once ON campaigns (edition)
    WHERE kind = 'campaign' AND wish IN ('held', 'sending', 'paused');

-- The lists that a message of this scope was for: whoever stands on one of them still gets it.
CREATE TABLE campaign_lists (
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    scope TEXT NOT NULL,
    list_slug TEXT NOT NULL,
    PRIMARY KEY (campaign_id, scope, list_slug)
);

-- What a forgotten person's row keeps has no address, name, link or reply in it.
-- `next_at` is when a try may be made again, `first_at` when the first was; empty: never yet.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY NOT NULL,
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id),
    key TEXT,
    email TEXT,
    name TEXT,
    organisation TEXT,
    scope TEXT NOT NULL,
    token TEXT,
    message_id TEXT,
    envelope_token TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'claimed', 'submitting', 'accepted',
        'deferred', 'refused', 'unknown', 'withheld')),
    sender TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    first_at TEXT NOT NULL,
    next_at TEXT NOT NULL,
    at TEXT NOT NULL,
    phase TEXT NOT NULL,
    code INTEGER NOT NULL,
    reply TEXT NOT NULL,
    why TEXT NOT NULL
);

CREATE UNIQUE INDEX deliveries_once ON deliveries (campaign_id, key);
CREATE INDEX deliveries_of ON deliveries (subscriber_id);
CREATE INDEX deliveries_to_send ON deliveries (campaign_id, state, next_at, id)
    WHERE state IN ('waiting', 'deferred');

-- What came of a try that did not end with the relay's yes.
CREATE TABLE attempts (
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    state TEXT NOT NULL,
    phase TEXT NOT NULL,
    code INTEGER NOT NULL,
    reply TEXT NOT NULL,
    why TEXT NOT NULL
);

CREATE INDEX attempts_of ON attempts (delivery_id);

-- A program that sends; while it lives it holds a lock on a file of its name (store/senders.py).
CREATE TABLE senders (
    id TEXT PRIMARY KEY NOT NULL,
    campaign_id TEXT NOT NULL REFERENCES campaigns (id),
    installation TEXT NOT NULL,
    machine TEXT NOT NULL,
    process INTEGER NOT NULL,
    begun_at TEXT NOT NULL,
    ended_at TEXT NOT NULL
);

-- How many messages a relay was given in a span of time, for its quotas; an empty domain is all.
CREATE TABLE spent (
    relay TEXT NOT NULL,
    domain TEXT NOT NULL,
    width INTEGER NOT NULL,
    start INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (relay, domain, width, start)
);

-- That a proof of a digest went out, and to whom.
CREATE TABLE proofs (
    edition TEXT NOT NULL,
    digest TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    email TEXT NOT NULL,
    reply TEXT NOT NULL
);

CREATE INDEX proofs_of ON proofs (edition, digest);

-- A record that somebody approved a digest, by the name that the system knows: no authentication.
CREATE TABLE approvals (
    edition TEXT NOT NULL,
    digest TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL
);
