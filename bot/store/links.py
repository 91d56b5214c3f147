"""Who looks after which shared chat: whoever added the bot to a group, or linked a channel."""

from bot.store.table import Table


class Links(Table):
    """Between people and chats that are not private; a topic counts to its group."""

    def link(self, user_id: int, telegram_id: int) -> None:
        """The person is told of trouble in this chat from now on."""
        self._write(
            "INSERT INTO links (user_id, chat_id, linked) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [user_id, telegram_id, self._now],
        )

    def unlink(self, user_id: int, telegram_id: int) -> None:
        """The person has nothing to do with this chat any more."""
        self._write("DELETE FROM links WHERE user_id = ? AND chat_id = ?", [user_id, telegram_id])

    def reachable(self, telegram_id: int) -> list[int]:
        """Those who look after the chat and can be written to in private, as their chat ids."""
        rows = self._rows(
            "SELECT user_id FROM links l JOIN chats c ON c.id = l.user_id AND c.active "
            "WHERE l.chat_id = ? ORDER BY user_id",
            [telegram_id],
        )
        return [row["user_id"] for row in rows]

    def trouble(self, telegram_id: int, what: str) -> bool:
        """Note what is wrong with the chat, empty for nothing; False where just that was noted before.

        Nothing is noted of private chats: nobody else looks after them.
        """
        sql = "UPDATE chats SET trouble = :what WHERE id = :chat AND kind != 'private' AND trouble != :what"
        return bool(self._write(sql, {"what": what, "chat": telegram_id}))

    def title(self, telegram_id: int) -> str:
        """What people call the chat: @name, or else its title."""
        row = self._row("SELECT title, username FROM chats WHERE id = ?", [telegram_id])
        if row is None:
            return ""
        return f"@{row['username']}" if row["username"] else str(row["title"])

    def name(self, telegram_id: int, title: str, username: str) -> None:
        """Keep what Telegram calls the chat."""
        self._write(
            "UPDATE chats SET title = ?, username = ? WHERE id = ? AND (title != ? OR username != ?)",
            [title, username, telegram_id, title, username],
        )
