"""Whole polls, over HTTP on loopback: fetch, parse, match, store; beside a plain loop of httpx and feedparser.

The loop keeps its connection, checks no address, limits nothing, and forgets what it has read. TLS is not measured: it
adds the same to both.
"""

import asyncio
import io
import multiprocessing
import os
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import feedparser
import httpx

from bot.cadence import Intervals
from bot.clock import utc_now
from bot.db import Database
from bot.fetch import Fetcher
from bot.guard import Guard
from bot.parse import ParserPool
from bot.poll import Poller
from bot.store import Storage, Store
from bot.tell import Rules
from bot.visit import Visitor
from tests.benchmarks.feedserver import serving
from tests.benchmarks.rows import Row
from tests.benchmarks.text import queries
from watchlists.query import parse

FEEDS, WATCHES = 30, 1_000
MANY, EVERY = 20_000, 600.0  # feeds, and seconds between two polls of each, that one core is to carry
KINDS = {"same": "304", "small": "1 new entry of 30", "fresh": "100 new entries"}


def run() -> list[Row]:
    """Polls a second, and polls for a second of a core."""
    rows = []
    with serving() as host:
        for kind, words in KINDS.items():
            urls = [f"http://{host}/{kind}/{number}" for number in range(FEEDS)]
            theirs = FEEDS / asyncio.run(_plain(urls))
            ours = FEEDS / asyncio.run(_ours(host, urls, rounds=1))[0]
            rows.append(Row(f"poll a feed: {words}", ours, "polls/s", "httpx + feedparser, in turn", theirs))
        mix = [f"http://{host}/{'small' if number % 10 == 9 else 'same'}/m{number}" for number in range(10 * FEEDS)]
        core = asyncio.run(_ours(host, mix, rounds=2))[1]
        baseline = f"{MANY:,} feeds every {EVERY:.0f} s need"
        rows.append(Row("polls for a second of a core, 90 % 304", 2 * len(mix) / core, "polls", baseline, MANY / EVERY))
    return rows


async def _plain(urls: Sequence[str]) -> float:
    """Seconds for the second round."""
    etags: dict[str, str] = {}
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(2):
            start = time.perf_counter()
            for url in urls:
                answer = await client.get(url, headers={"If-None-Match": etags.get(url, "")})
                etags[url] = answer.headers["ETag"]
                if answer.status_code != 304:
                    feedparser.parse(io.BytesIO(answer.content))
    return time.perf_counter() - start


async def _ours(host: str, urls: Sequence[str], rounds: int) -> tuple[float, float]:
    """Seconds, and seconds of computing of all processes, for some rounds after a first one that is not counted."""
    fetcher, parser = Fetcher(Guard({host})), ParserPool()
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "bench.db")
        storage = Storage(database, utc_now)
        rules = Rules(timedelta(hours=6))
        visitor = Visitor(storage, fetcher, parser, Intervals(), rules, lambda: None, utc_now, lambda: 0.5)
        poller = Poller(storage, visitor, {host})

        def prepare(store: Store) -> None:
            store.chats.ensure(1, "private")
            for text in queries(WATCHES):
                store.watches.add(1, parse(text))
            for url in urls:
                store.feeds.add(url)

        await storage.run(prepare)
        await _round(storage, poller)
        start, used = time.perf_counter(), _computed()
        for _ in range(rounds):
            await storage.run(lambda store: store.feeds._write("UPDATE feeds SET next_poll = 0"))
            await _round(storage, poller)
        took, used = time.perf_counter() - start, _computed() - used
        await poller.drain()
        database.close()
    await fetcher.aclose()
    parser.close()
    return took, used


async def _round(storage: Storage, poller: Poller) -> None:
    while await storage.run(lambda store: store.feeds.due(1)):
        await poller.tick()
        await asyncio.gather(*poller._running.values())
    failing = await storage.run(lambda store: store.feeds.counts()["failing"])
    assert not failing


def _computed() -> float:
    """Seconds of a core that this process and its children have had so far."""
    ticks = 0
    for child in multiprocessing.active_children():
        fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # utime and stime, proc(5)
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")
