"""Polls: due feeds are fetched, parsed and ingested; whatever happens stands in the feed's row."""

import asyncio
from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from newsstand import Newsstand, Story

from bot.cadence import Intervals
from bot.db import Database
from bot.fetch import Fetched, Fetcher, FetchError
from bot.guard import Guard
from bot.hosts import AT_ONCE, PER_HOST, SLOW_AT_ONCE
from bot.parse import ParsedFeed, ParseError
from bot.parse_child import Document, read
from bot.poll import Poller
from bot.store import Storage
from bot.tell import Rules
from tests.fakes import FakeClock, until
from watchlists.model import Feed
from watchlists.query import parse

OLD = Story("Old news", "https://wire.example/old", "old")
FIRE = Story("Fire in the harbour", "https://wire.example/fire", "fire")


class HereParser:
    """The parser without its child process."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    async def parse(self, fetched: Fetched, *, slow: bool = False) -> ParsedFeed:
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
    """Answers nothing until it is told to; short patience ends when that is told to. Keeps who waits and who waited."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, bool]] = []
        self.asked: list[tuple[str, bool]] = []
        self.go = asyncio.Event()
        self.impatience = asyncio.Event()

    @asynccontextmanager
    async def holding(
        self, url: str, etag: str = "", last_modified: str = "", *, patient: bool = True
    ) -> AsyncIterator[Fetched]:
        self.waiting.append((url, patient))
        self.asked.append((url, patient))
        ends = [asyncio.ensure_future(self.go.wait())]
        if not patient:
            ends.append(asyncio.ensure_future(self.impatience.wait()))
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.waiting.remove((url, patient))
            for end in ends:
                end.cancel()
        if not self.go.is_set():
            raise FetchError("timeout", "It did not answer in time.")
        yield Fetched(304, url)


class World:
    """A newsstand, a database and a poller on a clock that stands still."""

    def __init__(
        self,
        stand: Newsstand,
        storage: Storage,
        clock: FakeClock,
        fetcher: Fetcher | None = None,
        own: Container[str] = (),
    ) -> None:
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
            own,
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


async def start(world: World, own: Container[str] = ()) -> tuple[World, HeldFetcher]:
    """The same world with a fetcher that is held, after a tick."""
    held = HeldFetcher()
    slow = World(world.stand, world.storage, world.clock, held, own)
    await slow.poller.tick()
    await asyncio.sleep(0)
    return slow, held


async def test_only_so_many_polls_run_at_once(world):
    """Sixteen in all and two per host; a host with many feeds takes only its own two places."""
    await world.add(*[f"https://many.example/{n}" for n in range(600)])
    world.clock.advance(1)
    await world.add(*[f"https://host{n}.example/rss" for n in range(30)])
    slow, held = await start(world)
    await slow.poller.tick()
    await asyncio.sleep(0)
    assert len(held.waiting) == AT_ONCE
    assert sum("many.example" in url for url, _ in held.waiting) == PER_HOST
    held.go.set()
    for _ in range(30):
        await slow.round()
    assert len(held.asked) == len(set(held.asked)) == 630


async def test_the_operators_own_host_is_not_spared(world):
    """A host of the list of private feeds may have all places."""
    await world.add(*[f"http://127.0.0.1:9001/{n}" for n in range(30)])
    slow, held = await start(world, own={"127.0.0.1:9001"})
    assert len(held.waiting) == AT_ONCE
    await slow.poller.drain()


async def test_what_does_not_answer_soon_is_asked_again_among_the_slow(world):
    """With all patience, in the places of the slow ones; nothing is recorded before that."""
    await world.add(*[f"https://host{n}.example/rss" for n in range(30)])
    slow, held = await start(world)
    held.impatience.set()
    for _ in range(3):
        await until(lambda: all(patient for _, patient in held.waiting))
        await slow.poller.tick()
        await asyncio.sleep(0)
    assert sum(patient for _, patient in held.asked) == len(held.waiting) == SLOW_AT_ONCE
    assert {feed.failures for feed in await slow.storage.run(lambda store: store.feeds.all())} == {0}
    held.go.set()
    for _ in range(3):
        await slow.round()
    counts = await slow.storage.run(lambda store: store.feeds.counts())
    assert counts["ok"] == 30


async def test_feeds_that_failed_leave_a_place_of_their_host(world):
    """However many fail, the host's other feeds have one place of two."""
    urls = [f"https://host.example/{n}" for n in range(10)]
    await world.add(*urls)
    await world.storage.run(lambda store: [store.feeds.failed(n, "x", world.clock.now) for n in range(1, 10)])
    slow, held = await start(world)
    assert held.asked == [(urls[9], False), (urls[0], True)] or held.asked == [(urls[0], True), (urls[9], False)]
    await slow.poller.drain()


async def test_draining_ends_what_runs_and_starts_nothing(world):
    """At the end: polls under way are cancelled, and the feeds are due again after the next start."""
    await world.add(*[f"https://host{n}.example/rss" for n in range(20)])
    slow, held = await start(world)
    await slow.poller.drain()
    assert not slow.poller._running
    assert len(held.asked) == AT_ONCE
    assert len(await slow.storage.run(lambda store: store.feeds.due(100))) == 20
