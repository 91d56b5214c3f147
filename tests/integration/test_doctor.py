"""`wirewatch doctor`: well when all is well, a line with a remedy for each thing that is not, and nothing written."""

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Settings
from bot.db import Database
from bot.doctor import examine
from bot.lock import InstanceLock
from tests.fakes import NOON
from tests.press import fire, press
from tests.shell import make_database

ANN = 7


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database that has told news, with a write-ahead log as a kill leaves it."""
    folder = tmp_path / "made"
    folder.mkdir()
    kept = tmp_path / "data"
    kept.mkdir()
    with press(folder) as news:
        news.watch(ANN, "fire")
        url = news.feed()
        news.poll(url, fire(1))
        news.send()
        news.poll(url, fire(1), fire(2))
        for file in folder.iterdir():
            shutil.copy2(file, kept)
    return kept / "wirewatch.db"


def problems(path: Path, after: timedelta = timedelta(days=1), **environment: str) -> dict[str, str]:
    """What is wrong, by what was looked at; all else is well."""
    settings = Settings(database=path, backups=environment.pop("backups", None))
    findings = list(examine(settings, NOON + after, environment))
    assert findings
    return {finding.what: finding.says for finding in findings if finding.problem}


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement)


def test_what_is_well_is_well_and_stays_as_it_is(path):
    """No byte of the database or of its log changes, and nothing is taken over."""

    def content() -> dict[str, str]:
        files = [file for file in path.parent.iterdir() if not file.name.endswith("-shm")]
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

    before = content()
    assert f"{path.name}-wal" in before
    assert problems(path) == {}
    assert content() == before


def test_a_bot_that_runs_is_no_problem(path):
    """It is said, and all is looked at beside it."""
    lock, database = InstanceLock(path), Database.open(path)
    findings = {finding.what: finding.says for finding in examine(Settings(database=path), NOON, {})}
    assert findings["bot"] == "one runs on this database"
    assert "adds up" in findings["outbox"]
    database.close()
    lock.release()
    assert "none runs" in {its.what: its.says for its in examine(Settings(database=path), NOON, {})}["bot"]


@pytest.mark.parametrize(
    ("statement", "what", "says"),
    [
        ("UPDATE alerts SET item_id = 999", "references", "alerts → items"),
        ("DELETE FROM outbox WHERE id = 1", "outbox", "2 messages were enqueued and 1 are in a state"),
        ("UPDATE outbox SET behind = 1 WHERE state = 'queued'", "rows", "chats whose first message waits behind"),
        ("DELETE FROM outbox WHERE alert_id = 2", "rows", "1 alerts that no message tells"),
        ("INSERT INTO stories (id, opened) VALUES (-1, 0)", "rows", "1 stories without any item"),
        ("UPDATE chats SET active = 0", "rows", "1 messages that wait for a chat that was given up"),
        ("UPDATE outbox SET finished = NULL WHERE state = 'sent'", "rows", "1 messages without an end"),
        ("UPDATE progress SET at = at + 1e7", "clock", "set the clock"),
        ("INSERT INTO progress VALUES ('polling', 4e9)", "clock", "set the clock"),
    ],
)
def test_what_is_wrong_inside_is_found(path, statement, what, says):
    """Each with a remedy, or the request to report it."""
    change(
        path, "PRAGMA foreign_keys = OFF", "INSERT OR IGNORE INTO progress VALUES ('delivery', 1772500000)", statement
    )
    assert says in problems(path)[what]


def test_what_is_wrong_outside_is_found(path, tmp_path):
    """Files that others can read, an empty folder of backups, a token that is everybody's."""
    path.chmod(0o644)
    token = tmp_path / "token"
    token.write_text("123:x")
    token.chmod(0o644)
    found = problems(path, backups=tmp_path / "backups", WIREWATCH_TOKEN_FILE=str(token))
    assert f"chmod 600 {path}" in found["permissions"]
    assert "there is none" in found["backups"]
    assert "chmod 600" in found["token"]


def test_damage_is_found_and_told_in_words(path):
    """A page of garbage, another program's file, no file of SQLite at all."""
    Database.open(path).close()  # so that the log is taken over
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + os.urandom(8192) + whole[16384:])
    assert problems(path)
    path.write_bytes(b"garbage" * 1000)
    assert "not a database" in problems(path)["database"]
    path.unlink()
    change(path, "CREATE TABLE t (x)")
    path.chmod(0o600)
    assert "another program" in problems(path)["database"]


def test_the_command_line_says_it_by_its_exit_code(call, place):
    """0: all is well, also where there is no database yet; 1: something has to be done."""
    assert call("doctor")[0] == 0
    make_database(place)
    code, out, err = call("doctor")
    assert (code, err) == (0, [])
    assert all(line.startswith("ok ") for line in out.splitlines())
    place.chmod(0o644)
    code, out, _ = call("doctor")
    assert code == 1
    assert "PROBLEM  permissions" in out
