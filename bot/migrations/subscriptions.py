"""Feeds whose hub is asked to push what is new (WebSub), as a step of the schema."""

SUBSCRIPTIONS = """
CREATE TABLE subscriptions (
    feed_id INTEGER PRIMARY KEY REFERENCES feeds (id),
    hub TEXT NOT NULL,
    topic TEXT NOT NULL,                         -- the feed's address as the hub knows it
    path TEXT NOT NULL UNIQUE,                   -- end of the address that the hub pushes to: cannot be guessed
    secret TEXT NOT NULL,
    base TEXT NOT NULL DEFAULT '',               -- the public address that the hub was told last
    ask_at REAL NOT NULL,                        -- when the hub is to be asked, again
    tries INTEGER NOT NULL DEFAULT 0,            -- requests since it verified last
    until REAL NOT NULL DEFAULT 0,               -- it pushes until then
    missed INTEGER NOT NULL DEFAULT 0            -- changes in a row that were polled and not pushed
);
CREATE INDEX subscriptions_ask ON subscriptions (ask_at);
"""
