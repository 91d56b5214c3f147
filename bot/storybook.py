"""The stories of the last 72 hours, kept up to date from the database.

It lives on the database thread. Instead of being told what was stored (and missing it in a crash) it asks the database
before each use for the items that it has not seen; what a transaction added that was rolled back goes the same way.
"""

import gc
import logging
from collections.abc import Sequence
from datetime import datetime

from bot.store import Store
from watchlists.model import Item
from watchlists.stories import LIFE, Join, StoryIndex

log = logging.getLogger(__name__)

_MANY = 1_000  # items at once: a start


class StoryBook:
    """Says which story an item joins. `refresh` it first in each transaction; it holds for that transaction."""

    def __init__(self) -> None:
        self._index = StoryIndex()
        self._last = 0  # id of the newest item in the index

    def refresh(self, store: Store) -> None:
        """Take over what has been stored since the last call, and forget what is over."""
        if store.items.newest() < self._last:  # a transaction that had added items was rolled back
            self._index, self._last = StoryIndex(), 0
        opened = store.now - LIFE
        self._index.expire(opened)
        unseen = store.items.sorted_since(self._last, opened)
        if len(unseen) > _MANY:
            self._start(unseen)
            return
        for stored in unseen:
            self._take(*stored)

    def _start(self, unseen: Sequence[tuple[int, int, datetime, Item]]) -> None:
        """Take over many items, without the garbage collector, which would go through the index again and again."""
        gc.disable()
        try:
            for stored in unseen:
                self._take(*stored)
        finally:
            gc.enable()
        gc.freeze()
        log.info("%d stories of the last %d hours are known", len(self._index), LIFE.total_seconds() // 3600)

    def _take(self, item_id: int, story_id: int, seen: datetime, item: Item) -> None:
        self._index.add(item, item.url, story_id, seen)
        self._last = item_id

    def find(self, item: Item, link: str, now: datetime) -> Join | None:
        """The story that a new item joins; `link` is its canonical link, or "" where that is not its own."""
        return self._index.find(item, link, now)

    def add(self, item_id: int, item: Item, link: str, story_id: int, now: datetime) -> None:
        """The item has been stored under this story."""
        self._index.add(item, link, story_id, now)
        self._last = item_id
