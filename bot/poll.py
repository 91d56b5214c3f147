"""Which feeds are due, and one poll of one feed: fetch, parse, hand over to `ingest`.

At most 16 polls run at once and two per host; a slow host takes only its own two places.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable
from urllib.parse import urlsplit

from bot import cadence
from bot.cadence import Intervals, Polled
from bot.clock import Clock
from bot.fetch import Fetched, Fetcher, FetchError
from bot.ingest import ingest
from bot.parse import ParseError, ParserPool
from bot.store import Storage, Store
from bot.store.feeds import DueFeed, PollResult
from bot.tell import Rules
from bot.watching import WatchIndex

log = logging.getLogger(__name__)

AT_ONCE = 16
PER_HOST = 2
LOOK_AHEAD = 500


class Poller:
    """Keeps the due feeds moving. `tick` it about once a second; `drain` it before the end."""

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
        self._hosts: Counter[str] = Counter()

    async def tick(self) -> None:
        """Ask the database which feeds are due, and start as many polls as there are places."""

        def look(store: Store) -> list[DueFeed]:
            store.progress.mark("polling")
            return store.feeds.due(LOOK_AHEAD)

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
        while self._due and len(self._running) < AT_ONCE:
            feed = self._due.popleft()
            host = _host(feed.url)
            if self._hosts[host] >= PER_HOST:
                held_back.append(feed)
                continue
            self._hosts[host] += 1
            self._running[feed.id] = asyncio.create_task(self._poll_and_go_on(feed, host))
        self._due.extendleft(reversed(held_back))

    async def _poll_and_go_on(self, feed: DueFeed, host: str) -> None:
        try:
            await self.poll(feed)
        except Exception:
            # The boundary of a job: one feed that breaks our code must not stop the others.
            log.exception("the poll of feed %d (%s) ended in an error of ours", feed.id, feed.url)
            await self._failed(feed, "an error on our side; it is in the log", Polled(failures=feed.failures + 1))
        finally:
            self._hosts[host] -= 1
            if not self._hosts[host]:
                del self._hosts[host]
            del self._running[feed.id]
            self._fill()

    async def poll(self, feed: DueFeed) -> None:
        """Fetch, parse and ingest one feed; whatever happens is recorded in its row."""
        try:
            async with self._fetcher.holding(feed.url, feed.etag, feed.last_modified) as fetched:
                if fetched.not_modified:
                    result = self._result(feed, fetched, ttl=None)
                    await self._storage.run(lambda store: store.feeds.succeeded(feed.id, result))
                    return
                parsed = await self._parser.parse(fetched)
        except FetchError as error:
            polled = Polled(failures=feed.failures + 1, retry_after=error.retry_after)
            await self._failed(feed, str(error), polled, stopped=error.gone)
            return
        except ParseError as error:
            await self._failed(feed, str(error), Polled(failures=feed.failures + 1))
            return
        result = self._result(feed, fetched, parsed.ttl, parsed.title, len(parsed.items))
        counts = await self._storage.run(lambda store: ingest(store, self._index, feed, parsed, result, self._rules))
        if counts["new"]:
            log.info("feed %d (%s): %s", feed.id, feed.url, dict(counts))
        if counts["ALERT"] or counts["FOLLOW_UP"] or counts["edits"]:
            self._enqueued()

    def _result(
        self,
        feed: DueFeed,
        fetched: Fetched,
        ttl: float | None,
        title: str | None = None,
        items: int | None = None,
    ) -> PollResult:
        polled = Polled(retry_after=fetched.retry_after, max_age=fetched.max_age, ttl=ttl)
        return PollResult(
            etag=fetched.etag or (feed.etag if fetched.not_modified else ""),
            last_modified=fetched.last_modified or (feed.last_modified if fetched.not_modified else ""),
            next_poll=cadence.next_poll(self._clock(), self._intervals, polled, self._roll()),
            title=title,
            items=items,
            moved_to=fetched.moved_to or "",
        )

    async def _failed(self, feed: DueFeed, reason: str, polled: Polled, *, stopped: bool = False) -> None:
        when = cadence.next_poll(self._clock(), self._intervals, polled, self._roll())
        log.warning("feed %d (%s): %s Next poll at %s.", feed.id, feed.url, reason, when.isoformat(timespec="seconds"))
        await self._storage.run(lambda store: store.feeds.failed(feed.id, reason, when, stopped=stopped))


def _host(url: str) -> str:
    """The host that is spared; an address that cannot be read is its own, and its poll says what is wrong."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return url
