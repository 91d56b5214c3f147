"""Ids that are given once, as a step of the schema: what stands in a button, or is typed, never means something else.

Without AUTOINCREMENT SQLite gives the id of the last row again when that row is deleted, and a restored backup begins
again where it ended. With it the last id given stands in `sqlite_sequence`, which a restore sets onwards.
https://www.sqlite.org/autoinc.html
"""

from collections.abc import Iterator

import sqlite_utils

GIVEN_ONCE = ("feeds", "candidates", "watches", "lists", "drafts", "alerts", "invites", "broadcasts")

MESSAGES = """
-- Whether a message of a chat is known, and what it is about: one index in the place of two partial ones.
DROP INDEX outbox_message;
DROP INDEX outbox_about;
CREATE INDEX outbox_message ON outbox (chat_id, message_id) WHERE message_id IS NOT NULL;
"""


def remake(database: sqlite_utils.Database) -> Iterator[str]:
    """The statements that make each table anew, with its rows and indexes.

    https://www.sqlite.org/lang_altertable.html#otheralter, with foreign keys off as they are while steps run.
    """
    for table in GIVEN_ONCE:
        rows = database.conn.execute(
            "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'index'",
            [table],
        ).fetchall()
        (_type, made), *indexes = rows
        _head, _paren, columns = made.partition("(")
        once = columns.replace("id INTEGER PRIMARY KEY", "id INTEGER PRIMARY KEY AUTOINCREMENT", 1)
        yield f"CREATE TABLE remade ({once}"
        yield f"INSERT INTO remade SELECT * FROM {table}"
        yield f"DROP TABLE {table}"
        yield f"ALTER TABLE remade RENAME TO {table}"
        yield from (sql for _type, sql in indexes)
