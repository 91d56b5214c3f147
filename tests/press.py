"""Feeds that are polled by hand: what a poll brings goes through the real ingest into a real database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from bot.db import Database
from bot.grow import grow
from bot.ingest import ingest
from bot.parse import ParsedFeed
from bot.store import Storage
from bot.store.feeds import PollResult
from bot.storybook import StoryBook
from bot.tell import Rules
from bot.watching import WatchIndex
from tests.fakes import FakeClock
from watchlists.model import Item
from watchlists.query import parse

EXPIRY = timedelta(hours=6)


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

    def poll(self, url: str, *items: Item, etag: str = "", page: str = "") -> dict[str, int]:
        self.clock.advance(600)
        result = PollResult(etag, "", title="T", items=len(items))
        parsed = ParsedFeed("T", page, "en", None, "rss20", items)

        def work(store):
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

    def send(self) -> None:
        """All that is queued is sent; the message ids are those of the rows, and 100."""

        def work(store):
            while heads := store.outbox.heads([], 100):
                for head in heads:
                    store.outbox.claim(head.id)
                    store.outbox.finish(head.id, "sent", message_id=100 + head.id)

        self.storage.run_blocking(work)

    def grow(self) -> int:
        """The look at what sent alerts have to say more."""
        return self.storage.run_blocking(grow)


@contextmanager
def press(folder: Path) -> Iterator[Press]:
    """A fresh database on a clock of its own."""
    clock = FakeClock()
    database = Database.open(folder / "wirewatch.db")
    try:
        yield Press(Storage(database, clock), clock)
    finally:
        database.close()
