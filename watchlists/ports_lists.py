"""What the use-cases of watchlists need from the world, and the values that it gives. See `watchlists.ports`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from watchlists.lists import Watchlist
from watchlists.model import Level, Watch


@dataclass(frozen=True, slots=True)
class StoredList:
    """A list with its key in the database and the number of its version."""

    id: int
    version: int
    content: Watchlist


@dataclass(frozen=True, slots=True)
class Version:
    """A list after an edit: when, by whom (0: the program or its operator), what was done, and why."""

    list_id: int
    version: int
    at: datetime
    user_id: int
    act: str
    why: str
    content: Watchlist


@dataclass(frozen=True, slots=True)
class Follow:
    """How a chat follows a list. `level` and `digest` are empty where they are as the list has them.

    `without` are its own exclusions, as a query has them. `named` are ids of watches: the muted ones, or, of a follow
    of `some`, the only ones. `news`: its digests tell what is new in the list; `told` is the version it knows.
    """

    list_id: int
    chat_id: int
    level: Level | Literal[""] = ""
    digest: str = ""
    without: str = ""
    some: bool = False
    named: frozenset[int] = frozenset()
    news: bool = False
    told: int = 0

    def has(self, watch_id: int) -> bool:
        """Whether the watch alerts the chat."""
        return (watch_id in self.named) == self.some


class Follower(NamedTuple):
    """What fan-out has to know of a follow: see `Follow`. A tuple, because a list may have a hundred thousand."""

    chat_id: int
    level: Level | Literal[""] = ""
    digest: str = ""
    without: str = ""
    some: int = 0
    named: frozenset[int] = frozenset()


class Lists(Protocol):
    """The watchlists."""

    def all(self) -> Sequence[StoredList]:
        """Every list, by slug."""

    def find(self, name: str) -> StoredList | None:
        """The list with this slug or alias."""

    def get(self, list_id: int) -> StoredList | None:
        """The list with this id."""

    def taken(self, names: Iterable[str], but: int = 0) -> str:
        """The first of these names that is that of a list other than `but`; empty if none is."""

    def add(self, content: Watchlist, user_id: int, act: str, why: str = "") -> StoredList:
        """A new list; its names are free."""

    def change(self, old: StoredList, content: Watchlist, user_id: int, act: str, why: str = "") -> StoredList:
        """The next version of a list; its names are free."""

    def remove(self, stored: StoredList) -> None:
        """Nobody follows the list any more, and its names are free; its versions are kept."""

    def versions(self, list_id: int, before: int, limit: int) -> Sequence[Version]:
        """The newest versions before one, the newest first."""

    def version(self, list_id: int, version: int) -> Version | None:
        """One version."""

    def watches(self, list_id: int) -> Sequence[Watch]:
        """The watches of a list, by number."""

    def votes(self, list_id: int, since: datetime) -> dict[int, tuple[int, int]]:
        """What followers have said since then of the alerts of each watch: (up, down), by id."""


class Follows(Protocol):
    """Who follows what."""

    def of_chat(self, chat_id: int) -> Sequence[Follow]:
        """What the chat follows, by the slugs of the lists."""

    def get(self, chat_id: int, list_id: int, *, ended: bool = False) -> Follow | None:
        """How the chat follows the list, or, where it has ended that, followed it; None if it does not."""

    def put(self, follow: Follow) -> None:
        """The chat follows the list in this way from now on."""

    def remove(self, chat_id: int, list_id: int) -> None:
        """The chat follows the list no more; how it did is kept for an undo."""

    def lost(self, chat_id: int) -> Sequence[tuple[int, int]]:
        """The deleted lists of which the chat wanted news, and the version that it knows; now it has been told."""

    def count(self, list_id: int) -> int:
        """How many chats follow the list that can be reached."""

    def watches(self, chat_id: int) -> Sequence[Watch]:
        """The watches of lists that alert the chat, as it has them, by list and number."""
