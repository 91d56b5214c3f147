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
from watchlists.decide import Reason

Kind = Literal["alert", "reply", "edit", "digest"]
STATES = ("queued", "sending", "sent", "failed", "dropped", "expired")
PRIORITY: dict[str, int] = {"edit": 0, "reply": 0, "alert": 20, "digest": 30}
BROADCAST = 40  # the priority of what the operator tells all
URGENT = 10  # the priority of an alert that passes quiet hours
OPEN = "state IN ('queued', 'sending')"  # as the index `outbox_open` has it
_REPEAT = "state = 'queued' AND uncertain > 0"  # as the index `outbox_repeats` has it
_REPEATS = "CASE kind WHEN 'edit' THEN 10 ELSE 1 END"
_HELD = "CASE WHEN priority = 0 THEN ? ELSE ? END"
Holds = tuple[float, float]  # seconds: for replies and edits, which somebody waits for; for all else
WAITS_BEHIND = f"EXISTS (SELECT 1 FROM outbox WHERE chat_id = {{chat}} AND {OPEN} AND priority <= {{priority}})"
_ADD = f"""INSERT INTO outbox
    (dedup_key, chat_id, kind, priority, text, buttons, edits, alert_id, answers, expires, silent, created, behind)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {WAITS_BEHIND.format(chat="?", priority="?")})
    ON CONFLICT (dedup_key) DO NOTHING"""
GROWTH = 25  # the priority of an edit that lists what came later: news goes first
Buttons = tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be written: `text` is HTML and is frozen here; `buttons` are rows of (label, data).

    `answers` is the id of an alert to whose message this one replies; `priority` is that of the kind unless given.
    An edit without text changes the buttons alone; a `silent` message makes no sound; `file` is (name, content) of a
    file to send, whose caption the text is. Its buttons belong to the chat `about`, if that is another. Of a `secret`
    message the text goes from here when it has ended.
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
    silent: bool = False
    file: tuple[str, str] | None = None
    about: int | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The first message that waits for a chat, `telegram_id` at Telegram. `quiet` is empty without quiet hours."""

    id: int
    chat_id: int
    telegram_id: int
    chat_kind: str
    priority: int
    quiet: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way to `telegram_id` at Telegram, there to the forum topic `thread_id` unless that is 0.

    `attempts` counts this one; `plain` is without formatting and buttons.
    """

    id: int
    chat_id: int
    telegram_id: int
    text: str
    buttons: Buttons
    edits: int | None
    attempts: int
    plain: bool
    reply_to: int | None = None
    silent: bool = False
    file_name: str = ""
    file: str = ""
    thread_id: int = 0
    alert_id: int | None = None


encode = json.JSONEncoder(ensure_ascii=False).encode  # made once: `dumps` would make one for each row


class Outbox(Table):
    """Rows leave `queued` only by `claim`, which is committed before Telegram is called.

    The first open row of a chat, by priority and age, never has `behind` set: whatever closes a row calls `next_up`.
    """

    def add(self, message: Outgoing) -> bool:
        """Enqueue; False when a message with this dedup key has been enqueued before."""
        added = bool(self._write(_ADD, self._new(message)))
        if added and (message.file or message.about or message.secret):
            sql = "UPDATE outbox SET file_name = ?, file = ?, about = ?, secret = ? WHERE dedup_key = ?"
            self._write(sql, [*(message.file or ("", "")), message.about, message.secret, message.dedup_key])
        return added

    def add_all(self, messages: Iterable[Outgoing]) -> None:
        """Enqueue those whose dedup keys are new."""
        self._write_all(_ADD, map(self._new, messages))

    def _new(self, message: Outgoing) -> tuple[Any, ...]:
        priority = PRIORITY[message.kind] if message.priority is None else message.priority
        return (
            message.dedup_key,
            message.chat_id,
            message.kind,
            priority,
            message.text,
            encode(message.buttons) if message.buttons else "[]",
            message.edits,
            message.alert_id,
            message.answers,
            message.expires,
            message.silent,
            self._now,
            message.chat_id,
            priority,
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

    def heads(self, busy: Collection[int], limit: int, *, undoubted: bool = False) -> list[Head]:
        """The message that may go next in each chat that is not paused, the most urgent first.

        `busy`: Telegram's ids, so that of a group's topics one at a time is written to. Within a chat the order is
        kept: a message that must wait (`not_before`) holds back those behind it.
        `undoubted`: only those that can do no harm, not having been sent yet, or changing what is there.
        """
        rows = self._rows(
            f"""SELECT o.id, o.chat_id, c.telegram_id, c.kind AS chat_kind, o.priority, c.quiet, c.zone
            FROM outbox o JOIN chats c ON c.id = o.chat_id
            WHERE o.state = 'queued' AND NOT o.behind AND o.not_before <= ? AND c.paused_until <= ?
                AND c.telegram_id NOT IN ({",".join("?" * len(busy))})
                {"AND (o.uncertain = 0 OR o.kind = 'edit')" if undoubted else ""}
                AND o.id = (SELECT id FROM outbox WHERE chat_id = o.chat_id AND {OPEN} ORDER BY priority, id LIMIT 1)
            ORDER BY o.priority, o.id LIMIT ?""",
            [self._now, self._now, *busy, limit],
        )
        return [Head(**row) for row in rows]

    def next_wake(self) -> float | None:
        """The next time at which a message or a chat need wait no longer (seconds since 1970); None when none waits."""
        times = [
            self._value(sql, [self._now])
            for sql in (
                "SELECT min(not_before) FROM outbox WHERE state = 'queued' AND not_before > 0 AND not_before > ?",
                "SELECT min(paused_until) FROM chats WHERE paused_until > 0 AND paused_until > ?",
            )
        ]
        return min((float(time) for time in times if time is not None), default=None)

    def claim(self, row_id: int) -> Delivery | None:
        """queued → sending, committed before the call, so that a crash in the call is known; None when not queued."""
        row = self._row(
            "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ? AND state = 'queued' "
            "RETURNING id, chat_id, text, buttons, edits, attempts, plain, silent, file_name, file, alert_id, "
            "(SELECT o.message_id FROM outbox o WHERE o.alert_id = outbox.answers AND o.kind = 'alert') AS reply_to, "
            "(SELECT telegram_id FROM chats WHERE id = chat_id) AS telegram_id, "
            "(SELECT thread_id FROM chats WHERE id = chat_id) AS thread_id",
            [row_id],
        )
        if row is None:
            return None
        buttons = tuple(tuple((label, data) for label, data in line) for line in json.loads(row.pop("buttons")))
        return Delivery(**row | {"buttons": buttons, "plain": bool(row["plain"]), "silent": bool(row["silent"])})

    def finish(self, row_id: int, state: str, reason: str = "", message_id: int | None = None) -> None:
        """sending → sent, failed or dropped, and why."""
        sql = "UPDATE outbox SET state = ?, reason = ?, message_id = ?, finished = ?, text = iif(secret, '', text) "
        self._write(sql + "WHERE id = ?", [state, reason, message_id, self._now, row_id])
        self.next_up(row_id)

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

    def uncertain(self, row_id: int, reason: str, holds: Holds) -> str:
        """The answer was lost: send once more, but not for ever. Returns the state that the row is in now.

        A message is repeated once, since each time it may come twice; an edit does no harm and is repeated oftener.
        `holds` says how many seconds the repeat waits at most; see `release_repeats`. An alert that has failed so is
        due in a summary: nothing is lost in silence.
        """
        row = self._row(
            f"""UPDATE outbox SET uncertain = uncertain + 1, reason = ?, not_before = {_HELD},
                state = CASE WHEN uncertain < {_REPEATS} THEN 'queued' ELSE 'failed' END,
                finished = CASE WHEN uncertain < {_REPEATS} THEN NULL ELSE ? END
            WHERE id = ? AND state = 'sending' RETURNING state, kind, alert_id""",
            [f"it may have arrived: {reason}", *self._until(holds), self._now, row_id],
        )
        self.next_up(row_id)
        if row and row["state"] == "failed" and row["kind"] == "alert":
            self._write(
                "UPDATE alerts SET due = :now, kept = :kept, head = NULL, grew = NULL WHERE id = :id OR head = :id",
                {"now": self._now, "kept": Reason.UNSURE.name, "id": row["alert_id"]},
            )
        return str(row["state"]) if row else ""

    def has_repeats(self) -> bool:
        """Whether a message waits that has been sent once without an answer."""
        return bool(self._value(f"SELECT EXISTS (SELECT 1 FROM outbox WHERE {_REPEAT})"))

    def hold_repeats(self, holds: Holds) -> None:
        """Messages do not get through: no repeat goes before this many seconds have passed."""
        self._write(
            f"UPDATE outbox SET not_before = max(not_before, {_HELD}) WHERE {_REPEAT}",
            self._until(holds),
        )

    def release_repeats(self) -> None:
        """Messages get through again: every repeat may go."""
        self._write(f"UPDATE outbox SET not_before = 0 WHERE {_REPEAT}")

    def recover(self, holds: Holds) -> tuple[list[int], list[int]]:
        """What is `sending` while nobody waits for its answer is uncertain. Return the ids to be repeated, and failed.

        For the start, after a kill, and for the end of the program.
        """
        ended: dict[str, list[int]] = {"queued": [], "failed": []}
        for row in self._rows("SELECT id FROM outbox WHERE state = 'sending'"):
            state = self.uncertain(row["id"], "the program stopped during the send", holds)
            ended[state].append(row["id"])
        return ended["queued"], ended["failed"]

    def _until(self, holds: Holds) -> list[float]:
        return [self._now + seconds for seconds in holds]

    def drop_chat(self, chat_id: int, reason: str) -> int:
        """queued → dropped for a chat that cannot be reached any more; return how many."""
        return self._write(
            f"UPDATE outbox SET state = 'dropped', reason = ?, finished = ? "
            f"WHERE chat_id = ? AND {OPEN} AND state = 'queued'",
            [reason, self._now, chat_id],
        )

    def drop_open(self, reason: str) -> int:
        """queued or sending → dropped, for all chats; return how many."""
        return self._write(
            "UPDATE outbox SET state = 'dropped', reason = ?, finished = ? WHERE state IN ('queued', 'sending')",
            [reason, self._now],
        )

    def next_up(self, row_id: int) -> None:
        """A message of this one's chat is not waiting any more: whichever is the first now is behind no other."""
        self._write(
            f"""UPDATE outbox SET behind = 0 WHERE behind AND id = (SELECT id FROM outbox
                WHERE chat_id = (SELECT chat_id FROM outbox WHERE id = ?) AND {OPEN} ORDER BY priority, id LIMIT 1)""",
            [row_id],
        )

    def counts(self) -> dict[str, int]:
        """How many rows are in each state, and how many were ever enqueued: the ids are given without gaps."""
        counts = dict.fromkeys(STATES, 0)
        for sql in (
            f"SELECT state, count(*) AS n FROM outbox WHERE {OPEN} GROUP BY state",
            "SELECT state, count(*) AS n FROM outbox WHERE finished IS NOT NULL GROUP BY state",
            "SELECT state, n FROM forgotten",
        ):
            for row in self._rows(sql):
                counts[row["state"]] += row["n"]
        return {"enqueued": int(self._value("SELECT coalesce(max(id), 0) FROM outbox")), **counts}
