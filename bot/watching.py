"""The fast index over all watches, kept up to date from the database.

It lives on the database thread. Instead of being told of changes (and missing one in a crash) it asks the
database, before each use, for what has a higher revision than it has seen.
"""

import logging
from collections import defaultdict

from bot.store.watches import Watches
from watchlists import query as query_language
from watchlists.errors import QueryError
from watchlists.index import Index, in_bulk
from watchlists.model import Hit, Item, Watch

log = logging.getLogger(__name__)

LISTS = 0  # in place of a chat's id: the hits of watches of lists
_MANY = 1_000  # changes that are read at once; where there are more it is a start


class WatchIndex:
    """Equal queries of different chats are one entry of the index, so a popular watch is matched once."""

    def __init__(self) -> None:
        self._index = Index()
        self._revision = 0
        self._entries: dict[str, int] = {}  # what is asked → its entry
        self._first: dict[int, Watch] = {}  # entry → a watch that asks for it
        self._others: dict[int, dict[int, Watch]] = {}  # entry → the others by their ids, where there are any
        self._entry_of: dict[int, int] = {}  # id of a watch → its entry
        self._next_entry = 1

    def refresh(self, watches: Watches) -> None:
        """Take over what has changed since the last call."""
        changed = watches.changed_since(self._revision, _MANY)
        if len(changed) < _MANY:
            self._take(changed)
            return
        with in_bulk():
            while changed:
                self._take(changed)
                changed = watches.changed_since(self._revision, _MANY)

    def hits(self, item: Item) -> dict[int, list[Hit]]:
        """The watches that hit the item, by chat, those of lists under `LISTS`; each chat's by number."""
        by_chat: dict[int, list[Hit]] = defaultdict(list)
        for entry, match in self._index.hits(item):
            for watch in (self._first[entry], *self._others.get(entry, {}).values()):
                by_chat[watch.chat_id].append(Hit(watch, match))
        for hits in by_chat.values():
            hits.sort(key=lambda hit: (hit.watch.list_id, hit.watch.number))
        return dict(by_chat)

    def _take(self, changed: list[tuple[int, Watch, bool]]) -> None:
        for revision, watch, active in changed:
            self._drop(watch.id)
            self._revision = revision
            if active:
                try:
                    self._put(watch)
                except QueryError as error:  # an older version could read it: one such watch must not stop all
                    log.error("watch %d (%s) cannot be read and alerts nobody: %s", watch.id, watch.text, error)

    def _put(self, watch: Watch) -> None:
        query = query_language.parse(watch.text)
        asked = query.ordered_key
        entry = self._entries.get(asked)
        if entry is None:
            entry = self._entries[asked] = self._next_entry
            self._next_entry += 1
            self._first[entry] = watch
            self._index.add(entry, query)
        else:
            self._others.setdefault(entry, {})[watch.id] = watch
        self._entry_of[watch.id] = entry

    def _drop(self, watch_id: int) -> None:
        entry = self._entry_of.pop(watch_id, None)
        if entry is None:
            return
        first, others = self._first[entry], self._others.get(entry)
        if not others:
            del self._first[entry], self._entries[query_language.parse(first.text).ordered_key]
            self._index.remove(entry)
            return
        if first.id == watch_id:
            self._first[entry] = others.pop(next(iter(others)))
        else:
            del others[watch_id]
        if not others:
            del self._others[entry]
