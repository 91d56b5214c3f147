"""The chats: destinations, with what Telegram last said of them."""

import json
from collections.abc import Iterable
from functools import lru_cache

from bot.clock import from_epoch
from bot.store.chat_feeds import ChatFeeds
from bot.store.follows import Follows
from bot.store.table import Table
from bot.store.watches import Watches
from watchlists.delivery import Habits
from watchlists.hours import read_digest, read_quiet
from watchlists.i18n import nearest

MAX_TAG = 35  # characters of a language tag


class Chats(Table):
    """Keyed by Telegram's own chat id."""

    def ensure(self, chat_id: int, kind: str, client_language: str = "") -> None:
        """Know the chat, and deliver to it again if it had been given up: whoever writes can be written to.

        `client_language` is the tag of their client: in private the last one counts, elsewhere the first.
        """
        if self._value("SELECT 1 FROM chats WHERE id = ? AND NOT active", [chat_id]):
            ChatFeeds(self._database, from_epoch(self._now)).wake(chat_id)
        self._write(
            "INSERT INTO chats (id, kind, created, client_language) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, active = 1, inactive_reason = '', forgotten = 0, "
            "client_language = "
            "CASE WHEN client_language = '' OR (excluded.kind = 'private' AND excluded.client_language != '') "
            "THEN excluded.client_language ELSE client_language END",
            [chat_id, kind, self._now, client_language[:MAX_TAG]],
        )

    def deactivate(self, chat_id: int, reason: str) -> None:
        """Deliver nothing to the chat until it comes back. Its watches stay."""
        self._write(
            "UPDATE chats SET active = 0, inactive_reason = ?, rights_missing = 0, rejected = 0 WHERE id = ?",
            [reason, chat_id],
        )

    def pause(self, chat_id: int, until: float) -> None:
        """Deliver nothing to the chat before `until` (seconds since 1970); outlives a restart."""
        self._write("UPDATE chats SET paused_until = max(paused_until, ?) WHERE id = ?", [until, chat_id])

    def active(self, chat_ids: Iterable[int]) -> set[int]:
        """Those of `chat_ids` for which alerts may be written."""
        rows = self._rows(
            "SELECT id FROM chats WHERE active AND id IN (SELECT value FROM json_each(?))", [json.dumps([*chat_ids])]
        )
        return {row["id"] for row in rows}

    def rights_missing(self, chat_id: int) -> int:
        """The bot lacks a right in the chat: the how manyth time in a row this is."""
        sql = "UPDATE chats SET rights_missing = rights_missing + 1 WHERE id = ? RETURNING rights_missing"
        return int(self._returned(sql, [chat_id])["rights_missing"])

    def rejected(self, chat_id: int) -> int:
        """Telegram refused a message to the chat for a reason that has no rule: the how manyth one in a row."""
        sql = "UPDATE chats SET rejected = rejected + 1 WHERE id = ? RETURNING rejected"
        return int(self._returned(sql, [chat_id])["rejected"])

    def reached(self, chat_id: int) -> None:
        """A message has arrived in the chat: what was counted in a row begins anew."""
        self._write(
            "UPDATE chats SET rights_missing = 0, rejected = 0 WHERE id = ? AND (rights_missing > 0 OR rejected > 0)",
            [chat_id],
        )

    def habits(self, chat_ids: Iterable[int]) -> dict[int, Habits]:
        """What those of `chat_ids` have set for which alerts may be written."""
        rows = self._database.conn.execute(
            "SELECT id, zone, quiet, digest, speaks FROM chats WHERE active AND id IN (SELECT value FROM json_each(?))",
            [json.dumps([*chat_ids])],
        )
        return {chat_id: _habits(*settings) for chat_id, *settings in rows}

    def set_habits(self, chat_id: int, habits: Habits) -> None:
        """Keep what the chat has set, all but its language."""
        self._write(
            "UPDATE chats SET zone = ?, quiet = ?, digest = ? WHERE id = ?",
            [habits.zone_name, str(habits.quiet or ""), str(habits.digest or ""), chat_id],
        )

    def languages(self, chat_ids: Iterable[int]) -> dict[int, str]:
        """The language in which each of those chats is spoken to that are known."""
        rows = self._rows(
            "SELECT id, speaks FROM chats WHERE id IN (SELECT value FROM json_each(?))", [json.dumps([*chat_ids])]
        )
        return {row["id"]: nearest(row["speaks"]) for row in rows}

    def answered_in(self, chat_id: int, client_language: str) -> str:
        """The tag of the language in which to answer somebody in the chat: what it has chosen; if nothing, in private
        what the person's client speaks now, elsewhere what its first person's did."""
        told = self._value(
            "SELECT speaks FROM chats WHERE id = ? AND (kind != 'private' OR language != '' OR ? = '')",
            [chat_id, client_language],
        )
        return str(told or client_language)

    def language(self, chat_id: int) -> str:
        """The language that the chat has chosen; empty where it has chosen none."""
        return str(self._value("SELECT language FROM chats WHERE id = ?", [chat_id]) or "")

    def set_language(self, chat_id: int, language: str) -> None:
        """Keep what the chat has chosen; empty for the language of its person's client."""
        self._write("UPDATE chats SET language = ? WHERE id = ?", [language, chat_id])

    def move(self, old: int, new: int) -> None:
        """A group became a supergroup: everything of `old` belongs to `new`. Doing it twice changes nothing."""
        if not self._value("SELECT 1 FROM chats WHERE id = ?", [old]):
            return
        self._write(
            "INSERT INTO chats (id, kind, created, zone, quiet, digest, language, client_language) "
            "SELECT ?, 'supergroup', created, zone, quiet, digest, language, client_language FROM chats WHERE id = ? "
            "ON CONFLICT (id) DO NOTHING",
            [new, old],
        )
        Watches(self._database, from_epoch(self._now)).move(old, new)
        ChatFeeds(self._database, from_epoch(self._now)).move(old, new)
        Follows(self._database, from_epoch(self._now)).move(old, new)
        for table in ("alerts", "outbox", "snoozes", "lookups", "votes", "proposals", "drafts"):
            self._write(f"UPDATE OR IGNORE {table} SET chat_id = ? WHERE chat_id = ?", [new, old])
        self.deactivate(old, f"moved to {new}")

    def counts(self) -> dict[str, int]:
        """How many chats there are, and how many of them are active."""
        sql = "SELECT count(*), coalesce(sum(active), 0) FROM chats WHERE id != 0"
        total, active = self._database.conn.execute(sql).fetchone()
        return {"total": total, "active": active}


@lru_cache(maxsize=1 << 10)
def _habits(zone: str, quiet: str, digest: str, speaks: str) -> Habits:
    """Chats that have set the same share the value."""
    return Habits(zone, read_quiet(quiet) if quiet else None, read_digest(digest) if digest else None, nearest(speaks))
