"""A week with 500 feeds, 2,000 chats and faults; every day some hours of a small one."""

import logging
import time
from pathlib import Path

import pytest

from tests import virtual
from tests.promises import Measured
from tests.week import Week


@pytest.mark.parametrize(
    ("feeds", "chats", "hours"),
    [(20, 40, 4), pytest.param(500, 2_000, 168, marks=pytest.mark.soak)],
)
@pytest.mark.timeout(4 * 3_600)
def test_nothing_is_lost_or_grows_without_end(
    tmp_path: Path, feeds: int, chats: int, hours: float, caplog: pytest.LogCaptureFixture, measured: Measured
) -> None:
    """Each message ends in one state and arrives once, unless an answer was lost; memory, files and log settle."""
    caplog.set_level(logging.CRITICAL)  # a week of lines would be kept in the memory that is measured
    week = Week(tmp_path, feeds=feeds, chats=chats, hours=hours)
    start, used = time.monotonic(), time.process_time()
    virtual.run(week.live())
    counts, last = week.counts, week.readings[-1]
    cpu, wall = time.process_time() - used, time.monotonic() - start
    measured("a week", f"{feeds} feeds, {chats:,} chats, {hours} hours in {wall:.0f} s ({cpu:.0f} s of CPU)")
    for line in week.table().splitlines():
        measured("a week", line)
    measured("a week", ", ".join(f"{state}: {number:,}" for state, number in counts.items()))
    assert counts["sent"] > chats / 2
    assert counts["queued"] == counts["sending"] == 0
    assert counts["failed"] <= len(week.exchange.lost) / 20  # an answer that was lost twice; a summary tells it
    assert week.ailments == {}
    repeated = {key for key, times in week.exchange.arrived.items() if times > 1}
    assert repeated <= week.exchange.lost
    assert last.log < 32
    settled = week.readings[len(week.readings) * 6 // 7]  # stories live for three days, and caches fill up before that
    assert last.files <= settled.files + 3
    assert last.memory - settled.memory < 10
