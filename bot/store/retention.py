"""What is kept for how long: texts for weeks, and keys, which keep anything from being told twice, for over a year.

Each method does a bounded part of the work and returns how much that was: 0 says that nothing is left to do. The newest
item, story and message stay, so that no id is ever given twice.
"""

import json
from collections.abc import Mapping

from bot.store.table import Table
from bot.wordindex import WordIndex

# An alert goes after its messages, and the alerts that its message lists; an item after its alerts.
_ALERTS = """created < ?
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE alert_id = alerts.id)
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE answers = alerts.id)
    AND NOT EXISTS (SELECT 1 FROM alerts m WHERE m.head = alerts.id AND m.id != alerts.id)"""
# An item that has gone from its feed so long ago, by what was read since: a feed may show old items for years.
_ITEMS = """first_seen < :limit AND id < (SELECT max(id) FROM items)
    AND seen < (SELECT read_at FROM feeds WHERE feeds.id = items.feed_id) - :age
    AND NOT EXISTS (SELECT 1 FROM alerts WHERE item_id = items.id)
    AND NOT EXISTS (SELECT 1 FROM alert_items WHERE item_id = items.id)
    AND NOT EXISTS (SELECT 1 FROM held_hits WHERE story_id = items.story_id AND item_id = items.id)"""

_SPARE_PAGES = 256


class Retention(Table):
    """Ages are in seconds, `most` in rows."""

    def forget_texts(self, age: float, most: int) -> int:
        """Empty items and ended messages that are older. Their keys stay: a feed that repeats itself tells nothing."""
        limit = self._now - age
        return self._empty(
            "items",
            {"title": "", "summary": "", "details": "", "pruned": 1},
            "first_seen < ? AND NOT pruned",
            limit,
            most,
        ) + self._empty(
            "outbox",
            {"text": "", "buttons": "[]", "file": ""},
            "finished IS NOT NULL AND finished < ? AND text != ''",
            limit,
            most,
        )

    def _empty(self, table: str, empty: Mapping[str, object], where: str, limit: float, most: int) -> int:
        """Write rows anew without their texts. A row that is only made shorter leaves its page as empty as it is: the
        room would never be used again, since new rows stand at the end."""
        rows = self._rows(
            f"SELECT * FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {where} LIMIT ?)", [limit, most]
        )
        self._write("PRAGMA defer_foreign_keys = ON")  # until the commit: by then each is there again
        self._delete(table, "id", [row["id"] for row in rows])
        if rows:
            names = ", ".join(rows[0])
            values = ", ".join(f":{name}" for name in rows[0])
            self._write_all(f"INSERT INTO {table} ({names}) VALUES ({values})", ({**row, **empty} for row in rows))
        return len(rows)

    def forget_words(self, age: float, most: int) -> int:
        """Drop what found the items that are older by their words."""
        return WordIndex(self._database.conn, self._now).forget(self._now - age, most)

    def forget_keys(self, age: float, most: int) -> int:
        """Delete messages, alerts and items that are older, with what hangs on them."""
        limit = self._now - age
        return self._messages(limit, most) + self._alerts(limit, most) + self._items(limit, age, most)

    def shrink(self, most: int) -> int:
        """Give pages of the file back that nothing is in any more; return how many. Some stay, for what comes next."""
        pages, free = (self._value(f"PRAGMA {name}") for name in ("page_count", "freelist_count"))
        surplus = min(most, int(free) - max(_SPARE_PAGES, int(pages) // 20))
        if surplus <= 0 or not self._value("PRAGMA auto_vacuum"):
            return 0
        for _page in range(surplus):  # Python asks the statement for no more than its first step, which is one page
            self._database.conn.execute("PRAGMA incremental_vacuum(1)")
        return surplus

    def _messages(self, limit: float, most: int) -> int:
        """They still count: `forgotten` has how many there were."""
        rows = self._rows(
            "SELECT id, state FROM outbox WHERE finished IS NOT NULL AND state IN "
            "('sent', 'failed', 'dropped', 'expired') AND finished < ? AND id < (SELECT max(id) FROM outbox) LIMIT ?",
            [limit, most],
        )
        self._write_all(
            "INSERT INTO forgotten (state, n) VALUES (?, 1) ON CONFLICT (state) DO UPDATE SET n = n + 1",
            ([row["state"]] for row in rows),
        )
        return self._delete("outbox", "id", [row["id"] for row in rows])

    def _alerts(self, limit: float, most: int) -> int:
        rows = self._rows(f"SELECT id FROM alerts WHERE {_ALERTS} LIMIT ?", [limit, most])
        ids = [row["id"] for row in rows]
        for table in ("alert_watches", "alert_items", "votes"):
            self._delete(table, "alert_id", ids)
        return self._delete("alerts", "id", ids)

    def _items(self, limit: float, age: float, most: int) -> int:
        rows = self._rows(
            f"SELECT id, story_id FROM items WHERE {_ITEMS} LIMIT :most", {"limit": limit, "age": age, "most": most}
        )
        deleted = self._delete("items", "id", [row["id"] for row in rows])
        self._write(
            "DELETE FROM stories WHERE id IN (SELECT value FROM json_each(?)) "
            "AND id < (SELECT max(id) FROM stories) AND NOT EXISTS (SELECT 1 FROM items WHERE story_id = stories.id) "
            "AND NOT EXISTS (SELECT 1 FROM alerts WHERE story_id = stories.id) "
            "AND NOT EXISTS (SELECT 1 FROM held_hits WHERE story_id = stories.id)",
            [json.dumps([*{row["story_id"] for row in rows}])],
        )
        return deleted

    def _delete(self, table: str, column: str, ids: list[int]) -> int:
        if not ids:
            return 0
        return self._write(f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", [json.dumps(ids)])
