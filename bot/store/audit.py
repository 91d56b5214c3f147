"""The record of administrative acts: only ever added to, and forgotten after 400 days."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.clock import from_epoch
from bot.store.table import Table


class Audit(Table):
    """Who did what to whom, and why."""

    def record(self, user_id: int, act: str, subject: str, detail: Mapping[str, Any], why: str = "") -> None:
        """`user_id` (0: the command line) did `act` (a short verb) to `subject`; `detail` are JSON values."""
        self._write(
            "INSERT INTO audit (at, user_id, act, subject, detail, why) VALUES (?, ?, ?, ?, ?, ?)",
            [self._now, user_id, act, subject, json.dumps(detail, ensure_ascii=False), why],
        )

    def since(self, moment: float) -> Iterator[dict[str, Any]]:
        """What was done since then (seconds since 1970), oldest first, as JSON values."""
        for row in self._rows(
            "SELECT at, user_id AS user, act, subject, detail, why FROM audit WHERE at >= ? ORDER BY id", [moment]
        ):
            at = from_epoch(row["at"]).isoformat(timespec="seconds")
            yield row | {"at": at, "detail": json.loads(row["detail"])}

    def prune(self, older_than: float) -> int:
        """Forget what was done before `older_than`; return how many acts."""
        return self._write("DELETE FROM audit WHERE at < ?", [older_than])
