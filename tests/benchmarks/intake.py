"""A poll's work beside feedparser alone: parsing in a child process, new items, matching, storing."""

import asyncio
import io
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import feedparser

from bot.clock import utc_now
from bot.db import Database
from bot.fetch import Fetched
from bot.ingest import ingest
from bot.parse import ParserPool
from bot.store import Storage, Store
from bot.store.feeds import DueFeed, PollResult
from bot.storybook import StoryBook
from bot.tell import Rules
from bot.watching import WatchIndex
from tests.benchmarks.rows import Row
from tests.benchmarks.text import headlines, queries
from tests.newsstand import Story, rss
from watchlists.query import parse

FEEDS, ITEMS, WATCHES = 20, 50, 1_000


def run() -> list[Row]:
    """Items a second from bytes to committed rows."""
    bodies = [_document(number) for number in range(FEEDS)]
    start = time.perf_counter()
    for body in bodies:
        feedparser.parse(io.BytesIO(body))
    theirs = FEEDS * ITEMS / (time.perf_counter() - start)
    ours = asyncio.run(_ours(bodies))
    return [Row(f"parse, match ({WATCHES:,} watches) and store", ours, "items/s", "feedparser.parse alone", theirs)]


def _document(number: int) -> bytes:
    stories = [
        Story(item.title, f"https://n{number}.example/{item.id}", f"{number}-{item.id}", item.summary)
        for item in headlines(ITEMS, seed=number)
    ]
    return rss(f"feed {number}", stories)


async def _ours(bodies: list[bytes]) -> float:
    pool, index, stories = ParserPool(), WatchIndex(), StoryBook()
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "bench.db")
        storage = Storage(database, utc_now)

        def prepare(store: Store) -> list[DueFeed]:
            store.chats.ensure(1, "private")
            for text in queries(WATCHES):
                store.watches.add(1, parse(text))
            for number in range(FEEDS):
                store.feeds.add(f"https://n{number}.example/feed")
            index.refresh(store.watches)
            return list(store.feeds.due(FEEDS))

        feeds = await storage.run(prepare)
        await pool.parse(Fetched(200, "https://warm.example", bodies[0]))
        start = time.perf_counter()
        for feed, body in zip(feeds, bodies, strict=True):
            parsed = await pool.parse(Fetched(200, feed.url, body))
            result = PollResult("", "", parsed.title, len(parsed.items))
            await storage.run(
                lambda store, feed=feed, parsed=parsed, result=result: ingest(
                    store, index, stories, feed, parsed, result, Rules(timedelta(hours=6))
                )
            )
        took = time.perf_counter() - start
        database.close()
    pool.close()
    return FEEDS * ITEMS / took
