"""The table of the dialogues about queries, as a step of the schema."""

DRAFTS = """
CREATE TABLE drafts (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    text TEXT NOT NULL,
    watch_id INTEGER REFERENCES watches (id),
    revision INTEGER NOT NULL DEFAULT 0,         -- buttons carry it: one of an earlier state does nothing
    words TEXT NOT NULL DEFAULT '[]',            -- JSON: offered for exclusion
    before TEXT NOT NULL DEFAULT '[]',           -- JSON: its texts before its changes
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'dropped')),
    shown INTEGER NOT NULL DEFAULT 0,            -- 1: so have been the stories of the last day
    begun REAL NOT NULL
);
CREATE INDEX drafts_chat ON drafts (chat_id);
CREATE INDEX drafts_begun ON drafts (begun);
"""
