"""Lists that nobody has made, and a few that tests make."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.store import Store
from watchlists.lists import ListedWatch, Watchlist, texts
from watchlists.model import Watch
from watchlists.ports_lists import Follow, StoredList
from watchlists.query import parse


@dataclass
class NoFollows:
    """`ports_lists.Follows` of chats that follow what is in `rows`, as the use-cases of a chat's own watches see it."""

    rows: list[Follow] = field(default_factory=list)

    def of_chat(self, chat_id: int) -> Sequence[Follow]:
        return [follow for follow in self.rows if follow.chat_id == chat_id]

    def watches(self, chat_id: int) -> Sequence[Watch]:
        return ()


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
