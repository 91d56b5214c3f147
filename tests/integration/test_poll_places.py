"""Which polls run side by side."""

import asyncio
from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.fetch import Fetched, FetchError
from bot.hosts import AT_ONCE, PER_HOST, SLOW_AT_ONCE
from tests.fakes import until
from tests.polling import World, polling


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


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with polling(tmp_path) as made:
        yield made


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
