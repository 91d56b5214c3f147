"""What a query hits among the stored items of 30 days, beside reading each with the plain matcher, on a sample.

`make bench` stores 60,000; `make bench ARGS=--million` 600,000, as 20,000 a day are, which takes some minutes.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.db import Database
from bot.store import Storage, Store
from tests.benchmarks.rows import Row
from tests.benchmarks.text import headlines, queries
from tests.fakes import FakeClock, invented_name
from watchlists.ideas import plan
from watchlists.model import Item
from watchlists.places import read
from watchlists.preview import preview
from watchlists.query import parse
from watchlists.score import judge

DAYS, A_DAY, MANY_A_DAY, SAMPLE = 30, 2_000, 20_000, 300
CHAT = 1
START = datetime(2026, 1, 1, tzinfo=UTC)


def run() -> list[Row]:
    """Previews a second; the items are of the same words as the queries, so most hit something."""
    count = DAYS * (MANY_A_DAY if "--million" in sys.argv else A_DAY)
    asked = [parse(text) for text in queries(40)]
    with tempfile.TemporaryDirectory() as folder:
        clock = FakeClock(START)
        database = Database.open(Path(folder) / "bench.db")
        storage = Storage(database, clock)
        started = time.process_time()
        _fill(storage, clock, count)
        stored = (time.process_time() - started) / count
        size = Path(folder, "bench.db").stat().st_size
        took, hits = [], 0
        for query in asked:
            start = time.perf_counter()
            found = storage.run_blocking(lambda store, query=query: preview(store, CHAT, query))
            took.append(time.perf_counter() - start)
            hits += found.week.items
        database.close()
    plain = _plain(asked[:10]) * count
    took.sort()
    print(
        f"{count:,} items stored in {stored * 1e6:.0f} µs each, {size // 10**6} MB; previews: {hits / len(asked):.1f} "
        f"hits, p50 {took[len(took) // 2] * 1e3:.0f} ms, p95 {took[len(took) * 95 // 100] * 1e3:.0f} ms, "
        f"max {took[-1] * 1e3:.0f} ms",
        file=sys.stderr,
    )
    what = f"preview over {count:,} stored items"
    return [Row(what, len(took) / sum(took), "previews/s", "the plain matcher on each item", 1 / plain)]


def _fill(storage: Storage, clock: FakeClock, count: int) -> None:
    texts = headlines(20_000, 12, 33)

    def prepare(store: Store) -> int:
        store.chats.ensure(CHAT, "private")
        store.feeds.add("https://news.example/feed")
        return store.items.open_story()

    story = storage.run_blocking(prepare)

    def batch(first: int, store: Store) -> None:
        for number in range(first, first + 500):
            one = texts[number % len(texts)]
            title = f"{one.title} {invented_name(number)}"  # words of which each item brings a new one
            store.items.add(1, Item(str(number), title, one.summary, lang="en"), story)

    for first in range(0, count, 500):
        clock.advance(timedelta(days=DAYS).total_seconds() * 500 / count)
        storage.run_blocking(lambda store, first=first: batch(first, store))


def _plain(asked: list) -> float:
    """Seconds for one query and one item."""
    items = headlines(SAMPLE, 12, 33, seed=3)
    start = time.perf_counter()
    for query in asked:
        ready = plan(query)
        for item in items:
            judge(ready, read(item))
    return (time.perf_counter() - start) / (len(asked) * SAMPLE)
