"""Which feeds are due, and how many of them are polled side by side.

A feed in good standing has little time to answer: where that is not enough, it is polled again with more patience,
as one of the slow ones, which have places of their own (`bot.hosts`).
"""

import asyncio
import logging
from collections import deque
from collections.abc import Container

from bot.hosts import Places, host_of
from bot.store import Storage, Store
from bot.store.feeds import DueFeed
from bot.visit import Visitor
from watchlists.i18n import N_

log = logging.getLogger(__name__)

LOOK_AHEAD, OF_ONE_HOST, SLOW_ONES = 500, 20, 100  # feeds of one look: in all, and at most of these


class Poller:
    """Keeps the due feeds moving. `tick` it about once a second; `drain` it before the end.

    A feed is polled up to a tick later than its row says. `own_hosts` (`host:port`) are the operator's, which need
    not be spared.
    """

    def __init__(self, storage: Storage, visitor: Visitor, own_hosts: Container[str] = frozenset()) -> None:
        self._storage = storage
        self._visitor = visitor
        self._due: deque[DueFeed] = deque()
        self._running: dict[int, asyncio.Task[None]] = {}
        self._places = Places(own_hosts)

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
            if self._places.take(host_of(feed.url), slow=feed.slow):
                self._running[feed.id] = asyncio.create_task(self._poll_and_go_on(feed))
            else:
                held_back.append(feed)
        self._due.extendleft(reversed(held_back))

    async def _poll_and_go_on(self, feed: DueFeed) -> None:
        try:
            await self._visitor.visit(feed)
        except Exception:
            # The boundary of a job: one feed that breaks our code must not stop the others.
            about = {"feed": feed.id}
            self._visitor.broke()
            log.exception("the poll of feed %d (%s) ended in an error of ours", feed.id, feed.url, extra=about)
            await self._visitor.failed(feed, N_("An error on our side; it is in the log."))
        finally:
            self._places.give_back(host_of(feed.url), slow=feed.slow)
            del self._running[feed.id]
            self._fill()
