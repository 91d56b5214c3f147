"""Lists that nobody has made, and a few that tests make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.store import Store
from watchlists.lists import ListedWatch, Watchlist, texts
from watchlists.model import Watch
from watchlists.ports_lists import Follow, StoredList, Version
from watchlists.query import parse

WHEN = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


@dataclass
class MemoryLists:
    """`ports_lists.Lists`: each list with all its versions."""

    made: list[list[Version]] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)

    def all(self) -> Sequence[StoredList]:
        newest = [versions[-1] for versions in self.made if versions[-1].list_id not in self.gone]
        return [StoredList(each.list_id, each.version, each.content) for each in newest]

    def find(self, name: str) -> StoredList | None:
        return next((one for one in self.all() if name in (one.content.slug, *one.content.aliases)), None)

    def get(self, list_id: int) -> StoredList | None:
        return next((one for one in self.all() if one.id == list_id), None)

    def taken(self, names: Iterable[str], but: int = 0) -> str:
        found = ((name, self.find(name)) for name in names)
        return next((name for name, one in found if one and one.id != but), "")

    def add(self, content: Watchlist, user_id: int, act: str, why: str = "") -> StoredList:
        self.made.append([])
        return self.change(StoredList(len(self.made), 0, content), content, user_id, act, why)

    def change(self, old: StoredList, content: Watchlist, user_id: int, act: str, why: str = "") -> StoredList:
        versions = self.made[old.id - 1]
        versions.append(Version(old.id, len(versions) + 1, WHEN, user_id, act, why, content))
        return StoredList(old.id, len(versions), content)

    def remove(self, stored: StoredList) -> None:
        self.gone.add(stored.id)

    def versions(self, list_id: int, before: int, limit: int) -> Sequence[Version]:
        return [each for each in reversed(self.made[list_id - 1]) if each.version < before][:limit]

    def version(self, list_id: int, version: int) -> Version | None:
        return next((each for each in self.made[list_id - 1] if each.version == version), None)

    def votes(self, list_id: int, since: datetime) -> dict[int, tuple[int, int]]:
        return {100 * list_id + 1: (1, 2)}

    def watches(self, list_id: int) -> Sequence[Watch]:
        found = self.get(list_id)
        watches = found.content.watches if found else ()
        slug = found.content.slug if found else ""
        return [
            Watch(100 * list_id + number, 0, number, watch.query.text, list_id=list_id, slug=slug)
            for number, watch in enumerate(watches, start=1)
        ]


@dataclass
class MemoryFollows:
    """`ports_lists.Follows`, by chat and list."""

    lists: MemoryLists
    rows: dict[tuple[int, int], Follow] = field(default_factory=dict)
    ended: dict[tuple[int, int], Follow] = field(default_factory=dict)

    def of_chat(self, chat_id: int) -> Sequence[Follow]:
        return [follow for follow in self.rows.values() if follow.chat_id == chat_id]

    def get(self, chat_id: int, list_id: int, *, ended: bool = False) -> Follow | None:
        return (self.ended if ended else self.rows).get((chat_id, list_id))

    def put(self, follow: Follow) -> None:
        self.rows[follow.chat_id, follow.list_id] = follow

    def lost(self, chat_id: int) -> Sequence[tuple[int, int]]:
        return []  # no list is deleted here

    def remove(self, chat_id: int, list_id: int) -> None:
        if (chat_id, list_id) in self.rows:
            self.ended[chat_id, list_id] = self.rows.pop((chat_id, list_id))

    def count(self, list_id: int) -> int:
        return sum(follow.list_id == list_id for follow in self.rows.values())

    def watches(self, chat_id: int) -> Sequence[Watch]:
        mine = [(follow, watch) for follow in self.of_chat(chat_id) for watch in self.lists.watches(follow.list_id)]
        return [watch for follow, watch in mine if follow.has(watch.id)]


def watchlist(slug: str, *queries: str, **fields: object) -> Watchlist:
    """A list with an English title."""
    watches = tuple(ListedWatch(parse(query)) for query in queries)
    return Watchlist(**{"slug": slug, "title": texts({"en": slug.title()}), "watches": watches, **fields})


def add_list(store: Store, content: Watchlist, *chats: int, **how: object) -> StoredList:
    """Store a list, which these chats follow in this way."""
    stored = store.lists.add(content, 0, "new")
    for chat in chats:
        store.chats.ensure(chat, "private")
        store.follows.put(Follow(stored.id, chat, **how))
    return stored
