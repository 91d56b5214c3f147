"""The tables of the feeds that chats add, as a step of the schema."""

CHAT_FEEDS = """
ALTER TABLE feeds ADD COLUMN common INTEGER NOT NULL DEFAULT 1; -- 1: the operator's; 0: only those who added it get it

CREATE TABLE chat_feeds (                   -- the feeds that a chat has added
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    number INTEGER NOT NULL,                -- what /feeds shows; never shifts when others go
    added REAL NOT NULL,
    removed REAL,
    PRIMARY KEY (chat_id, feed_id)
) WITHOUT ROWID;
CREATE INDEX chat_feeds_feed ON chat_feeds (feed_id) WHERE removed IS NULL;
ALTER TABLE chats ADD COLUMN own_feeds_only INTEGER NOT NULL DEFAULT 0;

ALTER TABLE feeds ADD COLUMN told TEXT NOT NULL DEFAULT ''; -- of its trouble, to its chats: dead or gone
ALTER TABLE feeds ADD COLUMN moved_from TEXT NOT NULL DEFAULT ''; -- the address before, until that is told

CREATE TABLE lookups (                      -- addresses and files that people sent, to be looked at by a job
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    kind TEXT NOT NULL CHECK (kind IN ('address', 'opml')),
    asked TEXT NOT NULL,                    -- as typed, or Telegram's id of the file
    detailed INTEGER NOT NULL,              -- 1: an admin asked, who is told why an address gives no feed
    reply TEXT NOT NULL DEFAULT '',         -- dedup key of the message that the result takes the place of
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    asked_at REAL NOT NULL
);
CREATE INDEX lookups_waiting ON lookups (id) WHERE state = 'waiting';
CREATE INDEX lookups_chat ON lookups (chat_id, asked_at);

CREATE TABLE candidates (                   -- feeds that a lookup found to choose from, or that a file names
    id INTEGER PRIMARY KEY,
    lookup_id INTEGER NOT NULL REFERENCES lookups (id) ON DELETE CASCADE,
    line INTEGER NOT NULL DEFAULT 0,        -- of the file
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    result TEXT NOT NULL DEFAULT ''         -- of a file's line: added, known, full or none; empty: not looked at yet
);
CREATE INDEX candidates_lookup ON candidates (lookup_id);

ALTER TABLE outbox ADD COLUMN file_name TEXT NOT NULL DEFAULT ''; -- not empty: a file, whose caption is `text`
ALTER TABLE outbox ADD COLUMN file TEXT NOT NULL DEFAULT '';
"""
