"""`python -m tests.e2e.diskrecorder FOLDER LOG [SYNCHRONOUS]` does a day's work on a database and records the disk.

Every write, truncation, sync, creation and deletion of SQLite's files is recorded in order, with a mark after each
transaction that was confirmed: so a test can play what is left after a power cut at any moment. The recorder is a
layer (VFS) around the default one in the SQLite library that Python itself uses. Exit code 3: that cannot be reached.
"""

import ctypes
import pickle
import sys
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, cast, memmove, sizeof
from pathlib import Path
from typing import Any

from tests.press import Press, fire, press

CANNOT = 3
POINTERS = 19  # of functions in the third version of SQLite's table for a file
Op = tuple[Any, ...]
# What must be there after a cut when it was there at a transaction that was confirmed.
KEPT = {
    "watches": "SELECT text || chat_id FROM watches",
    "items": "SELECT key FROM items",
    "alerts": "SELECT chat_id || ' ' || item_id FROM alerts",
    "messages": "SELECT dedup_key FROM outbox",
    "sent": "SELECT dedup_key || message_id FROM outbox WHERE state = 'sent'",
}

# A path is handed on as the pointer that it is: SQLite keeps it, and reads parameters behind its end.
OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
DELETE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
SYNC = CFUNCTYPE(c_int, c_void_p, c_int)


class Methods(Structure):
    """What SQLite calls for an open file (sqlite3_io_methods); only what is recorded has a name."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", WRITE),
        ("truncate", TRUNCATE),
        ("sync", SYNC),
        ("others", c_void_p * (POINTERS - 6)),
    )


class Vfs(Structure):
    """The beginning of sqlite3_vfs."""

    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", OPEN),
        ("delete", DELETE),
    )


class Recorder:
    """Takes the place of functions of the default layer. It must live as long as the process."""

    def __init__(self) -> None:
        self.ops: list[Op] = []
        self._names: dict[int, str] = {}
        self._tables: dict[int, tuple[Methods, Methods]] = {}
        self._vfs = _default_vfs()
        self._open, self._delete = OPEN(_address(self._vfs.open)), DELETE(_address(self._vfs.delete))
        self._kept = (OPEN(self._opened), DELETE(self._deleted))
        self._vfs.open, self._vfs.delete = self._kept

    def _opened(self, vfs: int, path: int | None, file: int, flags: int, out: int) -> int:
        named = _path(path) if path else None
        existed = named is not None and named.exists()
        result = self._open(vfs, path, file, flags, out)
        if result == 0 and named is not None:
            self._names[file] = named.name
            if not existed:
                self.ops.append(("create", self._names[file]))
            place = cast(file, POINTER(c_void_p))
            ours, _original = self._methods(int(place[0] or 0))
            place[0] = ctypes.addressof(ours)
        return int(result)

    def _methods(self, address: int) -> tuple[Methods, Methods]:
        if address not in self._tables:
            original, ours = Methods.from_address(address), Methods()
            memmove(ctypes.addressof(ours), address, sizeof(Methods))
            write, truncate, sync = WRITE(self._written), TRUNCATE(self._cut), SYNC(self._synced)
            ours.write, ours.truncate, ours.sync = write, truncate, sync
            self._tables[address] = self._tables[ctypes.addressof(ours)] = ours, original
            self._kept += (write, truncate, sync)
        return self._tables[address]

    def _original(self, file: int) -> Methods:
        return self._methods(int(cast(file, POINTER(c_void_p))[0] or 0))[1]

    def _written(self, file: int, data: int, size: int, offset: int) -> int:
        self.ops.append(("write", self._names[file], offset, ctypes.string_at(data, size)))
        return int(self._original(file).write(file, data, size, offset))

    def _cut(self, file: int, size: int) -> int:
        self.ops.append(("truncate", self._names[file], size))
        return int(self._original(file).truncate(file, size))

    def _synced(self, file: int, flags: int) -> int:
        result = int(self._original(file).sync(file, flags))
        self.ops.append(("sync", self._names[file]))
        return result

    def _deleted(self, vfs: int, path: int, sync_folder: int) -> int:
        self.ops.append(("delete", _path(path).name))
        return int(self._delete(vfs, path, sync_folder))


def _default_vfs() -> Vfs:
    maps = Path("/proc/self/maps").read_text().splitlines()
    paths = {line.split()[-1] for line in maps if "sqlite3" in line}
    for path in sorted(paths):
        find = getattr(ctypes.CDLL(path), "sqlite3_vfs_find", None)
        if find is not None:
            find.restype = c_void_p
            return Vfs.from_address(find(None))
    sys.exit(CANNOT)


def _path(pointer: int) -> Path:
    return Path(ctypes.string_at(pointer).decode())


def _address(function: Any) -> int:
    return int(cast(function, c_void_p).value or 0)


def work(news: Press, confirm: Callable[[], None], synchronous: str) -> None:
    """News come in, go out and are edited; after each transaction that is over, `confirm`."""

    def prepare(store: Any) -> None:
        store.outbox._database.execute("PRAGMA wal_autocheckpoint = 60")

    news.storage.run_blocking(prepare)
    if synchronous != "FULL":  # cannot be set within a transaction
        database = news.storage._database
        database._thread.submit(
            lambda: database._connection.conn.execute(f"PRAGMA synchronous = {synchronous}")
        ).result()
    for chat in range(1, 6):
        news.watch(chat, "fire")
        confirm()
    url = news.feed()
    confirm()
    for number in range(12):
        news.poll(url, fire(number, source=f"w{number}.example", summary="Smoke over the harbour. " * 20))
        confirm()
        if number % 3 == 2:
            news.send()
            confirm()


def main(folder: str, log: str, synchronous: str = "FULL") -> None:
    """Work, and write what was recorded to `log`."""
    import sqlite3  # so that its library is there to be found

    sqlite3.connect(":memory:").close()
    recorder = Recorder()
    with press(Path(folder)) as news:
        start = {path.name: path.read_bytes() for path in Path(folder).iterdir() if not path.name.endswith("-shm")}
        recorder.ops.clear()

        def confirm() -> None:
            recorder.ops.append(("confirmed", {name: {key for (key,) in news.rows(sql)} for name, sql in KEPT.items()}))

        work(news, confirm, synchronous)
        ops = list(recorder.ops)
    Path(log).write_bytes(pickle.dumps((start, ops)))


if __name__ == "__main__":
    main(*sys.argv[1:])
