"""The index of watches beside rapidfuzz comparing every pair, on the same watches and items.

`make bench` goes up to 100,000 watches; `make bench ARGS=--million` adds a million, which takes about two minutes.
"""

import gc
import resource
import sys
import time

from rapidfuzz import fuzz, process

from tests.benchmarks.rows import Row
from tests.benchmarks.text import headlines, queries
from watchlists.index import Index
from watchlists.query import parse

_PAIRS = 300_000  # that the baseline compares
_TITLE, _SUMMARY = 15, 45  # words


def run() -> list[Row]:
    """Items a second against more and more watches."""
    counts = [1_000, 10_000, 100_000] + ([1_000_000] if "--million" in sys.argv else [])
    return [_against(count) for count in counts]


def _against(count: int) -> Row:
    watches, items = queries(count), headlines(300, _TITLE, _SUMMARY)
    started = time.perf_counter()
    index = Index()
    for key, watch in enumerate(watches):
        index.add(key, parse(watch))
    built = time.perf_counter() - started
    gc.freeze()  # as the bot does at its start
    for item in headlines(300, _TITLE, _SUMMARY, seed=9):
        index.hits(item)  # the tables are read and the caches filled, as in a program that runs
    took, hits = [], 0
    for item in items:
        start = time.perf_counter()
        hits += len(index.hits(item))
        took.append(time.perf_counter() - start)
    gc.unfreeze()
    took.sort()
    print(
        f"{count:,} watches: built in {built:.1f} s, {hits / len(items):.1f} hits an item, "
        f"p50 {took[len(took) // 2] * 1e3:.2f} ms, p95 {took[len(took) * 95 // 100] * 1e3:.2f} ms, "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
        file=sys.stderr,
    )
    texts = [f"{item.title} {item.summary}".lower() for item in items[: max(1, _PAIRS // count)]]
    start = time.perf_counter()
    process.cdist(texts, watches, scorer=fuzz.token_set_ratio, workers=1)
    theirs = len(texts) / (time.perf_counter() - start)
    return Row(f"match an item, {count:,} watches", len(items) / sum(took), "items/s", "cdist(token_set_ratio)", theirs)
