"""Copies of the database: made while the bot runs, and put back.

SQLite's backup API reads one consistent state, which copying the file does not: part of it may still be in the
write-ahead log. https://www.sqlite.org/backup.html
"""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.clock import to_epoch
from bot.db import Database, DatabaseError
from bot.lock import InstanceLock
from bot.store import Storage, Store
from watchlists.errors import WirewatchError

SINCE = "it may have gone out since the backup was made"
_PAGES = 4096  # of the database, between two pauses of the copying
_SPARE = 50_000_000  # bytes that a copy leaves free: the bot has to go on writing


class NoRoom(WirewatchError):
    """A copy would fill the disk."""

    exit_code = 1


class Refused(WirewatchError):
    """Something is in the way that must not be overwritten."""


def backup(source: Path, target: Path) -> int:
    """Copy the database to `target`, check the copy, and return its size in bytes.

    An earlier backup of that name is replaced when the new one is whole. Raises `Refused` where `target` is
    another kind of file, `NoRoom`, and `DatabaseError` where the source cannot be read.
    """
    database = Database.visit(source)  # says in words what is wrong with the source
    database.close()
    if target.exists():
        if target.samefile(source):
            raise Refused(f"{target} is the database itself: name another file.")
        _refuse_other_file(target)
    _refuse_full_disk(source, target)
    unfinished = target.with_name(f"{target.name}.unfinished")
    _copy(source, unfinished)
    _check(unfinished)
    _move(unfinished, target)
    return target.stat().st_size


def restore(source: Path, target: Path, now: datetime, *, force: bool, resend: bool) -> list[str]:
    """Put a backup in the place of the database; return what was done besides, a sentence each.

    A database that is there is kept beside it under another name, and needs `force`. Raises `Refused`,
    `AlreadyRunning` while a bot has the database, and `DatabaseError` for what is no sound backup.
    """
    if not source.is_file():
        raise Refused(f"There is no backup at {source}.")
    lock = InstanceLock(target)
    try:
        if target.exists() and not force:
            raise Refused(f"{target} is there already: with --force the backup takes its place, and it is kept beside.")
        unfinished = target.with_name(f"{target.name}.unfinished")
        _copy(source, unfinished)
        done = _settle(unfinished, now, resend)
        kept = _set_aside(target, now)
        _move(unfinished, target)
        for copy in target.parent.glob(f"{unfinished.name}.before-*"):  # of an older version's backup, updated
            copy.unlink()
    finally:
        lock.release()
    return [*done, *([_set_aside_as(kept)] if kept else [])]


def _set_aside_as(kept: Path) -> str:
    shown = f"`WIREWATCH_DATABASE={kept} wirewatch audit`"
    return f"The database that was there is {kept} now; where it can be read, {shown} shows what admins did since."


def _settle(path: Path, now: datetime, resend: bool) -> list[str]:
    """What the backup believes is still to be told may have been told since: say nothing twice unless asked to."""

    def work(store: Store) -> tuple[int, int, int] | None:
        store.restored.part()
        return None if resend else store.restored.settle(SINCE)

    database = Database.open(path)
    try:
        database.refuse_damaged()
        settled = Storage(database, lambda: now).run_blocking(work)
    finally:
        database.close()
    return [
        *(_told(*settled) if settled else ["What waited to be sent is sent now, also what had been sent since."]),
        "What people have set, watched or deleted since the backup is lost: tell them, if there are many.",
        "Roles, bans and invitations hold as they were then: repeat what was granted, taken away or banned since.",
    ]


def _told(messages: int, kept: int, asked: int) -> list[str]:
    return [
        f"{messages} messages that waited when the backup was made are dropped: they may have been sent since.",
        f"{kept} alerts whose summary has come due since are taken as told; /recent lists them.",
        f"{asked} commands that were not handled yet are passed over: they most likely were, since.",
        "The first poll of each feed alerts nothing, so that no news since the backup comes twice.",
    ]


def _refuse_other_file(target: Path) -> None:
    try:
        Database.visit(target).close()
    except DatabaseError as error:
        raise Refused(f"{target} is there already and is no backup, so it is not overwritten ({error})") from None


def _refuse_full_disk(source: Path, target: Path) -> None:
    """What is there already is replaced only when the new copy is whole, so both need room."""
    needed, free = source.stat().st_size + _SPARE, shutil.disk_usage(target.absolute().parent).free
    if free < needed:
        raise NoRoom(
            f"{target} would fill its disk: {free / 1e6:.0f} MB are free and {needed / 1e6:.0f} MB are needed. "
            "Make room, or name a file on another disk."
        )


def _copy(source: Path, target: Path) -> None:
    for name in ("", "-wal", "-shm", "-journal"):
        target.with_name(target.name + name).unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # what people watch is theirs
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as reader,
            closing(sqlite3.connect(target)) as writer,
        ):
            reader.execute("PRAGMA busy_timeout = 5000")
            # One state, held: else each write of the bot's would begin the copy anew, and a busy bot had none.
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
            reader.backup(writer, pages=_PAGES, sleep=0.01)
            writer.execute("PRAGMA journal_mode = DELETE")  # one file, whole
    except sqlite3.DatabaseError as error:
        target.unlink(missing_ok=True)
        raise DatabaseError(f"{source} cannot be copied to {target}: {error}.") from None


def _check(path: Path) -> None:
    database = Database.visit(path)
    try:
        database.refuse_damaged()
    finally:
        database.close()


def _set_aside(target: Path, now: datetime) -> Path | None:
    """Rename a database that is there, with its write-ahead log, which belongs to it."""
    if not target.exists():
        return None
    kept = target.with_name(f"{target.name}.replaced-{to_epoch(now):.0f}")
    for name in ("-wal", "-shm", ""):
        part = target.with_name(target.name + name)
        if part.exists():
            part.replace(kept.with_name(kept.name + name))
    return kept


def _move(unfinished: Path, target: Path) -> None:
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    unfinished.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # a power cut must not take the new name away
    finally:
        os.close(folder)
