"""A power cut at any moment: the database opens, is sound, and has all that was confirmed.

What SQLite wrote and synced is recorded once; then the disk is played as it may look after a cut: what was not synced
is lost, or is there in parts, the last piece torn at a sector.
"""

import os
import pickle
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot.db import Database
from tests.e2e.diskrecorder import CANNOT, KEPT, Op
from tests.promises import Measured

SECTOR = 512
Content = dict[str, set[object]]


class Disk:
    """Files as they are for certain, and what came to each of them since its last sync."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._certain = {name: bytearray(content) for name, content in files.items()}
        self._unsynced: dict[str, list[Op]] = {}

    def play(self, op: Op) -> None:
        kind, name, *_ = op
        if kind == "sync":
            content = self._certain.setdefault(name, bytearray())
            for waiting in self._unsynced.pop(name, ()):
                _change(content, waiting)
        else:
            self._unsynced.setdefault(name, []).append(op)

    def after_a_cut(self, chance: random.Random | None) -> dict[str, bytes]:
        """Nothing that was not synced; with a chance, some of it."""
        files = {name: bytearray(content) for name, content in self._certain.items()}
        for name, ops in self._unsynced.items() if chance else ():
            assert chance
            if name not in files and chance.random() < 0.5:
                continue
            for op in ops:
                if chance.random() < 0.7:
                    _change(files.setdefault(name, bytearray()), _torn(op, chance))
        return {name: bytes(content) for name, content in files.items()}


def _change(content: bytearray, op: Op) -> None:
    if op[0] == "write":
        _kind, _name, offset, data = op
        content.extend(bytes(max(0, offset - len(content))))
        content[offset : offset + len(data)] = data
    elif op[0] == "truncate":
        del content[op[2] :]
    elif op[0] == "delete":
        content.clear()


def _torn(op: Op, chance: random.Random) -> Op:
    if op[0] == "write" and chance.random() < 0.2:
        kind, name, offset, data = op
        return kind, name, offset, data[: chance.randrange(len(data)) // SECTOR * SECTOR]
    return op


def record(folder: Path, synchronous: str = "FULL") -> tuple[dict[str, bytes], Sequence[Op]]:
    """The files at the beginning, and all that happened to them."""
    (folder / "db").mkdir()
    log = folder / "ops"
    arguments = [sys.executable, "-m", "tests.e2e.diskrecorder", str(folder / "db"), str(log), synchronous]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(Path.cwd())])}
    done = subprocess.run(arguments, env=environment, timeout=120, check=False)
    if done.returncode == CANNOT:
        pytest.skip("this Python keeps its SQLite library to itself")
    assert done.returncode == 0
    start, ops = pickle.loads(log.read_bytes())
    return start, ops


def confirmed(ops: Sequence[Op]) -> Iterator[tuple[Op | None, Content]]:
    """Each change to the disk (None where a transaction was confirmed) with all that was confirmed by then."""
    last: Content = {name: set() for name in KEPT}
    for op in ops:
        if op[0] == "confirmed":
            last = op[1]
            yield None, last
        else:
            yield op, last


def lost(files: Mapping[str, bytes], content: Content, folder: Path) -> Content:
    """Open what is left, as the program does; what is not there any more of that which was confirmed."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    path = folder / "wirewatch.db"
    Database.open(path).close()
    with closing(sqlite3.connect(path)) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert reader.execute("PRAGMA foreign_key_check").fetchall() == []
        return {
            name: keys - {key for (key,) in reader.execute(KEPT[name])}
            for name, keys in content.items()
            if keys - {key for (key,) in reader.execute(KEPT[name])}
        }


@pytest.mark.parametrize("share", [0.03, pytest.param(1.0, marks=pytest.mark.soak)])
def test_a_power_cut_loses_nothing_that_was_confirmed(tmp_path: Path, share: float, measured: Measured) -> None:
    """After a part of all writes (in the soak after each), with nothing and with some of what was not synced."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    start, ops = record(tmp_path)
    disk, cuts = Disk(start), 0
    for op, content in confirmed(ops):
        if op is not None:
            disk.play(op)
        if op is None or chance.random() < share:
            for luck in (None, chance):
                cuts += 1
                assert lost(disk.after_a_cut(luck), content, tmp_path / str(cuts)) == {}, f"cut {cuts}"
    measured("P2", f"{cuts:,} cuts: nothing lost of {len(content['messages'])} messages, {len(content['sent'])} sent")
    assert cuts > 70
    assert len(content["messages"]) >= 50
    assert len(content["sent"]) >= 40


def test_without_a_sync_at_each_commit_the_cut_would_be_noticed(tmp_path: Path) -> None:
    """That this test can fail: `synchronous = NORMAL` loses what was confirmed since the last checkpoint."""
    start, ops = record(tmp_path, "NORMAL")
    disk, losses = Disk(start), 0
    for number, (op, content) in enumerate(confirmed(ops)):
        if op is None:
            losses += bool(lost(disk.after_a_cut(None), content, tmp_path / str(number)))
        else:
            disk.play(op)
    assert losses > 5
