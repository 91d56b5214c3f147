"""The operator's messages: enqueued a few at a time behind everything else, so that one can be stopped."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.clock import from_epoch
from bot.store.outbox import BROADCAST, OPEN, WAITS_BEHIND, Outbox, encode
from bot.store.table import Table
from watchlists.i18n import nearest
from watchlists.ports_broadcasts import Broadcast

# A channel is read by many, and belongs to its makers: those are told in private. A forum is told in General.
_READERS = """c.active AND NOT c.forgotten AND NOT c.no_broadcasts AND c.topic_of IS NULL
    AND c.kind NOT IN ('channel', 'nobody')"""
_FIRST = -(2**63)
_STOPPED = "the broadcast was stopped"
Buttons = tuple[tuple[tuple[str, str], ...], ...]


class Broadcasts(Table):
    """`cursor` is the last chat for which one was enqueued; chats have their turn in the order of their ids."""

    def audience(self) -> int:
        """How many chats would get one now."""
        return int(self._value(f"SELECT count(*) FROM chats c WHERE {_READERS}"))

    def draft(self, by: int, text: str, chats: int) -> Broadcast:
        """Keep one that is not sent yet."""
        row = self._returned(
            "INSERT INTO broadcasts (made_by, made, text, chats, cursor) VALUES (?, ?, ?, ?, ?) RETURNING *",
            [by, self._now, text, chats, _FIRST],
        )
        return _broadcast(row)

    def get(self, broadcast_id: int) -> Broadcast | None:
        """One of them."""
        row = self._row("SELECT * FROM broadcasts WHERE id = ?", [broadcast_id])
        return _broadcast(row) if row else None

    def start(self, broadcast_id: int) -> bool:
        """A draft goes out from now on; False where it is none."""
        return self._turn(broadcast_id, "draft", "running")

    def stop(self, broadcast_id: int) -> bool:
        """What has not gone out is dropped; False where it does not go out."""
        stopped = self._turn(broadcast_id, "running", "stopped")
        if stopped:
            rows = self._rows(
                "UPDATE outbox SET state = 'dropped', reason = ?, finished = ? "
                "WHERE broadcast_id = ? AND state = 'queued' RETURNING id",
                [_STOPPED, self._now, broadcast_id],
            )
            outbox = Outbox(self._database, from_epoch(self._now))
            for row in rows:
                outbox.next_up(row["id"])
        return stopped

    def under_way(self, by: int) -> Sequence[int]:
        """Those of this author that go out now, or are about to."""
        rows = self._rows("SELECT id FROM broadcasts WHERE state = 'running' AND made_by = ? ORDER BY id", [by])
        return [row["id"] for row in rows]

    def finish(self, broadcast_id: int) -> None:
        """All of it has gone out."""
        self._turn(broadcast_id, "running", "done")

    def stop_all(self) -> None:
        """For a database that was put back: what has gone out since the copy is not known."""
        self._write("UPDATE broadcasts SET state = 'stopped' WHERE state = 'running'")

    def _turn(self, broadcast_id: int, before: str, after: str) -> bool:
        sql = "UPDATE broadcasts SET state = ? WHERE id = ? AND state = ?"
        return bool(self._write(sql, [after, broadcast_id, before]))

    def running(self) -> Broadcast | None:
        """The one that goes out now: one after the other."""
        row = self._row("SELECT * FROM broadcasts WHERE state = 'running' ORDER BY id LIMIT 1")
        return _broadcast(row) if row else None

    def untold(self) -> list[Broadcast]:
        """Those of which not all has been said to their authors."""
        return [_broadcast(row) for row in self._rows("SELECT * FROM broadcasts WHERE state != 'draft' AND NOT told")]

    def told(self, broadcast_id: int) -> None:
        """Its author has been told the end."""
        self._write("UPDATE broadcasts SET told = 1 WHERE id = ?", [broadcast_id])

    def progress(self, broadcast_id: int) -> Mapping[str, int]:
        """How many messages there are in which state of the outbox, but for those that were not tried for a stop."""
        sql = "SELECT state, count(*) AS n FROM outbox WHERE broadcast_id = ? AND reason != ? GROUP BY state"
        return {row["state"]: row["n"] for row in self._rows(sql, [broadcast_id, _STOPPED])}

    def next_chats(self, broadcast_id: int, limit: int) -> dict[int, str]:
        """The chats whose turn it is, each with its language; they have had it then. Later ones were not counted."""
        rows = self._rows(
            f"SELECT c.id, c.speaks FROM chats c JOIN broadcasts b ON b.id = ? WHERE c.id > b.cursor AND {_READERS} "
            "AND c.created <= b.made "
            "AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.broadcast_id = b.id AND o.chat_id = c.id) "
            "ORDER BY c.id LIMIT ?",
            [broadcast_id, limit],
        )
        if rows:
            self._write("UPDATE broadcasts SET cursor = ? WHERE id = ?", [rows[-1]["id"], broadcast_id])
        return {row["id"]: nearest(row["speaks"]) for row in rows}

    def enqueue(self, broadcast_id: int, chat_ids: list[int], text: str, buttons: Buttons) -> None:
        """Write it to these chats, without a sound."""
        waits = WAITS_BEHIND.format(chat=":chat", priority=":priority")
        self._write_all(
            "INSERT INTO outbox (dedup_key, chat_id, kind, priority, text, buttons, silent, created, behind, "
            f"broadcast_id) VALUES (:key, :chat, 'digest', :priority, :text, :buttons, 1, :now, {waits}, :broadcast) "
            "ON CONFLICT (dedup_key) DO NOTHING",
            (
                {
                    "key": f"broadcast:{broadcast_id}:{chat_id}",
                    "chat": chat_id,
                    "priority": BROADCAST,
                    "text": text,
                    "buttons": encode(buttons),
                    "now": self._now,
                    "broadcast": broadcast_id,
                }
                for chat_id in chat_ids
            ),
        )

    def prune(self, older_than: float) -> int:
        """Forget those begun before `older_than` whose messages are forgotten; return how many."""
        return self._write(
            "DELETE FROM broadcasts WHERE made < ? AND state != 'running' "
            "AND NOT EXISTS (SELECT 1 FROM outbox WHERE broadcast_id = broadcasts.id)",
            [older_than],
        )

    def waits_for_edit(self, key: str) -> bool:
        """Whether a message with a key that begins so has not gone out yet."""
        return bool(
            self._value(
                f"SELECT 1 FROM outbox WHERE dedup_key >= :key AND dedup_key < :key || char(0x10FFFF) AND {OPEN}",
                {"key": key},
            )
        )

    def wanted(self, chat_id: int) -> bool:
        """Whether the chat gets them."""
        return not self._value("SELECT no_broadcasts FROM chats WHERE id = ?", [chat_id])

    def set_wanted(self, chat_id: int, *, wanted: bool) -> None:
        """Whether it gets them from now on."""
        self._write("UPDATE chats SET no_broadcasts = ? WHERE id = ?", [not wanted, chat_id])


def _broadcast(row: dict[str, Any]) -> Broadcast:
    return Broadcast(row["id"], row["text"], row["chats"], row["state"], row["made_by"])
