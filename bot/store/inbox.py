"""What came from Telegram: stored before it is handled, so that no crash loses a command."""

import json
from dataclasses import dataclass
from typing import Any

from bot.store.table import Table


@dataclass(frozen=True, slots=True)
class Received:
    """An update as Telegram sent it, and how often its handling has begun."""

    update_id: int
    body: dict[str, Any]
    attempts: int


class Inbox(Table):
    """Rows go new → done, skipped (unreadable) or failed (our bug)."""

    def add(self, update_id: int, body: object) -> bool:
        """Keep an update. One that is known already is not kept twice (False), but counts as the newest: see `offset`.

        A clock that was set back changes nothing in the order in which updates have come.
        """
        last = "max(?, (SELECT coalesce(max(received), 0) FROM inbox))"
        new = self._write(
            f"INSERT INTO inbox (update_id, body, received) VALUES (?, ?, {last}) ON CONFLICT (update_id) DO NOTHING",
            [update_id, json.dumps(body, ensure_ascii=True), self._now],
        )
        if not new:
            self._write(f"UPDATE inbox SET received = {last} WHERE update_id = ?", [self._now, update_id])
        return bool(new)

    def offset(self) -> int:
        """What to ask Telegram for next: one above the update that came last.

        After a week without updates Telegram goes on from a random number, which may be lower; so after six
        quiet days the question is open (0), and what is known already is not stored twice.
        """
        row = self._row("SELECT update_id, received FROM inbox ORDER BY received DESC, update_id DESC LIMIT 1")
        if row is None or row["received"] < self._now - 6 * 86_400:
            return 0
        return int(row["update_id"]) + 1

    def waiting(self, limit: int = 50) -> list[Received]:
        """Updates not handled yet, oldest first."""
        rows = self._rows(
            "SELECT update_id, body, attempts FROM inbox WHERE state = 'new' ORDER BY update_id LIMIT ?",
            [limit],
        )
        return [Received(row["update_id"], json.loads(row["body"]), row["attempts"]) for row in rows]

    def begin(self, update_id: int) -> None:
        """Count an attempt before it is made: an update that kills the process is not tried for ever."""
        self._write("UPDATE inbox SET attempts = attempts + 1 WHERE update_id = ?", [update_id])

    def finish(self, update_id: int, state: str, reason: str = "") -> None:
        """The update is done, skipped or failed, and why."""
        self._write("UPDATE inbox SET state = ?, reason = ? WHERE update_id = ?", [state, reason, update_id])

    def discard(self, update_id: int) -> None:
        """The update was not for the bot: nothing of it is kept but that it came."""
        self._write("UPDATE inbox SET body = '{}' WHERE update_id = ?", [update_id])

    def prune(self, older_than: float) -> int:
        """Forget handled updates received before `older_than`; return how many."""
        return self._write("DELETE FROM inbox WHERE state != 'new' AND received < ?", [older_than])

    def counts(self) -> dict[str, int]:
        """How many updates there are in each state."""
        rows = self._rows("SELECT state, count(*) AS n FROM inbox GROUP BY state")
        return {"new": 0, "done": 0, "skipped": 0, "failed": 0} | {row["state"]: row["n"] for row in rows}
