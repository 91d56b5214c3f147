"""Parsing feeds in child processes that can be killed.

    Fetched ─► ParserPool.parse ─► child: bot.parse_child ─► ParsedFeed, or ParseError with its kind

A thread cannot be stopped and feedparser sometimes must be: 1 MB with 100,000 attributes keeps it busy for
minutes. Each child has a limit of time for a feed and of memory for good; one that breaks it is replaced.
"""

import asyncio
import multiprocessing
import signal
import sys
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from typing import Any, Literal

from pebble import ProcessExpired, ProcessPool

from bot.clock import Clock, utc_now
from bot.entries import ParsedFeed
from bot.fetch import Fetched
from bot.parse_child import EXIT_MEMORY, Document, read_within, start
from watchlists.errors import WirewatchError
from watchlists.i18n import N_

__all__ = ["ParseError", "ParseErrorKind", "ParsedFeed", "ParserPool"]

ParseErrorKind = Literal[
    "empty",
    "not_a_feed",
    "cut_off",  # before its first entry
    "malformed",  # a feed so broken that feedparser raises
    "timeout",
    "memory",
    "crash",  # the child died for another reason
]

_SENTENCES: dict[ParseErrorKind, str] = {
    "empty": N_("There is nothing at this address: the answer is empty."),
    "not_a_feed": N_("This is not a feed."),
    "cut_off": N_("This feed is cut off before its first entry."),
    "malformed": N_("This feed is too broken to be read."),
    "timeout": N_("This feed takes too long to read."),
    "memory": N_("This feed needs too much memory to be read."),
    "crash": N_("Reading this feed ended its reader."),
}
_MIB = 2**20
_GRACE = 1.0  # seconds after which the parent kills a child whose own alarm failed
_TASKS = 1_000  # feeds that one child reads: memory it may leak stays small


class ParseError(WirewatchError):
    """A document that gave no feed, and why. `deadly`: it was the end of its reader, and would be again."""

    def __init__(self, kind: ParseErrorKind, *, deadly: bool = False) -> None:
        super().__init__(_SENTENCES[kind])
        self.kind: ParseErrorKind = kind
        self.deadly = deadly


class NoParsers(WirewatchError):
    """The child processes do not start."""

    exit_code = 1

    def __init__(self) -> None:
        super().__init__(
            f"The processes that read feeds do not start: {sys.executable} has to be executable for the user that runs "
            "this, and there has to be room for a few processes more."
        )


class ParserPool:
    """`workers` child processes, started at once; further feeds wait their turn. Close it with `close`.

    `wall_limit` is in seconds for one feed, `memory_limit` in bytes of address space for one child: the largest
    feed that is fetched, 5 MB of articles, needs a quarter of it. Of two children or more, slow feeds leave one to
    the others.
    """

    def __init__(
        self,
        workers: int = 2,
        wall_limit: float = 5.0,
        memory_limit: int = 256 * _MIB,
        clock: Clock = utc_now,
    ) -> None:
        self._workers = workers
        self._wall_limit = wall_limit
        self._memory_limit = memory_limit
        self._clock = clock
        self._turns = asyncio.Semaphore(workers)
        self._slow_turns = asyncio.Semaphore(max(1, workers - 1))
        self._closed = False
        self._pool = self._new_pool()

    async def parse(self, fetched: Fetched, *, lang: str = "", slow: bool = False) -> ParsedFeed:
        """The feed in `fetched.body`; raise `ParseError`.

        `lang` is its language as the operator says, where the feed does not; `slow`: others should not wait for it.
        """
        if not fetched.body.strip():
            raise ParseError("empty")
        languages = (lang, fetched.language)
        document = Document(fetched.body, fetched.url, fetched.content_type, languages, self._clock())
        # A turn of our own, since Pebble counts the time from when a child takes the feed, not from here.
        async with self._slow_turns if slow else nullcontext(), self._turns:
            job = self._schedule(document)
            outcome = asyncio.wrap_future(job)
            try:
                await asyncio.wait([outcome])
            finally:
                job.cancel()  # whoever waited has gone: Pebble stops the child. Nothing where it is done.
        error = outcome.exception()
        if error is not None:
            raise _parse_error(error) from error
        parsed = outcome.result()
        if parsed is None:
            raise ParseError("not_a_feed")
        if not parsed.whole and not parsed.items:
            raise ParseError("cut_off")
        return parsed

    def close(self) -> None:
        """End the children, busy or not; takes 3 s at most."""
        self._closed = True
        _stop(self._pool)

    def _schedule(self, document: Document) -> "Future[ParsedFeed | None]":
        arguments = (self._wall_limit, document)
        limit = self._wall_limit + _GRACE
        try:
            return self._pool.schedule(read_within, args=arguments, timeout=limit)
        except RuntimeError:
            if self._closed:
                raise
        # A child that dies idle (the kernel's out-of-memory killer) takes Pebble's whole pool with it.
        _stop(self._pool)
        self._pool = self._new_pool()
        return self._pool.schedule(read_within, args=arguments, timeout=limit)

    def _new_pool(self) -> ProcessPool:
        # Never fork this process: it has threads and an event loop. The fork server is clean, has feedparser
        # imported already, and so replaces a killed child within milliseconds.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([read_within.__module__])
        pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=_TASKS,
            initializer=start,
            initargs=(self._memory_limit,),
            context=context,
        )
        try:
            active = pool.active
        except (BrokenProcessPool, OSError) as error:
            raise NoParsers from error
        if not active:
            raise NoParsers
        return pool


def _stop(pool: Any) -> None:  # Any: Pebble leaves these two without types
    pool.stop()
    pool.join()


def _parse_error(error: BaseException) -> ParseError:
    if isinstance(error, ProcessExpired):
        known: dict[int, ParseErrorKind] = {
            EXIT_MEMORY: "memory",
            -signal.SIGPROF: "timeout",
            -signal.SIGALRM: "timeout",
        }
        # SIGALRM: the machine was busy. SIGKILL, SIGTERM: someone from outside. All others are the document's doing.
        mild = (-signal.SIGALRM, -signal.SIGKILL, -signal.SIGTERM)
        return ParseError(known.get(error.exitcode, "crash"), deadly=error.exitcode not in mild)
    if isinstance(error, TimeoutError):
        return ParseError("timeout")
    if isinstance(error, BrokenProcessPool | asyncio.CancelledError):
        return ParseError("crash")
    return ParseError("malformed")  # what feedparser raised in the child
