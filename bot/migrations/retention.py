"""The step that lets keys be forgotten after long, and lets one item reach many chats sooner."""

RETENTION = """
CREATE TABLE remade (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    story_id INTEGER NOT NULL REFERENCES stories (id),
    part INTEGER NOT NULL DEFAULT 1,        -- 2 and on: a story told further, in reply to the part before
    item_id INTEGER NOT NULL REFERENCES items (id),
    series TEXT NOT NULL DEFAULT '',        -- the headline without its numbers, and who writes it
    created REAL NOT NULL,
    grew REAL,                              -- since when the message says less than is known; NULL: it says all
    edited REAL NOT NULL DEFAULT 0,
    due REAL,                               -- kept for a summary until then; NULL: told
    kept TEXT NOT NULL DEFAULT '',          -- the name of the reason
    head INTEGER REFERENCES alerts (id),    -- listed in the message of that alert
    told_in INTEGER,                        -- kept and told: the outbox's row with the first message of the summary
    UNIQUE (story_id, chat_id, part)        -- the story first: the rows of one item stand together
);
INSERT INTO remade (id, chat_id, story_id, part, item_id, series, created, grew, edited, due, kept, head)
    SELECT id, chat_id, story_id, part, item_id, series, created, grew, edited, due, kept, head FROM alerts;
DROP TABLE alerts;
ALTER TABLE remade RENAME TO alerts;
CREATE INDEX alerts_grew ON alerts (grew) WHERE grew IS NOT NULL;
CREATE INDEX alerts_item ON alerts (item_id);
CREATE INDEX alerts_series ON alerts (series, created) WHERE series != '';
CREATE INDEX alerts_due ON alerts (due) WHERE due IS NOT NULL;
CREATE INDEX alerts_kept ON alerts (chat_id) WHERE due IS NOT NULL;
CREATE INDEX alerts_head ON alerts (head) WHERE head IS NOT NULL;
CREATE INDEX alerts_created ON alerts (created, chat_id);
CREATE INDEX alerts_chat ON alerts (chat_id, created);
CREATE INDEX alerts_told_in ON alerts (told_in) WHERE told_in IS NOT NULL;

CREATE TABLE hits (
    alert_id INTEGER NOT NULL REFERENCES alerts (id),
    watch_id INTEGER NOT NULL REFERENCES watches (id),
    score INTEGER NOT NULL,
    threshold INTEGER NOT NULL DEFAULT 0,
    evidence TEXT NOT NULL,                 -- JSON
    item_id INTEGER,                        -- whose words the evidence names: the alert's item, or one listed with it
    PRIMARY KEY (alert_id, watch_id)
) WITHOUT ROWID;
INSERT INTO hits SELECT alert_id, watch_id, score, threshold, evidence, item_id FROM alert_watches;
DROP TABLE alert_watches;
ALTER TABLE hits RENAME TO alert_watches;

DROP INDEX outbox_listed;
ALTER TABLE outbox DROP COLUMN listed_in;
DROP INDEX outbox_texts;
CREATE INDEX outbox_texts ON outbox (finished) WHERE finished IS NOT NULL AND text != '';
CREATE INDEX outbox_ended ON outbox (state, finished) WHERE finished IS NOT NULL;
CREATE INDEX outbox_answers ON outbox (answers) WHERE answers IS NOT NULL;
CREATE TABLE forgotten (                    -- rows of the outbox that are no more, by their state
    state TEXT PRIMARY KEY,
    n INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX chats_choosy ON chats (id) WHERE own_feeds_only;
ALTER TABLE items ADD COLUMN seen REAL NOT NULL DEFAULT 0; -- in its feed's document, to the month
UPDATE items SET seen = first_seen;
CREATE INDEX items_texts ON items (first_seen) WHERE NOT pruned;
ALTER TABLE feeds ADD COLUMN read_at REAL NOT NULL DEFAULT 0; -- when its document came whole: not at a 304
"""
