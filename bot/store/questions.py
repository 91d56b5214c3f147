"""What the bot has asked a chat: the next message there is the answer."""

from bot.store.table import Table
from watchlists.model import Question

LIFE = 15 * 60.0  # seconds after which a message is no answer any more


class Questions(Table):
    """At most one for each chat."""

    def ask(self, chat_id: int, question: Question) -> None:
        """A later question replaces an earlier one."""
        self._write(
            "INSERT INTO questions (chat_id, kind, subject, asked) VALUES (?, ?, ?, ?) ON CONFLICT (chat_id) "
            "DO UPDATE SET kind = excluded.kind, subject = excluded.subject, asked = excluded.asked",
            [chat_id, question.kind, question.subject, self._now],
        )

    def close(self, chat_id: int) -> None:
        """The chat has no open question any more."""
        self._write("DELETE FROM questions WHERE chat_id = ?", [chat_id])

    def opened(self, chat_id: int) -> Question | None:
        """The chat's open question."""
        row = self._row("SELECT kind, subject, asked FROM questions WHERE chat_id = ?", [chat_id])
        is_open = row is not None and 0 <= self._now - row["asked"] <= LIFE
        return Question(row["kind"], row["subject"]) if row and is_open else None

    def asked_in(self, chat_id: int, dedup_key: str, about: int) -> None:
        """The message with this key asks, about this chat: in a group only a reply to it is the answer."""
        self._write("UPDATE questions SET asked_in = ?, about = ? WHERE chat_id = ?", [dedup_key, about, chat_id])

    def about(self, chat_id: int) -> int | None:
        """The chat that the open question is about; None where there is none."""
        if self.opened(chat_id) is None:
            return None
        found = self._value("SELECT coalesce(about, chat_id) FROM questions WHERE chat_id = ?", [chat_id])
        return int(found)

    def is_answer(self, chat_id: int, message_id: int) -> bool:
        """Whether a reply to this message answers the chat's open question."""
        sql = (
            "SELECT 1 FROM questions q JOIN outbox o ON o.dedup_key = q.asked_in AND o.chat_id = q.chat_id "
            "WHERE q.chat_id = ? AND o.message_id = ?"
        )
        return bool(self._value(sql, [chat_id, message_id]))
