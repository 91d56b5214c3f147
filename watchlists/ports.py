"""What the use-cases need from the world, as small protocols. `bot.store` provides them on SQLite."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from watchlists.model import Alert, Feed, Item, Report, Watch
from watchlists.terms import Query


class Watches(Protocol):
    """The watches of all chats."""

    def active(self, chat_id: int) -> Sequence[Watch]:
        """The chat's watches, by number."""

    def find(self, chat_id: int, key: str) -> Watch | None:
        """The chat's active watch that means the same, if there is one."""

    def get(self, chat_id: int, watch_id: int) -> Watch | None:
        """A watch that the chat has or has had."""

    def add(self, chat_id: int, query: Query) -> Watch:
        """Store a new watch under the next free number."""

    def remove(self, watch: Watch) -> None:
        """The watch alerts no more; it can be restored."""

    def restore(self, watch: Watch) -> Watch:
        """A removed watch alerts again, under its old number where that is free."""


class Items(Protocol):
    """The items seen so far."""

    def recent(self, limit: int) -> Sequence[Item]:
        """The newest items, newest first."""

    def by_link(self, link: str) -> tuple[int, Report] | None:
        """The story of the first item with this canonical link, and the item."""

    def reports(self, story_id: int, limit: int) -> Sequence[Report]:
        """The first items of a story, oldest first."""


class Alerts(Protocol):
    """What was alerted to whom, and why."""

    def by_message(self, chat_id: int, message_id: int) -> int | None:
        """The alert that a message of the chat shows."""

    def by_story(self, chat_id: int, story_id: int) -> int | None:
        """The chat's latest alert about a story."""

    def explained(self, alert_id: int) -> tuple[Alert, datetime | None]:
        """The alert with the evidence of all its hits, and when it was sent."""


class Feeds(Protocol):
    """The feeds that are polled."""

    def all(self) -> Sequence[Feed]:
        """Every feed, by title."""


class Store(Protocol):
    """All of it, inside one transaction."""

    @property
    def watches(self) -> Watches:
        """The watches."""

    @property
    def items(self) -> Items:
        """The items."""

    @property
    def alerts(self) -> Alerts:
        """The alerts."""

    @property
    def feeds(self) -> Feeds:
        """The feeds."""

    @property
    def now(self) -> datetime:
        """The time of this transaction."""
