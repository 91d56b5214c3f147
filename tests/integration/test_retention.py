"""What is forgotten when: texts after weeks, keys after a year and more, and nothing that keeps old news away."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlite_utils

from bot import retention
from bot.db import _make_shrinkable
from bot.retention import forget
from bot.store import retention as store_retention
from bot.store.outbox import Outgoing
from tests.fakes import FakeClock, Tables, item
from tests.press import fire, press

ANN = 7
DAY = 86_400
TABLES = ("items", "stories", "alerts", "alert_watches", "alert_items", "outbox")


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        yield opened


async def forget_all(news) -> None:
    await forget(news.storage, timedelta(days=30))


def counts(news) -> dict[str, int]:
    return {table: news.rows(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


def adds_up(news) -> dict[str, int]:
    found = news.storage.run_blocking(lambda store: store.outbox.counts())
    assert found["enqueued"] == sum(n for state, n in found.items() if state != "enqueued")
    return found


async def test_texts_go_after_the_set_days_and_keys_stay(news):
    """The feed that brings the item back tells nothing, and what was sent is still counted."""
    news.watch(ANN, "fire")
    url = news.feed()
    news.poll(url, fire(1))
    news.send()
    before = counts(news)
    news.clock.advance(29 * DAY)
    await forget_all(news)
    assert news.rows("SELECT title != '' FROM items") == news.rows("SELECT text != '' FROM outbox") == [(1,)]
    news.clock.advance(2 * DAY)
    await forget_all(news)
    assert news.rows("SELECT title, summary, details, pruned FROM items") == [("", "", "", 1)]
    assert news.rows("SELECT text, state FROM outbox") == [("", "sent")]
    assert counts(news) == before
    assert news.poll(url, fire(1)) == {}


async def test_keys_go_after_more_than_a_year_and_stay_counted(news, monkeypatch):
    """Items that have left their feed, their alerts, what was sent of them; in steps of a few rows."""
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    news.watch(ANN, "fire")
    url = news.feed()
    for number in range(0, 9, 3):
        news.poll(url, *[fire(number + more, source=f"w{number + more}.example") for more in range(3)])
        news.send()
    news.clock.advance(402 * DAY)
    news.poll(url, fire(10))
    news.send()
    before = adds_up(news)
    await forget_all(news)
    assert counts(news) == {"items": 1, "stories": 1, "alerts": 1, "alert_watches": 1, "alert_items": 0, "outbox": 1}
    assert adds_up(news) == before
    assert news.rows("PRAGMA foreign_key_check") == []


async def test_what_its_feed_still_shows_is_never_forgotten(news):
    """Though it is years old, and though the feed said "not modified" for years."""
    news.watch(ANN, "fire")
    url = news.feed("https://a.example/rss", fire(1), fire(2))
    for _ in range(6):
        news.clock.advance(100 * DAY)
        news.poll(url, fire(1), fire(2), fire(3))
        await forget_all(news)
    news.clock.advance(900 * DAY)
    await forget_all(news)
    assert news.poll(url, fire(1), fire(2), fire(3)) == {}
    assert counts(news)["items"] == 3


async def test_an_item_that_left_its_feed_goes_when_the_feed_has_been_read_long_after(news):
    """What never came again is not waited for."""
    url = news.feed("https://a.example/rss", fire(1))
    for _ in range(5):
        news.poll(url, fire(2), after=100 * DAY)
        await forget_all(news)
    assert news.rows("SELECT key FROM items") == [("f2",)]


async def test_the_newest_rows_stay(news):
    """However old they are: their ids must not be given again."""
    news.watch(ANN, "fire")
    url = news.feed()
    news.poll(url, fire(1))
    news.send()
    news.clock.advance(500 * DAY)
    news.poll(url)  # an empty document
    await forget_all(news)
    assert counts(news)["outbox"] == counts(news)["alerts"] == counts(news)["items"] == 1


async def test_what_waits_is_kept_with_all_that_it_needs(news):
    """A message that is still queued, and its alert, its item, its story."""
    news.watch(ANN, "fire")
    url = news.feed()
    news.poll(url, fire(1))
    news.poll(url, *[fire(2), item("Weather gets worse")])
    news.rows("UPDATE outbox SET state = 'sent', finished = created WHERE id = 2")
    news.clock.advance(500 * DAY)
    news.poll(url, fire(9))
    await forget_all(news)
    assert news.rows("SELECT alert_id FROM outbox WHERE state = 'queued' ORDER BY id") == [(1,), (3,)]
    assert news.rows("SELECT id FROM alerts") == [(1,), (3,)]
    assert news.storage.run_blocking(lambda store: store.alerts.get(1)).hits


def test_ended_messages_lose_their_text_and_their_file():
    """What has not ended keeps them."""
    tables = Tables(FakeClock())
    tables().chats.ensure(1, "private")
    for key in "ab":
        tables().outbox.add(Outgoing(key, 1, "reply", "text", file=("a.opml", "<opml/>")))
    tables().outbox.claim(1)
    tables().outbox.finish(1, "sent", message_id=9)
    assert tables().retention.forget_texts(-50, 10) == 1
    assert tables().retention.forget_texts(-50, 10) == 0
    rows = tables.database.execute("SELECT text, file, state, message_id FROM outbox ORDER BY id").fetchall()
    assert rows == [("", "", "sent", 9), ("text", "<opml/>", "queued", None)]


async def test_the_file_gives_back_what_is_forgotten(tmp_path, monkeypatch):
    """Texts leave whole pages, and most of these leave the file; no row is lost, and nothing else is touched."""
    monkeypatch.setattr(store_retention, "_SPARE_PAGES", 8)
    with press(tmp_path) as news:
        news.watch(ANN, "fire")
        url = news.feed()
        for day in range(20):
            items = [fire(100 * day + number, summary="long " * 400) for number in range(20)]
            news.poll(url, *items, after=DAY)
            news.send()
        size, before = news.rows("PRAGMA page_count")[0][0], counts(news)
        keys = news.rows("SELECT id, feed_id, key, story_id, url, link, first_seen FROM items")
        await forget(news.storage, timedelta(days=3))
        pages, free = news.rows("PRAGMA page_count")[0][0], news.rows("PRAGMA freelist_count")[0][0]
        assert pages < 0.6 * size
        assert free <= max(8, pages // 20)
        assert counts(news) == before
        assert news.rows("SELECT id, feed_id, key, story_id, url, link, first_seen FROM items") == keys
        assert news.rows("PRAGMA integrity_check") == [("ok",)]
        assert news.rows("PRAGMA foreign_key_check") == []
        adds_up(news)


def test_a_file_that_cannot_be_copied_is_used_as_it_is(tmp_path, caplog):
    """The disk of temporary files is too small: the bot starts all the same."""
    tables = sqlite_utils.Database(sqlite3.connect(tmp_path / "old.db", isolation_level=None))
    tables.conn.execute("CREATE TABLE t (x)")
    tables.conn.execute("INSERT INTO t SELECT hex(randomblob(9000)) FROM (SELECT 1 UNION ALL SELECT 2)")
    tables.conn.execute("PRAGMA max_page_count = 1")  # so that nothing can be added to it
    _make_shrinkable(tables, tmp_path / "old.db")
    assert tables.conn.execute("SELECT count(*) FROM t").fetchone() == (2,)
    tables.close()
    assert "for want of room" in caplog.text


def test_a_file_that_an_older_version_made_learns_to_give_back(tmp_path):
    """Once, at the start; all rows stay."""
    path = tmp_path / "wirewatch.db"
    with press(tmp_path) as news:
        url = news.feed()
        news.poll(url, fire(1))
        before = news.rows("SELECT * FROM items")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("PRAGMA auto_vacuum = NONE")
        other.execute("VACUUM")
        assert other.execute("PRAGMA auto_vacuum").fetchone() == (0,)
    with press(tmp_path) as news:
        assert news.rows("PRAGMA auto_vacuum") == [(2,)]
        assert news.rows("SELECT * FROM items") == before
        assert news.rows("PRAGMA journal_mode") == [("wal",)]
