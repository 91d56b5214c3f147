"""A newsstand, a database and a poller on a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.cadence import Intervals
from bot.db import Database
from bot.fetch import Fetched, Fetcher
from bot.guard import Guard
from bot.parse import ParsedFeed, ParseError
from bot.parse_child import Document, read
from bot.poll import Poller
from bot.store import Storage
from bot.tell import Rules
from bot.visit import Visitor
from bot.websub import WebSub
from tests.fakes import FakeClock
from tests.newsstand import Newsstand, Story
from watchlists.model import Feed
from watchlists.query import parse

OLD = Story("Old news", "https://wire.example/old", "old")


class HereParser:
    """The parser without its child process."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    async def parse(self, fetched: Fetched, *, lang: str = "", slow: bool = False) -> ParsedFeed:
        document = Document(fetched.body, fetched.url, fetched.content_type, (lang, fetched.language), self._clock())
        if not fetched.body:
            raise ParseError("empty")
        found = read(document)
        if found is None:
            raise ParseError("not_a_feed")
        if not found.whole and not found.items:
            raise ParseError("cut_off")
        if "deadly" in found.title:
            raise ParseError("memory", deadly=True)
        if "bug" in found.title:
            raise RuntimeError("our bug")
        return found


class World:
    """All of it."""

    def __init__(
        self,
        stand: Newsstand,
        storage: Storage,
        clock: FakeClock,
        fetcher: Fetcher | None = None,
        own: Container[str] = (),
        websub: WebSub | None = None,
    ) -> None:
        self.stand, self.storage, self.clock = stand, storage, clock
        self.fetcher = fetcher or Fetcher(Guard(frozenset({stand.address})))
        self.alerts = 0
        self.visitor = Visitor(
            storage,
            self.fetcher,
            HereParser(clock),
            Intervals(600, 300),
            Rules(timedelta(hours=6)),
            self._enqueued,
            clock,
            lambda: 0.5,
            websub,
        )
        self.poller = Poller(storage, self.visitor, own)

    def _enqueued(self) -> None:
        self.alerts += 1

    async def add(self, *urls: str, lang: str = "") -> None:
        await self.storage.run(lambda store: [store.feeds.add(url, "", lang) for url in urls])

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


@asynccontextmanager
async def polling(folder: Path) -> AsyncIterator[World]:
    """A world with one feed, `alpha`, that is not polled yet."""
    stand = Newsstand({"alpha": [OLD]})
    await stand.start()
    database = Database.open(folder / "wirewatch.db")
    clock = FakeClock()
    made = World(stand, Storage(database, clock), clock)
    yield made
    await made.poller.drain()
    await made.fetcher.aclose()
    database.close()
    await stand.stop()
