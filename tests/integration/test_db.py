"""The database: whole transactions, one at a time, on a file that can be trusted or is left alone."""

import asyncio
import logging
import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Migrations

from bot import db
from bot.db import Database, DatabaseError
from bot.migrations import APPLICATION_ID, migrations


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "wirewatch.db"


@pytest.fixture
def database(path: Path):
    opened = Database.open(path)
    yield opened
    opened.close()


def write(database: Database, *names: str) -> None:
    def work(tables):
        for name in names:
            tables.execute("INSERT INTO progress (name, at) VALUES (?, 1)", [name])

    database.run_blocking(work)


def names(database: Database) -> list[str]:
    return database.run_blocking(lambda tables: [row[0] for row in tables.execute("SELECT name FROM progress")])


def pragma(database: Database, name: str) -> object:
    return database.run_blocking(lambda tables: tables.execute(f"PRAGMA {name}").fetchone()[0])


def made(path: Path, *names: str) -> bytes:
    """A sound database with some rows, closed; its bytes."""
    database = Database.open(path)
    write(database, *names)
    database.close()
    return path.read_bytes()


def refused(path: Path, match: str, *, owners_only: bool = False) -> None:
    """Opening raises, and the file has not changed by a byte."""
    before = path.read_bytes()
    for opening in (Database.open, *([] if owners_only else [Database.visit])):
        with pytest.raises(DatabaseError, match=match) as caught:
            opening(path)
        assert path.read_bytes() == before
        assert str(path) in str(caught.value)
        assert caught.value.exit_code == 1
        assert "\n" not in str(caught.value)


def test_a_database_is_made_with_its_folder_and_kept(path, database):
    """The first start makes it; the next finds what was written."""
    write(database, "a")
    database.close()
    again = Database.visit(path)
    assert names(again) == ["a"]
    again.close()


def test_every_connection_is_durable_and_checks_references(database):
    """WAL, FULL (NORMAL loses commits in a power cut), foreign keys (off by default), our mark."""
    assert pragma(database, "journal_mode") == "wal"
    assert pragma(database, "synchronous") == 2
    assert pragma(database, "foreign_keys") == 1
    assert pragma(database, "busy_timeout") == 5000
    assert pragma(database, "application_id") == APPLICATION_ID


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, sqlite3.IntegrityError])
def test_an_error_undoes_the_whole_transaction(database, error):
    """Also what sqlite-utils wrote, which would commit by itself outside; the next transaction is well."""

    def work(tables):
        tables.execute("INSERT INTO progress (name, at) VALUES ('a', 1)")
        tables["progress"].insert({"name": "b", "at": 2})
        tables["progress"].insert_all({"name": f"c{n}", "at": n} for n in range(500))
        raise error("half way")

    with pytest.raises(error):
        database.run_blocking(work)
    assert names(database) == []
    write(database, "d")
    assert names(database) == ["d"]


def test_work_that_ends_its_own_transaction_is_not_hidden(database):
    """A commit inside is a mistake of ours, and is raised."""
    with pytest.raises(sqlite3.OperationalError):
        database.run_blocking(lambda tables: tables.execute("COMMIT"))
    write(database, "a")
    assert names(database) == ["a"]


def test_two_writers_never_interleave(database):
    """Each transaction sees none or all of any other's, from whatever threads they come."""
    seen = []

    def work(tables):
        before = tables.execute("SELECT count(*) FROM progress").fetchone()[0]
        for _ in range(5):
            tables.execute("INSERT INTO progress (name, at) VALUES (hex(randomblob(8)), 1)")
        seen.append((before, tables.execute("SELECT count(*) FROM progress").fetchone()[0], threading.get_ident()))

    threads = [threading.Thread(target=lambda: [database.run_blocking(work) for _ in range(5)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(before, after) for before, after, _ in seen] == [(5 * n, 5 * n + 5) for n in range(20)]
    assert len({ident for _, _, ident in seen}) == 1


async def test_a_cancelled_caller_leaves_a_whole_transaction(database):
    """Cancelling stops the waiting, not the work."""
    started, go_on = threading.Event(), threading.Event()

    def work(tables):
        started.set()
        go_on.wait(5)
        tables.execute("INSERT INTO progress (name, at) VALUES ('a', 1)")

    task = asyncio.create_task(database.run(work))
    await asyncio.to_thread(started.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    assert await database.run(lambda tables: tables.execute("SELECT count(*) FROM progress").fetchone()[0]) == 1


def test_closing_finishes_what_was_begun_and_may_be_repeated(path, database):
    """After it nothing can be run, and the file is whole without the log beside it."""
    write(database, "a")
    database.close()
    database.close()
    with pytest.raises(RuntimeError):
        database.run_blocking(lambda tables: None)
    with closing(sqlite3.connect(path)) as reader:
        assert reader.execute("SELECT name FROM progress").fetchall() == [("a",)]
    assert not path.with_name("wirewatch.db-wal").exists()


def test_a_missing_file_is_made_only_when_asked(path):
    """`status` on a wrong path says so, and makes nothing."""
    with pytest.raises(DatabaseError, match="There is no database"):
        Database.visit(path)
    assert not path.parent.exists()


def test_an_empty_file_is_refused(path):
    """Zero bytes are what a full disk or a broken copy leaves; they are no first run."""
    path.parent.mkdir()
    path.touch()
    refused(path, "empty file")


def test_garbage_is_refused(path):
    """A text, an image, a file that only begins like a database."""
    path.parent.mkdir()
    for content in (b"hello\n" * 2000, bytes(range(256)) * 64, b"SQLite format 3\x00" + b"\xff" * 8192):
        path.write_bytes(content)
        refused(path, "cannot be used|damaged")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_truncated_file_is_refused(path, share):
    """Whether it was cut within a page or between two."""
    whole = made(path, *[f"name {n}" for n in range(500)])
    for size in (int(len(whole) * share), int(len(whole) * share) // 4096 * 4096 or 4096):
        path.write_bytes(whole[:size])
        refused(path, "cannot be used|damaged|another program|empty")


def test_a_damaged_page_is_refused(path):
    """The start checks the whole file, not only its head."""
    whole = bytearray(made(path, *[f"name {n}" for n in range(500)]))
    for page in range(2, len(whole) // 4096):
        whole[page * 4096 : page * 4096 + 200] = b"\xaa" * 200
    path.write_bytes(whole)
    refused(path, "damaged|cannot be used")


def test_another_programs_database_is_refused(path):
    """A sound SQLite file without our mark, or with another."""
    path.parent.mkdir()
    for mark in (0, 0x12345678):
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE notes (text)")
            other.execute(f"PRAGMA application_id = {mark}")
            other.commit()
        refused(path, "belongs to another program")


def test_a_newer_schema_is_refused(path):
    """An older program must not write into what a newer one has made of the file."""
    made(path, "a")
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("INSERT INTO _sqlite_migrations VALUES (99, 'wirewatch', 'm0099_from_tomorrow', '2030')")
        newer.commit()
    refused(path, "newer Wirewatch .*m0099_from_tomorrow")


def test_a_folder_is_refused(path):
    """A mount that went wrong leaves a folder in the file's place."""
    path.mkdir(parents=True)
    with pytest.raises(DatabaseError, match="is no file"):
        Database.open(path)


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    """The reason of the system, in one line."""
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="cannot be used"):
        Database.open(tmp_path / "file" / "wirewatch.db")


def test_a_half_made_database_is_no_problem(path):
    """A process killed while it made the file has left only something beside it."""
    path.parent.mkdir()
    path.with_name("wirewatch.db.new").write_bytes(b"half")
    path.with_name("wirewatch.db.new-journal").write_bytes(b"\xd9\xd5\x05\xf9 half")
    made(path, "a")
    assert [file.name for file in path.parent.iterdir()] == ["wirewatch.db"]


def test_a_failure_while_it_is_made_leaves_nothing_in_its_place(path, monkeypatch):
    """The file appears whole or not at all."""
    broken = Migrations("wirewatch")

    @broken()
    def m0001_first(tables):
        tables.execute("CREATE TABLE half (x)")
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(db, "migrations", broken)
    with pytest.raises(DatabaseError, match="disk full") as caught:
        Database.open(path)
    assert not path.exists()
    held = {os.path.realpath(link) for link in Path("/proc/self/fd").glob("*")}  # empty where the system does not tell
    assert not {name for name in held if name.startswith(str(path))}, caught
    monkeypatch.setattr(db, "migrations", migrations)
    made(path, "a")


def test_opening_a_sound_database_says_nothing(path, caplog):
    """And changes nothing that is worth a log line or a copy."""
    made(path, "a")
    with caplog.at_level(logging.INFO):
        made(path, "b")
    assert caplog.text == ""
    assert [file.name for file in path.parent.iterdir()] == ["wirewatch.db"]
