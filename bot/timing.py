"""When each of some chats may be told: what they have set and snoozed, read for all of them at once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.store import Store
from watchlists.delivery import Hold, hold
from watchlists.model import Hit


class Timing:
    """`habits` has the chats that can be reached."""

    def __init__(self, store: Store, chat_ids: Collection[int]) -> None:
        self._now = store.now
        self.habits = store.chats.habits(chat_ids)
        self._snoozes = store.snoozes.of(chat_ids)

    def hold(
        self, chat_id: int, story_id: int, source: str, hits: Sequence[Hit], since: datetime | None = None
    ) -> Hold | None:
        """What holds back an alert decided at `since` (now unless given); None when it may come now."""
        return hold(
            self.habits[chat_id],
            self._snoozes.get(chat_id, ()),
            story_id=story_id,
            source=source,
            hits=hits,
            since=since or self._now,
            now=self._now,
        )
