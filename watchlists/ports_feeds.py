"""What the use-cases about feeds need from the world; see `ports`."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from watchlists.model import Candidate, Feed, OwnFeed


class Feeds(Protocol):
    """The feeds that are polled."""

    def common(self) -> Sequence[Feed]:
        """The operator's feeds, by title."""

    def counts(self) -> dict[str, int]:
        """How many feeds there are, under `total`, `ok`, `failing`, `stopped` and `waiting`."""


class Troubles(Protocol):
    """The feeds that do not answer."""

    def all(self) -> Sequence[Feed]:
        """Those, feeds that are slow, and feeds that might be silent, the longest first."""


class ChatFeeds(Protocol):
    """Which chat gets which feed."""

    def share(self, feed_id: int) -> Feed | None:
        """The feed is the operator's from now on: all chats get it. None where there is none."""

    def unshare(self, feed_id: int) -> Feed | None:
        """Only those chats get the feed that have added it. None where it is none of the operator's."""

    def of(self, chat_id: int) -> Sequence[OwnFeed]:
        """The feeds that the chat has added, by number."""

    def get(self, chat_id: int, feed_id: int) -> OwnFeed | None:
        """A feed that the chat has or has had."""

    def add(self, chat_id: int, url: str, title: str) -> OwnFeed:
        """The chat gets this feed, which answered just now."""

    def restore(self, chat_id: int, feed_id: int) -> OwnFeed:
        """The chat gets the feed again, under its old number where that is free."""

    def remove(self, chat_id: int, feed_id: int) -> None:
        """The chat gets the feed no more; it can be restored."""

    def own_only(self, chat_id: int) -> bool:
        """Whether the chat wants none but its own."""

    def choose(self, chat_id: int, *, own_only: bool) -> None:
        """Whether the chat gets the operator's feeds too."""


class Lookups(Protocol):
    """What people sent to be looked at."""

    def ask(self, chat_id: int, kind: str, asked: str, *, detailed: bool) -> int:
        """Let this be looked at; return the lookup's id."""

    def counts(self, chat_id: int) -> tuple[int, int]:
        """How many lookups of the chat wait, and how many it has asked for within the hour."""

    def note(self, lookup_id: int, found: Iterable[tuple[int, str, str]]) -> None:
        """Keep feeds to choose from: (line, address, title)."""

    def noted(self, lookup_id: int) -> Sequence[Candidate]:
        """What was kept for a lookup, in order."""

    def candidate(self, chat_id: int, candidate_id: int) -> Candidate | None:
        """A feed that the chat may choose."""
