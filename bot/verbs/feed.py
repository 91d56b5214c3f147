"""Fetch or read feeds, and print their items as JSON lines.

Each SOURCE is a web address (fetched through the guard, as the bot would) or a file. Every line has `feed`, the
source as given, and the fields of an item. A source that fails gives one line on stderr; the others go on. So does
one that is cut off, after the items before the cut, and a feed without entries, which is no failure. Of a feed with
more than 500 items the first 500 are read, as the bot does.
"""

import argparse
import asyncio
import re
import signal
import sys
from collections import deque
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from bot.config import load_settings
from bot.fetch import Fetched, Fetcher, FetchError
from bot.guard import Guard
from bot.jsonlines import item_to_dict, to_line
from bot.parse import ParsedFeed, ParseError, ParserPool

HELP = "print the items of feeds as JSON lines"

_AT_ONCE = 2
_MAX_BYTES = 5_000_000
_WEB = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PROGRESS_EVERY = 25  # sources


class _UnreadableError(Exception):
    """A source that gives no bytes; its text says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sources."""
    parser.add_argument("sources", metavar="SOURCE", nargs="+", help="a web address, or a file")


def main(arguments: argparse.Namespace) -> int:
    """Print the items of every source, in the order given; 1 where a source failed."""
    allow_private = load_settings().allow_private_feeds
    try:
        return asyncio.run(_endable(_print_all(arguments.sources, allow_private)))
    except asyncio.CancelledError:
        return 128 + signal.SIGTERM


async def _endable(work: Coroutine[Any, Any, int]) -> int:
    """The work, ended by SIGTERM and SIGHUP as by Ctrl-C: what the parser's processes have made goes with them."""
    task = asyncio.ensure_future(work)
    for signum in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(signum, task.cancel)
    return await task


async def _print_all(sources: Sequence[str], allow_private: frozenset[str]) -> int:
    reader = _Reader(allow_private)
    waiting = deque(enumerate(sources))
    running: deque[tuple[str, asyncio.Task[ParsedFeed]]] = deque()
    failed = 0
    try:
        while waiting or running:
            while waiting and len(running) < _AT_ONCE:
                number, source = waiting.popleft()
                running.append((source, asyncio.create_task(reader.read(source))))
                _progress(number, len(sources))
            source, task = running.popleft()
            try:
                parsed = await task
            except (FetchError, ParseError, _UnreadableError) as error:
                failed += 1
                _remark(source, str(error))
            else:
                failed += not parsed.whole
                _print_items(source, parsed)
                if not parsed.whole:
                    _remark(source, "This feed is cut off; its items before the cut are printed.")
                elif not parsed.items:
                    _remark(source, "This feed has no entries.")
    finally:
        await reader.aclose()  # first: for each parse that is cancelled a new process would begin
        for _, task in running:
            task.cancel()
        await asyncio.gather(*(task for _, task in running), return_exceptions=True)
    return 1 if failed else 0


class _Reader:
    """Reads one source at a time or a few; starts what it needs when it is needed."""

    def __init__(self, allow_private: frozenset[str]) -> None:
        self._allow_private = allow_private
        self._fetcher: Fetcher | None = None
        self._parser = ParserPool(_AT_ONCE)

    async def read(self, source: str) -> ParsedFeed:
        """The feed at `source`; raise `FetchError`, `ParseError` or `_UnreadableError`."""
        if _WEB.match(source):
            if self._fetcher is None:
                self._fetcher = Fetcher(Guard(self._allow_private), max_bytes=_MAX_BYTES)
            return await self._parser.parse(await self._fetcher.fetch(source))
        body = await asyncio.to_thread(_read_file, Path(source))
        return await self._parser.parse(Fetched(status=200, url="", body=body))

    async def aclose(self) -> None:
        """End the parser's processes and the connections."""
        await asyncio.to_thread(self._parser.close)
        if self._fetcher is not None:
            await self._fetcher.aclose()


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise _UnreadableError(f"cannot be read: {error.strerror}.") from None
    except ValueError:  # a NUL in the name
        raise _UnreadableError("is no name of a file.") from None
    if len(body) > _MAX_BYTES:
        raise _UnreadableError(f"is larger than {_MAX_BYTES / 1_000_000:g} MB.")
    return body


def _print_items(source: str, parsed: ParsedFeed) -> None:
    lines = (to_line({"feed": source, **item_to_dict(item)}) + "\n" for item in parsed.items)
    # Bytes: the output is UTF-8 whatever the terminal's own encoding is.
    sys.stdout.flush()
    sys.stdout.buffer.write("".join(lines).encode("utf-8"))
    sys.stdout.buffer.flush()


def _remark(source: str, sentence: str) -> None:
    print(f"wirewatch: {_printable(source)}: {sentence}", file=sys.stderr)


def shows_progress(*, err: bool, out: bool) -> bool:
    """Whether to show progress, by which of stderr and stdout are terminals: not in between the items."""
    return err and not out


def _progress(number: int, total: int) -> None:
    """A line that is overwritten."""
    last = number == total - 1
    if not last and number % _PROGRESS_EVERY:
        return
    if shows_progress(err=sys.stderr.isatty(), out=sys.stdout.isatty()):
        print(f"\r{number + 1} of {total} feeds", end="\n" if last else "", file=sys.stderr, flush=True)


def _printable(source: str) -> str:
    """A source as one line of text that any terminal can show."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in source)
