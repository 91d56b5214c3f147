"""The step that lets chats bring their watches as a file, and be deleted."""

PERSONAL = """
ALTER TABLE chats ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0; -- 1: goes when its last message has ended
CREATE INDEX chats_forgotten ON chats (id) WHERE forgotten;
INSERT INTO chats (id, kind, active, created) VALUES (0, 'nobody', 0, 0);

CREATE TABLE remade (                       -- addresses and files that people sent, to be looked at by a job
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    kind TEXT NOT NULL CHECK (kind IN ('address', 'opml', 'watches')),
    asked TEXT NOT NULL,                    -- as typed, or Telegram's id of the file
    detailed INTEGER NOT NULL,              -- 1: an admin asked, who is told why an address gives no feed
    reply TEXT NOT NULL DEFAULT '',         -- dedup key of the message that the result takes the place of
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    asked_at REAL NOT NULL
);
INSERT INTO remade SELECT * FROM lookups;
DROP TABLE lookups;
ALTER TABLE remade RENAME TO lookups;
CREATE INDEX lookups_waiting ON lookups (id) WHERE state = 'waiting';
CREATE INDEX lookups_chat ON lookups (chat_id, asked_at);
"""
