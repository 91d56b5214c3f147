"""Messages that Telegram refused within the last day, and sending them once more.

Not those that may be wrong or twice by now: edits, answers whose text was a secret and is gone, alerts that may have
arrived and were told in a summary for that reason.
"""

from bot.store.table import Table
from watchlists.ports_roles import Failed

DAY = 86_400.0
MOST_REASONS = 10
_RECENT = "o.state = 'failed' AND o.finished > :since"
_AGAIN = f"""{_RECENT} AND NOT o.retried AND o.kind != 'edit' AND (o.text != '' OR o.file != '')
    AND NOT (o.kind = 'alert' AND o.uncertain > 0)
    AND EXISTS (SELECT 1 FROM chats a WHERE a.id = o.chat_id AND a.active)"""


class Failures(Table):
    """Each message is sent once more at most: `retried` counts."""

    def recent(self) -> Failed:
        """What failed within a day, and why."""
        since = {"since": self._now - DAY}
        reasons = self._rows(
            f"SELECT reason, count(*) AS n FROM outbox o WHERE {_RECENT} GROUP BY reason ORDER BY n DESC, reason", since
        )
        chats = self._rows(
            "SELECT c.telegram_id AS chat_id, count(*) AS n FROM outbox o JOIN chats c ON c.id = o.chat_id "
            f"WHERE {_AGAIN} GROUP BY c.telegram_id ORDER BY n DESC, c.telegram_id",
            since,
        )
        return Failed(
            {row["reason"]: row["n"] for row in reasons[:MOST_REASONS]},
            sum(row["n"] for row in reasons),
            {row["chat_id"]: row["n"] for row in chats},
        )

    def retry(self, chat_id: int | None) -> int:
        """failed → queued for what can be sent again, of all chats or of one; return how many messages.

        An alert that has come too late by then ends as such ones do: in a summary.
        """
        return self._write(
            "UPDATE outbox AS o SET state = 'queued', finished = NULL, not_before = 0, attempts = 0, uncertain = 0, "
            "plain = 0, behind = 0, retried = 1, reason = 'queued again by an admin: ' || reason "
            f"WHERE {_AGAIN} AND (:chat IS NULL OR o.chat_id IN (SELECT id FROM chats WHERE telegram_id = :chat))",
            {"since": self._now - DAY, "chat": chat_id},
        )
