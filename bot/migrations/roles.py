"""The step that brings roles, bans and the audit log."""

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

CREATE TABLE menus (                        -- the people whom Telegram shows a menu of their own
    user_id INTEGER PRIMARY KEY
);
"""
