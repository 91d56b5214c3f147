"""Feeds that are polled by hand: what a poll brings goes through the real ingest into a real database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bot import digest
from bot.db import Database
from bot.grow import grow
from bot.ingest import ingest
from bot.parse import ParsedFeed
from bot.store import Storage
from bot.store.feeds import PollResult
from bot.storybook import StoryBook
from bot.tell import Rules
from bot.watching import WatchIndex
from tests.fakes import FakeClock, invented_name, item
from watchlists.managing import Managing
from watchlists.model import Item
from watchlists.preferences import Preferences
from watchlists.query import parse

T = TypeVar("T")
EXPIRY = timedelta(hours=6)


def fire(number: int, source: str = "wire.example", **others: object) -> Item:
    """An item about a fire; each number is a story of its own."""
    place = invented_name(number)
    return item(f"Fire in {place}", id=f"f{number}", source=source, url=f"https://wire.example/{place}", **others)


class Press:
    """Feeds that are polled by hand."""

    def __init__(self, storage: Storage, clock: FakeClock) -> None:
        self.storage = storage
        self.clock = clock
        self.index = WatchIndex()
        self.stories = StoryBook()

    def watch(self, chat: int, *texts: str) -> None:
        def work(store):
            store.chats.ensure(chat, "private")
            for text in texts:
                store.watches.add(chat, parse(text))

        self.storage.run_blocking(work)

    def feed(self, url: str = "https://a.example/rss", *old: Item) -> str:
        """A feed that has been polled once, with what was in it then."""
        self.storage.run_blocking(lambda store: store.feeds.add(url))
        self.poll(url, *old)
        return url

    def poll(
        self, url: str, *items: Item, etag: str = "", page: str = "", moved_to: str = "", after: float = 600
    ) -> dict[str, int]:
        self.clock.advance(after)
        result = PollResult(etag, "", title="T", items=len(items), moved_to=moved_to)
        parsed = ParsedFeed("T", page, "en", None, "rss20", items)

        def work(store):
            store.feeds._write("UPDATE feeds SET next_poll = 0 WHERE url = ?", [url])  # polled by hand, not in its time
            due = next(feed for feed in store.feeds.due(100) if feed.url == url)
            return ingest(store, self.index, self.stories, due, parsed, result, Rules(EXPIRY))

        return dict(self.storage.run_blocking(work))

    def rows(self, sql: str) -> list[tuple]:
        return self.storage.run_blocking(lambda store: store.outbox._database.execute(sql).fetchall())

    def outbox(self) -> list[tuple[int, str]]:
        return self.rows("SELECT chat_id, text FROM outbox ORDER BY id")

    def outgoing(self) -> list[tuple[str, str]]:
        """(kind, text) of what has been enqueued, oldest first."""
        return self.rows("SELECT kind, text FROM outbox ORDER BY id")

    def digests(self) -> list[str]:
        """What has been enqueued as a summary or a digest, oldest first."""
        return [text for kind, text in self.outgoing() if kind == "digest"]

    def send(self) -> None:
        """All that is queued is sent; the message ids are those of the rows, and 100."""
        self.end("sent")

    def end(self, state: str) -> None:
        """All that is queued ends so: `sent`, `failed` or `dropped`."""

        def work(store):
            while heads := store.outbox.heads([], 100):
                for head in heads:
                    store.outbox.claim(head.id)
                    message_id = 100 + head.id if state == "sent" else None
                    store.outbox.finish(head.id, state, message_id=message_id)

        self.storage.run_blocking(work)

    def grow(self) -> int:
        """The look at what sent alerts have to say more."""
        return self.storage.run_blocking(grow)

    def prefer(self, change: Callable[[Preferences], T]) -> T:
        """A chat changes its settings."""
        return self.storage.run_blocking(lambda store: change(Preferences(store)))

    def manage(self, change: Callable[[Managing], T]) -> T:
        """A chat changes a watch."""
        return self.storage.run_blocking(lambda store: change(Managing(store)))

    def release(self) -> int:
        """The look at which summaries are due, until there are no more; how many chats were looked at."""
        looked_at = 0
        while chats := self.storage.run_blocking(digest.release):
            looked_at += chats
        return looked_at


@contextmanager
def press(folder: Path) -> Iterator[Press]:
    """A fresh database on a clock of its own."""
    clock = FakeClock()
    database = Database.open(folder / "wirewatch.db")
    try:
        yield Press(Storage(database, clock), clock)
    finally:
        database.close()
