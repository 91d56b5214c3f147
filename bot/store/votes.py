"""What readers say of alerts, and what was proposed to them."""

from datetime import datetime

from bot.clock import to_epoch
from bot.store.items import ITEM_COLUMNS, item_of
from bot.store.table import Table
from watchlists.model import Judged, Vote, Watch

MAX_JUDGED = 500


class Votes(Table):
    """One vote of each reader for each alert; the last one counts."""

    def cast(self, chat_id: int, alert_id: int, user_id: int, vote: Vote) -> bool:
        """Keep a vote; False where it said the same before."""
        return bool(
            self._write(
                "INSERT INTO votes (alert_id, user_id, chat_id, vote, cast_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (alert_id, user_id) DO UPDATE SET vote = excluded.vote, cast_at = excluded.cast_at "
                "WHERE vote != excluded.vote",
                [alert_id, user_id, chat_id, vote, self._now],
            )
        )

    def of_alert(self, alert_id: int) -> Vote | None:
        """What was said last of an alert."""
        found: Vote | None = self._value(
            "SELECT vote FROM votes WHERE alert_id = ? ORDER BY cast_at DESC LIMIT 1", [alert_id]
        )
        return found

    def wrong_since_asked(self, watch: Watch) -> int:
        """How many alerts of the watch were called wrong since something was proposed last."""
        return int(
            self._value(
                "SELECT count(*) FROM votes v JOIN alert_watches a ON a.alert_id = v.alert_id WHERE a.watch_id = ? "
                "AND v.chat_id = ? AND vote = 'down' AND cast_at > "
                "coalesce((SELECT asked FROM proposals WHERE watch_id = ?), 0)",
                [watch.id, watch.chat_id, watch.id],
            )
        )

    def judged(self, watch: Watch, since: datetime) -> list[Judged]:
        """What the watch alerted about since then, newest first; items whose text is forgotten are left out."""
        rows = self._rows(
            f"SELECT {ITEM_COLUMNS}, (SELECT vote FROM votes v WHERE v.alert_id = al.id ORDER BY cast_at DESC LIMIT 1) "
            "AS vote FROM alerts al JOIN alert_watches a ON a.alert_id = al.id "
            "JOIN items i ON i.id = coalesce(a.item_id, al.item_id) "
            "WHERE al.chat_id = ? AND a.watch_id = ? AND al.created > ? AND NOT i.pruned ORDER BY al.id DESC LIMIT ?",
            [watch.chat_id, watch.id, to_epoch(since), MAX_JUDGED],
        )
        return [Judged(item_of(row), row["vote"]) for row in rows]

    def ask(self, watch: Watch, text: str) -> None:
        """This text has been proposed for the watch."""
        self._write(
            "INSERT INTO proposals (watch_id, chat_id, text, asked) VALUES (?, ?, ?, ?) ON CONFLICT (watch_id) "
            "DO UPDATE SET text = excluded.text, asked = excluded.asked",
            [watch.id, watch.chat_id, text, self._now],
        )

    def proposed(self, watch: Watch) -> str:
        """The text that was proposed last; empty for none."""
        sql = "SELECT text FROM proposals WHERE watch_id = ? AND chat_id = ?"
        return str(self._value(sql, [watch.id, watch.chat_id]) or "")
