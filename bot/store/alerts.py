"""What was alerted to whom, and why: the record behind one alert per chat and story."""

import json
from dataclasses import asdict

from bot.store.table import Table
from watchlists.model import Alert


class Alerts(Table):
    """UNIQUE (chat, story): the database itself refuses a second alert."""

    def add(self, alert: Alert, item_id: int) -> int | None:
        """Record the alert and return its id; None when this chat already has one about this story."""
        rows = self._rows(
            "INSERT INTO alerts (chat_id, story_id, item_id, created) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (chat_id, story_id) DO NOTHING RETURNING id",
            [alert.chat_id, alert.story_id, item_id, self._now],
        )
        if not rows:
            return None
        alert_id = int(rows[0]["id"])
        for hit in alert.hits:
            evidence = json.dumps([asdict(piece) for piece in hit.match.evidence], ensure_ascii=False)
            self._write(
                "INSERT INTO alert_watches (alert_id, watch_id, score, evidence) VALUES (?, ?, ?, ?)",
                [alert_id, hit.watch.id, hit.match.score, evidence],
            )
        return alert_id

    def exists(self, chat_id: int, story_id: int) -> bool:
        """Whether this chat already has an alert about this story."""
        return bool(self._value("SELECT 1 FROM alerts WHERE chat_id = ? AND story_id = ?", [chat_id, story_id]))

    def count(self) -> int:
        """How many alerts there have been."""
        return int(self._value("SELECT count(*) FROM alerts"))
