"""The schema, as an ordered list of steps. A step that has been released never changes; new ones follow it.

Times are seconds since 1970 (UTC). `PRAGMA application_id` marks the file as ours.
"""

import sqlite_utils
from sqlite_utils import Migrations

from bot.migrations.chat_feeds import CHAT_FEEDS
from bot.migrations.delivery import DELIVERY
from bot.migrations.destinations import DESTINATIONS
from bot.migrations.drafts import DRAFTS
from bot.migrations.first import FIRST
from bot.migrations.growing_alerts import GROWING_ALERTS
from bot.migrations.ids import MESSAGES, remake
from bot.migrations.lists import LISTS
from bot.migrations.personal import PERSONAL
from bot.migrations.retention import RETENTION
from bot.migrations.roles import ROLES
from bot.migrations.subscriptions import SUBSCRIPTIONS
from bot.migrations.words import WORDS, index_items
from watchlists.identity import article_link, canonical_link

APPLICATION_ID = 0x57495245  # "WIRE"
migrations = Migrations("wirewatch")


@migrations()
def m0001_first(database: sqlite_utils.Database) -> None:
    """Feeds, items, stories, chats, watches, alerts, outbox, inbox."""
    _execute(database, FIRST)


@migrations()
def m0002_growing_alerts(database: sqlite_utils.Database) -> None:
    """A chat may have several alerts about one story, and each lists the later items of it."""
    _execute(database, GROWING_ALERTS)


@migrations()
def m0003_links(database: sqlite_utils.Database) -> None:
    """Items are found by their canonical link, and say what joined them to their story."""
    _execute(
        database,
        """
        ALTER TABLE items ADD COLUMN link TEXT NOT NULL DEFAULT '';
        ALTER TABLE items ADD COLUMN joined TEXT NOT NULL DEFAULT '';
        CREATE INDEX items_link ON items (link) WHERE link != '';
        """,
    )
    database.conn.create_function("canonical_link", 1, canonical_link, deterministic=True)
    database.conn.execute("UPDATE items SET link = canonical_link(url) WHERE url != ''")


@migrations()
def m0004_delivery(database: sqlite_utils.Database) -> None:
    """Indexes for what delivery asks at each look, the lists of late alerts, refusals in a row."""
    _execute(database, DELIVERY)


@migrations()
def m0005_feeds(database: sqlite_utils.Database) -> None:
    """How a feed is to be polled and how it fares; what an item carries beside its text."""
    _execute(
        database,
        """
        ALTER TABLE feeds ADD COLUMN lang TEXT NOT NULL DEFAULT '';         -- where the feed does not say
        ALTER TABLE feeds ADD COLUMN took REAL NOT NULL DEFAULT 0;          -- seconds of the last good fetch
        ALTER TABLE feeds ADD COLUMN max_age REAL;                          -- what the last whole answer asked for
        ALTER TABLE feeds ADD COLUMN ttl REAL;
        ALTER TABLE feeds ADD COLUMN skip_hours TEXT NOT NULL DEFAULT '';   -- numbers, separated by spaces
        ALTER TABLE feeds ADD COLUMN skip_days TEXT NOT NULL DEFAULT '';
        ALTER TABLE feeds ADD COLUMN changes REAL NOT NULL DEFAULT 0;       -- polls that brought something new,
        ALTER TABLE feeds ADD COLUMN watched REAL NOT NULL DEFAULT 0;       -- in so many seconds; older ones count less
        ALTER TABLE feeds ADD COLUMN last_change REAL;
        ALTER TABLE feeds ADD COLUMN longest_pause REAL NOT NULL DEFAULT 0; -- seconds between two changes
        ALTER TABLE feeds ADD COLUMN failing_since REAL;
        ALTER TABLE feeds ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;       -- stopped, since it will not return
        ALTER TABLE feeds ADD COLUMN reader_deaths INTEGER NOT NULL DEFAULT 0; -- documents in a row that killed it
        UPDATE feeds SET gone = stopped;
        ALTER TABLE items ADD COLUMN details TEXT NOT NULL DEFAULT '';      -- JSON, see bot/details.py
        """,
    )


@migrations()
def m0006_story_index(database: sqlite_utils.Database) -> None:
    """Stories are found by an index in memory; items whose guid and link changed, by their date.

    `link` is empty for an item that links to a home page: that is no article.
    """
    _execute(
        database,
        """
        DROP TABLE story_keys;
        CREATE INDEX items_published ON items (feed_id, published);
        """,
    )
    database.conn.create_function("article_link", 1, article_link, deterministic=True)
    database.conn.execute("UPDATE items SET link = article_link(link) WHERE link != ''")


@migrations()
def m0007_quiet(database: sqlite_utils.Database) -> None:
    """Alerts may be kept for a summary or a digest, or be listed in one message with others."""
    _execute(
        database,
        """
        ALTER TABLE chats ADD COLUMN zone TEXT NOT NULL DEFAULT 'UTC';
        ALTER TABLE chats ADD COLUMN quiet TEXT NOT NULL DEFAULT '';    -- 22:00-07:00
        ALTER TABLE chats ADD COLUMN digest TEXT NOT NULL DEFAULT '';   -- daily 08:00 18:00

        ALTER TABLE watches ADD COLUMN level TEXT NOT NULL DEFAULT 'normal';
        ALTER TABLE watches ADD COLUMN digest TEXT NOT NULL DEFAULT ''; -- empty: as the chat; off: at once
        ALTER TABLE watches ADD COLUMN proposed TEXT;    -- JSON: words to exclude, offered when it fired too often
        ALTER TABLE watches ADD COLUMN before TEXT NOT NULL DEFAULT ''; -- its text before the last change, for undo

        ALTER TABLE alerts ADD COLUMN due REAL;          -- kept for a summary until then; NULL: told
        ALTER TABLE alerts ADD COLUMN kept TEXT NOT NULL DEFAULT '';    -- the name of the reason
        ALTER TABLE alerts ADD COLUMN head INTEGER REFERENCES alerts (id); -- listed in the message of that alert
        CREATE INDEX alerts_due ON alerts (due) WHERE due IS NOT NULL;
        CREATE INDEX alerts_kept ON alerts (chat_id) WHERE due IS NOT NULL;
        CREATE INDEX alerts_head ON alerts (head) WHERE head IS NOT NULL;
        CREATE INDEX alerts_created ON alerts (created, chat_id);

        ALTER TABLE outbox ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE snoozes (
            chat_id INTEGER NOT NULL REFERENCES chats (id),
            kind TEXT NOT NULL CHECK (kind IN ('chat', 'story', 'watch', 'source')),
            what TEXT NOT NULL,
            since REAL NOT NULL,                         -- a clock that was set back ends it
            until REAL NOT NULL,
            PRIMARY KEY (chat_id, kind, what)
        ) WITHOUT ROWID;
        """,
    )


@migrations()
def m0008_feeds_of_chats(database: sqlite_utils.Database) -> None:
    """Chats have feeds of their own, which they find by lookups."""
    _execute(database, CHAT_FEEDS)


@migrations()
def m0009_questions(database: sqlite_utils.Database) -> None:
    """The bot may ask something, and the next message is the answer."""
    _execute(
        database,
        """
        CREATE TABLE questions (
            chat_id INTEGER PRIMARY KEY REFERENCES chats (id),
            kind TEXT NOT NULL,
            subject INTEGER NOT NULL,                    -- what it is about, by its id; 0: nothing yet
            asked REAL NOT NULL
        );
        """,
    )


@migrations()
def m0010_retention(database: sqlite_utils.Database) -> None:
    """Keys may be forgotten, kept alerts name their summary, and the alerts of one story stand together."""
    _execute(database, RETENTION)


@migrations()
def m0011_languages(database: sqlite_utils.Database) -> None:
    """Each chat is spoken to in a language: the one that it has chosen, or else that of its person's client."""
    _execute(
        database,
        """
        ALTER TABLE chats ADD COLUMN language TEXT NOT NULL DEFAULT '';         -- chosen: en, es, uk, ru
        ALTER TABLE chats ADD COLUMN client_language TEXT NOT NULL DEFAULT '';  -- a tag, as Telegram tells it
        ALTER TABLE chats ADD COLUMN speaks TEXT AS (CASE language WHEN '' THEN client_language ELSE language END);
        """,
    )


@migrations()
def m0012_personal(database: sqlite_utils.Database) -> None:
    """A chat may bring a file of watches, and be deleted; what has to stay of it, without content, is nobody's."""
    _execute(database, PERSONAL)


@migrations()
def m0013_pushed_feeds(database: sqlite_utils.Database) -> None:
    """Hubs may push what is new in a feed."""
    _execute(database, SUBSCRIPTIONS)


@migrations()
def m0014_votes(database: sqlite_utils.Database) -> None:
    """Readers may say whether an alert was right."""
    _execute(
        database,
        """
        CREATE TABLE votes (
            alert_id INTEGER NOT NULL REFERENCES alerts (id),
            user_id INTEGER NOT NULL,
            chat_id INTEGER NOT NULL REFERENCES chats (id),
            vote TEXT NOT NULL CHECK (vote IN ('up', 'down')),
            cast_at REAL NOT NULL,
            PRIMARY KEY (alert_id, user_id)
        ) WITHOUT ROWID;
        CREATE INDEX votes_chat ON votes (chat_id);
        CREATE TABLE proposals (                             -- what was proposed for a watch last, after several votes
            watch_id INTEGER PRIMARY KEY REFERENCES watches (id),
            chat_id INTEGER NOT NULL REFERENCES chats (id),
            text TEXT NOT NULL,
            asked REAL NOT NULL
        );
        """,
    )


@migrations()
def m0015_words(database: sqlite_utils.Database) -> None:
    """The words of the items, by which queries find them; see `bot.wordindex`."""
    _execute(database, WORDS)
    index_items(database)


@migrations()
def m0016_drafts(database: sqlite_utils.Database) -> None:
    """Queries are talked about before, and after, they are watches."""
    _execute(database, DRAFTS)


@migrations()
def m0017_destinations(database: sqlite_utils.Database) -> None:
    """Forum topics are destinations of their own, and chats have people who are told of trouble there."""
    _execute(database, DESTINATIONS)


@migrations()
def m0018_lists(database: sqlite_utils.Database) -> None:
    """Watches belong to a chat or to a list, and chats follow lists."""
    _execute(database, LISTS)


@migrations()
def m0019_roles(database: sqlite_utils.Database) -> None:
    """People have roles, some are banned, and what admins do is written down."""
    _execute(database, ROLES)


@migrations()
def m0020_operations(database: sqlite_utils.Database) -> None:
    """Whatever refers to an item is found by it, so that items can be written anew when their texts are forgotten."""
    _execute(
        database,
        """
        CREATE INDEX item_edits_item ON item_edits (item_id);
        CREATE INDEX held_hits_item ON held_hits (item_id);
        """,
    )


@migrations()
def m0021_ids(database: sqlite_utils.Database) -> None:
    """Ids that people see or press are given once, also after rows went and after a restore."""
    for statement in remake(database):
        database.conn.execute(statement)
    _execute(database, MESSAGES)


@migrations()
def m0022_invite_only(database: sqlite_utils.Database) -> None:
    """Whether only invited people are served is known where chats are: others get nothing that they did not ask for."""
    _execute(
        database,
        """
        CREATE TABLE invite_only (              -- one row while it is so, none while everybody is served
            owners TEXT NOT NULL                -- the people who own the bot, as JSON
        );
        """,
    )


@migrations()
def m0023_left_channels(database: sqlite_utils.Database) -> None:
    """Whoever has to stop editing a channel is told so before anything else that they write there is obeyed."""
    _execute(database, "CREATE TABLE left_channels (user_id INTEGER PRIMARY KEY)")


def _execute(database: sqlite_utils.Database, script: str) -> None:
    # Statement by statement: `executescript` would commit the transaction that the step runs in.
    for statement in _statements(script):
        database.conn.execute(statement)


def _statements(script: str) -> list[str]:
    lines = [line.split("--")[0].rstrip() for line in script.splitlines()]
    return [statement for statement in "\n".join(lines).split(";") if statement.strip()]
