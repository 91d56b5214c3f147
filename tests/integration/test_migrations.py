"""The schema's steps: from any earlier one to today's, with a copy of what was before."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils import Migrations

from bot import db
from bot.db import Database, DatabaseError
from bot.migrations import migrations
from bot.migrations.ids import GIVEN_ONCE
from bot.store import Store
from tests.fakes import NOON

ENDS = "in the middle of an update"


def with_steps(monkeypatch, *, broken: bool = False) -> None:
    """Our steps, and two that a later version may bring."""
    later = Migrations("wirewatch")
    with closing(sqlite_utils.Database(memory=True)) as empty:
        for step in migrations.pending(empty):
            later(name=step.name)(step.fn)

    @later()
    def m9001_colours(tables):
        tables.execute("ALTER TABLE feeds ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'")

    @later()
    def m9002_notes(tables):
        tables.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
        tables.execute("UPDATE feeds SET colour = 'blue'")
        if broken:
            raise sqlite3.OperationalError(ENDS)

    monkeypatch.setattr(db, "migrations", later)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database of today's version with a feed in it."""
    path = tmp_path / "wirewatch.db"
    database = Database.open(path)
    database.run_blocking(
        lambda tables: tables.execute("INSERT INTO feeds (url, next_poll, added) VALUES ('https://a.example', 1, 2)")
    )
    database.close()
    return path


def feeds(path: Path) -> list[dict[str, object]]:
    with closing(sqlite3.connect(path)) as reader:
        reader.row_factory = sqlite3.Row
        return [dict(row) for row in reader.execute("SELECT * FROM feeds")]


def test_an_older_database_is_copied_and_brought_up_to_date(path, monkeypatch):
    """No row is lost, and the copy is the file as it was: the older program could go on with it."""
    before = feeds(path)
    with_steps(monkeypatch)
    Database.open(path).close()
    assert feeds(path) == [before[0] | {"colour": "blue"}]
    copy = path.with_name("wirewatch.db.before-m9001_colours")
    with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as reader:  # as a restore reads it
        reader.execute("SELECT count(*) FROM feeds").fetchone()
    assert [file.name for file in path.parent.glob(f"{copy.name}?*")] == []
    assert feeds(copy) == before
    monkeypatch.setattr(db, "migrations", migrations)
    Database.open(copy).close()


def test_a_step_that_fails_leaves_its_work_undone_and_can_be_tried_again(path, monkeypatch):
    """The steps before it stay, the file stays sound, and the copy of the beginning is still there."""
    before = feeds(path)
    with_steps(monkeypatch, broken=True)
    with pytest.raises(DatabaseError, match=ENDS):
        Database.open(path)
    assert feeds(path) == [before[0] | {"colour": "grey"}]
    assert feeds(path.with_name("wirewatch.db.before-m9001_colours")) == before
    with_steps(monkeypatch)
    Database.open(path).close()
    assert feeds(path) == [before[0] | {"colour": "blue"}]


def test_a_copy_left_by_an_interrupted_update_is_written_anew(path, monkeypatch):
    """Half a copy from a process that was killed stops nobody."""
    path.with_name("wirewatch.db.before-m9001_colours").write_bytes(b"")
    with_steps(monkeypatch)
    Database.open(path).close()
    assert "colour" not in feeds(path.with_name("wirewatch.db.before-m9001_colours"))[0]


def test_the_newer_file_is_refused_by_the_older_program(path, monkeypatch):
    """Back and forth between versions is by the copy, never by luck."""
    with_steps(monkeypatch)
    Database.open(path).close()
    monkeypatch.setattr(db, "migrations", migrations)
    with pytest.raises(DatabaseError, match="newer Wirewatch"):
        Database.open(path)


def test_every_table_is_made_by_the_steps_and_references_hold():
    """A fresh database passes SQLite's own checks."""
    with closing(sqlite_utils.Database(memory=True)) as tables:
        migrations.apply(tables)
        assert set(tables.table_names()) >= {
            *("feeds", "stories", "items", "chats", "watches"),
            *("alerts", "alert_watches", "outbox", "inbox", "progress"),
        }
        assert tables.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert tables.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_the_first_version_left_in_the_outbox_goes_out_in_its_order():
    """Messages written before the steps that speed up delivery are found like all others."""
    with closing(sqlite_utils.Database(memory=True)) as tables:
        later = migrations.pending(tables)[1].name
        migrations.apply(tables, stop_before=later)
        tables.execute("INSERT INTO chats (id, kind, created) VALUES (7, 'private', 0), (8, 'private', 0)")
        for number, (chat, priority) in enumerate([(7, 20), (7, 0), (8, 20), (7, 20)]):
            tables.execute(
                "INSERT INTO outbox (dedup_key, chat_id, kind, priority, text, buttons, created) "
                "VALUES (?, ?, 'alert', ?, ?, '[]', 0)",
                [str(number), chat, priority, str(number)],
            )
        migrations.apply(tables)
        outbox = Store(tables, NOON).outbox
        order = []
        while heads := outbox.heads([], 10):
            order.append(outbox.claim(heads[0].id).text)
            outbox.finish(heads[0].id, "sent")
        assert order == ["1", "0", "2", "3"]


def test_stories_and_items_of_an_earlier_version_stay():
    """The keys of stories go, their items stay; a link of a home page is the link of no article any more."""
    with closing(sqlite_utils.Database(memory=True)) as tables:
        migrations.apply(tables, stop_before="m0002_growing_alerts")
        tables.execute("INSERT INTO feeds (id, url, next_poll, added) VALUES (1, 'https://a.example/rss', 0, 0)")
        tables.execute("INSERT INTO stories (id, opened) VALUES (1, 0), (2, 0)")
        tables.execute("INSERT INTO story_keys VALUES ('link:https://a.example/1', 1, 0)")
        for key, url in enumerate(
            ["https://www.a.example/1?utm_source=x", "http://m.a.example/1/amp", "https://a.example/"]
        ):
            tables.execute(
                "INSERT INTO items (feed_id, key, story_id, title, summary, url, source, first_seen) "
                "VALUES (1, ?, 1, 't', '', ?, 'a.example', 0)",
                [str(key), url],
            )
        migrations.apply(tables)
        assert [link for (link,) in tables.execute("SELECT link FROM items ORDER BY id")] == [
            "https://a.example/1",
            "https://a.example/1",
            "",
        ]
        assert tables.execute("SELECT count(*) FROM stories").fetchone() == (2,)
        assert "story_keys" not in tables.table_names()


def test_alerts_are_remade_with_all_that_hangs_on_them():
    """Kept, growing, listed under another, and what hit: each row as it was, and every reference holds."""
    with closing(sqlite_utils.Database(memory=True)) as tables:
        migrations.apply(tables, stop_before="m0010_retention")
        tables.execute("INSERT INTO feeds (id, url, next_poll, added) VALUES (1, 'https://a.example/rss', 0, 0)")
        tables.execute("INSERT INTO stories (id, opened) VALUES (1, 0)")
        tables.execute("INSERT INTO chats (id, kind, created) VALUES (7, 'private', 0)")
        tables.execute("INSERT INTO watches VALUES (3, 7, 1, 'fire', 'fire', 0, NULL, 1, 'normal', '', NULL, '')")
        for number in (1, 2):
            tables.execute(
                "INSERT INTO items (id, feed_id, key, story_id, title, summary, url, source, first_seen) "
                "VALUES (?, 1, ?, 1, 't', '', '', '', 50)",
                [number, str(number)],
            )
            tables.execute(
                "INSERT INTO alerts (id, chat_id, story_id, part, item_id, series, created, grew, due, kept, head) "
                "VALUES (?, 7, 1, ?, ?, 's', 60, 61, 62, 'SNOOZED', 1)",
                [number, number, number],
            )
        tables.execute("INSERT INTO alert_items VALUES (1, 2, 63)")
        tables.execute(
            "INSERT INTO alert_watches (alert_id, watch_id, score, evidence, item_id, threshold) "
            "VALUES (1, 3, 90, '[]', 2, 64)"
        )
        kept = {
            table: list(tables.query(f"SELECT * FROM {table} ORDER BY 1, 2"))
            for table in ("alerts", "alert_watches", "alert_items")
        }
        migrations.apply(tables)
        for table, rows in kept.items():
            now = list(tables.query(f"SELECT * FROM {table} ORDER BY 1, 2"))
            assert [{name: row[name] for name in rows[0]} for row in now] == rows
        assert list(tables.query("SELECT seen FROM items")) == [{"seen": 50}] * 2
        assert tables.execute("PRAGMA foreign_key_check").fetchall() == []


def test_tables_are_remade_with_their_indexes():
    """Those whose ids are given once from then on."""
    with closing(sqlite_utils.Database(memory=True)) as tables:
        migrations.apply(tables, stop_before="m0021_ids")
        before = {table: {index.name for index in tables[table].indexes} for table in GIVEN_ONCE}
        migrations.apply(tables)
        assert {table: {index.name for index in tables[table].indexes} for table in GIVEN_ONCE} == before
        assert all("AUTOINCREMENT" in tables[table].schema for table in GIVEN_ONCE)
