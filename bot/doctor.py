"""Looks at all that a bot stands on and says what is wrong with it; writes nothing.

Each check gives findings: what was looked at, and either that it is well or what is wrong and what to do.
"""

import fcntl
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlite_utils

from bot.backups import EVERY, Backups
from bot.clock import from_epoch
from bot.config import PREFIX, Settings
from bot.db import DatabaseError, check_identity
from bot.migrations import migrations
from bot.store import Store
from bot.store.ailments import AILMENTS, Ailments

OLDEST_SQLITE = (3, 35, 0)  # RETURNING
AHEAD = timedelta(minutes=1)
SPARE = 500_000_000  # bytes
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Finding:
    """`says` is a sentence; of a problem, with what to do about it."""

    what: str
    says: str
    problem: bool = False


def examine(settings: Settings, now: datetime, environment: dict[str, str]) -> Iterator[Finding]:
    """All findings, as they come."""
    yield from _versions()
    yield from _token_file(environment)
    path = settings.database
    if not path.exists():
        yield Finding("database", f"{path} does not exist yet; the first start makes it")
        return
    yield from _files(path)
    yield from _running(path)
    try:
        with _read_only(path) as database:
            yield from _inside(database, path, now)
    except (sqlite3.Error, DatabaseError) as error:
        advice = "" if isinstance(error, DatabaseError) else " Restore a backup, or move the file away to start anew."
        yield Finding("database", f"{error}{advice}", problem=True)
    yield from _backups(settings, now)


def _versions() -> Iterator[Finding]:
    library = sqlite3.sqlite_version_info
    said = f"Wirewatch {version('wirewatch')}, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}"
    if library < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        yield Finding(
            "versions", f"{said}: SQLite has to be {needed} or newer; use a newer Python or system", problem=True
        )
    else:
        yield Finding("versions", said)
    try:
        ZoneInfo("Europe/Kyiv")
    except ZoneInfoNotFoundError:
        yield Finding("time zones", "the zones of today are not known: install the package tzdata anew", problem=True)


def _token_file(environment: dict[str, str]) -> Iterator[Finding]:
    name = environment.get(f"{PREFIX}TOKEN_FILE", "")
    if name and Path(name).stat().st_mode & 0o007:
        yield Finding("token", f"everybody on this machine can read {name}: chmod 600 {name}", problem=True)


def _files(path: Path) -> Iterator[Finding]:
    folder = path.absolute().parent
    parts = [file for ending in ("", "-wal", "-shm") if (file := path.with_name(path.name + ending)).exists()]
    open_to_others = [str(file) for file in parts if file.stat().st_mode & _OTHERS]
    if open_to_others:
        names = " ".join(open_to_others)
        yield Finding("permissions", f"others can read what people watch: chmod 600 {names}", problem=True)
    barred = [str(file) for file in (folder, *parts) if not os.access(file, os.R_OK | os.W_OK)]
    if barred:
        yield Finding("permissions", f"the user that runs this cannot write {', '.join(barred)}", problem=True)
    if not (open_to_others or barred):
        yield Finding("permissions", f"{path} is for its owner alone")
    free, size = shutil.disk_usage(folder).free, path.stat().st_size
    said = f"{free / 1e6:,.0f} MB are free, the database takes {size / 1e6:,.1f} MB"
    if free < max(SPARE, size):
        yield Finding("disk", f"{said}: make room, or a backup and an update have none", problem=True)
    else:
        yield Finding("disk", said)
    copies = sorted(
        file.name for pattern in ("before-*", "replaced-*") for file in folder.glob(f"{path.name}.{pattern}")
    )
    if copies:
        yield Finding("copies", f"earlier databases may be deleted when all is well: {', '.join(copies)}")


def _running(path: Path) -> Iterator[Finding]:
    lock = path.with_name(f"{path.name}.lock")
    try:
        descriptor = os.open(lock, os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield Finding("bot", "none runs on this database")
    except BlockingIOError:
        yield Finding("bot", "one runs on this database")
    finally:
        os.close(descriptor)


@contextmanager
def _read_only(path: Path) -> Iterator[sqlite_utils.Database]:
    """Not even the write-ahead log that a kill has left is taken over."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("BEGIN")  # all checks see one state, though a bot may write
        yield sqlite_utils.Database(connection)


def _inside(database: sqlite_utils.Database, path: Path, now: datetime) -> Iterator[Finding]:
    check_identity(database, path)
    damage = [row[0] for row in database.conn.execute("PRAGMA integrity_check(5)")]
    if damage != ["ok"]:
        says = f"the file is damaged ({'; '.join(damage)}): restore a backup"
        yield Finding("integrity", says, problem=True)
        return
    yield Finding("integrity", "every page and index is sound")
    dangling = database.conn.execute("PRAGMA foreign_key_check").fetchall()
    if dangling:
        tables = sorted({f"{row[0]} → {row[2]}" for row in dangling})
        says = f"{len(dangling)} rows refer to what is not there ({', '.join(tables)}): please report this"
        yield Finding("references", says, problem=True)
    else:
        yield Finding("references", "every row that refers to another finds it")
    if migrations.pending(database):
        yield Finding("schema", "of an older version: the next start brings it up to date, after a copy of the file")
        return
    yield Finding("schema", "of this version")
    yield from _contents(Store(database, now), Ailments(database, now))


def _contents(store: Store, ailments: Ailments) -> Iterator[Finding]:
    counts = store.outbox.counts()
    states = sum(number for state, number in counts.items() if state != "enqueued")
    if states == counts["enqueued"]:
        yield Finding("outbox", f"adds up: {states} messages were enqueued, and each is in one state")
    else:
        says = f"{counts['enqueued']} messages were enqueued and {states} are in a state: please report this"
        yield Finding("outbox", says, problem=True)
    found = ailments.all()
    for ailment, number in found.items():
        if number:
            yield Finding("rows", f"{number} {ailment.rows}: {ailment.advice}", problem=True)
    if not any(found.values()):
        yield Finding("rows", f"none is left over or stuck ({len(AILMENTS)} kinds were looked for)")
    latest, now = from_epoch(ailments.latest()), store.now
    if latest > now + AHEAD:
        says = (
            f"it is {now:%Y-%m-%d %H:%M} UTC, and the database has seen {latest:%Y-%m-%d %H:%M} already: set the clock"
        )
        yield Finding("clock", says, problem=True)
    else:
        yield Finding("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC, not before what the database has seen")


def _backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    if settings.backups is None:
        yield Finding("backups", f"none are made: set {PREFIX}BACKUPS to a folder, best on another disk")
        return
    made = Backups.made_in(settings.backups)
    newest = max(made, default=None)
    if newest is None or now - newest > 2 * EVERY:
        last = f"the last one is of {newest:%Y-%m-%d %H:%M} UTC" if newest else "there is none"
        yield Finding("backups", f"{settings.backups}: {last}; the bot's log says why", problem=True)
    else:
        yield Finding("backups", f"{len(made)} in {settings.backups}, the last of {newest:%Y-%m-%d %H:%M} UTC")
