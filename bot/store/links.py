"""Who looks after which shared chat: whoever added the bot to a group, or linked a channel."""

from collections.abc import Sequence
from datetime import datetime

from bot.clock import from_epoch, to_epoch
from bot.store.chats import Chats
from bot.store.invites import Invites
from bot.store.outbox import OPEN
from bot.store.questions import LIFE
from bot.store.table import Table
from watchlists.channels import Channel

_CLOCKS = 2.0  # seconds: Telegram tells whole ones, by a clock of its own


class Links(Table):
    """Between people and chats that are not private; a topic counts to its group."""

    def link(self, user_id: int, telegram_id: int) -> None:
        """The person is told of trouble in this chat from now on."""
        self._write(
            "INSERT INTO links (user_id, chat_id, linked) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [user_id, telegram_id, self._now],
        )
        self._settle(telegram_id)

    def unlink(self, user_id: int, channel_id: int) -> None:
        """The person does not administrate the channel any more: they are told nothing of it, and edit it no more."""
        self.leave(channel_id, user_id)
        self._settle(channel_id)

    def _settle(self, telegram_id: int) -> None:
        """Where only the invited are served, a chat is let in with whoever looks after it."""
        Invites(self._database, from_epoch(self._now)).settle(telegram_id)

    def adopt(self, user_id: int, channel: Channel, language: str) -> None:
        """Know the channel, which the person looks after from now on. `language`: a tag, for what is told there."""
        Chats(self._database, from_epoch(self._now)).ensure(channel.id, "channel", language)
        self.name(channel.id, channel.title, channel.username)
        self.link(user_id, channel.id)

    def edit(self, user_id: int, channel_id: int | None) -> bool:
        """What the person writes in private is about this channel from now on, or about themselves; False: it was."""
        ended = self._write(
            "UPDATE links SET editing = 0 WHERE user_id = ? AND editing AND chat_id IS NOT ?", [user_id, channel_id]
        )
        self.heard(user_id)
        sql = "UPDATE links SET editing = 1 WHERE user_id = ? AND chat_id = ? AND NOT editing"
        return bool(self._write(sql, [user_id, channel_id]) or ended)

    def leave(self, channel_id: int, user_id: int | None = None) -> None:
        """Nobody, or one person no more, edits the channel, or answers what was asked about it.

        They write about it until they are told so: what they write there meanwhile must not befall themselves.
        """
        them = {"channel": channel_id, "user": user_id, "asked": self._now - LIFE}
        asked = "FROM questions WHERE about = :channel AND chat_id != :channel AND coalesce(chat_id = :user, 1)"
        self._write(
            "INSERT INTO left_channels (user_id) SELECT user_id FROM links WHERE editing AND chat_id = :channel AND "
            f"coalesce(user_id = :user, 1) UNION SELECT chat_id {asked} AND asked >= :asked ON CONFLICT DO NOTHING",
            them,
        )
        self._write(f"DELETE {asked}", them)
        self._write("DELETE FROM links WHERE chat_id = :channel AND coalesce(user_id = :user, 1)", them)

    def has_left(self, user_id: int) -> bool:
        """Whether the person does not know yet that they have stopped editing a channel (see `leave`)."""
        return bool(self._value("SELECT 1 FROM left_channels WHERE user_id = ?", [user_id]))

    def heard(self, user_id: int) -> bool:
        """They know it; False where they did, or it is not so."""
        return bool(self._write("DELETE FROM left_channels WHERE user_id = ?", [user_id]))

    def editing(self, user_id: int) -> Channel | None:
        """The channel that the person's private chat is about."""
        return next(iter(self._channels("l.user_id = ? AND editing", user_id)), None)

    def of_user(self, user_id: int) -> Sequence[Channel]:
        """The channels that the person looks after, by name."""
        return self._channels("l.user_id = ? AND c.kind = 'channel' ORDER BY title, c.id", user_id)

    def channel(self, chat_id: int) -> Channel | None:
        """A channel that is known."""
        row = self._row("SELECT id, title, username FROM chats WHERE id = ? AND kind = 'channel'", [chat_id])
        return Channel(**row) if row else None

    def of_channels(self) -> dict[int, list[int]]:
        """Who looks after each channel that can be reached, by the channels' ids."""
        found: dict[int, list[int]] = {}
        sql = "SELECT c.id, user_id FROM links JOIN chats c ON c.id = chat_id WHERE c.kind = 'channel' AND active"
        for row in self._rows(sql):
            found.setdefault(row["id"], []).append(row["user_id"])
        return found

    def has(self, user_id: int, telegram_id: int) -> bool:
        """Whether the person looks after the chat."""
        return bool(self._value("SELECT 1 FROM links WHERE user_id = ? AND chat_id = ?", [user_id, telegram_id]))

    def meant(self, chat_id: int, message_id: int, sent: datetime | None) -> int | None:
        """The chat that a message in this one speaks of, most often this one itself; None where that is not known.

        `sent`: when, where that is shown. A message may be seen before Telegram has said that it has come, or though
        that was never heard: then it is the one on its way, or its repeat is the next one that is known.
        """
        known = self._rows(
            "SELECT coalesce(about, chat_id) AS chat FROM outbox WHERE chat_id = ? AND message_id = ? "
            "ORDER BY about IS NULL LIMIT 1",
            [chat_id, message_id],
        )
        if not known and sent is not None:
            known = self._rows(
                f"SELECT coalesce(about, chat_id) AS chat FROM outbox WHERE chat_id = :chat AND {OPEN} "
                "AND (state = 'sending' OR uncertain > 0) AND edits IS NULL AND created <= :sent "
                "UNION SELECT coalesce(about, chat_id) FROM outbox WHERE chat_id = :chat AND message_id = "
                "(SELECT min(message_id) FROM outbox WHERE chat_id = :chat AND message_id > :message) "
                "AND uncertain > 0 AND edits IS NULL AND created <= :sent",
                {"chat": chat_id, "message": message_id, "sent": to_epoch(sent) + _CLOCKS},
            )
        return int(known[0]["chat"]) if len(known) == 1 else None

    def voices(self, chat_id: int) -> list[int]:
        """The chats in which its own affairs are spoken of: of a channel those of the people who look after it."""
        return self.reachable(chat_id) if self.channel(chat_id) else [chat_id]

    def _channels(self, where: str, user_id: int) -> list[Channel]:
        sql = f"SELECT c.id, title, username FROM links l JOIN chats c ON c.id = l.chat_id WHERE {where}"
        return [Channel(**row) for row in self._rows(sql, [user_id])]

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
