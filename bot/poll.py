"""Which feeds are due, and one poll of one feed: fetch, parse, hand over to `ingest`.

A feed in good standing has little time to answer (`Fetcher`'s short timeout): if it is not enough, the feed is
polled again with the full time, as one of the slow ones, which have places of their own (`bot.hosts`).
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Container
from dataclasses import replace

from bot import cadence
from bot.cadence import Hints, Intervals, Polled
from bot.clock import Clock
from bot.fetch import Fetched, Fetcher, FetchError
from bot.hosts import Places, host_of
from bot.ingest import ingest
from bot.parse import ParsedFeed, ParseError, ParserPool
from bot.store import Storage, Store
from bot.store.feeds import DueFeed, PollResult
from bot.tell import Rules
from bot.watching import WatchIndex

log = logging.getLogger(__name__)

LOOK_AHEAD, OF_ONE_HOST, SLOW_ONES = 500, 20, 100  # feeds of one look: in all, and at most of these


class Poller:
    """Keeps the due feeds moving. `tick` it about once a second; `drain` it before the end.

    A feed is polled up to a tick later than its row says. `own_hosts` (`host:port`) are the operator's, which need
    not be spared.
    """

    def __init__(
        self,
        storage: Storage,
        fetcher: Fetcher,
        parser: ParserPool,
        intervals: Intervals,
        rules: Rules,
        enqueued: Callable[[], None],
        clock: Clock,
        roll: Callable[[], float],
        own_hosts: Container[str] = frozenset(),
    ) -> None:
        self._storage = storage
        self._fetcher = fetcher
        self._parser = parser
        self._intervals = intervals
        self._rules = rules
        self._enqueued = enqueued
        self._clock = clock
        self._roll = roll
        self._index = WatchIndex()
        self._due: deque[DueFeed] = deque()
        self._running: dict[int, asyncio.Task[None]] = {}
        self._places = Places(own_hosts)
        self._out_of_patience: set[int] = set()

    async def tick(self) -> None:
        """Ask the database which feeds are due, and start as many polls as there are places."""

        def look(store: Store) -> list[DueFeed]:
            store.progress.mark("polling")
            return store.feeds.due(LOOK_AHEAD, per_host=OF_ONE_HOST, slow=SLOW_ONES)

        due = await self._storage.run(look)
        self._due = deque(feed for feed in due if feed.id not in self._running)
        self._fill()

    async def drain(self) -> None:
        """Start no further poll and wait for those that run."""
        self._due.clear()
        for task in list(self._running.values()):
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _fill(self) -> None:
        held_back: list[DueFeed] = []
        while self._due and not self._places.full:
            feed = self._due.popleft()
            slow = feed.slow or feed.id in self._out_of_patience
            if self._places.take(host_of(feed.url), slow=slow):
                self._running[feed.id] = asyncio.create_task(self._poll_and_go_on(feed, slow))
            else:
                held_back.append(feed)
        self._due.extendleft(reversed(held_back))

    async def _poll_and_go_on(self, feed: DueFeed, slow: bool) -> None:
        try:
            await self.poll(feed, slow=slow)
        except Exception:
            # The boundary of a job: one feed that breaks our code must not stop the others.
            log.exception("the poll of feed %d (%s) ended in an error of ours", feed.id, feed.url)
            await self._failed(
                feed, "an error on our side; it is in the log", Polled(failures=feed.failures + 1, hints=feed.hints)
            )
        finally:
            self._places.give_back(host_of(feed.url), slow=slow)
            del self._running[feed.id]
            self._fill()

    async def poll(self, feed: DueFeed, *, slow: bool = False) -> None:
        """Fetch, parse and ingest one feed; whatever happens is recorded in its row."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            async with self._fetcher.holding(feed.url, feed.etag, feed.last_modified, patient=slow) as fetched:
                took = loop.time() - start
                if fetched.not_modified:
                    result = self._result(feed, fetched, took)
                    await self._storage.run(lambda store: store.feeds.succeeded(feed.id, result))
                    return
                parsed = await self._parser.parse(fetched, lang=feed.lang, slow=slow)
        except FetchError as error:
            if error.kind == "timeout" and not slow:
                self._out_of_patience.add(feed.id)
                return
            polled = Polled(failures=feed.failures + 1, retry_after=error.retry_after, hints=feed.hints)
            await self._failed(feed, str(error), polled, stopped=error.gone)
            return
        except ParseError as error:
            await self._failed(feed, str(error), Polled(failures=feed.failures + 1, hints=feed.hints))
            return
        finally:
            if slow:
                self._out_of_patience.discard(feed.id)
        await self._ingest(feed, parsed, self._result(feed, fetched, took, parsed))

    async def _ingest(self, feed: DueFeed, parsed: ParsedFeed, result: PollResult) -> None:
        counts = await self._storage.run(lambda store: ingest(store, self._index, feed, parsed, result, self._rules))
        if counts["new"]:
            log.info("feed %d (%s): %s", feed.id, feed.url, dict(counts))
        if counts["ALERT"] or counts["FOLLOW_UP"] or counts["edits"]:
            self._enqueued()

    def _result(self, feed: DueFeed, fetched: Fetched, took: float, parsed: ParsedFeed | None = None) -> PollResult:
        hints = _hints(feed, fetched, parsed)
        polled = Polled(retry_after=fetched.retry_after, hints=hints)
        old = feed if fetched.not_modified else None
        # The rest of a document that was cut off must not be hidden behind a 304.
        whole = parsed is None or parsed.whole
        return PollResult(
            etag=(fetched.etag or (old.etag if old else "")) if whole else "",
            last_modified=(fetched.last_modified or (old.last_modified if old else "")) if whole else "",
            next_poll=cadence.next_poll(self._clock(), self._intervals, polled, self._roll()),
            title=parsed.title if parsed else None,
            items=len(parsed.items) if parsed else None,
            moved_to=fetched.moved_to or "",
            took=took,
            hints=hints,
            whole=whole,
        )

    async def _failed(self, feed: DueFeed, reason: str, polled: Polled, *, stopped: bool = False) -> None:
        when = cadence.next_poll(self._clock(), self._intervals, polled, self._roll())
        log.warning("feed %d (%s): %s Next poll at %s.", feed.id, feed.url, reason, when.isoformat(timespec="seconds"))
        await self._storage.run(lambda store: store.feeds.failed(feed.id, reason, when, stopped=stopped))


def _hints(feed: DueFeed, fetched: Fetched, parsed: ParsedFeed | None) -> Hints:
    """What the publisher asks for: a 304 is about what was said before, and may say it anew (RFC 9111 §4.3.4)."""
    if parsed is None:
        return replace(feed.hints, max_age=feed.hints.max_age if fetched.max_age is None else fetched.max_age)
    return Hints(fetched.max_age, parsed.ttl, parsed.skip_hours, parsed.skip_days)
