"""The fast index over all watches, kept up to date from the database.

It lives on the database thread. Instead of being told of changes (and missing one in a crash) it asks the
database, before each use, for what has a higher revision than it has seen.
"""

import gc
import logging
from collections import defaultdict

from bot.store.watches import Watches
from watchlists import query as query_language
from watchlists.errors import QueryError
from watchlists.index import Index
from watchlists.model import Hit, Item, Watch

log = logging.getLogger(__name__)

_MANY = 1_000  # changes at once: a start


class WatchIndex:
    """Equal queries of different chats are one entry of the index, so a popular watch is matched once."""

    def __init__(self) -> None:
        self._index = Index()
        self._revision = 0
        self._entries: dict[str, int] = {}
        self._watches: dict[int, dict[int, Watch]] = {}
        self._entry_of: dict[int, tuple[str, int]] = {}
        self._next_entry = 1

    def refresh(self, watches: Watches) -> None:
        """Take over what has changed since the last call."""
        changed = watches.changed_since(self._revision)
        for revision, watch, active in changed:
            self._drop(watch.id)
            self._revision = revision
            if active:
                try:
                    self._put(watch)
                except QueryError as error:  # an older version could read it: one such watch must not stop all
                    log.error("watch %d (%s) cannot be read and alerts nobody: %s", watch.id, watch.text, error)
        if len(changed) > _MANY:
            gc.freeze()  # the garbage collector need not go through the index again and again: it stays

    def hits(self, item: Item) -> dict[int, list[Hit]]:
        """The watches that hit the item, by chat; each chat's by number."""
        by_chat: dict[int, list[Hit]] = defaultdict(list)
        for entry, match in self._index.hits(item):
            for watch in self._watches[entry].values():
                by_chat[watch.chat_id].append(Hit(watch, match))
        for hits in by_chat.values():
            hits.sort(key=lambda hit: hit.watch.number)
        return dict(by_chat)

    def _put(self, watch: Watch) -> None:
        query = query_language.parse(watch.text)
        asked = query.ordered_key
        entry = self._entries.get(asked)
        if entry is None:
            entry = self._entries[asked] = self._next_entry
            self._next_entry += 1
            self._watches[entry] = {}
            self._index.add(entry, query)
        self._watches[entry][watch.id] = watch
        self._entry_of[watch.id] = (asked, entry)

    def _drop(self, watch_id: int) -> None:
        key, entry = self._entry_of.pop(watch_id, ("", 0))
        if not entry:
            return
        del self._watches[entry][watch_id]
        if not self._watches[entry]:
            del self._watches[entry], self._entries[key]
            self._index.remove(entry)
