"""What the use-cases need to know of the news of the past: more protocols, which `ports` bundles."""

from datetime import datetime
from typing import Protocol

from watchlists.model import Draft, Fate, Watch
from watchlists.past import Past
from watchlists.terms import Query


class Archive(Protocol):
    """The stored items, found by their words."""

    @property
    def begins(self) -> datetime | None:
        """When the oldest of the items that still have their text was seen; None: there are none."""

    def hits(self, chat_id: int, query: Query, since: datetime) -> Past:
        """What the query hits among the items seen since then that the chat's feeds brought."""


class Drafts(Protocol):
    """The dialogues about queries."""

    def add(self, chat_id: int, text: str, watch_id: int | None) -> Draft:
        """A new one."""

    def get(self, chat_id: int, draft_id: int) -> Draft | None:
        """A dialogue of this chat: never another chat's; None also for one that is forgotten."""

    def keep(self, draft: Draft) -> None:
        """It stands so now."""


class Fates(Protocol):
    """What became of items and alerts on their way to a chat."""

    def of(self, alert_id: int) -> Fate:
        """What became of an alert."""

    def is_listed(self, alert_id: int, item_id: int) -> bool:
        """Whether a later item stands under the alert."""

    def is_of_first_poll(self, item_id: int) -> bool:
        """Whether the item stood in its feed when that was read for the first time."""

    def watched_since(self, chat_id: int, watch: Watch) -> datetime:
        """When the watch was made, or the chat began to follow its list."""

    def is_held(self, story_id: int, watch: Watch) -> bool:
        """Whether the watch waits until more sources tell the story."""
