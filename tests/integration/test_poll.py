"""Polls: due feeds are fetched, parsed and ingested; whatever happens stands in the feed's row."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from newsstand import Newsstand, Story

from bot.cadence import Intervals
from bot.db import Database
from bot.fetch import Fetched, Fetcher
from bot.guard import Guard
from bot.parse import ParsedFeed, ParseError
from bot.parse_child import Document, read
from bot.poll import AT_ONCE, PER_HOST, Poller
from bot.store import Storage
from bot.tell import Rules
from tests.fakes import FakeClock
from watchlists.model import Feed
from watchlists.query import parse

OLD = Story("Old news", "https://wire.example/old", "old")
FIRE = Story("Fire in the harbour", "https://wire.example/fire", "fire")


class HereParser:
    """The parser without its child process."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    async def parse(self, fetched: Fetched) -> ParsedFeed:
        document = Document(fetched.body, fetched.url, fetched.content_type, fetched.language, self._clock())
        if not fetched.body:
            raise ParseError("empty")
        found = read(document)
        if found is None:
            raise ParseError("not_a_feed")
        if "bug" in found.title:
            raise RuntimeError("our bug")
        return found


class HeldFetcher:
    """Answers nothing until it is told to; counts who waits."""

    def __init__(self) -> None:
        self.waiting: list[str] = []
        self.go = asyncio.Event()

    @asynccontextmanager
    async def holding(self, url: str, etag: str = "", last_modified: str = "") -> AsyncIterator[Fetched]:
        self.waiting.append(url)
        await self.go.wait()
        yield Fetched(304, url)


class World:
    """A newsstand, a database and a poller on a clock that stands still."""

    def __init__(self, stand: Newsstand, storage: Storage, clock: FakeClock, fetcher: Fetcher | None = None) -> None:
        self.stand, self.storage, self.clock = stand, storage, clock
        self.fetcher = fetcher or Fetcher(Guard(frozenset({stand.address})))
        self.alerts = 0
        self.poller = Poller(
            storage,
            self.fetcher,
            HereParser(clock),
            Intervals(600, 300),
            Rules(timedelta(hours=6)),
            self._enqueued,
            clock,
            lambda: 0.5,
        )

    def _enqueued(self) -> None:
        self.alerts += 1

    async def add(self, *urls: str) -> None:
        await self.storage.run(lambda store: [store.feeds.add(url) for url in urls])

    async def watch(self, text: str) -> None:
        def work(store):
            store.chats.ensure(7, "private")
            store.watches.add(7, parse(text))

        await self.storage.run(work)

    async def round(self) -> None:
        """One tick, and all polls that it started."""
        await self.poller.tick()
        while self.poller._running:
            await asyncio.gather(*self.poller._running.values())

    async def feed(self, number: int = 1) -> Feed:
        feeds = await self.storage.run(lambda store: store.feeds.all())
        return next(feed for feed in feeds if feed.id == number)

    async def wait(self) -> float:
        """Seconds until the next poll."""
        return ((await self.feed()).next_poll - self.clock.now).total_seconds()


@pytest.fixture
async def world(tmp_path: Path):
    stand = Newsstand({"alpha": [OLD]})
    await stand.start()
    database = Database.open(tmp_path / "wirewatch.db")
    clock = FakeClock()
    made = World(stand, Storage(database, clock), clock)
    yield made
    await made.poller.drain()
    await made.fetcher.aclose()
    database.close()
    await stand.stop()


async def test_a_new_item_is_alerted_once_and_the_next_poll_is_conditional(world):
    """First poll, then news, then 304: one alert, and the feed says when it is due again."""
    await world.add(world.stand.url("alpha"))
    await world.watch("fire")
    await world.round()
    assert (await world.feed()).title == "alpha"
    assert world.alerts == 0
    world.stand.feeds["alpha"].append(FIRE)
    for _ in range(2):
        world.clock.advance(700)
        await world.round()
    assert [status for _, status in world.stand.requests] == [200, 200, 304]
    assert world.alerts == 1
    assert await world.wait() == 600
    assert (await world.storage.run(lambda store: store.items.counts()))["items"] == 2


async def test_a_feed_that_is_not_due_is_left_alone(world):
    """The time of the next poll stands in the database and is honoured."""
    await world.add(world.stand.url("alpha"))
    await world.round()
    await world.round()
    assert len(world.stand.requests) == 1
    assert "polling" in await world.storage.run(lambda store: store.progress.all())


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((404, b"x"), "nothing at this address"),
        ((500, b"x"), "status 500"),
        ((200, b""), "empty"),
        ((200, b"<html><body>Welcome</body></html>"), "not a feed"),
        ((200, b"<rss>" + b"x" * 6_000_000), "larger than 5 MB"),
    ],
    ids=["404", "500", "nothing", "page", "huge"],
)
async def test_a_feed_that_fails_says_why_and_waits_longer(world, answer, reason):
    """Each failure after the first doubles the wait; a good poll ends it."""
    world.stand.answers["alpha"] = answer
    await world.add(world.stand.url("alpha"))
    for failures in (1, 2):
        await world.round()
        feed = await world.feed()
        assert (feed.failures, reason in feed.error) == (failures, True)
        assert await world.wait() == 600 * 2 ** (failures - 1)
        world.clock.advance(600 * 2**failures)
    world.stand.answers.clear()
    await world.round()
    assert ((await world.feed()).failures, (await world.feed()).error) == (0, "")


async def test_a_feed_that_is_gone_is_stopped(world):
    """410: it will not return, and is not asked again."""
    world.stand.answers["alpha"] = (410, b"")
    await world.add(world.stand.url("alpha"))
    await world.round()
    assert (await world.feed()).stopped
    world.clock.advance(10 * 86_400)
    await world.round()
    assert len(world.stand.requests) == 1


@pytest.mark.parametrize("url", ["http://[::1", "http://10.0.0.1/rss", "nonsense", "http://user:pass@host.example/"])
async def test_an_address_that_is_not_fetched_stops_nobody(world, url):
    """Refused or unreadable: an error in its row, and the feeds behind it are polled."""
    await world.add(url)
    world.clock.advance(1)
    await world.add(world.stand.url("alpha"))
    await world.round()
    assert (await world.feed(1)).failures == 1
    assert (await world.feed(2)).last_success


async def test_a_bug_of_ours_is_one_feeds_trouble(world, caplog):
    """Logged with its traceback, shown as a failure, and the others go on."""
    world.stand.feeds["bug"] = [OLD]
    await world.add(world.stand.url("bug"), world.stand.url("alpha"))
    await world.round()
    assert "an error on our side" in (await world.feed(1)).error
    assert (await world.feed(2)).last_success
    assert "our bug" in caplog.text


async def test_only_so_many_polls_run_at_once(world):
    """Sixteen in all and two per host; a slow host takes only its own two places."""
    held = HeldFetcher()
    slow = World(world.stand, world.storage, world.clock, held)
    await slow.add(*[f"https://slow.example/{n}" for n in range(30)])
    slow.clock.advance(1)
    await slow.add(*[f"https://host{n}.example/rss" for n in range(30)])
    await slow.poller.tick()
    await asyncio.sleep(0)
    await slow.poller.tick()
    await asyncio.sleep(0)
    assert len(held.waiting) == AT_ONCE
    assert sum("slow.example" in url for url in held.waiting) == PER_HOST
    held.go.set()
    while slow.poller._running:
        await asyncio.gather(*slow.poller._running.values())
    assert len(held.waiting) == len(set(held.waiting)) == 60
    assert not slow.poller._hosts


async def test_draining_ends_what_runs_and_starts_nothing(world):
    """At the end: polls under way are cancelled, and the feeds are due again after the next start."""
    held = HeldFetcher()
    slow = World(world.stand, world.storage, world.clock, held)
    await slow.add(*[f"https://host{n}.example/rss" for n in range(20)])
    await slow.poller.tick()
    await asyncio.sleep(0)
    await slow.poller.drain()
    assert not slow.poller._running
    assert len(held.waiting) == AT_ONCE
    assert len(await slow.storage.run(lambda store: store.feeds.due(100))) == 20
