"""Forum topics as destinations of their own, and what else a shared chat needs, as a step of the schema."""

DESTINATIONS = """
ALTER TABLE chats ADD COLUMN topic_of INTEGER;                      -- of a forum topic: the id of its group
ALTER TABLE chats ADD COLUMN thread_id INTEGER NOT NULL DEFAULT 0;  -- its thread there; 0: none, or General
ALTER TABLE chats ADD COLUMN telegram_id INTEGER AS (coalesce(topic_of, id));
CREATE UNIQUE INDEX chats_places ON chats (telegram_id, thread_id);
ALTER TABLE chats ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE chats ADD COLUMN username TEXT NOT NULL DEFAULT '';     -- without the @
ALTER TABLE chats ADD COLUMN header TEXT NOT NULL DEFAULT '';       -- above and below each alert
ALTER TABLE chats ADD COLUMN footer TEXT NOT NULL DEFAULT '';
ALTER TABLE chats ADD COLUMN trouble TEXT NOT NULL DEFAULT '';      -- why nothing can be sent, as those were told once
ALTER TABLE questions ADD COLUMN asked_in TEXT NOT NULL DEFAULT ''; -- the dedup key of the message that asks
ALTER TABLE questions ADD COLUMN about INTEGER;      -- the chat that is spoken of, where it is another
ALTER TABLE outbox ADD COLUMN about INTEGER;         -- the same of a message: its buttons change that chat
CREATE INDEX outbox_about ON outbox (chat_id, message_id) WHERE about IS NOT NULL;

CREATE TABLE links (                                 -- who added the bot to a group, or linked a channel
    user_id INTEGER NOT NULL,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    linked REAL NOT NULL,
    editing INTEGER NOT NULL DEFAULT 0,              -- 1: what the person writes in private is about this channel
    PRIMARY KEY (user_id, chat_id)
) WITHOUT ROWID;
CREATE INDEX links_chat ON links (chat_id);
CREATE UNIQUE INDEX links_editing ON links (user_id) WHERE editing;
"""
