"""Fakes that keep state: a clock that is told to go on, the use-cases' store in memory, a store on SQLite in memory."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

import sqlite_utils

from bot.migrations import migrations
from bot.store import Store
from bot.store.items import ITEM_COLUMNS, item_of
from tests.fakes_feeds import MemoryChatFeeds, MemoryFeeds, MemoryLookups, MemoryTroubles
from tests.fakes_lists import MemoryFollows, MemoryLists
from tests.memory import (
    MemoryChats,
    MemoryForgetting,
    MemoryKept,
    MemoryLinks,
    MemoryQuestions,
    MemorySnoozes,
    MemoryVotes,
)
from tests.memory_archive import MemoryArchive, MemoryDrafts, MemoryFates
from tests.memory_roles import (
    MemoryAudit,
    MemoryBans,
    MemoryBroadcasts,
    MemoryFailures,
    MemoryInvites,
    MemoryRoles,
)
from watchlists.delivery import Wait
from watchlists.identity import canonical_link
from watchlists.model import Alert, Evidence, Item, Level, Located, Match, Report, Watch
from watchlists.past import Found
from watchlists.status import Backlog, Status
from watchlists.terms import Query

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


async def until(happened: Callable[[], bool], patience: float = 10.0) -> None:
    """Wait for what tells nobody that it has happened."""
    async with asyncio.timeout(patience):
        while True:
            if happened():
                return
            await asyncio.sleep(0.001)


class FakeClock:
    """Stands still until it is told to go on."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class MemoryWatches:
    """The watches of all chats, as `ports.Watches` wants them."""

    rows: list[tuple[Watch, str]] = field(default_factory=list)
    removed: set[int] = field(default_factory=set)
    texts_before: dict[int, str] = field(default_factory=dict)
    words: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def active(self, chat_id: int) -> Sequence[Watch]:
        mine = [watch for watch, _ in self.rows if watch.chat_id == chat_id and watch.id not in self.removed]
        return sorted(mine, key=lambda watch: watch.number)

    def find(self, chat_id: int, key: str) -> Watch | None:
        keys = {watch.id: its for watch, its in self.rows}
        return next((watch for watch in self.active(chat_id) if keys[watch.id] == key), None)

    def get(self, chat_id: int, watch_id: int) -> Watch | None:
        return next((watch for watch, _ in self.rows if (watch.chat_id, watch.id) == (chat_id, watch_id)), None)

    def add(self, chat_id: int, query: Query) -> Watch:
        watch = Watch(len(self.rows) + 1, chat_id, self._next(chat_id), query.text, query.sources)
        self.rows.append((watch, query.key))
        return watch

    def remove(self, watch: Watch) -> None:
        self.removed.add(watch.id)

    def restore(self, watch: Watch) -> Watch:
        taken = {other.number for other in self.active(watch.chat_id)}
        restored = replace(watch, number=self._next(watch.chat_id)) if watch.number in taken else watch
        self.removed.discard(watch.id)
        return self._put(restored)

    def set_delivery(self, watch: Watch, level: Level, digest: str) -> Watch:
        return self._put(replace(watch, level=level, digest=digest))

    def reword(self, watch: Watch, query: Query) -> Watch:
        self.texts_before[watch.id] = watch.text
        return self._put(replace(watch, text=query.text, sources=query.sources), query.key)

    def before(self, watch: Watch) -> str:
        return self.texts_before.get(watch.id, "")

    def proposed(self, watch: Watch) -> tuple[str, ...]:
        return self.words.get(watch.id, ())

    def _put(self, watch: Watch, new_key: str = "") -> Watch:
        self.rows = [(watch, new_key or key) if old.id == watch.id else (old, key) for old, key in self.rows]
        return watch

    def _next(self, chat_id: int) -> int:
        return max((watch.number for watch in self.active(chat_id)), default=0) + 1


@dataclass
class MemoryItems:
    """The items seen, newest first."""

    rows: list[Item] = field(default_factory=list)

    def by_link(self, chat_id: int, link: str) -> Located | None:
        found = [item for item in self.rows if canonical_link(item.url) == link]
        return Located(1, 1, Report(found[-1], NOON)) if found else None

    def reports(
        self, chat_id: int, story_id: int, limit: int, alert_id: int | None = None, skip: int = 0
    ) -> Sequence[Report]:
        return [Report(item, NOON) for item in self.rows[skip : skip + limit]]

    def count_reports(self, chat_id: int, story_id: int, alert_id: int | None = None) -> int:
        return len(self.rows)

    def sources(self, story_id: int) -> set[str]:
        return {item.source for item in self.rows}


@dataclass
class MemoryAlerts:
    """Alerts by the message that shows them."""

    rows: dict[int, Alert] = field(default_factory=dict)
    shown: list[tuple[int, int]] = field(default_factory=list)  # watch and story

    def show(self, watch: Watch, found: Found) -> None:
        self.shown.append((watch.id, found.story_id))

    def by_message(self, chat_id: int, message_id: int) -> int | None:
        alert = self.rows.get(message_id)
        return message_id if alert and alert.chat_id == chat_id else None

    def by_story(self, chat_id: int, story_id: int) -> int | None:
        found = [key for key, its in self.rows.items() if (its.chat_id, its.story_id) == (chat_id, story_id)]
        return max(found, default=None)

    def mine(self, chat_id: int, alert_id: int) -> Alert | None:
        alert = self.rows.get(alert_id)
        return alert if alert and alert.chat_id == chat_id else None

    def of_watches(self, chat_id: int, since: datetime) -> dict[int, int]:
        mine = [alert for alert in self.rows.values() if alert.chat_id == chat_id and alert.first_seen > since]
        return Counter(hit.watch.id for alert in mine for hit in alert.hits)

    def explained(self, alert_id: int) -> tuple[Alert, datetime | None, Wait | None]:
        return self.rows[alert_id], NOON + timedelta(seconds=3), None


STATUS = Status(
    now=NOON,
    feeds={"total": 40, "ok": 38, "failing": 1, "stopped": 0, "waiting": 1},
    items=900,
    stories=700,
    chats={"total": 12, "active": 11},
    watches=30,
    alerts=500,
    outbox={"enqueued": 9, "queued": 3, "sending": 1, "sent": 2, "failed": 1, "dropped": 1, "expired": 1},
    backlog=Backlog(waiting=4, lasts=timedelta(seconds=5), sent=2),
    inbox={"new": 0, "done": 5, "skipped": 0, "failed": 0},
    progress={"delivery": NOON},
    stalled=(),
)


@dataclass
class MemoryFigures:
    """What `/status` shows."""

    status: Status = STATUS

    def all(self) -> Status:
        return self.status


@dataclass
class MemoryStore:
    """`ports.Store` without a database."""

    watches: MemoryWatches = field(default_factory=MemoryWatches)
    items: MemoryItems = field(default_factory=MemoryItems)
    feeds: MemoryFeeds = field(default_factory=MemoryFeeds)
    trouble: MemoryTroubles = field(default_factory=MemoryTroubles)
    chat_feeds: MemoryChatFeeds = field(default_factory=MemoryChatFeeds)
    lookups: MemoryLookups = field(default_factory=MemoryLookups)
    alerts: MemoryAlerts = field(default_factory=MemoryAlerts)
    chats: MemoryChats = field(default_factory=MemoryChats)
    questions: MemoryQuestions = field(default_factory=MemoryQuestions)
    votes: MemoryVotes = field(default_factory=MemoryVotes)
    links: MemoryLinks = field(default_factory=MemoryLinks)
    forgetting: MemoryForgetting = field(default_factory=MemoryForgetting)
    snoozes: MemorySnoozes = field(default_factory=MemorySnoozes)
    kept: MemoryKept = field(default_factory=MemoryKept)
    figures: MemoryFigures = field(default_factory=MemoryFigures)
    fates: MemoryFates = field(default_factory=MemoryFates)
    archive: MemoryArchive = field(default_factory=MemoryArchive)
    drafts: MemoryDrafts = field(default_factory=MemoryDrafts)
    lists: MemoryLists = field(default_factory=MemoryLists)
    follows: MemoryFollows = field(init=False)
    roles: MemoryRoles = field(default_factory=MemoryRoles)
    bans: MemoryBans = field(default_factory=MemoryBans)
    invites: MemoryInvites = field(default_factory=MemoryInvites)
    broadcasts: MemoryBroadcasts = field(default_factory=MemoryBroadcasts)
    failures: MemoryFailures = field(default_factory=MemoryFailures)
    audit: MemoryAudit = field(default_factory=MemoryAudit)
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.chat_feeds.feeds = self.feeds
        self.follows = MemoryFollows(self.lists)


class Tables:
    """A database in memory with the real tables; each call gives the store at the time of the clock."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        # Whatever thread collects the garbage may close it.
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.database = sqlite_utils.Database(connection)
        migrations.apply(self.database)
        self.database.execute("PRAGMA foreign_keys = ON")
        self._clock = clock

    def __call__(self) -> Store:
        return Store(self.database, self._clock())

    @contextmanager
    def transaction(self) -> Iterator[Store]:
        """As the program sees it: what is checked at the commit is checked at the end."""
        self.database.execute("BEGIN IMMEDIATE")
        yield self()
        self.database.execute("COMMIT")

    def __del__(self) -> None:
        self.database.close()


def stored(store: Store) -> list[Item]:
    """The items that still have their text, the newest first."""
    sql = f"SELECT {ITEM_COLUMNS} FROM items i WHERE NOT pruned ORDER BY first_seen DESC, id DESC"
    return [item_of(row) for row in store.items._rows(sql)]


def item(title: str, **others: object) -> Item:
    """An item with an id of its own."""
    return Item(**{"id": title, "title": title, **others})


def invented_name(number: int) -> str:
    """A name that stands in no list, another for each number: headlines with it are stories of their own."""
    chance = Random(number)
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(5)).capitalize()


def spot(text: str, word: str, in_field: str = "title") -> Evidence:
    """The evidence that `word` was met where it stands first in `text`."""
    start = text.index(word)
    return Evidence(word, word, "exact", in_field, start, start + len(word), 1.0, 1.0)


def match(*evidence: Evidence) -> Match:
    """A match with this evidence."""
    return Match(90, 64, evidence)
