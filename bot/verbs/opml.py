"""Feeds of the bot from an OPML file, or as one. Works while the bot runs.

`import FILE` (`-`: standard input) fetches each feed of the file through the guard and adds those that answer, for
all chats: one line for each on stdout, and exit code 1 where one was not added. `export` prints the feeds of the bot;
those that chats have added for themselves are theirs.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.clock import utc_now
from bot.config import Settings, load_settings
from bot.db import Database
from bot.discover import Finder
from bot.fetch import Fetcher, FetchError
from bot.guard import Guard
from bot.parse import ParseError, ParserPool
from bot.store import Storage, Store
from watchlists import opml
from watchlists.clean import clean
from watchlists.errors import ListError
from watchlists.opml import Outline
from watchlists.sample import FeedSample

HELP = "feeds as OPML: import, export"

AT_ONCE = 8
MAX_BYTES = 10_000_000
TITLE = "The feeds of this Wirewatch"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which way."""
    ways = parser.add_subparsers(dest="way", metavar="import|export", required=True)
    reading = ways.add_parser("import", help="add the feeds of a file")
    reading.add_argument("file", metavar="FILE", help="an OPML file; - for standard input")
    ways.add_parser("export", help="print the feeds of the bot")


def main(arguments: argparse.Namespace) -> int:
    """Import or export; 1 where a feed was not added."""
    settings = load_settings()
    if arguments.way == "export":
        return _with_storage(settings, Database.visit, _export)
    unique: dict[str, Outline] = {}
    for outline in opml.outlines(opml.decoded(_read(arguments.file)), arguments.file):
        unique.setdefault(outline.url, outline)
    lines = list(unique.values())
    if not lines:
        raise ListError(f"There are no feeds in {arguments.file}.")
    return _with_storage(settings, Database.join, lambda storage: asyncio.run(_import(settings, storage, lines)))


def _with_storage(settings: Settings, how: Callable[[Path], Database], work: Callable[[Storage], int]) -> int:
    database = how(settings.database)
    try:
        return work(Storage(database, utc_now))
    finally:
        database.close()


def _export(storage: Storage) -> int:
    feeds = storage.run_blocking(lambda store: store.feeds.common())
    text = opml.document(TITLE, [(feed.title, feed.url) for feed in feeds])
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
    return 0


def _read(name: str) -> bytes:
    try:
        with sys.stdin.buffer if name == "-" else Path(name).open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ListError(f"{name} cannot be read: {error.strerror}.") from None
    except ValueError:  # a NUL in the name
        raise ListError(f"{name!r} is no name of a file.") from None
    if len(body) > MAX_BYTES:
        raise ListError(f"{name} is larger than {MAX_BYTES / 1_000_000:g} MB.")
    return body


async def _import(settings: Settings, storage: Storage, lines: Sequence[Outline]) -> int:
    fetcher, parser = Fetcher(Guard(settings.allow_private_feeds)), ParserPool()
    finder = Finder(fetcher, parser, utc_now)
    places = asyncio.Semaphore(AT_ONCE)

    async def one(outline: Outline) -> str:
        async with places:
            try:
                return await _add(storage, outline, await finder.check(outline.url))
            except (FetchError, ParseError) as error:
                return f"not added: {error}"

    tasks = [asyncio.create_task(one(outline)) for outline in lines]
    failed = 0
    try:
        for outline, task in zip(lines, tasks, strict=True):
            result = await task
            failed += result.startswith("not")
            print(f"line {outline.line}: {clean(outline.url)}: {result}", flush=True)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(parser.close)
        await fetcher.aclose()
    if failed:
        print(f"wirewatch: {failed} of {len(lines)} feeds were not added", file=sys.stderr)
    return 1 if failed else 0


async def _add(storage: Storage, outline: Outline, found: FeedSample) -> str:
    title = found.title or clean(outline.title)

    def add(store: Store) -> bool:
        added = store.feeds.add(found.url, title)
        if added:
            store.audit.record(0, "share_feed", found.url, {"title": title}, "opml import")
        return added

    added = await storage.run(add)
    return f"added: {title}" if added else "known already"
