"""The chats: destinations, with what Telegram last said of them."""

import json
from collections.abc import Iterable

from bot.clock import from_epoch
from bot.store.table import Table
from bot.store.watches import Watches


class Chats(Table):
    """Keyed by Telegram's own chat id."""

    def ensure(self, chat_id: int, kind: str) -> None:
        """Know the chat, and deliver to it again if it had been given up: whoever writes can be written to."""
        self._write(
            "INSERT INTO chats (id, kind, created) VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, active = 1, inactive_reason = ''",
            [chat_id, kind, self._now],
        )

    def deactivate(self, chat_id: int, reason: str) -> None:
        """Deliver nothing to the chat until it comes back. Its watches stay."""
        self._write(
            "UPDATE chats SET active = 0, inactive_reason = ?, rights_missing = 0, rejected = 0 WHERE id = ?",
            [reason, chat_id],
        )

    def pause(self, chat_id: int, until: float) -> None:
        """Deliver nothing to the chat before `until` (seconds since 1970); outlives a restart."""
        self._write("UPDATE chats SET paused_until = max(paused_until, ?) WHERE id = ?", [until, chat_id])

    def active(self, chat_ids: Iterable[int]) -> set[int]:
        """Those of `chat_ids` for which alerts may be written."""
        rows = self._rows(
            "SELECT id FROM chats WHERE active AND id IN (SELECT value FROM json_each(?))", [json.dumps([*chat_ids])]
        )
        return {row["id"] for row in rows}

    def rights_missing(self, chat_id: int) -> int:
        """The bot lacks a right in the chat: the how manyth time in a row this is."""
        sql = "UPDATE chats SET rights_missing = rights_missing + 1 WHERE id = ? RETURNING rights_missing"
        return int(self._returned(sql, [chat_id])["rights_missing"])

    def rejected(self, chat_id: int) -> int:
        """Telegram refused a message to the chat for a reason that has no rule: the how manyth one in a row."""
        sql = "UPDATE chats SET rejected = rejected + 1 WHERE id = ? RETURNING rejected"
        return int(self._returned(sql, [chat_id])["rejected"])

    def reached(self, chat_id: int) -> None:
        """A message has arrived in the chat: what was counted in a row begins anew."""
        self._write(
            "UPDATE chats SET rights_missing = 0, rejected = 0 WHERE id = ? AND (rights_missing > 0 OR rejected > 0)",
            [chat_id],
        )

    def move(self, old: int, new: int) -> None:
        """A group became a supergroup: everything of `old` belongs to `new`. Doing it twice changes nothing."""
        if not self._value("SELECT 1 FROM chats WHERE id = ?", [old]):
            return
        self._write(
            "INSERT INTO chats (id, kind, created) SELECT ?, 'supergroup', created FROM chats WHERE id = ? "
            "ON CONFLICT (id) DO NOTHING",
            [new, old],
        )
        Watches(self._database, from_epoch(self._now)).move(old, new)
        for table in ("alerts", "outbox"):
            self._write(f"UPDATE OR IGNORE {table} SET chat_id = ? WHERE chat_id = ?", [new, old])
        self.deactivate(old, f"moved to {new}")

    def counts(self) -> dict[str, int]:
        """How many chats there are, and how many of them are active."""
        total, active = self._database.conn.execute("SELECT count(*), coalesce(sum(active), 0) FROM chats").fetchone()
        return {"total": total, "active": active}
