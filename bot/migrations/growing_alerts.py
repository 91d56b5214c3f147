"""Several alerts of a chat about one story, which list its later items."""

GROWING_ALERTS = """
CREATE TABLE grown (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    story_id INTEGER NOT NULL REFERENCES stories (id),
    part INTEGER NOT NULL DEFAULT 1,        -- 2 and on: a story told further, in reply to the part before
    item_id INTEGER NOT NULL REFERENCES items (id),
    series TEXT NOT NULL DEFAULT '',        -- the headline without its numbers, and who writes it
    created REAL NOT NULL,
    grew REAL,                              -- since when the message says less than is known; NULL: it says all
    edited REAL NOT NULL DEFAULT 0,
    UNIQUE (chat_id, story_id, part)
);
INSERT INTO grown (id, chat_id, story_id, item_id, created) SELECT id, chat_id, story_id, item_id, created FROM alerts;
DROP TABLE alerts;
ALTER TABLE grown RENAME TO alerts;
CREATE INDEX alerts_grew ON alerts (grew) WHERE grew IS NOT NULL;
CREATE INDEX alerts_item ON alerts (item_id);
CREATE INDEX alerts_story ON alerts (story_id);
CREATE INDEX alerts_series ON alerts (series, created) WHERE series != '';

CREATE TABLE alert_items (                  -- later items of the story, listed under the alert
    alert_id INTEGER NOT NULL REFERENCES alerts (id),
    item_id INTEGER NOT NULL REFERENCES items (id),
    added REAL NOT NULL,
    PRIMARY KEY (alert_id, item_id)
) WITHOUT ROWID;
CREATE INDEX alert_items_item ON alert_items (item_id);

ALTER TABLE alert_watches ADD COLUMN item_id INTEGER REFERENCES items (id); -- whose words the evidence names
ALTER TABLE alert_watches ADD COLUMN threshold INTEGER NOT NULL DEFAULT 0;

CREATE TABLE held_hits (                    -- hits of watches that wait for more sources to tell the story
    story_id INTEGER NOT NULL REFERENCES stories (id),
    watch_id INTEGER NOT NULL REFERENCES watches (id),
    item_id INTEGER NOT NULL REFERENCES items (id),
    score INTEGER NOT NULL,
    threshold INTEGER NOT NULL,
    evidence TEXT NOT NULL,
    held REAL NOT NULL,
    PRIMARY KEY (story_id, watch_id)
) WITHOUT ROWID;

ALTER TABLE outbox ADD COLUMN answers INTEGER REFERENCES alerts (id); -- the alert whose message this one replies to
CREATE INDEX outbox_alert ON outbox (alert_id) WHERE alert_id IS NOT NULL;
CREATE INDEX outbox_message ON outbox (chat_id, message_id) WHERE alert_id IS NOT NULL AND message_id IS NOT NULL;
"""
