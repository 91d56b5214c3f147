"""The outbox: every message that has to reach Telegram, and the one counted state that each ends in.

    queued ──claim──> sending ──> sent | failed | dropped
      │  ^──────────────┘ (paused, not sent, or uncertain for the first time)
      └──> expired | dropped

`enqueued = queued + sending + sent + failed + dropped + expired`, always.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from bot.store.table import Table

Kind = Literal["alert", "reply", "edit", "digest"]
STATES = ("queued", "sending", "sent", "failed", "dropped", "expired")
PRIORITY: dict[str, int] = {"edit": 0, "reply": 0, "alert": 20, "digest": 30}
_REPEATS = "CASE kind WHEN 'edit' THEN 5 ELSE 1 END"
GROWTH = 25  # the priority of an edit that lists what came later: news goes first
_INSERT = (
    "INSERT INTO outbox "
    "(dedup_key, chat_id, kind, priority, text, buttons, edits, alert_id, answers, expires, created) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dedup_key) DO NOTHING"
)
Buttons = tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be written: `text` is HTML and is frozen here; `buttons` are rows of (label, data).

    `answers` is the id of an alert to whose message this one replies; `priority` is that of the kind unless given.
    """

    dedup_key: str
    chat_id: int
    kind: Kind
    text: str
    buttons: Buttons = ()
    edits: int | None = None
    alert_id: int | None = None
    answers: int | None = None
    expires: float | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row on its way out: what to send, and what became of earlier tries."""

    id: int
    chat_id: int
    chat_kind: str
    kind: Kind
    priority: int
    text: str
    buttons: Buttons
    edits: int | None
    attempts: int
    uncertain: int
    plain: bool
    not_before: float
    reply_to: int | None = None


class Outbox(Table):
    """Rows leave `queued` only by `claim`, which is committed before Telegram is called."""

    def add(self, message: Outgoing) -> bool:
        """Enqueue; False when a message with this dedup key has been enqueued before."""
        return bool(self._write(_INSERT, self._new(message)))

    def add_all(self, messages: Iterable[Outgoing]) -> None:
        """Enqueue those whose dedup keys are new."""
        self._write_all(_INSERT, map(self._new, messages))

    def _new(self, message: Outgoing) -> tuple[Any, ...]:
        return (
            message.dedup_key,
            message.chat_id,
            message.kind,
            PRIORITY[message.kind] if message.priority is None else message.priority,
            message.text,
            json.dumps(message.buttons, ensure_ascii=False) if message.buttons else "[]",
            message.edits,
            message.alert_id,
            message.answers,
            message.expires,
            self._now,
        )

    def rewrite(self, alert_id: int, text: str) -> bool:
        """Give the message of an alert that is still queued another text; False where none is queued."""
        return bool(self._write("UPDATE outbox SET text = ? WHERE alert_id = ? AND state = 'queued'", [text, alert_id]))

    def message_of(self, alert_id: int) -> tuple[str, int | None]:
        """State and message id of an alert's own message; `dropped` where there is none."""
        row = self._row(
            "SELECT state, message_id FROM outbox WHERE alert_id = ? AND kind = 'alert' ORDER BY id DESC", [alert_id]
        )
        return (row["state"], row["message_id"]) if row else ("dropped", None)

    def heads(self, busy: Collection[int], limit: int) -> list[Delivery]:
        """The message that may go next in each chat that is not paused and not in `busy`, the most urgent first.

        Within a chat the order is kept: a message that must wait (`not_before`) holds back those behind it.
        """
        rows = self._rows(
            f"""SELECT o.id, o.chat_id, c.kind AS chat_kind, o.kind, o.priority, o.text, o.buttons, o.edits,
                o.attempts, o.uncertain, o.plain, o.not_before,
                (SELECT message_id FROM outbox WHERE alert_id = o.answers AND kind = 'alert') AS reply_to
            FROM outbox o JOIN chats c ON c.id = o.chat_id
            WHERE o.state = 'queued' AND o.not_before <= ? AND c.paused_until <= ?
                AND o.chat_id NOT IN ({",".join("?" * len(busy))})
                AND o.id = (SELECT id FROM outbox WHERE chat_id = o.chat_id AND state IN ('queued', 'sending')
                            ORDER BY priority, id LIMIT 1)
            ORDER BY o.priority, o.id LIMIT ?""",
            [self._now, self._now, *busy, limit],
        )
        return [_delivery(row) for row in rows]

    def next_wake(self) -> float | None:
        """When the earliest message that has to wait may go (seconds since 1970); None when none waits."""
        value = self._value(
            "SELECT min(max(o.not_before, c.paused_until)) FROM outbox o JOIN chats c ON c.id = o.chat_id "
            "WHERE o.state = 'queued' AND max(o.not_before, c.paused_until) > ?",
            [self._now],
        )
        return None if value is None else float(value)

    def claim(self, row_id: int) -> bool:
        """queued → sending. Committed before the call, so that a crash in the call is known afterwards."""
        return bool(
            self._write(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ? AND state = 'queued'",
                [row_id],
            )
        )

    def finish(self, row_id: int, state: str, reason: str = "", message_id: int | None = None) -> None:
        """sending → sent, failed or dropped, and why."""
        self._write(
            "UPDATE outbox SET state = ?, reason = ?, message_id = ?, finished = ? WHERE id = ?",
            [state, reason, message_id, self._now, row_id],
        )

    def requeue(self, row_id: int, reason: str, not_before: float, *, counted: bool = True) -> None:
        """sending → queued: it was not sent. `counted=False` where Telegram only asked to wait."""
        self._write(
            "UPDATE outbox SET state = 'queued', reason = ?, not_before = ?, attempts = attempts - ? WHERE id = ?",
            [reason, not_before, 0 if counted else 1, row_id],
        )

    def requeue_plain(self, row_id: int, reason: str) -> None:
        """sending → queued, to go once more without formatting and buttons."""
        self._write(
            "UPDATE outbox SET state = 'queued', plain = 1, reason = ?, not_before = 0 WHERE id = ?",
            [reason, row_id],
        )

    def uncertain(self, row_id: int, reason: str, not_before: float) -> str:
        """The answer was lost: send once more, but not for ever; return the state that the row is in now.

        A message is repeated once, since each time it may come twice; an edit does no harm and is repeated oftener.
        """
        row = self._returned(
            f"""UPDATE outbox SET uncertain = uncertain + 1, reason = :reason, not_before = :not_before,
                state = CASE WHEN uncertain < {_REPEATS} THEN 'queued' ELSE 'failed' END,
                finished = CASE WHEN uncertain < {_REPEATS} THEN NULL ELSE :now END
            WHERE id = :id RETURNING state""",
            {"reason": f"it may have arrived: {reason}", "not_before": not_before, "now": self._now, "id": row_id},
        )
        return str(row["state"])

    def recover(self) -> int:
        """At start: what was `sending` when the last process ended is uncertain. Return how many rows."""
        rows = self._rows("SELECT id FROM outbox WHERE state = 'sending'")
        for row in rows:
            self.uncertain(row["id"], "the program stopped during the send", 0)
        return len(rows)

    def drop_chat(self, chat_id: int, reason: str) -> int:
        """queued → dropped for a chat that cannot be reached any more; return how many."""
        return self._write(
            "UPDATE outbox SET state = 'dropped', reason = ?, finished = ? WHERE chat_id = ? AND state = 'queued'",
            [reason, self._now, chat_id],
        )

    def drop_open(self, reason: str) -> int:
        """queued or sending → dropped, for all chats; return how many."""
        return self._write(
            "UPDATE outbox SET state = 'dropped', reason = ?, finished = ? WHERE state IN ('queued', 'sending')",
            [reason, self._now],
        )

    def expire(self) -> dict[int, list[tuple[int, str]]]:
        """queued → expired for alerts that came too late; return their (id, text) by chat, oldest first."""
        rows = self._rows(
            "UPDATE outbox SET state = 'expired', reason = 'too late: listed in a digest', finished = ? "
            "WHERE state = 'queued' AND expires <= ? RETURNING id, chat_id, text",
            [self._now, self._now],
        )
        by_chat: dict[int, list[tuple[int, str]]] = {}
        for row in sorted(rows, key=lambda row: int(row["id"])):
            by_chat.setdefault(row["chat_id"], []).append((row["id"], row["text"]))
        return by_chat

    def prune(self, older_than: float) -> int:
        """Forget the text of messages that ended before `older_than`; the counted rows stay."""
        return self._write(
            "UPDATE outbox SET text = '', buttons = '[]' WHERE finished < ? AND text != ''", [older_than]
        )

    def counts(self) -> dict[str, int]:
        """How many rows are in each state, and how many were ever enqueued: the ids are given without gaps."""
        rows = self._rows("SELECT state, count(*) AS n FROM outbox GROUP BY state")
        counts = dict.fromkeys(STATES, 0) | {row["state"]: row["n"] for row in rows}
        return {"enqueued": int(self._value("SELECT coalesce(max(id), 0) FROM outbox")), **counts}


def _delivery(row: dict[str, Any]) -> Delivery:
    buttons = tuple(tuple((label, data) for label, data in line) for line in json.loads(row.pop("buttons")))
    plain = bool(row.pop("plain"))
    return Delivery(**row, buttons=buttons, plain=plain)
