"""Deleting every row of a chat.

At once everything goes but the chat's own row and the message that says so; those go when it has been said. Of its
messages and watches rows without any content stay, under nobody: messages are counted for ever, and the index of
watches has to learn that a watch is gone. Of the feeds that it alone had, and of their items, such rows stay, too.
"""

import json

from bot.clock import from_epoch
from bot.store.links import Links
from bot.store.table import Table
from watchlists.model import Holdings

NOBODY = 0  # Telegram gives this id to no chat
_OF_CHATS = (*("drafts", "proposals", "votes", "alerts", "snoozes", "questions", "lookups", "chat_feeds", "follows"),)
_OPEN = "('queued', 'sending')"


class Forgetting(Table):
    """A chat that is to be forgotten is marked until its last message has ended; writing again unmarks it."""

    def holdings(self, chat_id: int) -> Holdings:
        """How much there is of the chat."""
        counts = [
            "SELECT count(*) FROM watches WHERE chat_id = :chat AND removed IS NULL",
            "SELECT count(*) FROM chat_feeds WHERE chat_id = :chat AND removed IS NULL",
            "SELECT count(*) FROM follows WHERE chat_id = :chat AND ended IS NULL",
            "SELECT count(*) FROM alerts WHERE chat_id = :chat",
            "SELECT count(*) FROM outbox WHERE chat_id = :chat",
        ]
        return Holdings(*(int(self._value(sql, {"chat": chat_id})) for sql in counts))

    def forget(self, chat_id: int) -> None:
        """Delete what there is of the chat, and mark it. What is on its way to Telegram goes with the mark."""
        self._write(
            "UPDATE outbox SET state = 'dropped', finished = ? WHERE chat_id = ? AND state = 'queued'",
            [self._now, chat_id],
        )
        self._write("UPDATE outbox SET alert_id = NULL, answers = NULL WHERE chat_id = ?", [chat_id])
        self._empty_messages(chat_id)
        for table in ("alert_watches", "alert_items", "votes"):
            self._write(f"DELETE FROM {table} WHERE alert_id IN (SELECT id FROM alerts WHERE chat_id = ?)", [chat_id])
        self._write("UPDATE alerts SET head = NULL WHERE chat_id = ?", [chat_id])
        self._write("DELETE FROM held_hits WHERE watch_id IN (SELECT id FROM watches WHERE chat_id = ?)", [chat_id])
        Links(self._database, from_epoch(self._now)).leave(chat_id)
        own = self._own_feeds(chat_id)
        self._write("DELETE FROM follow_watches WHERE chat_id = ?", [chat_id])
        for table in _OF_CHATS:
            self._write(f"DELETE FROM {table} WHERE chat_id = ?", [chat_id])
        for table in ("links", "left_channels"):
            self._write(f"DELETE FROM {table} WHERE user_id = ?", [chat_id])
        self._empty_feeds(own)
        for row in self._rows("SELECT id FROM watches WHERE chat_id = ?", [chat_id]):
            self._write(
                "UPDATE watches SET chat_id = ?, text = '', key = '', before = '', proposed = NULL, number = id, "
                "removed = ?, revision = (SELECT max(revision) FROM watches) + 1 WHERE id = ?",
                [NOBODY, self._now, row["id"]],
            )
        self._write(
            "UPDATE chats SET zone = 'UTC', quiet = '', digest = '', language = '', client_language = '', "
            "own_feeds_only = 0, no_broadcasts = 0, title = '', username = '', header = '', footer = '', forgotten = 1 "
            "WHERE id = ?",
            [chat_id],
        )

    def sweep(self) -> int:
        """Delete the marked chats whose last message has ended; return how many there were."""
        chats = self._rows(
            "SELECT id, telegram_id, thread_id FROM chats WHERE forgotten AND NOT EXISTS "
            f"(SELECT 1 FROM outbox WHERE chat_id = chats.id AND state IN {_OPEN})"
        )
        for chat in chats:
            self._empty_messages(chat["id"])
            self._empty_updates(chat["telegram_id"], chat["thread_id"])
            self._write("DELETE FROM chats WHERE id = ?", [chat["id"]])
        return len(chats)

    def _own_feeds(self, chat_id: int) -> str:
        """The feeds that this chat alone has, or has had, as JSON; their addresses may be secret."""
        rows = self._rows(
            "SELECT feed_id FROM chat_feeds own JOIN feeds ON feeds.id = feed_id WHERE chat_id = :chat AND NOT common "
            "AND NOT EXISTS (SELECT 1 FROM chat_feeds o WHERE o.feed_id = own.feed_id AND o.chat_id != :chat)",
            {"chat": chat_id},
        )
        return json.dumps([row["feed_id"] for row in rows])

    def _empty_feeds(self, feed_ids: str) -> None:
        """Their rows stay, since ids are given once, and so do items that another chat has an alert about."""
        of_feeds = "(SELECT value FROM json_each(?))"
        self._write(f"DELETE FROM subscriptions WHERE feed_id IN {of_feeds}", [feed_ids])
        self._write(
            "UPDATE items SET key = 'gone:' || id, title = '', summary = '', details = '', url = '', link = '', "
            f"source = '', joined = '', pruned = 1 WHERE feed_id IN {of_feeds} "
            "AND NOT EXISTS (SELECT 1 FROM alerts WHERE item_id = items.id) "
            "AND NOT EXISTS (SELECT 1 FROM alert_items WHERE item_id = items.id)",
            [feed_ids],
        )
        self._write(
            "UPDATE feeds SET url = 'gone:' || id, title = '', etag = '', last_modified = '', error = '', "
            f"moved_to = '', moved_from = '', stopped = 1 WHERE id IN {of_feeds}",
            [feed_ids],
        )

    def _empty_messages(self, chat_id: int) -> None:
        self._write(
            "UPDATE outbox SET chat_id = ?, dedup_key = 'gone:' || id, text = '', buttons = '[]', file = '', "
            f"file_name = '', reason = '', message_id = NULL, edits = NULL WHERE chat_id = ? AND state NOT IN {_OPEN}",
            [NOBODY, chat_id],
        )

    def _empty_updates(self, telegram_id: int, thread_id: int) -> None:
        """Empty what was sent there; that it came stays known, or Telegram might send it once more."""
        messages = ("message", "callback_query.message")
        chats = ", ".join(f"json_extract(body, '$.{each}.chat.id')" for each in (*messages, "my_chat_member"))
        threads = ", ".join(
            f"json_extract(body, '$.{each}.message_thread_id') * json_extract(body, '$.{each}.is_topic_message')"
            for each in messages
        )
        self._write(
            f"UPDATE inbox SET body = '{{}}' WHERE state != 'new' AND coalesce({chats}) = ? "
            f"AND coalesce({threads}, 0) = ?",
            [telegram_id, thread_id],
        )
