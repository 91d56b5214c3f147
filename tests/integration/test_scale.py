"""Twenty thousand feeds every ten minutes, in virtual time: none is late, whatever the bad ones among them do."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.cadence import Intervals
from bot.clock import Clock
from bot.db import Database
from bot.fetch import Fetched, FetchError
from bot.parse import ParsedFeed
from bot.poll import Poller
from bot.store import Storage
from bot.store.feeds import DueFeed
from bot.tell import Rules
from bot.visit import Visitor
from tests import virtual
from tests.fakes import NOON, FakeClock, Tables
from tests.promises import Measured
from watchlists.model import Item

ROUNDS = 4
SHORT, TOTAL = 4.0, 20.0  # seconds that the fetcher gives
BIG_HOSTS, ON_BIG_HOSTS = 50, 0.4  # the first of the big hosts never answers
FAILING, SLOW, CHANGED = 0.02, 0.015, 0.10


@dataclass
class Internet:
    """Every feed has a manner, which its address tells; answers take 0.25 s on average, some take 3 s and more."""

    chance: random.Random
    hanging: float

    def url(self, number: int) -> str:
        manners = {"hanging": self.hanging, "failing": FAILING, "slow": SLOW}
        manners["good"] = 1 - sum(manners.values())
        (manner,) = self.chance.choices(list(manners), list(manners.values()))
        big = self.chance.random() < ON_BIG_HOSTS
        host = f"big{self.chance.randrange(BIG_HOSTS)}" if big else f"own{number}"
        manner = "hanging" if host == "big0" else manner
        return f"https://{host}.example/{manner}/{number}"

    @asynccontextmanager
    async def holding(
        self, url: str, etag: str = "", last_modified: str = "", *, patient: bool = True
    ) -> AsyncIterator[Fetched]:
        manner = url.split("/")[3]
        wait = {"hanging": 1e9, "slow": 6.0}.get(manner) or self.chance.lognormvariate(-1.9, 1.0)
        limit = TOTAL if patient else SHORT
        await asyncio.sleep(min(wait, limit))
        if wait > limit:
            raise FetchError("timeout", "It did not answer in time.")
        if manner == "failing":
            raise FetchError("status", "It failed.", status=500)
        changed = not etag or self.chance.random() < CHANGED
        yield Fetched(200 if changed else 304, url, b"x", etag="e")

    async def parse(self, fetched: Fetched, *, lang: str = "", slow: bool = False) -> ParsedFeed:
        items = tuple(Item(str(number), f"News {number}") for number in self.chance.sample(range(10**9), 3))
        return ParsedFeed("T", "", None, None, "rss20", items)


class Punctual(Visitor):
    """Notes how late the feeds are that answer in time, in the loop's time."""

    def expect(self, due: dict[int, float], interval: float) -> None:
        self.due, self.interval, self.lateness = due, interval, []

    async def visit(self, feed: DueFeed) -> None:
        loop = asyncio.get_running_loop()
        if "/good/" in feed.url and not feed.slow:
            self.lateness.append(loop.time() - self.due[feed.id])
        await super().visit(feed)
        self.due[feed.id] = loop.time() + self.interval


async def poll_all(storage: Storage, clock: Clock, feeds: int, interval: float, hanging: float) -> list[float]:
    """Poll so many feeds every `interval` seconds for four rounds; how late each good poll began."""
    loop, chance = asyncio.get_running_loop(), random.Random(1)
    internet = Internet(chance, hanging)
    due = {number: chance.uniform(0, interval) for number in range(1, feeds + 1)}
    rows = [(number, internet.url(number), NOON.timestamp() + at, NOON.timestamp()) for number, at in due.items()]
    await storage.run(
        lambda store: store.feeds._database.conn.executemany(
            "INSERT INTO feeds (id, url, next_poll, added) VALUES (?, ?, ?, ?)", rows
        )
    )
    fixed = Intervals(interval, interval, interval)
    visitor = Punctual(storage, internet, internet, fixed, Rules(timedelta(hours=6)), lambda: None, clock, lambda: 0.0)
    visitor.expect(due, interval)
    poller = Poller(storage, visitor)
    while loop.time() < interval * ROUNDS:
        await poller.tick()
        await asyncio.sleep(1)
    await poller.drain()
    return sorted(visitor.lateness)


@pytest.mark.parametrize(
    ("feeds", "interval", "hanging", "late"),
    [(600, 18.0, 0.02, 10.0), pytest.param(20_000, 600.0, 0.005, 30.0, marks=pytest.mark.soak)],
)
@pytest.mark.timeout(3_600)
def test_no_feed_is_late(
    tmp_path: Path, feeds: int, interval: float, hanging: float, late: float, measured: Measured
) -> None:
    """33 polls a second, nine of ten without news: 95 of 100 good feeds' begin within `late` seconds of their time."""
    database = Database.open(tmp_path / "wirewatch.db")

    async def main() -> list[float]:
        loop = asyncio.get_running_loop()

        def clock() -> datetime:
            return NOON + timedelta(seconds=loop.time())

        return await poll_all(virtual.VirtualStorage(database, clock), clock, feeds, interval, hanging)

    used = time.process_time()
    lateness = virtual.run(main())
    share = (time.process_time() - used) / (interval * ROUNDS)
    database.close()
    p50, p95, last = lateness[len(lateness) // 2], lateness[len(lateness) * 95 // 100], lateness[-1]
    measured(
        "feeds",
        f"{feeds:,}, {len(lateness):,} polls of good ones: late by {p50:.1f} s (p50), {p95:.1f} s (p95), "
        f"{last:.1f} s (last); {share:.0%} of a core",
    )
    assert len(lateness) >= feeds * (1 - ON_BIG_HOSTS / BIG_HOSTS - hanging - FAILING - SLOW) * (ROUNDS - 1) * 0.95
    assert p95 <= late
    assert share < 1


@pytest.mark.parametrize("trouble", ["failures = 1", "url = 'https://one.example/' || id"])
def test_an_outage_does_not_make_the_look_at_what_is_due_dear(trouble: str) -> None:
    """Thousands of feeds that are due and may not be polled yet cost no more than as many that may."""
    tables = Tables(FakeClock())
    rows = [(f"https://h{number}.example/{number}", number) for number in range(10_000)]
    tables().feeds._write_all("INSERT INTO feeds (url, next_poll, added) VALUES (?, ?, 0)", rows)

    def look(most: int) -> float:
        times = []
        for _ in range(3):
            start = time.process_time()
            assert len(tables().feeds.due(500, per_host=20, slow=100)) == most
            times.append(time.process_time() - start)
        return min(times)

    usual = look(500)
    tables().feeds._write(f"UPDATE feeds SET {trouble}")
    assert look(100 if "failures" in trouble else 20) < 6 * usual + 0.02
