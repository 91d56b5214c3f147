"""The index of the items' words, as a step of the schema."""

import sqlite_utils

from bot.wordindex import WordIndex
from watchlists.model import Item

WORDS = """
CREATE TABLE words (                        -- of stored items
    word TEXT NOT NULL,
    lang TEXT NOT NULL,                     -- of the items; empty where it makes no difference
    stem TEXT NOT NULL,                     -- with the language in front
    across TEXT NOT NULL,                   -- its sound, across scripts and within one; empty: none
    within TEXT NOT NULL,
    period INTEGER NOT NULL,                -- in which it was last new
    PRIMARY KEY (word, lang)
) WITHOUT ROWID;
CREATE INDEX words_stem ON words (stem);
CREATE INDEX words_across ON words (across) WHERE across != '';
CREATE INDEX words_within ON words (within) WHERE within != '';
CREATE TABLE word_periods (                 -- each has an index named item_index_ and its number
    period INTEGER PRIMARY KEY
);
CREATE TABLE item_edits (                   -- an item whose words changed is in the index a second time
    id INTEGER PRIMARY KEY,
    item_id INTEGER NOT NULL REFERENCES items (id)
);
"""


def index_items(database: sqlite_utils.Database) -> None:
    """Index what is stored already: about a minute for 600,000 items."""
    rows = database.conn.execute("SELECT id, key, title, summary, lang, first_seen FROM items WHERE NOT pruned")
    for item_id, key, title, summary, lang, first_seen in rows:
        WordIndex(database.conn, first_seen).add(item_id, Item(key, title, summary, lang=lang))
