"""Backups by themselves: when one is due, which are kept, and what happens when none can be made."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.backups import DAYS, PATIENCE, RETRY, WEEKS, BackupFailed, Backups, copy_apart, spare
from bot.db import Database
from bot.store import Storage
from bot.store.outbox import Outgoing
from tests.fakes import NOON, FakeClock

DAY = 86_400


class Office:
    """A database, a folder, and a copier that writes down what it copied; `fails` says why it does not."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.database = Database.open(folder / "wirewatch.db")
        self.storage = Storage(self.database, self.clock)
        self.folder = folder / "backups"
        self.fails = ""
        self.noted: list[datetime] = []
        self.backups = Backups(self.storage, self.folder, self.clock, self._copy, self.noted.append)

    async def _copy(self, source: Path, target: Path) -> None:
        if self.fails:
            raise BackupFailed(self.fails)
        await asyncio.to_thread(target.write_bytes, source.name.encode())

    async def tick(self, after: float = 0) -> list[str]:
        """The names of the backups that are there after a look."""
        self.clock.advance(after)
        await self.backups.tick()
        return sorted(path.name for path in self.folder.glob("*"))


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path)
    yield made
    made.database.close()


async def test_one_a_day_also_across_restarts(office):
    """The first at once; what is there is what counts, not what is remembered."""
    assert await office.tick() == ["wirewatch-20260302T120000Z.db"]
    assert office.noted == [NOON]
    assert len(await office.tick(DAY - 1)) == 1
    office.backups = Backups(office.storage, office.folder, office.clock, office._copy)
    assert len(await office.tick()) == 1
    assert await office.tick(1) == ["wirewatch-20260302T120000Z.db", "wirewatch-20260303T120000Z.db"]


async def test_a_week_of_days_and_four_weeks_are_kept_and_no_other_file_is_touched(office):
    """After three months; whatever else lies in the folder stays."""
    await office.tick()
    (office.folder / "wirewatch-by-hand.db").write_bytes(b"mine")
    for _ in range(90):
        names = await office.tick(DAY)
    ours = [name for name in names if name != "wirewatch-by-hand.db"]
    assert len(names) - len(ours) == 1
    assert len(ours) == DAYS + WEEKS
    moments = sorted(office.backups.made(), reverse=True)
    assert moments[0] - moments[DAYS - 1] == timedelta(days=DAYS - 1)
    assert moments[0] - moments[-1] >= timedelta(weeks=WEEKS)


def test_several_of_a_day_count_as_the_last():
    """Made by hand, or by a clock that was set back."""
    start = datetime(2026, 3, 2, 1, tzinfo=UTC)
    made = {start + timedelta(hours=hours): Path(str(hours)) for hours in (0, 1, 2)}
    assert sorted(map(str, spare(made))) == ["0", "1"]


async def test_a_write_storm_is_waited_for_but_not_for_ever(office):
    """The disk belongs to the bot while messages wait for more than a minute."""

    def write(store):
        store.chats.ensure(7, "private")
        store.outbox.add(Outgoing("a", 7, "reply", "text"))

    await office.storage.run(write)
    assert await office.tick(61) == []
    assert await office.tick(PATIENCE.total_seconds() - 1) == []
    assert len(await office.tick(1)) == 1
    assert len(await office.tick(DAY)) == 1
    await office.storage.run(lambda store: store.outbox.drop_open("a test"))
    assert len(await office.tick()) == 2


async def test_one_that_fails_is_told_tried_again_and_drops_nothing(office):
    """Its reason is for the admins; the old ones stay until a new one is whole."""
    await office.tick()
    office.fails = "no room"
    assert len(await office.tick(40 * DAY)) == 1
    assert office.backups.trouble == "no room"
    office.fails = ""
    assert len(await office.tick(RETRY.total_seconds() - 1)) == 1
    assert len(await office.tick(1)) == 2
    assert office.backups.trouble == ""


async def test_a_copy_is_made_by_a_process_of_its_own(office, tmp_path):
    """Whole, of a database that is open; what goes wrong there is told in its words."""
    await copy_apart(office.storage.path, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as reader:
        assert reader.execute("PRAGMA quick_check").fetchone() == ("ok",)
    with pytest.raises(BackupFailed, match="the database itself"):
        await copy_apart(office.storage.path, office.storage.path)


async def test_a_copy_that_is_cancelled_ends_its_process(office, tmp_path):
    """The program has ten seconds to end."""
    task = asyncio.create_task(copy_apart(office.storage.path, tmp_path / "copy.db"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
