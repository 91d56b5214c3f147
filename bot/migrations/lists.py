"""The step that lets watches belong to lists, which chats follow."""

LISTS = """
CREATE TABLE lists (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private')),
    version INTEGER NOT NULL,               -- the one that holds
    created REAL NOT NULL,
    removed REAL                            -- made by mistake; its row stays, since ids are given once
);
CREATE TABLE list_names (                   -- the slug and the aliases of each list: no name is that of two
    name TEXT PRIMARY KEY,
    list_id INTEGER NOT NULL REFERENCES lists (id)
) WITHOUT ROWID;
CREATE INDEX list_names_list ON list_names (list_id);
CREATE TABLE list_versions (
    list_id INTEGER NOT NULL REFERENCES lists (id),
    version INTEGER NOT NULL,
    at REAL NOT NULL,
    user_id INTEGER NOT NULL,               -- 0: the program, or its operator at the command line
    act TEXT NOT NULL,
    why TEXT NOT NULL,
    file TEXT NOT NULL,                     -- the whole list as it then was, as TOML: see watchlists/list_files.py
    PRIMARY KEY (list_id, version)
);
CREATE TABLE follows (
    list_id INTEGER NOT NULL REFERENCES lists (id),
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    since REAL NOT NULL,
    level TEXT NOT NULL DEFAULT '',         -- empty: as the list has it for each watch
    digest TEXT NOT NULL DEFAULT '',        -- likewise
    without TEXT NOT NULL DEFAULT '',       -- exclusions of its own, as a query has them
    some INTEGER NOT NULL DEFAULT 0,        -- 1: only the watches in follow_watches; 0: all but those
    news INTEGER NOT NULL DEFAULT 0,        -- 1: its digests tell what is new in the list
    told INTEGER NOT NULL DEFAULT 0,        -- the version that it knows of
    ended REAL,                             -- follows no more: undo brings it back as it was
    PRIMARY KEY (list_id, chat_id)
) WITHOUT ROWID;
CREATE INDEX follows_chat ON follows (chat_id);
CREATE TABLE follow_watches (
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    watch_id INTEGER NOT NULL REFERENCES watches (id),
    PRIMARY KEY (watch_id, chat_id)
) WITHOUT ROWID;
CREATE INDEX follow_watches_chat ON follow_watches (chat_id);

CREATE TABLE remade (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER REFERENCES chats (id),
    list_id INTEGER REFERENCES lists (id),
    number INTEGER NOT NULL,                -- what /watches shows; of a list the place of the watch in it
    text TEXT NOT NULL,
    key TEXT NOT NULL,                      -- the same for queries that mean the same
    created REAL NOT NULL,
    removed REAL,
    revision INTEGER NOT NULL UNIQUE,       -- grows with every change: the index asks for what is newer
    level TEXT NOT NULL DEFAULT 'normal',
    digest TEXT NOT NULL DEFAULT '',        -- empty: as the chat; off: at once
    proposed TEXT,                          -- JSON: words to exclude, offered when it fired too often
    before TEXT NOT NULL DEFAULT '',        -- its text before the last change, for undo
    CHECK ((chat_id IS NULL) != (list_id IS NULL))
);
INSERT INTO remade
    SELECT id, chat_id, NULL, number, text, key, created, removed, revision, level, digest, proposed, before
    FROM watches;
DROP TABLE watches;
ALTER TABLE remade RENAME TO watches;
CREATE UNIQUE INDEX watches_active ON watches (chat_id, key) WHERE removed IS NULL;
CREATE UNIQUE INDEX watches_number ON watches (chat_id, number) WHERE removed IS NULL;
CREATE UNIQUE INDEX watches_listed ON watches (list_id, key) WHERE removed IS NULL AND list_id IS NOT NULL;
CREATE INDEX watches_of_list ON watches (list_id, key) WHERE list_id IS NOT NULL;
"""
