"""The replies in the outbox, as those need them whose result takes the place of one."""

import json

from bot.store.outbox import Buttons
from bot.store.table import Table


class Replies(Table):
    """Known by the dedup keys that they were enqueued with."""

    def rewrite(self, dedup_key: str, text: str, buttons: Buttons) -> bool:
        """Let a reply that is still queued say something else; False where it is not."""
        return bool(
            self._write(
                "UPDATE outbox SET text = ?, buttons = ? WHERE dedup_key = ? AND state = 'queued'",
                [text, json.dumps(buttons, ensure_ascii=False), dedup_key],
            )
        )

    def place(self, dedup_key: str) -> int | None:
        """The chat that the reply went to."""
        value = self._value("SELECT chat_id FROM outbox WHERE dedup_key = ?", [dedup_key])
        return None if value is None else int(value)

    def shown_in(self, dedup_key: str) -> int | None:
        """The message that shows, or will show, what was enqueued with this key; None where that is not known."""
        value = self._value("SELECT coalesce(edits, message_id) FROM outbox WHERE dedup_key = ?", [dedup_key])
        return None if value is None else int(value)

    def last_text(self, key: str) -> str:
        """The text that was enqueued last with a dedup key that begins so."""
        value = self._value(
            "SELECT text FROM outbox WHERE dedup_key >= :key AND dedup_key < :key || char(0x10FFFF) "
            "ORDER BY id DESC LIMIT 1",
            {"key": key},
        )
        return str(value or "")
