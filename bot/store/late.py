"""Alerts that came too late to be sent one by one, and the message of each chat that lists them."""

import json
from collections.abc import Sequence

from bot.clock import from_epoch
from bot.store.outbox import PRIORITY, Outbox, Outgoing
from bot.store.table import Table

# Once it may have arrived its text stays: its repeat must say the same.
_WAITING = f"""SELECT id FROM outbox WHERE chat_id = ? AND state IN ('queued', 'sending') AND state = 'queued'
    AND priority = {PRIORITY["digest"]} AND dedup_key LIKE 'late:%' AND uncertain = 0"""


class Late(Table):
    """Each expired row names the message that lists it (`listed_in`). While that message waits, it grows."""

    def list_up(self, chat_id: int, row_ids: Sequence[int]) -> int:
        """Put expired rows of a chat on the list that waits, or on a new one; return the id of the list's message."""
        message_id = self._value(_WAITING, [chat_id])
        if message_id is None:
            outbox = Outbox(self._database, from_epoch(self._now))
            outbox.add(Outgoing(f"late:{chat_id}:{row_ids[-1]}", chat_id, "digest", ""))
            message_id = self._value(_WAITING, [chat_id])
        self._write(
            "UPDATE outbox SET listed_in = ? WHERE id IN (SELECT value FROM json_each(?))",
            [message_id, json.dumps(row_ids)],
        )
        return int(message_id)

    def count(self, message_id: int) -> int:
        """How many alerts the message lists."""
        return int(self._value("SELECT count(*) FROM outbox WHERE listed_in = ?", [message_id]))

    def headlines(self, message_id: int, limit: int) -> list[str]:
        """The first lines (HTML) of the alerts that the message lists, the oldest `limit` of them."""
        rows = self._rows(
            "SELECT substr(text, 1, instr(text || char(10), char(10)) - 1) AS headline FROM outbox "
            "WHERE listed_in = ? ORDER BY id LIMIT ?",
            [message_id, limit],
        )
        return [row["headline"] for row in rows]

    def write(self, message_id: int, text: str) -> None:
        """What the message says now (HTML)."""
        self._write("UPDATE outbox SET text = ? WHERE id = ?", [text, message_id])
