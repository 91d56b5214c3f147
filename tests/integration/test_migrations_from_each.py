"""From each earlier schema to today's, with rows in all its tables, also when killed in any of the steps (P17)."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlite_utils
from sqlite_utils import Migrations

from bot import db
from bot.db import Database
from bot.migrations import APPLICATION_ID, migrations

ROWS = """
INSERT INTO feeds (id, url, next_poll, added) VALUES
    (1, 'https://a.example/rss', 0, 0), (2, 'https://b.example/rss', 0, 0);
INSERT INTO stories (id, opened) VALUES (1, 0), (2, 0);
INSERT INTO story_keys VALUES ('link:https://a.example/1', 1, 0);
INSERT INTO items (id, feed_id, key, story_id, title, summary, url, source, first_seen) VALUES
    (1, 1, 'a', 1, 'Fire', 'A fire', 'https://a.example/1', 'a.example', 5),
    (2, 2, 'b', 1, 'Fire!', '', 'https://b.example/1', 'b.example', 6),
    (3, 1, 'c', 2, 'Flood', '', 'https://a.example/2', 'a.example', 7);
INSERT INTO chats (id, kind, created) VALUES (7, 'private', 0), (8, 'private', 0);
INSERT INTO watches (id, chat_id, number, text, key, created, revision) VALUES
    (1, 7, 1, 'fire', 'fire', 0, 1), (2, 8, 1, 'flood', 'flood', 0, 2);
INSERT INTO alerts (id, chat_id, story_id, item_id, created) VALUES (1, 7, 1, 1, 5), (2, 8, 2, 3, 7);
INSERT INTO alert_watches (alert_id, watch_id, score, evidence) VALUES (1, 1, 90, '[]'), (2, 2, 80, '[]');
INSERT INTO outbox (id, dedup_key, chat_id, kind, priority, text, buttons, alert_id, state, created, finished) VALUES
    (1, 'x', 7, 'alert', 20, 'Fire', '[]', 1, 'sent', 5, 6),
    (2, 'y', 8, 'alert', 20, 'Flood', '[]', 2, 'queued', 7, NULL),
    (3, 'z', 8, 'reply', 0, 'Hello', '[]', NULL, 'sending', 7, NULL);
INSERT INTO inbox (update_id, body, received) VALUES (5, '{}', 1);
INSERT INTO progress VALUES ('polling', 7)
"""
KEPT = {
    "feeds": "SELECT id, url FROM feeds",
    "stories": "SELECT id FROM stories",
    "items": "SELECT id, feed_id, key, story_id, title, summary, url FROM items",
    "chats": "SELECT id, kind FROM chats WHERE id != 0",
    "watches": "SELECT id, chat_id, number, text FROM watches",
    "alerts": "SELECT id, chat_id, story_id, item_id FROM alerts",
    "hits": "SELECT alert_id, watch_id, score FROM alert_watches",
    "outbox": "SELECT id, dedup_key, chat_id, kind, text, state FROM outbox",
    "inbox": "SELECT update_id, state FROM inbox",
}
with closing(sqlite_utils.Database(memory=True)) as _empty:
    STEPS = migrations.pending(_empty)


def of_version(path: Path, last: int) -> Path:
    """A file as the version with so many steps left it."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        tables = sqlite_utils.Database(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
        migrations.apply(tables, stop_before=STEPS[1].name)
        for statement in ROWS.split(";"):
            connection.execute(statement)
        if last < len(STEPS):
            migrations.apply(tables, stop_before=STEPS[last].name)
    return path


def kept(path: Path) -> dict[str, list[tuple]]:
    """The rows that no update may lose, after the file has been opened as a start opens it."""
    Database.open(path).close()
    with closing(sqlite3.connect(path)) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert reader.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name: sorted(reader.execute(sql).fetchall()) for name, sql in KEPT.items()}


def test_no_row_is_lost_from_whichever_version(tmp_path, measured):
    """Each earlier one, in one go."""
    expected = kept(of_version(tmp_path / "today" / "wirewatch.db", 1))
    assert all(expected.values())
    for last in range(2, len(STEPS)):
        assert kept(of_version(tmp_path / str(last) / "wirewatch.db", last)) == expected, STEPS[last].name
    measured("P17", f"from each of {len(STEPS) - 1} earlier schemas: 0 rows lost")


def test_no_row_is_lost_when_it_is_killed_in_a_step(tmp_path, monkeypatch, measured):
    """The files as they are in the middle of each step: the next start takes up there."""
    path = of_version(tmp_path / "made" / "wirewatch.db", 1)
    watched = Migrations("wirewatch")
    copies: list[Path] = []

    def watch(step):
        def run(tables):
            step.fn(tables)
            assert tables.conn.in_transaction
            copies.append(tmp_path / step.name)
            shutil.copytree(path.parent, copies[-1])

        watched(name=step.name)(run)

    for step in STEPS:
        watch(step)
    monkeypatch.setattr(db, "migrations", watched)
    expected = kept(path)
    monkeypatch.setattr(db, "migrations", migrations)
    assert len(copies) == len(STEPS) - 1
    for copy in copies:
        assert kept(copy / path.name) == expected, copy.name
    measured("P17", f"killed in each of {len(copies)} steps: 0 rows lost")
