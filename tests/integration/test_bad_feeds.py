"""One bad feed among many: whatever it does, the others are polled within five seconds."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cadence import Intervals
from bot.clock import utc_now
from bot.db import Database
from bot.fetch import Fetcher
from bot.guard import Guard
from bot.parse import ParserPool
from bot.poll import Poller
from bot.resolver import Resolver
from bot.store import Storage
from bot.tell import Rules
from bot.visit import Visitor
from tests.hostile import hostile
from tests.promises import Measured

FOR_EVER = 60.0  # seconds, far beyond what the others may wait
SHORT = {15: 1.0, 99: 4.0}  # seconds for an answer to begin: the everyday tests share the machine with others
ENTRIES = pytest.mark.parametrize("others", [15, pytest.param(99, marks=pytest.mark.soak)])


class Town:
    """A name server, a host with good and bad feeds, and the real poller on a database."""

    def __init__(self, storage: Storage, address: str, parser: ParserPool, short_timeout: float) -> None:
        self.storage = storage
        self.port = address.partition(":")[2]
        self._gone = threading.Event()
        names = ["news", "unknown", *(f"hangs-{number}" for number in range(30))]
        allowed = [f"{name}.example:{self.port}" for name in names]
        guard = Guard([*allowed, "127.0.0.1:1"], Resolver(look_up=self._look_up).lookup)
        self.fetcher = Fetcher(guard, total_timeout=FOR_EVER, short_timeout=short_timeout)
        visitor = Visitor(
            storage,
            self.fetcher,
            parser,
            Intervals(),
            Rules(timedelta(hours=6)),
            lambda: None,
            utc_now,
            lambda: 0.5,
        )
        self.poller = Poller(storage, visitor)

    def _look_up(self, host: str, port: int) -> list[str]:
        if host.startswith("hangs"):
            self._gone.wait()
        if host == "unknown.example":
            raise OSError("no such name")
        return ["127.0.0.1"]

    def url(self, path: str, host: str = "news") -> str:
        return f"http://{host}.example:{self.port}/{path}"

    async def seconds(self, bad: list[str], others: int) -> float:
        """How long it takes until all good feeds, which are due after the bad ones, have been polled."""
        good = [self.url(f"good-{number}") for number in range(others)]
        await self.storage.run(lambda store: [store.feeds.add(url) for url in [*bad, *good]])
        loop = asyncio.get_running_loop()
        start = loop.time()
        async with asyncio.timeout(FOR_EVER / 2):
            while await self.storage.run(lambda store: store.feeds.counts()["ok"]) < others:
                await self.poller.tick()
                await asyncio.sleep(0.01)
        return loop.time() - start

    async def close(self) -> None:
        self._gone.set()
        await self.poller.drain()
        await self.fetcher.aclose()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with hostile() as address:
        yield address


@pytest.fixture
async def parser() -> AsyncIterator[ParserPool]:
    pool = ParserPool(memory_limit=128 * 2**20)
    yield pool
    await asyncio.to_thread(pool.close)


@asynccontextmanager
async def town(folder: Path, address: str, parser: ParserPool, short_timeout: float) -> AsyncIterator[Town]:
    database = Database.open(folder / "wirewatch.db")
    made = Town(Storage(database, utc_now), address, parser, short_timeout)
    try:
        yield made
    finally:
        await made.close()
        database.close()


async def alone(folder: Path, address: str, parser: ParserPool, others: int) -> float:
    """How long the good feeds take on this machine by themselves; the parser is warm after it."""
    (folder / "alone").mkdir()
    async with town(folder / "alone", address, parser, SHORT[others]) as place:
        return await place.seconds([], others)


@ENTRIES
@pytest.mark.parametrize(
    "kind",
    [
        *("hangs-1", "unknown", "closed", "silent", "slow-header", "slow-body", "stuck-large", "endless-body"),
        *("endless-chunks", "bomb", "garbage", "loop", "hard-to-parse", "hungry"),
    ],
)
async def test_a_bad_feed_does_not_delay_the_others(
    tmp_path: Path, address: str, parser: ParserPool, kind: str, others: int, measured: Measured
) -> None:
    """Each kind of trouble, on the host of the others or with its own name: they wait less than five seconds more."""
    usual = await alone(tmp_path, address, parser, others)
    async with town(tmp_path, address, parser, SHORT[others]) as place:
        own_names = {name: place.url("x", name) for name in ("hangs-1", "unknown")} | {"closed": "http://127.0.0.1:1/"}
        longer = await place.seconds([own_names.get(kind, place.url(kind))], others) - usual
    measured("P11", f"{kind}: {others} others waited {max(0.0, longer):.1f} s more")
    assert longer < 5


@ENTRIES
async def test_feeds_that_hang_on_one_host_do_not_stop_it(
    tmp_path: Path, address: str, parser: ParserPool, others: int
) -> None:
    """The first time they take both places of the host for the short timeout, and never again together."""
    usual = await alone(tmp_path, address, parser, others)
    async with town(tmp_path, address, parser, short_timeout=0.5) as place:
        hanging = [place.url(f"silent?{number}") for number in range(6)]
        assert await place.seconds(hanging, others) < usual + 5
        assert len(place.poller._running) == 1


@ENTRIES
async def test_a_dead_name_server_does_not_stop_the_others(
    tmp_path: Path, address: str, parser: ParserPool, others: int
) -> None:
    """More names that never resolve than there are places."""
    usual = await alone(tmp_path, address, parser, others)
    async with town(tmp_path, address, parser, short_timeout=0.5) as place:
        hanging = [place.url("x", f"hangs-{number}") for number in range(30)]
        assert await place.seconds(hanging, others) < usual + 5
