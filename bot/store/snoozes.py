"""What chats want to hear nothing of for a while."""

import json
from collections.abc import Iterable, Sequence

from bot.clock import from_epoch, to_epoch
from bot.store.table import Table
from watchlists.delivery import Snooze, SnoozeKind


class Snoozes(Table):
    """One row per chat and what is snoozed; a later snooze of the same replaces it."""

    def active(self, chat_id: int) -> Sequence[Snooze]:
        """The chat's snoozes that hold now, the first to end first."""
        return self.of([chat_id]).get(chat_id, [])

    def of(self, chat_ids: Iterable[int]) -> dict[int, list[Snooze]]:
        """The snoozes that hold now, by chat."""
        rows = self._rows(
            "SELECT chat_id, kind, what, until FROM snoozes WHERE chat_id IN (SELECT value FROM json_each(?)) "
            "AND until > ? AND since <= ? ORDER BY until",
            [json.dumps([*chat_ids]), self._now, self._now],
        )
        found: dict[int, list[Snooze]] = {}
        for row in rows:
            found.setdefault(row["chat_id"], []).append(Snooze(row["kind"], row["what"], from_epoch(row["until"])))
        return found

    def add(self, chat_id: int, snooze: Snooze) -> None:
        """From now on."""
        self._write(
            "INSERT INTO snoozes (chat_id, kind, what, since, until) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (chat_id, kind, what) DO UPDATE SET since = excluded.since, until = excluded.until",
            [chat_id, snooze.kind, snooze.what, self._now, to_epoch(snooze.until)],
        )

    def remove(self, chat_id: int, kind: SnoozeKind, what: str) -> None:
        """It is over."""
        self._write("DELETE FROM snoozes WHERE chat_id = ? AND kind = ? AND what = ?", [chat_id, kind, what])

    def lengthen(self, old: int, new: int) -> None:
        """What both chats have snoozed, `new` has as long as either."""
        self._write(
            "UPDATE snoozes SET until = max(snoozes.until, o.until) FROM "
            "(SELECT kind, what, until FROM snoozes WHERE chat_id = ?) o "
            "WHERE chat_id = ? AND snoozes.kind = o.kind AND snoozes.what = o.what",
            [old, new],
        )

    def clear(self, chat_id: int) -> None:
        """All of the chat's snoozes are over."""
        self._write("DELETE FROM snoozes WHERE chat_id = ?", [chat_id])

    def prune(self, older_than: float) -> None:
        """Forget what ended before `older_than`."""
        self._write("DELETE FROM snoozes WHERE until < ?", [older_than])
