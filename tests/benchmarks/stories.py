"""The index of stories beside rapidfuzz comparing each headline with all of them, on the same headlines.

`make bench` has 20,000 living stories; `make bench ARGS=--million` adds 200,000, which takes about two minutes.
"""

import gc
import resource
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

from rapidfuzz import fuzz, process

from tests.benchmarks.rows import Row
from tests.benchmarks.text import headlines
from watchlists.stories import StoryIndex

_PAIRS = 1_000_000  # that the baseline compares
_WORDS = 11
_NOW = datetime(2026, 3, 2, tzinfo=UTC)


def run() -> list[Row]:
    """Items a second against more and more stories."""
    counts = [20_000] + ([200_000] if "--million" in sys.argv else [])
    return [_against(count) for count in counts]


def _against(count: int) -> Row:
    told = [
        replace(item, url="", source=f"{number}.example") for number, item in enumerate(headlines(count, _WORDS, 0))
    ]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    index = StoryIndex()
    for number, item in enumerate(told):
        index.add(item, "", number, _NOW)
    built = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    gc.freeze()  # as the bot does at its start
    # Half are new; half say what a story says, without its first words.
    items = headlines(150, _WORDS, 0, seed=9)
    items += [replace(item, title=item.title.split(" ", 2)[2]) for item in told[:: max(1, count // 150)]]
    took, joined = [], 0
    for item in items:
        start = time.process_time()
        joined += index.find(item, "", _NOW) is not None
        took.append(time.process_time() - start)
    gc.unfreeze()
    took.sort()
    print(
        f"{count:,} stories: built in {built:.1f} s, {joined} of {len(items)} joined, "
        f"p50 {took[len(took) // 2] * 1e3:.2f} ms, p95 {took[len(took) * 95 // 100] * 1e3:.2f} ms, {memory // 1024} MB",
        file=sys.stderr,
    )
    titles = [item.title.lower() for item in told]
    asked = [item.title.lower() for item in items[: max(1, _PAIRS // count)]]
    start = time.process_time()
    process.cdist(asked, titles, scorer=fuzz.token_set_ratio, workers=1)
    theirs = len(asked) / (time.process_time() - start)
    return Row(
        f"find an item's story, {count:,} stories", len(items) / sum(took), "items/s", "cdist(token_set_ratio)", theirs
    )
