"""A long time of the whole flow on a clock of its own: many feeds, many chats, and all that goes wrong in a week.

    Press (invented news, some feeds fail) ─Poller, Visitor─→ real database ─jobs, Deliverer─→ Exchange (a Telegram)

Only the network and the parser's processes are made up. Each day the program is killed once and starts anew.
"""

import asyncio
import gc
import os
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import telegram
from telegram.request import HTTPXRequest

from bot import digest
from bot.cadence import Intervals
from bot.db import Database
from bot.deliver import Deliverer
from bot.grow import grow
from bot.poll import Poller
from bot.retention import forget
from bot.store import Storage, Store
from bot.store.ailments import Ailments
from bot.tell import Rules
from bot.visit import Visitor
from tests.fakes import NOON
from tests.virtual import VirtualLoop
from tests.weeknews import Exchange, News, topic
from watchlists.query import parse

T = TypeVar("T")
_KEPT = "SELECT count(*) FROM alerts WHERE due IS NOT NULL"
HOUR, DAY = 3_600.0, 86_400.0
TICK = 10.0  # seconds between two looks at which feeds are due


class WeekStorage(Storage):
    """Transactions take no time of the loop; waiting for a disk to have room does."""

    async def _once(self, work: Callable[[Store], T]) -> T:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop.virtual.threads += 1
        try:
            return await super()._once(work)
        finally:
            loop.virtual.threads -= 1


@dataclass
class Reading:
    """What was measured at an hour of the week; sizes in MB."""

    hour: float
    memory: float
    files: int
    log: float
    database: float
    items: int
    waiting: int
    sent: int


class Week:
    """So many feeds and chats for so many hours, in `folder`."""

    def __init__(self, folder: Path, *, feeds: int, chats: int, hours: float, seed: int = 1) -> None:
        self.path = folder / "wirewatch.db"
        self.feeds, self.chats, self.hours = feeds, chats, hours
        self.topics = chats // 5
        self.chance = random.Random(seed)
        self.readings: list[Reading] = []
        self.ailments: dict[str, int] = {}
        self.counts: dict[str, int] = {}

    def clock(self) -> datetime:
        return NOON + timedelta(seconds=self._now())

    def _now(self) -> float:
        return self._loop.time()  # also on the thread of the database

    async def live(self) -> None:
        """The whole time; afterwards what waits is sent, and all is counted."""
        self._loop = asyncio.get_running_loop()
        end = self.hours * HOUR
        self.news = News(self.chance, self._now, self.topics)
        outage = (end * 0.3, end * 0.3 + min(2 * HOUR, end * 0.05))
        self.exchange = Exchange(self.chance, self._now, [outage])
        self._begin()
        reading = asyncio.create_task(self._read_now_and_then())
        while end - self._now() > 1:
            await self._life(min(DAY, end - self._now()), full=end * 0.5)
        await self._drain()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        self.database.close()

    def _begin(self) -> None:
        self.database = Database.open(self.path)
        self._set("synchronous = OFF")  # what a power cut does is another test's matter; here it would take hours

        def fill(store: Store) -> None:
            rows = [(f"https://h{number}.example/rss", NOON.timestamp()) for number in range(self.feeds)]
            store.feeds._write_all("INSERT INTO feeds (url, next_poll, added) VALUES (?, ?, 0)", rows)
            for chat in range(1, self.chats + 1):
                store.chats.ensure(chat, "private")
                store.watches.add(chat, parse(topic(chat % self.topics)))
                store.watches.add(chat, parse(f'"{topic(self.chance.randrange(self.topics))}"'))
            store.feeds._write("UPDATE chats SET digest = 'hourly' WHERE id % 10 = 0")
            store.feeds._write("UPDATE chats SET quiet = '22:00-07:00' WHERE id % 7 = 0")

        self.storage = WeekStorage(self.database, self.clock)
        self.storage.run_blocking(fill)

    async def _life(self, seconds: float, full: float) -> None:
        """From a start to a kill; once in between the disk is full for half an hour."""
        until, news = self._now() + seconds, asyncio.Event()
        request = HTTPXRequest(httpx_kwargs={"transport": self.exchange})
        bot = telegram.Bot("1:x", request=request, get_updates_request=request)
        deliverer = Deliverer(self.storage, bot, self.clock, news, self.chance.random)
        rules, intervals = Rules(timedelta(hours=6)), Intervals(600, 300)
        roll = self.chance.random
        visitor = Visitor(self.storage, self.news, self.news, intervals, rules, news.set, self.clock, roll)
        poller = Poller(self.storage, visitor)
        tasks = [
            asyncio.create_task(work)
            for work in (deliverer.run(), self._jobs(news), self._fill(full), self._poll(poller))
        ]
        await asyncio.wait(tasks, timeout=until - self._now(), return_when=asyncio.FIRST_EXCEPTION)
        for task in (*tasks, *(send for _, send in deliverer._in_flight.values())):
            if task.done() and not task.cancelled():
                task.result()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await poller.drain()
        await request.shutdown()

    async def _poll(self, poller: Poller) -> None:
        while True:
            await poller.tick()
            await asyncio.sleep(TICK)

    async def _jobs(self, news: asyncio.Event) -> None:
        pruned = self._now()
        while True:
            await asyncio.sleep(30)
            if await self.storage.run(grow) + await self.storage.run(digest.release):
                news.set()
            if self._now() - pruned > 6 * HOUR:
                await forget(self.storage, timedelta(days=2))
                pruned = self._now()

    async def _fill(self, begin: float) -> None:
        """No page more than there are, from `begin` for half an hour."""
        if not begin - DAY < self._now() <= begin:
            await asyncio.Event().wait()
        await asyncio.sleep(begin - self._now())
        self._set("max_page_count = 1")
        await asyncio.sleep(min(HOUR / 2, begin / 10))
        self._set("max_page_count = 1000000000")
        await asyncio.Event().wait()

    def _set(self, pragma: str) -> None:
        connection = self.database._connection
        self.database._thread.submit(lambda: connection.execute(f"PRAGMA {pragma}")).result()

    async def _drain(self) -> None:
        """What was kept for later comes now, and what waits is sent."""
        self.exchange.outages.clear()
        self.storage.run_blocking(lambda store: store.feeds._write("UPDATE feeds SET stopped = 1"))
        with suppress(TimeoutError):
            async with asyncio.timeout(20 * HOUR):
                while True:
                    await self._life(HOUR, full=-1)
                    counts = self.storage.run_blocking(lambda store: store.outbox.counts())
                    kept = self.storage.run_blocking(lambda store: store.feeds._value(_KEPT))
                    if not (counts["queued"] + counts["sending"] + kept):
                        break
        self.counts = counts
        found = self.storage.run_blocking(lambda store: Ailments(store._database, store.now).all())
        self.ailments = {ailment.rows: number for ailment, number in found.items() if number}

    async def _read_now_and_then(self) -> None:
        while True:
            self.readings.append(self._read())
            await asyncio.sleep(max(HOUR / 4, self.hours * HOUR / 28))

    def _read(self) -> Reading:
        gc.collect()
        status = Path("/proc/self/status").read_text()
        memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1_000
        log = self.path.with_name(f"{self.path.name}-wal")
        counts = self.storage.run_blocking(lambda store: store.outbox.counts())
        assert counts["enqueued"] == sum(number for state, number in counts.items() if state != "enqueued")
        return Reading(
            self._now() / HOUR,
            memory,
            len(os.listdir("/proc/self/fd")),
            log.stat().st_size / 1e6 if log.exists() else 0.0,
            self.path.stat().st_size / 1e6,
            self.storage.run_blocking(lambda store: store.items.counts())["items"],
            counts["queued"] + counts["sending"],
            counts["sent"],
        )

    def table(self) -> str:
        """What was measured, a line for each reading."""
        names = ("hour", "memory MB", "files", "log MB", "database MB", "items", "waiting", "sent")
        lines = ["".join(f"{name:>13}" for name in names)]
        for reading in self.readings:
            lines.append(
                "".join(f"{value:13,.1f}" if isinstance(value, float) else f"{value:13,}" for value in astuple(reading))
            )
        return "\n".join(lines)
