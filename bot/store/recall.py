"""Messages that are taken back before they were sent, and the alerts that they would have told: those are kept again.

Each such row ends as `expired`. What may have arrived is taken back only when it comes too late anyway.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bot.clock import from_epoch
from bot.store.outbox import OPEN, PRIORITY, Outbox
from bot.store.table import Table
from watchlists.decide import Reason

_WAITS = f"{OPEN} AND state = 'queued'"  # the first half names the index
_UNSENT = f"{_WAITS} AND uncertain = 0"


class Recall(Table):
    """A list of a burst gives back all that it lists."""

    def late(self) -> None:
        """Alerts that could not be sent in time are due in a summary."""
        rows = self._end("'too late: told in a summary'", "state = 'queued' AND expires <= ?", [self._now])
        self._keep_again(rows, Reason.STALE, self._now)

    def hush(self, chat_id: int, until: float) -> None:
        """The quiet hours of the chat have begun: what is not urgent is kept until they end (seconds since 1970)."""
        rows = self._end(
            "'the quiet hours began: told in a summary'",
            f"{_UNSENT} AND chat_id = ? AND kind = 'alert' AND priority >= ?",
            [chat_id, PRIORITY["alert"]],
        )
        self._keep_again(rows, Reason.QUIET_HOURS, until)
        self._write(
            f"UPDATE outbox SET not_before = max(not_before, ?) WHERE chat_id = ? AND {_WAITS} "
            "AND kind IN ('alert', 'digest') AND priority >= ?",
            [until, chat_id, PRIORITY["alert"]],
        )

    def summaries(self, chat_ids: Iterable[int]) -> None:
        """Summaries of which nothing has been sent: their alerts are due again, and come with what is due now."""
        firsts = self._rows(
            f"SELECT id, chat_id, dedup_key FROM outbox WHERE {_UNSENT} AND kind = 'digest' "
            "AND chat_id IN (SELECT value FROM json_each(?)) "
            "AND EXISTS (SELECT 1 FROM alerts WHERE told_in = outbox.id)",
            [json.dumps([*chat_ids])],
        )
        for first in firsts:
            self._write(
                "UPDATE alerts SET due = ?, told_in = NULL WHERE told_in = ?",
                [self._now, first["id"]],
            )
            its_messages = first["dedup_key"].rpartition(":")[0] + ":"
            self._end(
                "'told in a later summary'",
                f"{_WAITS} AND chat_id = ? AND substr(dedup_key, 1, ?) = ?",
                [first["chat_id"], len(its_messages), its_messages],
            )

    def _end(self, reason: str, where: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
        rows = self._rows(
            f"UPDATE outbox SET state = 'expired', reason = {reason}, finished = ? WHERE {where} "
            "RETURNING id, chat_id, alert_id",
            [self._now, *parameters],
        )
        outbox = Outbox(self._database, from_epoch(self._now))
        for row_id in {row["chat_id"]: row["id"] for row in rows}.values():
            outbox.next_up(row_id)
        return rows

    def _keep_again(self, rows: Sequence[dict[str, Any]], reason: Reason, due: float) -> None:
        if rows:
            self._write(
                "UPDATE alerts SET due = :due, kept = :kept, head = NULL, grew = NULL "
                "WHERE id IN (SELECT value FROM json_each(:alerts)) OR head IN (SELECT value FROM json_each(:alerts))",
                {"due": due, "kept": reason.name, "alerts": json.dumps([row["alert_id"] for row in rows])},
            )

    def redirect(self, row_id: int, chat_id: int) -> None:
        """The message is another chat's from now on, where its buttons would do nothing."""
        self._write(
            "UPDATE outbox SET chat_id = ?, buttons = '[]', answers = NULL, behind = 0 WHERE id = ?", [chat_id, row_id]
        )
