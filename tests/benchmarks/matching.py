"""The index of watches beside rapidfuzz comparing every pair, on the same watches and items."""

import time

from rapidfuzz import fuzz, process

from tests.benchmarks.rows import Row
from tests.benchmarks.text import headlines, queries
from watchlists.index import Index
from watchlists.query import parse


def run() -> list[Row]:
    """Items a second against 100, 1,000 and 10,000 watches."""
    return [_against(count) for count in (100, 1_000, 10_000)]


def _against(count: int) -> Row:
    watches, items = queries(count), headlines(300)
    index = Index()
    for key, watch in enumerate(watches):
        index.add(key, parse(watch))
    for item in headlines(300, seed=9):
        index.hits(item)  # the tables are read and the caches filled, as in a program that runs
    start = time.perf_counter()
    for item in items:
        index.hits(item)
    ours = len(items) / (time.perf_counter() - start)
    texts = [f"{item.title} {item.summary}".lower() for item in items[: max(1, 30_000 // count)]]
    start = time.perf_counter()
    process.cdist(texts, watches, scorer=fuzz.token_set_ratio, workers=1)
    theirs = len(texts) / (time.perf_counter() - start)
    return Row(f"match an item, {count:,} watches", ours, "items/s", "cdist(token_set_ratio)", theirs)
