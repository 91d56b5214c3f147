"""The step that brings roles, bans, invitations, the audit log, and the counting of what people ask."""

ROLES = """
CREATE TABLE roles (                        -- owners are set by the configuration and stand nowhere else
    user_id INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('admin', 'editor')),
    list_id INTEGER,                        -- which list an editor edits
    granted_by INTEGER NOT NULL,
    granted REAL NOT NULL,
    CHECK ((role = 'admin') = (list_id IS NULL))
);
CREATE UNIQUE INDEX roles_once ON roles (user_id, coalesce(list_id, 0));

CREATE TABLE bans (
    id INTEGER PRIMARY KEY,                 -- Telegram's id of a person or a chat
    reason TEXT NOT NULL,
    banned_by INTEGER NOT NULL,
    banned REAL NOT NULL,
    lifted REAL                             -- NULL: it holds
);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    user_id INTEGER NOT NULL,               -- who; 0: the command line
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,                   -- JSON
    why TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);

CREATE TABLE invites (
    id INTEGER PRIMARY KEY,
    code_hash TEXT NOT NULL UNIQUE,         -- SHA-256, in hexadecimal digits
    made_by INTEGER NOT NULL,
    made REAL NOT NULL,
    expires REAL NOT NULL,
    uses INTEGER NOT NULL,                  -- how many people it lets in,
    used INTEGER NOT NULL DEFAULT 0,        -- and how many it has
    withdrawn REAL
);
CREATE TABLE admitted (                     -- who may use a bot that is by invitation only
    id INTEGER PRIMARY KEY,                 -- Telegram's id of a person, a group or a channel
    invite_id INTEGER REFERENCES invites (id),  -- NULL: a chat to which an invited person has added the bot
    admitted_by INTEGER NOT NULL,
    since REAL NOT NULL
);
ALTER TABLE outbox ADD COLUMN retried INTEGER NOT NULL DEFAULT 0; -- 1: it had failed, and an admin had it sent again
ALTER TABLE outbox ADD COLUMN secret INTEGER NOT NULL DEFAULT 0; -- 1: the text goes when the message has ended

-- Who asks for something: by a message in private, a command elsewhere, a button. NULL for all other updates.
-- Those who write as a chat have an id that they share with many.
ALTER TABLE inbox ADD COLUMN sender INTEGER AS (
    CASE WHEN json_extract(body, '$.message.chat.type') = 'private' OR json_extract(body, '$.message.text') LIKE '/%'
    THEN coalesce(json_extract(body, '$.message.sender_chat.id'), json_extract(body, '$.message.from.id'))
    ELSE json_extract(body, '$.callback_query.from.id') END
);
ALTER TABLE inbox ADD COLUMN place INTEGER AS (
    coalesce(json_extract(body, '$.message.chat.id'), json_extract(body, '$.callback_query.message.chat.id'))
);
ALTER TABLE inbox ADD COLUMN sent REAL AS (coalesce(json_extract(body, '$.message.date'), received));
CREATE INDEX inbox_sender ON inbox (sender, reason, sent) WHERE sender IS NOT NULL;
CREATE INDEX inbox_place ON inbox (place, reason, sent) WHERE sender IS NOT NULL;

CREATE TABLE broadcasts (                   -- the operator's messages to all chats
    id INTEGER PRIMARY KEY,
    made_by INTEGER NOT NULL,
    made REAL NOT NULL,
    text TEXT NOT NULL,
    chats INTEGER NOT NULL,                 -- how many would get it when it was shown to its author
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'running', 'stopped', 'done')),
    cursor INTEGER NOT NULL,                -- the chat for which it was enqueued last
    told INTEGER NOT NULL DEFAULT 0         -- 1: its author has been told the end
);
ALTER TABLE outbox ADD COLUMN broadcast_id INTEGER REFERENCES broadcasts (id);
CREATE INDEX outbox_broadcast ON outbox (broadcast_id, chat_id, state) WHERE broadcast_id IS NOT NULL;
ALTER TABLE chats ADD COLUMN no_broadcasts INTEGER NOT NULL DEFAULT 0;

CREATE TABLE menus (                        -- the people whom Telegram shows a menu of their own
    user_id INTEGER PRIMARY KEY
);
"""
