"""One item that hits a watch of 10,000 chats: alerts and outbox rows in one transaction, beside bare inserts."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.clock import utc_now
from bot.db import Database
from bot.ingest import ingest
from bot.parse import ParsedFeed
from bot.store import Storage, Store
from bot.store.feeds import DueFeed, PollResult
from bot.storybook import StoryBook
from bot.tell import Rules
from bot.watching import WatchIndex
from tests.benchmarks.rows import Row
from tests.fakes import invented_name
from watchlists.model import Item
from watchlists.query import parse

CHATS = 10_000
ROUNDS = 3  # fewer than the alerts of a burst
RULES = Rules(timedelta(hours=6))


def run() -> list[Row]:
    """Chats a second of CPU, the best of some rounds, each into what the rounds before have left."""
    with tempfile.TemporaryDirectory() as folder:
        ours = CHATS / min(_fan_out(Path(folder) / "bench.db"))
        theirs = CHATS / min(_bare(Path(folder) / "bare.db"))
    return [Row(f"fan an item out to {CHATS:,} chats", ours, "chats/s", "bare INSERT of the same rows", theirs)]


def _fan_out(path: Path) -> Iterator[float]:
    database, index, stories = Database.open(path), WatchIndex(), StoryBook()
    storage = Storage(database, utc_now)

    def prepare(store: Store) -> DueFeed:
        for chat in range(1, CHATS + 1):
            store.chats.ensure(chat, "private")
            store.watches.add(chat, parse("Donbas withdrawal"))
        store.feeds.add("https://news.example/feed")
        index.refresh(store.watches)
        (feed,) = store.feeds.due(1)
        return feed

    feed = storage.run_blocking(prepare)
    primed = DueFeed(feed.id, feed.url, "", "", 0, primed=True)
    result = PollResult("", "", "News", 1)
    for number in range(ROUNDS):
        headline = f"{invented_name(number)} rejects {invented_name(100 + number)} withdrawal from Donbas"
        parsed = ParsedFeed("News", "", "en", None, "rss20", (Item(str(number), headline),))
        start = time.process_time()
        counts = storage.run_blocking(
            partial(ingest, watches=index, stories=stories, feed=primed, parsed=parsed, result=result, rules=RULES)
        )
        yield time.process_time() - start
        assert counts["ALERT"] == CHATS
    database.close()


def _bare(path: Path) -> Iterator[float]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE outbox (id INTEGER PRIMARY KEY, key TEXT UNIQUE, chat INTEGER, text TEXT)")
    for number in range(ROUNDS):
        start = time.process_time()
        connection.execute("BEGIN IMMEDIATE")
        for chat in range(CHATS):
            connection.execute(
                "INSERT INTO outbox (key, chat, text) VALUES (?, ?, ?)", [f"alert:{number}:{chat}", chat, "x" * 300]
            )
        connection.execute("COMMIT")
        yield time.process_time() - start
    connection.close()
