"""The watchlists: each version as a file, and the watches of the one that holds.

The file is the truth; the rows in `watches` are what the index matches and what alerts, mutes and snoozes refer to. A
watch keeps its row, and so its id, as long as it is the same watch in every version (see `lists.pairs`).
"""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clock import from_epoch, to_epoch
from bot.store.table import Table
from bot.store.watches import WATCH_COLUMNS, Watches, watch_of
from watchlists.errors import ListError
from watchlists.list_files import parse_watchlist, write_watchlist
from watchlists.lists import Pair, Watchlist, pairs, texts
from watchlists.model import Watch
from watchlists.ports_lists import StoredList, Version

log = logging.getLogger(__name__)

_VERSIONS = "SELECT list_id, version, at, user_id, act, why, file FROM list_versions"


class Lists(Table):
    """A list is found by its slug and by its aliases, which are those of no other."""

    def all(self) -> Sequence[StoredList]:
        """Every list, by slug."""
        return self._lists("true")

    def find(self, name: str) -> StoredList | None:
        """The list with this slug or alias."""
        found = self._lists("l.id = (SELECT list_id FROM list_names WHERE name = ?)", [name])
        return found[0] if found else None

    def get(self, list_id: int) -> StoredList | None:
        """The list with this id."""
        found = self._lists("l.id = ?", [list_id])
        return found[0] if found else None

    def taken(self, names: Iterable[str], but: int = 0) -> str:
        """The first of these names that is that of a list other than `but`; empty if none is."""
        sql = (
            "SELECT name FROM list_names WHERE name IN (SELECT value FROM json_each(?)) AND list_id != ? ORDER BY name"
        )
        return str(self._value(sql, [json.dumps([*names]), but]) or "")

    def add(self, content: Watchlist, user_id: int, act: str, why: str = "") -> StoredList:
        """A new list; its names are free."""
        row = self._returned(
            "INSERT INTO lists (slug, visibility, version, created) VALUES (?, ?, 0, ?) RETURNING id",
            [content.slug, content.visibility, self._now],
        )
        empty = Watchlist(content.slug, texts({}))
        return self._put(StoredList(row["id"], 0, empty), content, user_id, act, why)

    def change(self, old: StoredList, content: Watchlist, user_id: int, act: str, why: str = "") -> StoredList:
        """The next version of a list; its names are free."""
        return self._put(old, content, user_id, act, why)

    def remove(self, stored: StoredList) -> None:
        """Nobody follows the list any more, and its names are free; its versions are kept."""
        self._put_watches(stored, replace(stored.content, watches=()))
        self._write("UPDATE follows SET ended = ? WHERE list_id = ? AND ended IS NULL", [self._now, stored.id])
        self._write("DELETE FROM list_names WHERE list_id = ?", [stored.id])
        self._write("UPDATE lists SET slug = '#' || id, removed = ? WHERE id = ?", [self._now, stored.id])

    def versions(self, list_id: int, before: int, limit: int) -> Sequence[Version]:
        """The newest versions before one, the newest first."""
        rows = self._rows(
            f"{_VERSIONS} WHERE list_id = ? AND version < ? ORDER BY version DESC LIMIT ?", [list_id, before, limit]
        )
        return [version for version in map(_version, rows) if version]

    def version(self, list_id: int, version: int) -> Version | None:
        """One version."""
        row = self._row(f"{_VERSIONS} WHERE list_id = ? AND version = ?", [list_id, version])
        return _version(row) if row else None

    def watches(self, list_id: int) -> Sequence[Watch]:
        """The watches of a list, by number."""
        sql = f"SELECT {WATCH_COLUMNS} FROM watches WHERE list_id = ? AND removed IS NULL ORDER BY number"
        return [watch_of(row) for row in self._rows(sql, [list_id])]

    def votes(self, list_id: int, since: datetime) -> dict[int, tuple[int, int]]:
        """What followers have said since then of the alerts of each watch: (up, down), by id."""
        rows = self._rows(
            # From the votes, which are few, and not from the watches, whose alerts have no index by watch.
            "SELECT w.id, sum(vote = 'up') AS up, sum(vote = 'down') AS down FROM votes v "
            "CROSS JOIN alert_watches a ON a.alert_id = v.alert_id CROSS JOIN watches w ON w.id = a.watch_id "
            "WHERE w.list_id = ? AND w.removed IS NULL AND cast_at > ? GROUP BY w.id",
            [list_id, to_epoch(since)],
        )
        return {row["id"]: (row["up"], row["down"]) for row in rows}

    def _lists(self, where: str, parameters: Sequence[Any] = ()) -> list[StoredList]:
        rows = self._rows(
            "SELECT l.id, l.version, file FROM lists l JOIN list_versions v "
            f"ON v.list_id = l.id AND v.version = l.version WHERE removed IS NULL AND {where} ORDER BY slug",
            parameters,
        )
        found = ((row, _content(row["file"], row["id"])) for row in rows)
        return [StoredList(row["id"], row["version"], content) for row, content in found if content]

    def _put(self, old: StoredList, content: Watchlist, user_id: int, act: str, why: str) -> StoredList:
        version = 1 + int(
            self._value("SELECT coalesce(max(version), 0) FROM list_versions WHERE list_id = ?", [old.id])
        )
        self._write(
            "INSERT INTO list_versions (list_id, version, at, user_id, act, why, file) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [old.id, version, self._now, user_id, act, why, write_watchlist(content)],
        )
        self._write(
            "UPDATE lists SET slug = ?, visibility = ?, version = ? WHERE id = ?",
            [content.slug, content.visibility, version, old.id],
        )
        self._write("DELETE FROM list_names WHERE list_id = ?", [old.id])
        names = dict.fromkeys((content.slug, *content.aliases))
        self._write_all("INSERT INTO list_names (name, list_id) VALUES (?, ?)", ([name, old.id] for name in names))
        self._put_watches(old, content)
        return StoredList(old.id, version, content)

    def _put_watches(self, old: StoredList, content: Watchlist) -> None:
        found = pairs(old.content.watches, content.watches)  # those of the content first, in its order
        for number, pair in enumerate(found, start=1):
            self._put_watch(old.id, pair, number)

    def _put_watch(self, list_id: int, pair: Pair, number: int) -> None:
        key = pair.old.query.key if pair.old else pair.new.query.key if pair.new else ""
        row = self._row(
            "SELECT id, text, level, digest, number, removed IS NULL AS active FROM watches "
            "WHERE list_id = ? AND key = ? ORDER BY removed IS NOT NULL, id DESC",
            [list_id, key],
        )
        revision = Watches(self._database, from_epoch(self._now)).next_revision()
        if pair.new is None:
            self._write(
                "UPDATE watches SET removed = ?, revision = ? WHERE list_id = ? AND key = ? AND removed IS NULL",
                [self._now, revision, list_id, key],
            )
            return
        new = pair.new
        settings = {"text": new.query.text, "level": new.level, "digest": new.digest, "number": number}
        if row is None:
            self._write(
                "INSERT INTO watches (list_id, text, level, digest, number, key, created, revision) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [list_id, *settings.values(), new.query.key, self._now, revision],
            )
        elif not row["active"] or any(row[name] != value for name, value in settings.items()):
            self._write(
                "UPDATE watches SET text = ?, level = ?, digest = ?, number = ?, key = ?, removed = NULL, "
                "revision = ? WHERE id = ?",
                [*settings.values(), new.query.key, revision, row["id"]],
            )


def _content(file: str, list_id: int) -> Watchlist | None:
    """What the file says; None for one that an older version could read: one such list must not stop all."""
    try:
        return parse_watchlist(file, f"list {list_id}")
    except ListError as error:
        log.error("%s", error)
        return None


def _version(row: dict[str, Any]) -> Version | None:
    content = _content(row["file"], row["list_id"])
    if content is None:
        return None
    at = from_epoch(row["at"])
    return Version(row["list_id"], row["version"], at, row["user_id"], row["act"], row["why"], content)
