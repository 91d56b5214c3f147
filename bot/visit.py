"""One poll of one feed: fetch, parse, hand over to `ingest`, and say when to come back.

DueFeed ─fetch→ 304, or Fetched ─parse→ ParsedFeed ─ingest→ how many items were new ─cadence→ the next poll
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from bot import cadence
from bot.cadence import Hints, Intervals, Polled
from bot.clock import Clock
from bot.fetch import Fetched, Fetcher, FetchError
from bot.ingest import ingest
from bot.metrics import Metrics
from bot.parse import ParsedFeed, ParseError, ParserPool
from bot.store import Storage, Store
from bot.store.feeds import DueFeed, PollResult
from bot.storybook import StoryBook
from bot.tell import Rules
from bot.watching import WatchIndex
from bot.websub import WebSub
from watchlists.i18n import N_

log = logging.getLogger(__name__)

_LAST = N_("That was the third time in a row, so it is polled no more.")
_DEATHS = 3  # documents in a row that end their parser: then the feed is polled no more


class Visitor:
    """Polls feeds, any number at once; whatever happens is recorded in their rows."""

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
        websub: WebSub | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._storage = storage
        self._fetcher = fetcher
        self._parser = parser
        self._intervals = intervals
        self._rules = rules
        self._enqueued = enqueued
        self._clock = clock
        self._roll = roll
        self._websub = websub
        self._metrics = metrics or Metrics()
        self._watches = WatchIndex()
        self._stories = StoryBook()

    async def visit(self, feed: DueFeed) -> None:
        """Poll the feed. One that was not slow so far has little time; if it needs more it stays due, as a slow one."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            async with self._fetcher.holding(feed.url, feed.etag, feed.last_modified, patient=feed.slow) as fetched:
                took = loop.time() - start
                parsed = None
                if not fetched.not_modified:
                    parsed = await self._parser.parse(fetched, lang=feed.lang, slow=feed.slow)
        except FetchError as error:
            if error.kind == "timeout" and not feed.slow:
                self._metrics.polled("slow")
                await self._storage.run(lambda store: store.feeds.found_slow(feed.id))
                return
            self._metrics.poll_failed(error.kind, parsing=False)
            await self.failed(feed, str(error), retry_after=error.retry_after, gone=error.gone)
        except ParseError as error:
            self._metrics.poll_failed(error.kind, parsing=True)
            last = error.deadly and feed.reader_deaths + 1 >= _DEATHS
            reason = f"{error} {_LAST}" if last else str(error)
            await self.failed(feed, reason, stopped=last, deadly=error.deadly)
        else:
            await self._succeeded(feed, fetched, parsed, took)

    async def failed(
        self,
        feed: DueFeed,
        reason: str,
        *,
        retry_after: float | None = None,
        stopped: bool = False,
        gone: bool = False,
        deadly: bool = False,
    ) -> None:
        """Record that a poll went wrong."""
        polled = Polled(self._interval(feed), feed.failures + 1, retry_after, feed.hints)
        when = cadence.next_poll(self._clock(), self._intervals, polled, self._roll())
        again = when.isoformat(timespec="seconds")
        log.warning("feed %d (%s): %s Next poll at %s.", feed.id, feed.url, reason, again, extra={"feed": feed.id})
        await self._storage.run(
            lambda store: store.feeds.failed(feed.id, reason, when, stopped=stopped, gone=gone, deadly=deadly)
        )

    def broke(self) -> None:
        """A poll ended in an error of ours."""
        self._metrics.own_error("poll")

    async def _succeeded(self, feed: DueFeed, fetched: Fetched, parsed: ParsedFeed | None, took: float) -> None:
        result = _result(feed, fetched, parsed, took)

        def work(store: Store) -> Counter[str]:
            if parsed is None:
                store.feeds.succeeded(feed.id, result)
                counts: Counter[str] = Counter()
            else:
                counts = ingest(store, self._watches, self._stories, feed, parsed, result, self._rules)
            if self._websub and parsed and parsed.whole:
                self._websub.note(store, feed, fetched, parsed)
            self._schedule(store, feed, Polled(retry_after=fetched.retry_after, hints=result.hints), counts["new"])
            return counts

        counts = await self._storage.run(work)
        self._metrics.polled("not_modified" if parsed is None else "new" if counts["new"] else "known")
        self._tell(feed, counts)

    async def pushed(self, feed: DueFeed, fetched: Fetched) -> None:
        """Take up what a hub has pushed, as after a poll.

        What cannot be read has the feed polled soon, and so has one of which is not known yet what is old in it.
        """
        parsed = None
        if feed.primed:
            try:
                parsed = await self._parser.parse(fetched, lang=feed.lang, slow=True)
            except ParseError as error:
                about = {"feed": feed.id}
                log.info("what was pushed for feed %d (%s) cannot be read: %s", feed.id, feed.url, error, extra=about)
        if parsed is None:
            await self._storage.run(lambda store: store.feeds.hurry(feed.id, self._intervals.minimum))
            return
        self._tell(
            feed,
            await self._storage.run(
                lambda store: ingest(store, self._watches, self._stories, feed, parsed, None, self._rules)
            ),
        )

    def _tell(self, feed: DueFeed, counts: Counter[str]) -> None:
        self._metrics.ingested(counts)
        if counts["new"]:
            log.info("feed %d (%s): %s", feed.id, feed.url, dict(counts), extra={"feed": feed.id})
        if any(counts[name] for name in ("ALERT", "FOLLOW_UP", "RAISED", "BURST", "edits")):
            self._enqueued()

    def _schedule(self, store: Store, feed: DueFeed, polled: Polled, new: int) -> None:
        changed = feed.primed and new > 0  # all is new to the first poll
        elapsed = (store.now - feed.last_success).total_seconds() if feed.last_success else 0.0
        habit = cadence.learn(feed.habit, max(0.0, elapsed), changed)
        known = replace(feed, habit=habit, last_change=store.now if changed else feed.last_change)
        polled = replace(polled, interval=self._interval(known))
        when = cadence.next_poll(store.now, self._intervals, polled, self._roll())
        if self._websub:
            when = self._websub.later(store, feed, when, changed=changed)
        store.feeds.schedule(feed.id, when, habit, changed=changed)

    def _interval(self, feed: DueFeed) -> float:
        quiet = (self._clock() - feed.last_change).total_seconds() if feed.last_change else float("inf")
        return cadence.interval(self._intervals, feed.habit, quiet)


def _result(feed: DueFeed, fetched: Fetched, parsed: ParsedFeed | None, took: float) -> PollResult:
    if parsed is None:  # a 304 is about what was said before, and may say it anew (RFC 9111 §4.3.4)
        return PollResult(
            etag=fetched.etag or feed.etag,
            last_modified=fetched.last_modified or feed.last_modified,
            moved_to=fetched.moved_to or "",
            took=took,
            hints=replace(feed.hints, max_age=feed.hints.max_age if fetched.max_age is None else fetched.max_age),
        )
    return PollResult(
        # The rest of a document that was cut off must not be hidden behind a 304.
        etag=fetched.etag if parsed.whole else "",
        last_modified=fetched.last_modified if parsed.whole else "",
        title=parsed.title,
        items=len(parsed.items),
        moved_to=fetched.moved_to or "",
        took=took,
        hints=Hints(fetched.max_age, parsed.ttl, parsed.skip_hours, parsed.skip_days),
        whole=parsed.whole,
    )
