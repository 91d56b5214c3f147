"""One item that hits a watch of many chats: alerts and outbox rows in one transaction, beside bare inserts.

Then one that hits a list which as many follow, beside as many watches of their own; and an edit of that list.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
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
from tests.fakes_lists import watchlist
from watchlists.editing import Editing
from watchlists.model import Item
from watchlists.ports_lists import Follow
from watchlists.query import parse

CHATS, FOLLOWERS = 10_000, 100_000  # the latter with ARGS=--followers
QUERY = "Donbas withdrawal"
ROUNDS = 3  # fewer than the alerts of a burst
RULES = Rules(timedelta(hours=6))


def run() -> list[Row]:
    """Chats a second of CPU, the best of some rounds, each into what the rounds before have left."""
    with tempfile.TemporaryDirectory() as folder:
        ours = CHATS / min(_fan_out(Path(folder) / "bench.db", CHATS, _own_watches))
        theirs = CHATS / min(_bare(Path(folder) / "bare.db"))
        many = FOLLOWERS if "--followers" in sys.argv else CHATS
        followed = many / min(_fan_out(Path(folder) / "list.db", many, _one_list))
        own = ours if many == CHATS else many / min(_fan_out(Path(folder) / "own.db", many, _own_watches))
        edits = 1 / _edit(Path(folder) / "list.db")
        alone = 1 / _edit(Path(folder) / "alone.db")
    return [
        Row(f"fan an item out to {CHATS:,} chats", ours, "chats/s", "bare INSERT of the same rows", theirs),
        Row(f"fan an item out to {many:,} followers of a list", followed, "chats/s", "to as many own watches", own),
        Row(f"edit a list that {many:,} follow", edits, "edits/s", "one that nobody follows", alone),
    ]


def _own_watches(store: Store, chats: int) -> None:
    for chat in range(1, chats + 1):
        store.chats.ensure(chat, "private")
        store.watches.add(chat, parse(QUERY))


def _one_list(store: Store, chats: int) -> None:
    stored = store.lists.add(watchlist("talks", QUERY), 0, "new")
    for chat in range(1, chats + 1):
        store.chats.ensure(chat, "private")
        store.follows.put(Follow(stored.id, chat))


def _edit(path: Path) -> float:
    """Seconds for an edit with its preview, the slowest of some; a list is made where there is none."""
    database = Database.open(path)
    storage = Storage(database, utc_now)
    storage.run_blocking(lambda store: store.lists.all() or store.lists.add(watchlist("talks", QUERY), 0, "new"))
    took = []
    for number in range(10):
        start = time.perf_counter()
        storage.run_blocking(lambda store, n=number: Editing(store, 1, lambda _id: True).add("talks", f"harbour {n}"))
        took.append(time.perf_counter() - start)
    database.close()
    return max(took)


def _fan_out(path: Path, chats: int, fill: Callable[[Store, int], None]) -> Iterator[float]:
    database, index, stories = Database.open(path), WatchIndex(), StoryBook()
    storage = Storage(database, utc_now)

    def prepare(store: Store) -> DueFeed:
        fill(store, chats)
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
        assert counts["ALERT"] == chats
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
