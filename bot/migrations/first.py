"""The schema of the first release. It never changes: the steps after it do."""

FIRST = """
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL DEFAULT '',
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    next_poll REAL NOT NULL,
    primed INTEGER NOT NULL DEFAULT 0,      -- 1 after the first good poll, whose items alert nobody
    last_success REAL,
    last_items INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,    -- in a row
    error TEXT NOT NULL DEFAULT '',
    moved_to TEXT NOT NULL DEFAULT '',      -- the permanent redirect of the last polls, and how often in a row
    moved_times INTEGER NOT NULL DEFAULT 0,
    stopped INTEGER NOT NULL DEFAULT 0,
    added REAL NOT NULL
);
CREATE INDEX feeds_due ON feeds (next_poll) WHERE NOT stopped;

CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    opened REAL NOT NULL
);
CREATE TABLE story_keys (                   -- what makes an item part of a story: its link, its headline
    key TEXT PRIMARY KEY,
    story_id INTEGER NOT NULL REFERENCES stories (id),
    seen REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX story_keys_seen ON story_keys (seen);

CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    key TEXT NOT NULL,
    story_id INTEGER NOT NULL REFERENCES stories (id),
    title TEXT NOT NULL,                    -- emptied with the summary when the body is pruned
    summary TEXT NOT NULL,
    url TEXT NOT NULL,
    source TEXT NOT NULL,
    published REAL,
    lang TEXT,
    first_seen REAL NOT NULL,
    pruned INTEGER NOT NULL DEFAULT 0,
    UNIQUE (feed_id, key)
);
CREATE INDEX items_first_seen ON items (first_seen);
CREATE INDEX items_story ON items (story_id);

CREATE TABLE chats (
    id INTEGER PRIMARY KEY,                 -- Telegram's id
    kind TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    inactive_reason TEXT NOT NULL DEFAULT '',
    paused_until REAL NOT NULL DEFAULT 0,   -- Telegram said: not before
    created REAL NOT NULL
);

CREATE TABLE watches (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    number INTEGER NOT NULL,                -- what /watches shows; never shifts when others go
    text TEXT NOT NULL,
    key TEXT NOT NULL,                      -- the same for queries that mean the same
    created REAL NOT NULL,
    removed REAL,
    revision INTEGER NOT NULL UNIQUE        -- grows with every change: the index asks for what is newer
);
CREATE UNIQUE INDEX watches_active ON watches (chat_id, key) WHERE removed IS NULL;
CREATE UNIQUE INDEX watches_number ON watches (chat_id, number) WHERE removed IS NULL;

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    story_id INTEGER NOT NULL REFERENCES stories (id),
    item_id INTEGER NOT NULL REFERENCES items (id),
    created REAL NOT NULL,
    UNIQUE (chat_id, story_id)
);
CREATE TABLE alert_watches (
    alert_id INTEGER NOT NULL REFERENCES alerts (id),
    watch_id INTEGER NOT NULL REFERENCES watches (id),
    score INTEGER NOT NULL,
    evidence TEXT NOT NULL,                 -- JSON
    PRIMARY KEY (alert_id, watch_id)
) WITHOUT ROWID;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    dedup_key TEXT NOT NULL UNIQUE,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    kind TEXT NOT NULL CHECK (kind IN ('alert', 'reply', 'edit', 'digest')),
    priority INTEGER NOT NULL,              -- lower goes first
    text TEXT NOT NULL,                     -- HTML, frozen at enqueue
    buttons TEXT NOT NULL,                  -- JSON: rows of [label, data]
    edits INTEGER,                          -- kind 'edit': the message_id to change
    alert_id INTEGER REFERENCES alerts (id),
    state TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'dropped', 'expired')),
    created REAL NOT NULL,
    not_before REAL NOT NULL DEFAULT 0,
    expires REAL,
    attempts INTEGER NOT NULL DEFAULT 0,
    uncertain INTEGER NOT NULL DEFAULT 0,   -- sends whose answer was lost
    plain INTEGER NOT NULL DEFAULT 0,       -- 1: Telegram refused the formatting, sent once more as plain text
    message_id INTEGER,
    reason TEXT NOT NULL DEFAULT '',
    finished REAL
);
CREATE INDEX outbox_queued ON outbox (priority, id) WHERE state = 'queued';
CREATE INDEX outbox_expires ON outbox (expires) WHERE state = 'queued';
CREATE INDEX outbox_open ON outbox (chat_id, priority, id) WHERE state IN ('queued', 'sending');

CREATE TABLE inbox (
    update_id INTEGER PRIMARY KEY,
    body TEXT NOT NULL,                     -- JSON, as Telegram sent it
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'skipped', 'failed')),
    received REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX inbox_received ON inbox (received);
CREATE INDEX inbox_new ON inbox (update_id) WHERE state = 'new';

CREATE TABLE progress (                     -- when each loop last got round: the health check reads it
    name TEXT PRIMARY KEY,
    at REAL NOT NULL
) WITHOUT ROWID;
"""
