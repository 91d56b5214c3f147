"""The watches of all chats and lists, with a revision that tells the index what has changed."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from bot.store.table import Table
from watchlists.errors import QueryError
from watchlists.model import Level, Watch
from watchlists.query import parse
from watchlists.terms import Query

WATCH_COLUMNS = (
    "id, coalesce(chat_id, 0) AS chat_id, number, text, level, digest, coalesce(list_id, 0) AS list_id, "
    "(SELECT slug FROM lists l WHERE l.id = list_id) AS slug"
)
# What hit in alerts: `a` is the hit, `g` its alert, `w` the watch; one of a list comes as the follower has it.
OF_HITS = (
    "w.id, coalesce(w.chat_id, 0) AS chat_id, w.number, w.text, coalesce(nullif(f.level, ''), w.level) AS level, "
    "coalesce(nullif(f.digest, ''), w.digest) AS digest, coalesce(w.list_id, 0) AS list_id, l.slug"
)
HITS = (
    "alert_watches a JOIN alerts g ON g.id = a.alert_id JOIN watches w ON w.id = a.watch_id "
    "LEFT JOIN lists l ON l.id = w.list_id LEFT JOIN follows f ON f.list_id = w.list_id AND f.chat_id = g.chat_id"
)


class Watches(Table):
    """A removed watch keeps its row: undo restores it, and old alerts can still name it."""

    def active(self, chat_id: int) -> Sequence[Watch]:
        """The chat's watches, by number."""
        sql = f"SELECT {WATCH_COLUMNS} FROM watches WHERE chat_id = ? AND removed IS NULL ORDER BY number"
        return [watch_of(row) for row in self._rows(sql, [chat_id])]

    def find(self, chat_id: int, key: str) -> Watch | None:
        """The chat's active watch with this key, if there is one."""
        row = self._row(
            f"SELECT {WATCH_COLUMNS} FROM watches WHERE chat_id = ? AND key = ? AND removed IS NULL",
            [chat_id, key],
        )
        return watch_of(row) if row else None

    def get(self, chat_id: int, watch_id: int) -> Watch | None:
        """A watch that this chat has or has had: never another chat's."""
        row = self._row(f"SELECT {WATCH_COLUMNS} FROM watches WHERE chat_id = ? AND id = ?", [chat_id, watch_id])
        return watch_of(row) if row else None

    def is_active(self, watch: Watch) -> bool:
        """Whether the watch is not removed."""
        return bool(self._value("SELECT removed IS NULL FROM watches WHERE id = ?", [watch.id]))

    def add(self, chat_id: int, query: Query) -> Watch:
        """Store a new watch under the number after the chat's highest."""
        values = [
            chat_id,
            self._next_number(chat_id),
            query.text,
            query.key,
            self._now,
            self.next_revision(),
        ]
        row = self._returned(
            "INSERT INTO watches (chat_id, number, text, key, created, revision) VALUES (?, ?, ?, ?, ?, ?) "
            f"RETURNING {WATCH_COLUMNS}",
            values,
        )
        return watch_of(row)

    def remove(self, watch: Watch) -> None:
        """Mark the watch as removed."""
        self._write(
            "UPDATE watches SET removed = ?, revision = ? WHERE id = ? AND removed IS NULL",
            [self._now, self.next_revision(), watch.id],
        )

    def restore(self, watch: Watch) -> Watch:
        """Make a removed watch active, under its old number unless that is taken by now."""
        number = self._free_number(watch.chat_id, watch)
        self._write(
            "UPDATE watches SET removed = NULL, number = ?, revision = ? WHERE id = ?",
            [number, self.next_revision(), watch.id],
        )
        return replace(watch, number=number)

    def set_delivery(self, watch: Watch, level: Level, digest: str) -> Watch:
        """How the watch's alerts come from now on."""
        self._write(
            "UPDATE watches SET level = ?, digest = ?, revision = ? WHERE id = ?",
            [level, digest, self.next_revision(), watch.id],
        )
        return replace(watch, level=level, digest=digest)

    def reword(self, watch: Watch, query: Query) -> Watch:
        """The same watch with another query; its old text is kept for `before`."""
        self._write(
            "UPDATE watches SET before = text, text = ?, key = ?, revision = ? WHERE id = ?",
            [query.text, query.key, self.next_revision(), watch.id],
        )
        return replace(watch, text=query.text, sources=query.sources)

    def before(self, watch: Watch) -> str:
        """The watch's text before its last change; empty when it was never changed."""
        return str(self._value("SELECT before FROM watches WHERE id = ?", [watch.id]))

    def proposed(self, watch: Watch) -> tuple[str, ...]:
        """The words that were offered for exclusion when the watch fired too often."""
        found = self._value("SELECT proposed FROM watches WHERE id = ?", [watch.id])
        return tuple(json.loads(found)) if found else ()

    def propose(self, watch: Watch, words: Sequence[str]) -> None:
        """The owner has been told that the watch fires too often; that happens once."""
        self._write("UPDATE watches SET proposed = ? WHERE id = ?", [json.dumps([*words]), watch.id])

    def move(self, old: int, new: int) -> None:
        """Everything that chat `old` watches, `new` watches; what both watch, it watches once, set as in either."""
        for watch in self.active(old):
            key = self._value("SELECT key FROM watches WHERE id = ?", [watch.id])
            same = self.find(new, key)
            if same:
                level = watch.level if same.level == "normal" else same.level
                self.set_delivery(same, level, same.digest or watch.digest)
                self._write(
                    "UPDATE OR IGNORE snoozes SET what = ? WHERE chat_id = ? AND kind = 'watch' AND what = ?",
                    [str(same.id), old, str(watch.id)],
                )
                self.remove(watch)
            else:
                self._write(
                    "UPDATE watches SET chat_id = ?, number = ?, revision = ? WHERE id = ?",
                    [new, self._free_number(new, watch), self.next_revision(), watch.id],
                )
        self._write("UPDATE watches SET chat_id = ? WHERE chat_id = ?", [new, old])

    def changed_since(self, revision: int, most: int) -> list[tuple[int, Watch, bool]]:
        """(revision, watch, active) of the first `most` watches changed after `revision`, oldest change first."""
        rows = self._rows(
            f"SELECT {WATCH_COLUMNS}, revision, removed IS NULL AS active FROM watches WHERE revision > ? "
            "ORDER BY revision LIMIT ?",
            [revision, most],
        )
        return [(row["revision"], watch_of(row), bool(row["active"])) for row in rows]

    def count(self) -> int:
        """How many watches of chats are active."""
        return int(self._value("SELECT count(*) FROM watches WHERE removed IS NULL AND chat_id IS NOT NULL"))

    def _free_number(self, chat_id: int, watch: Watch) -> int:
        """The watch's own number, or the next where another watch of the chat has it."""
        taken = self._value(
            "SELECT 1 FROM watches WHERE chat_id = ? AND number = ? AND removed IS NULL AND id != ?",
            [chat_id, watch.number, watch.id],
        )
        return self._next_number(chat_id) if taken else watch.number

    def _next_number(self, chat_id: int) -> int:
        sql = "SELECT coalesce(max(number), 0) + 1 FROM watches WHERE chat_id = ? AND removed IS NULL"
        return int(self._value(sql, [chat_id]))

    def next_revision(self) -> int:
        return int(self._value("SELECT coalesce(max(revision), 0) + 1 FROM watches"))


def watch_of(row: dict[str, Any]) -> Watch:
    """The watch of a row with the columns of `OF_HITS`."""
    return Watch(
        row["id"],
        row["chat_id"],
        row["number"],
        row["text"],
        _sources(row["text"]),
        row["level"],
        row["digest"],
        row["list_id"],
        row["slug"] or "",
    )


@lru_cache(maxsize=1 << 12)
def _sources(text: str) -> int:
    """How many sources the watch waits for; one that an older version could read and this cannot, for none."""
    try:
        return parse(text).sources if "sources:" in text.lower() else 1
    except QueryError:
        return 1
