"""A new item in its story, and what the chats know of it: read once for all of them."""

from collections.abc import Sequence, Set
from functools import cached_property

from bot.store import Store
from watchlists.decide import KNOWN, Reason, Told
from watchlists.model import Item
from watchlists.publishers import independent
from watchlists.telling import is_same_article, new_facts, series

EARLIER = 20  # reports of a story in which a fact may have stood already


class News:
    """A new item in its story, as the chats are told of it."""

    def __init__(self, store: Store, item: Item, item_id: int, story_id: int, *, first_poll: bool) -> None:
        self._store = store
        self.item = item
        self.item_id = item_id
        self.story_id = story_id
        self.first_poll = first_poll
        self.series = series(item)

    @cached_property
    def told(self) -> dict[int, Told]:
        """What each chat has been told of the story."""
        return self._store.alerts.told(self.story_id)

    @cached_property
    def told_series(self) -> dict[int, Told]:
        """What each chat has been told within the hour of such headlines."""
        return self._store.alerts.series(self.series)

    @cached_property
    def sources(self) -> int:
        """How many independent publishers tell the story."""
        return independent(self._store.items.sources(self.story_id))

    @cached_property
    def _earlier(self) -> Sequence[tuple[int, Item]]:
        return self._store.items.of_story(self.story_id, EARLIER, before=self.item_id)

    @cached_property
    def knowing(self) -> Set[int]:
        """The chats that know this very article from another feed: a line with the same headline tells them nothing."""
        same = [item_id for item_id, other in self._earlier if is_same_article(self.item, other)]
        return self._store.alerts.knowing(same) if same else frozenset()

    @cached_property
    def has_new_facts(self) -> bool:
        """Whether the headline has a rare name or a number that the story lacked."""
        return bool(new_facts(self.item, [other for _id, other in self._earlier]))

    def known(self, chat_id: int, reason: Reason) -> Told | None:
        """The alert that a decision refers to: about the item's story, or about one of its series."""
        if reason == Reason.GROUPED:
            return self.told_series[chat_id]
        return self.told[chat_id] if reason in KNOWN else None
