"""The feeds of chats and their lookups in memory, as the use-cases' ports want them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from watchlists.model import Candidate, Feed, OwnFeed

THEN = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


@dataclass
class MemoryFeeds:
    """The operator's feeds."""

    rows: list[Feed] = field(default_factory=list)

    def common(self) -> Sequence[Feed]:
        return [feed for feed in self.rows if feed.common]

    def counts(self) -> dict[str, int]:
        return {"total": len(self.rows), "ok": len(self.rows), "failing": 0, "stopped": 0, "waiting": 0}


@dataclass
class MemoryTroubles:
    """The feeds that do not answer."""

    rows: list[Feed] = field(default_factory=list)

    def all(self) -> Sequence[Feed]:
        return self.rows


@dataclass
class MemoryChatFeeds:
    """Own feeds by chat and feed id; a feed's id is its place among all addresses that were ever added."""

    urls: list[str] = field(default_factory=list)
    rows: dict[tuple[int, int], OwnFeed] = field(default_factory=dict)
    removed: set[tuple[int, int]] = field(default_factory=set)
    only: set[int] = field(default_factory=set)
    feeds: MemoryFeeds = field(default_factory=MemoryFeeds)

    def share(self, feed_id: int) -> Feed | None:
        return self._put(feed_id, common=True)

    def unshare(self, feed_id: int) -> Feed | None:
        return self._put(feed_id, common=False) if any(feed.id == feed_id for feed in self.feeds.common()) else None

    def _put(self, feed_id: int, *, common: bool) -> Feed | None:
        rows = [replace(feed, common=common) if feed.id == feed_id else feed for feed in self.feeds.rows]
        self.feeds.rows = rows
        return next((feed for feed in rows if feed.id == feed_id), None)

    def of(self, chat_id: int) -> Sequence[OwnFeed]:
        mine = [own for key, own in self.rows.items() if key[0] == chat_id and key not in self.removed]
        return sorted(mine, key=lambda own: own.number)

    def get(self, chat_id: int, feed_id: int) -> OwnFeed | None:
        return self.rows.get((chat_id, feed_id))

    def add(self, chat_id: int, url: str, title: str) -> OwnFeed:
        if url not in self.urls:
            self.urls.append(url)
        feed = Feed(self.urls.index(url) + 1, url, title, THEN, common=False)
        self.rows.setdefault((chat_id, feed.id), OwnFeed(0, feed))
        return self.restore(chat_id, feed.id)

    def restore(self, chat_id: int, feed_id: int) -> OwnFeed:
        own = self.rows[chat_id, feed_id]
        others = [other.number for other in self.of(chat_id) if other.feed.id != feed_id]
        if own.number == 0 or own.number in others:
            own = replace(own, number=max(others, default=0) + 1)
        self.rows[chat_id, feed_id] = own
        self.removed.discard((chat_id, feed_id))
        return own

    def remove(self, chat_id: int, feed_id: int) -> None:
        self.removed.add((chat_id, feed_id))

    def own_only(self, chat_id: int) -> bool:
        return chat_id in self.only

    def choose(self, chat_id: int, *, own_only: bool) -> None:
        self.only = self.only | {chat_id} if own_only else self.only - {chat_id}


@dataclass
class MemoryLookups:
    """Lookups that nobody works off, with what tests put in as found."""

    asked: list[tuple[int, str, str, bool]] = field(default_factory=list)
    done: int = 0
    candidates: list[tuple[int, Candidate]] = field(default_factory=list)  # with the lookup's id

    def ask(self, chat_id: int, kind: str, asked: str, *, detailed: bool) -> int:
        self.asked.append((chat_id, kind, asked, detailed))
        return len(self.asked)

    def counts(self, chat_id: int) -> tuple[int, int]:
        mine = sum(asked[0] == chat_id for asked in self.asked)
        return max(0, mine - self.done), mine

    def note(self, lookup_id: int, found: Iterable[tuple[int, str, str]]) -> None:
        for line, url, title in found:
            self.candidates.append((lookup_id, Candidate(len(self.candidates) + 1, url, title, line)))

    def noted(self, lookup_id: int) -> Sequence[Candidate]:
        return [candidate for its, candidate in self.candidates if its == lookup_id]

    def candidate(self, chat_id: int, candidate_id: int) -> Candidate | None:
        mine = {number for number, asked in enumerate(self.asked, start=1) if asked[0] == chat_id}
        return next((found for its, found in self.candidates if its in mine and found.id == candidate_id), None)
