"""A database that cannot be written for a while: transactions wait whole, and all goes on by itself."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import app, db
from bot.alarm import PATIENCE, Alarm
from bot.db import Database, DatabaseError
from bot.store import Storage, Store
from bot.store.storage import BACKOFF_MOST
from tests.botapi import running
from tests.fakes import FakeClock, until
from tests.world import world

CANNOT, CAN = "the database cannot be written", "the database can be written again"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement gives up after 10 ms instead of 5 s."""
    monkeypatch.setattr(db, "BUSY_TIMEOUT", 10)


class Trouble:
    """A database whose storage, when it sleeps, tells what is stored, and after `tries` of it is well again."""

    def __init__(self, path: Path) -> None:
        self.database = Database.open(path)
        self.storage = Storage(self.database, FakeClock(), self._sleep)
        self.tries = 3
        self.slept: list[float] = []
        self.stored: list[int] = []
        self._holder = sqlite3.connect(path, isolation_level=None)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.stored.append(self.count())
        if len(self.slept) >= self.tries:
            self.mend()
        await asyncio.sleep(0)

    def hold(self) -> None:
        """Another process begins to write."""
        self._holder.execute("BEGIN IMMEDIATE")

    def fill(self) -> None:
        """The disk has room for what there is and for nothing more."""
        self.database.run_blocking(lambda tables: tables.execute("PRAGMA max_page_count = 1"))

    def mend(self) -> None:
        if self._holder.in_transaction:
            self._holder.execute("ROLLBACK")
        self.database._thread.submit(
            lambda: self.database._connection.execute("PRAGMA max_page_count = 1000000")
        ).result()

    def count(self) -> int:
        return int(self._holder.execute("SELECT count(*) FROM progress").fetchone()[0])

    def close(self) -> None:
        self._holder.close()
        self.database.close()


@pytest.fixture
def trouble(tmp_path: Path):
    made = Trouble(tmp_path / "wirewatch.db")
    yield made
    made.close()


def small_then_large(store: Store) -> str:
    """A row that still fits where the disk is full, and one that does not."""
    store.progress.mark("small")
    store.progress.mark("x" * 100_000)
    return "done"


@pytest.mark.parametrize("kind", ["hold", "fill"])
async def test_a_transaction_waits_for_the_database_whole(trouble, kind, caplog):
    """Held by another process, or the disk is full: tried again, later each time, and nothing of a try stays."""
    getattr(trouble, kind)()
    assert await trouble.storage.run(small_then_large) == "done"
    assert trouble.slept == [0.5, 1, 2]
    assert trouble.stored == [0, 0, 0]
    assert trouble.count() == 2
    assert trouble.storage.waiting == 0


async def test_a_long_trouble_is_two_lines_however_many_wait(trouble, caplog):
    """When it begins and when it is over; the tries between are at most some seconds apart."""
    trouble.tries = 40
    trouble.hold()
    jobs = [asyncio.create_task(trouble.storage.run(lambda store: store.progress.mark("x"))) for _ in range(5)]
    await until(lambda: trouble.storage.waiting == 5)
    await asyncio.gather(*jobs)
    assert max(trouble.slept) == BACKOFF_MOST
    assert (caplog.text.count(CANNOT), caplog.text.count(CAN)) == (1, 1)
    trouble.slept, trouble.tries = [], 1
    trouble.hold()
    await trouble.storage.run(small_then_large)
    assert (caplog.text.count(CANNOT), caplog.text.count(CAN)) == (2, 2)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_LOCKED])
async def test_a_kind_of_a_passing_trouble_passes_too(trouble, code):
    """The lower byte of the extended code is what it is a kind of."""

    def work(store: Store) -> None:
        store.progress.mark("x")
        if len(trouble.slept) < trouble.tries:
            error = sqlite3.OperationalError("some kind")
            error.sqlite_errorcode = code
            raise error

    await trouble.storage.run(work)
    assert trouble.stored == [0, 0, 0]
    assert trouble.count() == 1


@pytest.mark.parametrize("before", [0, 2])
async def test_a_mistake_of_ours_is_raised_at_once(trouble, before):
    """Waiting would not mend it, also where it shows only after a trouble."""
    trouble.tries = before
    if before:
        trouble.hold()
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await trouble.storage.run(lambda store: store.inbox._rows("SELECT * FROM nowhere"))
    assert len(trouble.slept) == before
    assert trouble.storage.waiting == 0


async def test_whoever_is_cancelled_waits_no_more(trouble):
    """The end of the program does not wait for the disk."""
    trouble.tries = 10**9
    trouble.hold()
    job = asyncio.create_task(trouble.storage.run(small_then_large))
    await until(lambda: trouble.storage.waiting == 1)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert trouble.storage.waiting == 0
    trouble.mend()
    assert trouble.count() in (0, 2)  # a try that was under way ends by itself, whole


@pytest.mark.parametrize(("kind", "advice"), [("hold", "Another program holds it"), ("fill", "Make room")])
def test_the_command_line_says_what_to_do_instead_of_waiting(trouble, kind, advice):
    """One try, and a sentence."""
    getattr(trouble, kind)()
    with pytest.raises(DatabaseError, match=advice):
        trouble.storage.run_blocking(small_then_large)
    trouble.mend()


async def test_the_whole_program_goes_on_when_the_database_is_free_again(tmp_path, token, caplog):
    """Commands and alerts wait, nothing ends, and no restart is needed."""
    async with world(tmp_path, token) as made:
        made.start()
        await made.say("/watch fire")
        with closing(sqlite3.connect(tmp_path / "wirewatch.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            made.telegram.say(made.ann, made.chat, "/watches")
            await until(lambda: CANNOT in caplog.text)
            other.execute("ROLLBACK")
        await made.until(lambda: len(made.texts()) == 2)
        assert "1. fire" in made.texts()[1]
        assert "Wirewatch" in await made.say("/start")
        assert "Traceback" not in caplog.text


async def test_a_stop_does_not_wait_for_the_database(tmp_path, token, caplog, monkeypatch):
    """Neither the loops nor the messages on their way: what is not recorded goes out again after the start."""
    monkeypatch.setattr(app, "STOP_LOCKED", 0.05)
    async with world(tmp_path, token) as made:
        made.start()
        await made.say("/watch fire")
        with closing(sqlite3.connect(tmp_path / "wirewatch.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            made.telegram.say(made.ann, made.chat, "/watches")
            await until(lambda: CANNOT in caplog.text)
            await asyncio.wait_for(made.end(), 5)
            other.execute("ROLLBACK")
        assert "Traceback" not in caplog.text
        made.start()
        await made.until(lambda: len(made.texts()) == 2)


async def test_admins_are_told_once_when_the_disk_is_full_and_once_when_it_is_not(trouble):
    """Past the outbox, which lies on that disk; not of a moment's trouble."""
    async with running() as box:
        alarm = Alarm(trouble.storage, box.bot, [box.ann.id], box.clock)
        trouble.tries = 10**9
        trouble.fill()
        job = asyncio.create_task(trouble.storage.run(small_then_large))
        await until(lambda: trouble.storage.waiting == 1)
        for _ in range(4):
            await alarm.tick()
            box.clock.advance(PATIENCE.total_seconds() - 1)
        trouble.mend()
        await job
        for _ in range(2):
            await alarm.tick()
        texts = [message.text for message in box.telegram.messages(box.chat.id)]
        assert [text.split(":")[0].split(".")[0] for text in texts] == [
            "⚠️ The database cannot be written",
            "✅ The database can be written again",
        ]
        assert "full" in texts[0]


async def test_a_moments_trouble_alarms_nobody(trouble):
    """Another process held the file for some seconds."""
    async with running() as box:
        alarm = Alarm(trouble.storage, box.bot, [box.ann.id], box.clock)
        trouble.tries = 10**9
        trouble.hold()
        job = asyncio.create_task(trouble.storage.run(small_then_large))
        await until(lambda: trouble.storage.waiting == 1)
        await alarm.tick()
        trouble.mend()
        await job
        box.clock.advance(3600)
        await alarm.tick()
        assert box.telegram.messages(box.chat.id) == []
