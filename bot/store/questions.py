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

    def take(self, chat_id: int) -> Question | None:
        """The chat's open question, which is open no longer."""
        row = self._row("DELETE FROM questions WHERE chat_id = ? RETURNING kind, subject, asked", [chat_id])
        is_open = row is not None and 0 <= self._now - row["asked"] <= LIFE
        return Question(row["kind"], row["subject"]) if row and is_open else None
