"""One SQLite file, one writer thread, one transaction at a time.

A connection is never shared between threads: the thread that opens it is the only one that uses it, and
everything else sends it functions. Each function runs inside `BEGIN IMMEDIATE … COMMIT`; when it raises,
nothing of it stays. sqlite-utils calls inside such a function join that transaction (outside of one they
would commit by themselves, and `insert_all` would commit in pieces).
"""

import asyncio
import logging
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from pathlib import Path
from typing import TypeVar

import sqlite_utils

from bot.migrations import APPLICATION_ID, migrations
from watchlists.errors import WirewatchError

T = TypeVar("T")
log = logging.getLogger(__name__)

BUSY_TIMEOUT = 5_000  # milliseconds that a statement waits for another process to let go of the file
# Troubles of the file's surroundings, in which nothing is lost: held by another process, disk full, disk not answering.
_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_OWNER_ALONE = 0o600  # the mode of a new file: what people watch is theirs
_ADVICE = {
    "locked": "Another program holds it: wait until that has ended, or stop it.",
    "full": "Make room on its disk.",
    "disk I/O": "Its disk does not work as it should.",
    "readonly": "Its file and folder have to be writable.",
    "unable to open": "Its file and folder have to be writable.",
}


class DatabaseError(WirewatchError):
    """A database file that must not be used: damaged, empty, foreign or from a newer version."""

    exit_code = 1


def passes(error: sqlite3.Error) -> bool:
    """Whether the same work may succeed later without anybody's mending the program or the file."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF in _PASSING  # above: what kind of it


class Database:
    """The writer thread and its connection. `open` it, `run` functions on it, `close` it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._connection: sqlite_utils.Database | None = None
        self._begin = "BEGIN IMMEDIATE"

    @classmethod
    def open(cls, path: Path) -> "Database":
        """Open or create the file as its one owner, check it whole and bring its tables up to date.

        Raises `DatabaseError`, with the file left as it was, when it cannot be trusted.
        """
        return cls._opened(path, cls._own)

    @classmethod
    def visit(cls, path: Path) -> "Database":
        """Open an existing file to read it, also while a bot owns it: nothing is created, updated or written.

        Raises `DatabaseError`; a file whose tables are older than the program is one, too.
        """
        return cls._opened(path, cls._visit)

    @classmethod
    def join(cls, path: Path) -> "Database":
        """Open an existing file to add to it, also while a bot owns it: as `visit`, but it may be written."""
        return cls._opened(path, cls._join)

    @classmethod
    def _opened(cls, path: Path, how: Callable[["Database"], None]) -> "Database":
        database = cls(path)
        try:
            database._thread.submit(database._connect, how).result()
        except BaseException:
            database.close()
            raise
        return database

    def _connect(self, how: Callable[["Database"], None]) -> None:
        _refuse_unusable(self.path)
        try:
            how(self)
        except sqlite3.DatabaseError as error:
            raise _in_words(self.path, error) from error
        except OSError as error:
            raise DatabaseError(f"The database {self.path} cannot be used: {error.strerror}.") from error

    def _own(self) -> None:
        if not self.path.exists():
            _create(self.path)
        self._connection = _connect(self.path)
        check_identity(self._connection, self.path)
        _refuse_damaged(self._connection, self.path)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")  # NORMAL loses committed rows in a power cut
        self._connection.execute("BEGIN IMMEDIATE")  # fails now, in words, where the file may not be written
        self._connection.execute("ROLLBACK")
        _make_shrinkable(self._connection, self.path)
        self._update(self._connection)  # before the next line: a table that others refer to can then be made anew
        self._connection.execute("PRAGMA foreign_keys = ON")

    def _visit(self) -> None:
        self._existing().execute("PRAGMA query_only = ON")
        self._begin = "BEGIN"

    def _existing(self) -> sqlite_utils.Database:
        if not self.path.exists():
            raise DatabaseError(f"There is no database at {self.path}: start the bot once, or set WIREWATCH_DATABASE.")
        self._connection = _connect(self.path)
        check_identity(self._connection, self.path)
        if migrations.pending(self._connection):
            raise DatabaseError(f"{self.path} was written by an older Wirewatch: the next start of the bot updates it.")
        return self._connection

    def _join(self) -> None:
        connection = self._existing()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    def refuse_damaged(self) -> None:
        """Look through the whole file; raise `DatabaseError` when something in it is broken."""
        self.run_blocking(lambda database: _refuse_damaged(database, self.path))

    def _update(self, database: sqlite_utils.Database) -> None:
        """Bring an older schema up to date, after a copy of the file as it was."""
        pending = migrations.pending(database)
        if not pending:
            return
        copy = self.path.with_name(f"{self.path.name}.before-{pending[0].name}")
        os.close(os.open(copy, os.O_CREAT | os.O_WRONLY, _OWNER_ALONE))
        with closing(sqlite3.connect(copy)) as target:
            database.conn.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, whole, also once it is read
        log.info("updating the database; a copy of it as it was is %s", copy)
        migrations.apply(database)

    def _run(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        if self._connection is None:
            raise RuntimeError("the database is closed")
        database = self._connection
        database.conn.execute(self._begin)
        try:
            result = work(database)
            database.conn.execute("COMMIT")
        except BaseException:
            if database.conn.in_transaction:
                database.conn.execute("ROLLBACK")
            raise
        return result

    async def run(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """Run `work` in a transaction on the writer thread and return its result.

        When the caller is cancelled the transaction still ends by itself, whole. `work` sees the caller's context
        variables, such as the language that is spoken: threads do not share them.
        """
        return await asyncio.wrap_future(self._thread.submit(copy_context().run, self._run, work))

    def run_blocking(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """`run` for code without an event loop: the command line and tests."""
        try:
            return self._thread.submit(self._run, work).result()
        except sqlite3.DatabaseError as error:
            # Damage found on the way, or a trouble outside; other subclasses are our own mistakes.
            if type(error) is sqlite3.DatabaseError or passes(error):
                raise _in_words(self.path, error) from error
            raise

    def close(self) -> None:
        """Finish what was submitted, then close. Safe to call twice."""
        if self._connection is not None:
            self._thread.submit(self._connection.close).result()
            self._connection = None
        self._thread.shutdown(wait=True)


def _in_words(path: Path, error: sqlite3.DatabaseError) -> DatabaseError:
    """What to do about an error of SQLite: a missing permission is no damage."""
    reason = str(error).splitlines()[0]
    damaged = "Restore a backup, or move the file away to start anew."
    advice = next((advice for sign, advice in _ADVICE.items() if sign in reason), damaged)
    return DatabaseError(f"The database {path} cannot be used: {reason}. {advice}")


def _refuse_unusable(path: Path) -> None:
    if not path.exists():
        return
    if not path.is_file():
        raise DatabaseError(f"The database {path} is no file: set WIREWATCH_DATABASE to a file.")
    if path.stat().st_size == 0:
        raise DatabaseError(
            f"The database {path} is an empty file, so something cut it off: "
            "restore a backup, or remove it to start anew."
        )


def _connect(path: Path) -> sqlite_utils.Database:
    # isolation_level=None: transactions begin where this module says so, never implicitly.
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
    return sqlite_utils.Database(connection)


def _create(path: Path) -> None:
    """Make a new database beside its place and move it there whole.

    A process killed in the middle leaves no half-made file that the next start would have to refuse.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ALONE))
    with closing(_connect(unfinished)) as database:
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")  # before the first table, or it has no effect
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrations.apply(database)
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # a power cut must not take the new name away
    finally:
        os.close(folder)


def _make_shrinkable(database: sqlite_utils.Database, path: Path) -> None:
    """Let a file that an older version made give back what is forgotten; once, where there is room for a copy of it."""
    if database.conn.execute("PRAGMA auto_vacuum").fetchone()[0]:
        return
    try:
        database.conn.execute("PRAGMA auto_vacuum = INCREMENTAL")
        database.conn.execute("VACUUM")
    except sqlite3.OperationalError as error:  # the disk, or that of /tmp, has no room for a copy: then without it
        if not passes(error):
            raise
        log.warning("%s cannot be made smaller later, for want of room for a copy of it now: %s", path, error)


def _refuse_damaged(database: sqlite_utils.Database, path: Path) -> None:
    damage = database.conn.execute("PRAGMA quick_check(1)").fetchone()[0]
    if damage != "ok":
        raise DatabaseError(f"The database {path} is damaged ({' '.join(damage.split())}): restore a backup.")


def check_identity(database: sqlite_utils.Database, path: Path) -> None:
    """A file of another program or of a newer Wirewatch is refused before anything is written to it."""
    connection = database.conn
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        raise DatabaseError(f"{path} belongs to another program: set WIREWATCH_DATABASE to a file of Wirewatch.")
    with closing(sqlite_utils.Database(memory=True)) as empty:
        known = {migration.name for migration in migrations.pending(empty)}
    newer = {migration.name for migration in migrations.applied(database)} - known
    if newer:
        raise DatabaseError(
            f"{path} was written by a newer Wirewatch (it has {', '.join(sorted(newer))}): update the program."
        )
