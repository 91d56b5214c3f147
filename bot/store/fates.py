"""What became of items and alerts on their way to a chat: for `/why`."""

from datetime import datetime

from bot.clock import from_epoch
from bot.store.table import Table
from watchlists.decide import Reason
from watchlists.model import Fate, Watch


class Fates(Table):
    """Reads what others have written."""

    def of(self, alert_id: int) -> Fate:
        """What became of an alert: by its own message, by that which lists it, or without one."""
        row = self._returned("SELECT head, due, kept, told_in FROM alerts WHERE id = ?", [alert_id])
        if row["due"] is not None:
            return Fate("kept")
        if row["kept"] == Reason.SHOWN.name:
            return Fate("shown")
        message = self._row(
            "SELECT state, reason FROM outbox WHERE id = ? OR ? IS NULL AND alert_id = ? AND kind = 'alert' "
            "ORDER BY id DESC LIMIT 1",
            [row["told_in"], row["told_in"], row["head"] or alert_id],
        )
        if message is None or message["state"] == "sent":  # the keys of messages go before those of alerts
            return Fate("told")
        return Fate("waiting") if message["state"] in ("queued", "sending") else Fate("lost", message["reason"])

    def is_listed(self, alert_id: int, item_id: int) -> bool:
        """Whether a later item stands under the alert."""
        sql = "SELECT 1 FROM alert_items WHERE alert_id = ? AND item_id = ?"
        return bool(self._value(sql, [alert_id, item_id]))

    def is_of_first_poll(self, item_id: int) -> bool:
        """Whether the item stood in its feed when that was read for the first time."""
        return not self._value(
            "SELECT 1 FROM items i JOIN items old ON old.feed_id = i.feed_id AND old.first_seen < i.first_seen "
            "WHERE i.id = ? LIMIT 1",
            [item_id],
        )

    def watched_since(self, chat_id: int, watch: Watch) -> datetime:
        """When the watch was made, or the chat began to follow its list."""
        sql = (
            "SELECT max(w.created, coalesce(since, 0)) FROM watches w "
            "LEFT JOIN follows f ON f.list_id = w.list_id AND f.chat_id = ? WHERE id = ?"
        )
        return from_epoch(self._value(sql, [chat_id, watch.id]))

    def is_held(self, story_id: int, watch: Watch) -> bool:
        """Whether the watch waits until more sources tell the story."""
        sql = "SELECT 1 FROM held_hits WHERE story_id = ? AND watch_id = ?"
        return bool(self._value(sql, [story_id, watch.id]))
