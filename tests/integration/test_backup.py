"""A copy while the bot runs, and back again: whole, never over what must not be overwritten, nothing told twice."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import backup as backup_module
from bot.__main__ import main
from bot.backup import NoRoom, Refused, backup, restore
from bot.db import Database, DatabaseError
from bot.lock import AlreadyRunning, InstanceLock
from bot.store import Storage
from bot.store.outbox import Outgoing
from tests.fakes import NOON, FakeClock, invented_name
from tests.press import Press, fire, press

ANN = 7


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "wirewatch.db"


@pytest.fixture
def storage(path: Path):
    database = Database.open(path)
    yield Storage(database, FakeClock())
    database.close()


def write(storage: Storage, *keys: str) -> None:
    def add(store):
        store.chats.ensure(ANN, "private")
        store.feeds.add("https://a.example/rss")
        for key in keys:
            store.outbox.add(Outgoing(key, ANN, "alert", key))

    storage.run_blocking(add)


def rows(path: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as reader:
        return reader.execute(sql).fetchall()


def test_a_running_bot_is_copied_whole(storage, path, tmp_path):
    """What is committed is in the copy, though it stands in the write-ahead log only; one file, and sound."""
    write(storage, "one", "two")
    copy = tmp_path / "copy.db"
    assert backup(path, copy) == copy.stat().st_size
    assert rows(copy, "SELECT dedup_key FROM outbox") == [("one",), ("two",)]
    assert rows(copy, "PRAGMA quick_check") == [("ok",)]
    assert sorted(file.name for file in tmp_path.glob("copy.db*")) == ["copy.db"]


def test_an_earlier_backup_is_replaced_and_nothing_else(storage, path, tmp_path):
    """Not a photo album, not the database itself."""
    write(storage, "one")
    copy, album = tmp_path / "copy.db", tmp_path / "album"
    backup(path, copy)
    write(storage, "two")
    backup(path, copy)
    assert len(rows(copy, "SELECT * FROM outbox")) == 2
    album.write_text("photos")
    for target in (album, path):
        with pytest.raises(Refused):
            backup(path, target)
    assert album.read_text() == "photos"


def test_what_waited_is_not_told_again(storage, path, tmp_path):
    """It may have gone out since; and no feed's next poll alerts what came since."""
    write(storage, "one", "two")
    storage.run_blocking(lambda store: store.outbox.claim(1))
    storage.run_blocking(lambda store: store.feeds._write("UPDATE feeds SET primed = 1, etag = 'x'"))
    copy, target = tmp_path / "copy.db", tmp_path / "new" / "wirewatch.db"
    backup(path, copy)
    assert len(restore(copy, target, NOON, force=False, resend=False)) == 6
    assert rows(target, "SELECT state FROM outbox") == [("dropped",), ("dropped",)]
    assert rows(target, "SELECT primed, etag FROM feeds") == [(0, "")]
    resent = tmp_path / "resent.db"
    restore(copy, resent, NOON, force=False, resend=True)
    assert rows(resent, "SELECT state FROM outbox") == [("sending",), ("queued",)]
    assert rows(resent, "SELECT primed FROM feeds") == [(1,)]


def test_a_database_that_is_there_needs_force_and_is_kept(storage, path, tmp_path):
    """Under another name, with what its write-ahead log holds."""
    write(storage, "one")
    copy, target = tmp_path / "copy.db", tmp_path / "target.db"
    backup(path, copy)
    other = Database.open(target)
    write(Storage(other, FakeClock()), "kept")
    other.close()
    with pytest.raises(Refused, match="--force"):
        restore(copy, target, NOON, force=False, resend=False)
    assert rows(target, "SELECT dedup_key FROM outbox") == [("kept",)]
    restore(copy, target, NOON, force=True, resend=False)
    assert rows(target, "SELECT dedup_key FROM outbox") == [("one",)]
    (kept,) = (file for file in tmp_path.glob("target.db.replaced-*") if file.suffix.startswith(".replaced"))
    assert rows(kept, "SELECT dedup_key FROM outbox") == [("kept",)]


def test_nothing_is_restored_under_a_running_bot(storage, path, tmp_path):
    """It holds the database; its file stays as it is."""
    write(storage, "one")
    copy = tmp_path / "copy.db"
    backup(path, copy)
    lock = InstanceLock(path)
    with pytest.raises(AlreadyRunning):
        restore(copy, path, NOON, force=True, resend=False)
    lock.release()


def test_a_damaged_backup_replaces_nothing(storage, path, tmp_path):
    """Garbage, a part of a backup, another program's database."""
    write(storage, "one")
    copy, target = tmp_path / "copy.db", tmp_path / "target.db"
    backup(path, copy)
    Database.open(target).close()
    before = rows(target, "SELECT * FROM feeds")
    damaged = tmp_path / "damaged.db"
    whole = copy.read_bytes()
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as foreign:
        foreign.execute("CREATE TABLE t (x)")
    for content in (b"garbage" * 1000, whole[: len(whole) // 2], (tmp_path / "foreign.db").read_bytes()):
        damaged.write_bytes(content)
        with pytest.raises(DatabaseError):
            restore(damaged, target, NOON, force=True, resend=False)
    with pytest.raises(Refused):
        restore(tmp_path / "nothing.db", target, NOON, force=True, resend=False)
    assert rows(target, "SELECT * FROM feeds") == before


def test_the_command_line_says_what_it_did(storage, path, tmp_path, monkeypatch, capsys):
    """Two verbs, their exit codes and one plain line for what is in the way."""
    write(storage, "one")
    monkeypatch.setenv("WIREWATCH_DATABASE", str(path))
    copy = tmp_path / "copy.db"
    assert main(["backup", str(copy)]) == 0
    assert "MB, checked" in capsys.readouterr().out
    monkeypatch.setenv("WIREWATCH_DATABASE", str(tmp_path / "other.db"))
    assert main(["restore", str(copy)]) == 0
    assert "is restored from" in capsys.readouterr().out
    assert main(["restore", str(copy)]) == 2
    assert "--force" in capsys.readouterr().err


def test_a_bot_that_writes_all_the_time_is_copied_all_the_same(storage, path, tmp_path, monkeypatch):
    """One state is held from the first page to the last; SQLite would begin anew with each write, and never end."""
    write(storage, *(f"{number} {'long ' * 400}" for number in range(1000)))
    monkeypatch.setattr(backup_module, "_PAGES", 1)
    written, copied, going = [0], [], threading.Event()
    monkeypatch.setattr(backup_module, "_check", lambda _path: copied.append(written[0]))

    def write_on() -> None:
        with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as other:
            other.execute("PRAGMA synchronous = OFF")
            while not copied:
                other.execute("UPDATE feeds SET title = title || 'x'")
                written[0] += 1
                going.set()

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        going.wait(5)
        backup(path, tmp_path / "copy.db")
    finally:
        copied.append(0)
        writer.join()
    ((title,),) = rows(tmp_path / "copy.db", "SELECT title FROM feeds")
    assert len(title) < copied[0] / 2  # most was written while it was copied, and is not in the copy
    assert rows(tmp_path / "copy.db", "SELECT count(*) FROM outbox") == [(1000,)]


def test_nobody_else_may_read_a_database_or_its_copy(storage, path, tmp_path):
    """It has what people watch."""
    write(storage, "one")
    copy = tmp_path / "copy.db"
    backup(path, copy)
    log = path.with_name(f"{path.name}-wal")
    assert {file.stat().st_mode & 0o777 for file in (path, log, copy)} == {0o600}


def test_a_copy_that_would_fill_the_disk_is_not_begun(storage, path, tmp_path, monkeypatch):
    """And the one that is there stays."""
    write(storage, "one")
    copy = tmp_path / "copy.db"
    backup(path, copy)
    before = copy.read_bytes()
    monkeypatch.setattr(backup_module.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1_000_000))
    with pytest.raises(NoRoom, match="1 MB are free"):
        backup(path, copy)
    assert copy.read_bytes() == before
    assert [*tmp_path.glob("*.unfinished*")] == []


def test_after_a_restore_nobody_hears_anything_twice(tmp_path):
    """What waited, what was kept for a summary, what came since, and commands that had been handled since."""
    copy, target = tmp_path / "copy.db", tmp_path / "target.db"
    with press(tmp_path) as news:
        news.watch(ANN, "fire")
        url = news.feed()
        news.prefer(lambda its: its.snooze(ANN, "30m"))
        news.poll(url, fire(1), after=60)
        news.storage.run_blocking(lambda store: store.snoozes.clear(ANN))
        news.poll(url, fire(1), fire(2), after=60)
        news.storage.run_blocking(lambda store: store.inbox.add(5, {"update_id": 5}))
        backup(news.storage.path, copy)
        news.clock.advance(3600)
        assert news.release() == 1
        news.poll(url, fire(1), fire(2), fire(3))
        told = len(news.outbox())
        news.send()
        now = news.clock.now
    assert told == 3  # one at once, one in a summary, one that came after the backup
    done = restore(copy, target, now, force=False, resend=False)
    assert [sentence.split()[0] for sentence in done[:3]] == ["1", "1", "1"]
    database = Database.open(target)
    clock = FakeClock(now)
    again = Press(Storage(database, clock), clock)
    assert again.storage.run_blocking(lambda store: store.inbox.waiting()) == []
    again.poll(url, fire(1), fire(2), fire(3))
    assert again.release() == 0
    assert again.storage.run_blocking(lambda store: store.outbox.heads([], 10)) == []
    again.poll(url, fire(1), fire(2), fire(3), fire(4))
    assert [text for _chat, text in again.outbox() if invented_name(4) in text]
    database.close()
