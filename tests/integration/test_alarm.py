"""What admins are told of the bot itself: once when it begins, once when it is over, in their language."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.alarm import BEHIND, LEAST_FREE, SILENT, Alarm
from bot.db import Database
from bot.store import Storage
from bot.store.outbox import Outgoing
from tests.botapi import running


class Guarded:
    """A database, an admin, and a disk of any size."""

    def __init__(self, box, folder: Path) -> None:
        self.box = box
        self.database = Database.open(folder / "wirewatch.db")
        self.storage = Storage(self.database, box.clock)
        self.free = 10 * LEAST_FREE
        self.alarm = Alarm(self.storage, box.bot, [box.ann.id], box.clock, lambda _folder: self.free)

    async def look(self, after: timedelta = timedelta()) -> list[str]:
        """What is new to the admin after a look."""
        self.box.clock.advance(after.total_seconds())
        before = len(self.texts())
        await self.alarm.look()
        return [text.split(":")[0].split(".")[0] for text in self.texts()[before:]]

    def texts(self) -> list[str]:
        return [message.text for message in self.box.telegram.messages(self.box.chat.id)]


@pytest.fixture
async def guarded(tmp_path):
    async with running() as box:
        made = Guarded(box, tmp_path)
        yield made
        made.database.close()


async def test_being_behind_by_a_quarter_of_an_hour_is_told_and_its_end(guarded):
    """A message that waits for no reason of its own; not one whose chat has to be left alone."""

    def write(store):
        store.chats.ensure(7, "private")
        store.outbox.add(Outgoing("a", 7, "reply", "text"))
        store.chats.ensure(8, "private")
        store.outbox.add(Outgoing("b", 8, "reply", "text"))
        store.chats.pause(8, store.outbox._now + 1e6)

    await guarded.storage.run(write)
    assert await guarded.look() == []
    assert await guarded.look(BEHIND - timedelta(seconds=1)) == []
    assert await guarded.look(timedelta(seconds=1)) == ["⚠️ I am behind by 15 minutes"]
    assert await guarded.look(timedelta(minutes=9)) == []
    await guarded.storage.run(lambda store: store.outbox.drop_chat(7, "a test"))
    assert await guarded.look() == ["✅ I have caught up"]
    assert await guarded.look() == []


async def test_an_hour_without_any_feed_is_told_and_its_end(guarded):
    """Feeds that fail; not feeds that need not be polled yet, since they are pushed."""

    def schedule(store, minutes, failures):
        store.feeds._write(
            "UPDATE feeds SET last_success = ?, next_poll = ?, failures = ?",
            [store.feeds._now, store.feeds._now + 60 * minutes, failures],
        )

    await guarded.storage.run(lambda store: store.feeds.add("https://a.example/rss"))
    await guarded.storage.run(lambda store: schedule(store, 360, 0))
    assert await guarded.look() == []
    assert await guarded.look(2 * SILENT) == []
    await guarded.storage.run(lambda store: schedule(store, 360, 1))
    assert await guarded.look(SILENT - timedelta(seconds=1)) == []
    (said,) = await guarded.look(timedelta(seconds=1))
    assert said == "⚠️ Nothing has come from any feed for 60 minutes"
    await guarded.storage.run(lambda store: schedule(store, 10, 0))
    assert await guarded.look() == ["✅ Feeds answer again"]


async def test_a_disk_that_is_nearly_full_is_told_and_its_end(guarded):
    """With room to spare before the end is told: a figure that swings must not ring each minute."""
    guarded.free = LEAST_FREE - 1
    assert await guarded.look() == ["⚠️ The disk is nearly full"]
    guarded.free = LEAST_FREE + 1
    assert await guarded.look() == []
    guarded.free = 2 * LEAST_FREE
    assert await guarded.look() == ["✅ There is room on the disk again"]


async def test_what_did_not_arrive_is_said_again_and_what_nobody_heard_of_needs_no_end(guarded):
    """Telegram cannot be reached when it begins."""
    guarded.free = 0
    guarded.box.cable.cut = lambda: True
    assert await guarded.look() == []
    guarded.box.cable.cut = lambda: False
    assert await guarded.look() == ["⚠️ The disk is nearly full"]
    guarded.free = 10 * LEAST_FREE
    guarded.box.cable.cut = lambda: True
    assert await guarded.look() == []
    guarded.box.cable.cut = lambda: False
    assert await guarded.look() == ["✅ There is room on the disk again"]


async def test_admins_are_told_in_their_language(guarded):
    """The one that they have chosen."""
    await guarded.storage.run(lambda store: store.chats.ensure(guarded.box.chat.id, "private", "es"))
    guarded.free = 0
    await guarded.look()
    assert "disco" in guarded.texts()[0]


async def test_after_a_long_rest_nobody_is_alarmed_at_once(guarded):
    """What is overdue since before the start has not waited for a bot that runs: a quarter of an hour is given."""

    def write(store):
        store.chats.ensure(7, "private")
        store.outbox.add(Outgoing("a", 7, "reply", "text"))
        store.feeds.add("https://a.example/rss")

    await guarded.storage.run(write)
    guarded.box.clock.advance(86_400)
    assert await guarded.look() == []
    assert await guarded.look(BEHIND - timedelta(seconds=1)) == []
    (said,) = await guarded.look(timedelta(seconds=1))
    assert "I am behind by 1455 minutes" in said
