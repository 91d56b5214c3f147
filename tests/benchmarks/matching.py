"""The index of watches beside rapidfuzz comparing every pair, on the same watches and items.

`make bench` goes up to 100,000 watches; `make bench ARGS=--million` adds a million, which takes about two minutes.

Times are printed twice, by the clock and as computing time: the latter is what the index is to blame for where other
programs run too, and what the ratio compares. Collections of garbage that fall into a time are part of it.
"""

import gc
import resource
import sys
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from rapidfuzz import fuzz, process

from bot.watching import WatchIndex
from tests.badtext import WORDS, texts
from tests.benchmarks.rows import Row
from tests.benchmarks.text import headlines, queries
from tests.fakes import FakeClock, Tables
from watchlists import query
from watchlists.index import Index, in_bulk
from watchlists.model import Item
from watchlists.query import parse

_PAIRS = 300_000  # that the baseline compares
_TITLE, _SUMMARY = 15, 45  # words
_START = 10_000  # watches
_BAD = 2_000
_MORE = 1_000  # watches that are added and removed one by one
_HEADER = """
{:>9} | {:>15} | {:>29} | {:>29} | {:>6} | {:>21} | {:>21} | {:>6}
""".format(
    "watches", "build s (CPU)", "an item: p50 p95 worst, ms", "computing: p50 p95 worst, ms", "hits",
    "add: mean worst, ms", "remove: mean worst, ms", "MB",
)  # fmt: skip
One = TypeVar("One")


class _Times(NamedTuple):
    """Milliseconds of many calls, sorted: by the clock, and of computing."""

    clock: list[float]
    computing: list[float]


def run() -> list[Row]:
    """Items a second against more and more watches."""
    _start()
    _bad_texts()
    counts = [1_000, 10_000, 100_000] + ([1_000_000] if "--million" in sys.argv else [])
    print(_HEADER.strip("\n"), file=sys.stderr)
    return [_against(count) for count in counts]


def _start() -> None:
    """What the bot takes longer to start with watches than with none, the tables that it reads for them included."""
    tables = Tables(FakeClock())
    tables().chats.ensure(7, "private")
    for watch in queries(_START):
        tables().watches.add(7, parse(watch))
    query._simple.cache_clear()  # no start has read the watches before
    clock, computing = time.perf_counter(), time.process_time()
    WatchIndex().refresh(tables().watches)
    clock, computing = time.perf_counter() - clock, time.process_time() - computing
    print(f"start with {_START:,} watches: {clock:.2f} s, computing {computing:.2f} s\n", file=sys.stderr)


def _bad_texts() -> None:
    """Texts that nobody means, against watches for their words."""
    index = Index()
    for key, word in enumerate(word for word in WORDS if word != "🔔"):
        index.add(key, parse(word))
    items = [Item("1", text, text[::-1]) for text in texts(_BAD)]
    times = _times(index.hits, items)
    print(f"{_BAD:,} texts that nobody means, ms: p50, p95, worst {_spread(times.clock)}", file=sys.stderr)


def _against(count: int) -> Row:
    texts = queries(count + _MORE)
    watches, more = texts[:count], texts[count:]
    index = Index()
    clock, computing = time.perf_counter(), time.process_time()
    with in_bulk():  # as the bot does at its start
        for key, watch in enumerate(watches):
            index.add(key, parse(watch))
    clock, computing = time.perf_counter() - clock, time.process_time() - computing
    items = headlines(300, _TITLE, _SUMMARY)
    for item in headlines(300, _TITLE, _SUMMARY, seed=9):
        index.hits(item)  # the tables are read and the caches filled, as in a program that runs
    hits: list[int] = []
    matching = _times(lambda item: hits.append(len(index.hits(item))), items)
    adding = _times(lambda new: index.add(new[0], parse(new[1])), enumerate(more, start=count))
    removing = _times(index.remove, range(count, count + _MORE))
    gc.unfreeze()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{count:9,} | {clock:7.1f} {computing:7.1f} | {_spread(matching.clock)} | {_spread(matching.computing)} | "
        f"{sum(hits) / len(items):6.1f} | {_extremes(adding)} | {_extremes(removing)} | {megabytes:6,}",
        file=sys.stderr,
        flush=True,
    )
    compared = [f"{item.title} {item.summary}".lower() for item in items[: max(1, _PAIRS // count)]]
    start = time.process_time()
    process.cdist(compared, watches, scorer=fuzz.token_set_ratio, workers=1)
    theirs = len(compared) / (time.process_time() - start)
    ours = len(items) / sum(matching.computing) * 1e3
    return Row(f"match an item, {count:,} watches", ours, "items/s", "cdist(token_set_ratio)", theirs)


def _times(call: Callable[[One], object], each: Iterable[One]) -> _Times:
    clock, computing = [], []
    for one in each:
        start, started = time.perf_counter(), time.thread_time()
        call(one)
        computing.append((time.thread_time() - started) * 1e3)
        clock.append((time.perf_counter() - start) * 1e3)
    return _Times(sorted(clock), sorted(computing))


def _spread(took: list[float]) -> str:
    return f"{took[len(took) // 2]:9.2f} {took[len(took) * 95 // 100]:9.2f} {took[-1]:9.2f}"


def _extremes(times: _Times) -> str:
    took = times.computing
    return f"{sum(took) / len(took):10.3f} {took[-1]:10.2f}"
