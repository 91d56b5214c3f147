"""The chats: destinations, with what Telegram last said of them.

A forum topic is a destination of its own, with watches, settings and messages of its own. What Telegram says of a
group holds for all of them.
"""

import json
from collections.abc import Iterable
from functools import lru_cache

from bot.clock import from_epoch
from bot.store.chat_feeds import ChatFeeds
from bot.store.follows import Follows
from bot.store.outbox import Outbox
from bot.store.snoozes import Snoozes
from bot.store.table import Table
from bot.store.watches import Watches
from watchlists.delivery import Habits
from watchlists.hours import read_digest, read_quiet
from watchlists.i18n import nearest
from watchlists.model import Look

BANNED, UNINVITED = "banned", "not invited"  # why a chat is inactive, and messages to it are dropped
MAX_TAG = 35  # characters of a language tag
LOWEST_ID = -(1 << 56)  # topics have ids of ours below it: Telegram's have 52 bits
TOPIC_GONE = "the topic was deleted"
MOVED = ("outbox", "snoozes", "lookups", "votes", "proposals", "drafts", "links")
_KEPT = ("zone", "quiet", "digest", "language", "client_language", "title", "header", "footer", "no_broadcasts")
_KNOWN = """(EXISTS (SELECT 1 FROM admitted WHERE id = {who})
    OR EXISTS (SELECT 1 FROM json_each(owners) WHERE value = {who})
    OR (owners != '[]' AND EXISTS (SELECT 1 FROM roles WHERE user_id = {who})))"""
# Whether chat `c` may get what it did not ask for: whom the gate lets in, and where such a person looks after things.
LET_IN = f"""NOT EXISTS (SELECT 1 FROM invite_only WHERE NOT ({_KNOWN.format(who="c.telegram_id")}
    OR EXISTS (SELECT 1 FROM links k WHERE k.chat_id = c.telegram_id AND {_KNOWN.format(who="k.user_id")})))"""
# A group with its topics, by any of them, or by the group where no more than topics are known.
_FAMILY = """telegram_id = (SELECT coalesce((SELECT telegram_id FROM chats WHERE id = named), named)
    FROM (SELECT ? AS named))"""


class Chats(Table):
    """Keyed by Telegram's own chat id; topics by ids of ours (see `topic`)."""

    def ensure(self, chat_id: int, kind: str, client_language: str = "") -> None:
        """Know the chat, and deliver to it again if it had been given up: who writes can be written to, unless banned
        or not invited, who read the answer to what they have sent and no more.

        `client_language` is the tag of their client: in private the last one counts, elsewhere the first.
        """
        self.revive(chat_id)
        if self._value("SELECT 1 FROM chats WHERE id = ? AND NOT active", [chat_id]):  # a topic that was deleted
            ChatFeeds(self._database, from_epoch(self._now)).wake(chat_id)
        self._write(
            "INSERT INTO chats (id, kind, created, client_language) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, active = 1, inactive_reason = '', forgotten = 0, "
            "client_language = "
            "CASE WHEN client_language = '' OR (excluded.kind = 'private' AND excluded.client_language != '') "
            "THEN excluded.client_language ELSE client_language END",
            [chat_id, kind, self._now, client_language[:MAX_TAG]],
        )
        self._keep_out(chat_id)

    def _keep_out(self, chat_id: int) -> None:
        is_banned = self._value("SELECT 1 FROM bans WHERE id = ? AND lifted IS NULL", [self.telegram_id(chat_id)])
        if is_banned or not self._value(f"SELECT {LET_IN} FROM chats c WHERE id = ?", [chat_id]):
            for place in self.family(chat_id):
                self.deactivate(place, BANNED if is_banned else UNINVITED)

    def topic(self, telegram_id: int, thread_id: int) -> int:
        """The id of a forum topic, which is known from now on. General (0) is the group itself."""
        if not thread_id:
            return telegram_id
        found = self._value("SELECT id FROM chats WHERE telegram_id = ? AND thread_id = ?", [telegram_id, thread_id])
        if found is not None:
            return int(found)
        group = "INSERT INTO chats (id, kind, created) VALUES (?, 'supergroup', ?) ON CONFLICT DO NOTHING"
        self._write(group, [telegram_id, self._now])
        row = self._returned(
            "INSERT INTO chats (id, topic_of, thread_id, kind, created, client_language, paused_until) "
            "SELECT (SELECT min(min(id), :lowest) - 1 FROM chats), id, :thread, kind, :now, client_language, "
            "paused_until FROM chats WHERE id = :group RETURNING id",
            {"lowest": LOWEST_ID, "group": telegram_id, "thread": thread_id, "now": self._now},
        )
        return int(row["id"])

    def family(self, chat_id: int) -> list[int]:
        """The chat, and of a forum all topics that are known."""
        return [row["id"] for row in self._rows(f"SELECT id FROM chats WHERE {_FAMILY}", [chat_id])]

    def telegram_id(self, chat_id: int) -> int:
        """What Telegram calls the chat: for a topic, its group."""
        found = self._value("SELECT telegram_id FROM chats WHERE id = ?", [chat_id])
        return chat_id if found is None else int(found)

    def kind(self, chat_id: int) -> str:
        """Telegram's word for what the chat is; empty for one that is not known."""
        return str(self._value("SELECT kind FROM chats WHERE id = ?", [chat_id]) or "")

    def revive(self, chat_id: int, given_up_for: str = "") -> None:
        """The chat can be written to again, and so can its topics, but for those that were deleted.

        With a reason, only what was given up for that one.
        """
        which = "inactive_reason = ?" if given_up_for else "inactive_reason != ?"
        rows = self._rows(
            f"SELECT id FROM chats WHERE {_FAMILY} AND NOT active AND {which}", [chat_id, given_up_for or TOPIC_GONE]
        )
        for row in rows:
            ChatFeeds(self._database, from_epoch(self._now)).wake(row["id"])
            self._write("UPDATE chats SET active = 1, inactive_reason = '' WHERE id = ?", [row["id"]])

    def deactivate(self, chat_id: int, reason: str) -> None:
        """Deliver nothing to the chat until it comes back. Its watches stay.

        The first reason holds, but for the want of an invitation: to be let in is no way around any other.
        """
        self._write(
            "UPDATE chats SET active = 0, inactive_reason = iif(active OR inactive_reason = ?, ?, inactive_reason), "
            "rights_missing = 0, rejected = 0 WHERE id = ?",
            [UNINVITED, reason, chat_id],
        )

    def give_up(self, chat_id: int, reason: str) -> None:
        """As `silence`, also for the chat's topics."""
        for place in self.family(chat_id):
            self.silence(place, reason)

    def silence(self, chat_id: int, reason: str) -> None:
        """Deliver nothing to this one destination until it comes back, and drop what is queued for it."""
        self.deactivate(chat_id, reason)
        Outbox(self._database, from_epoch(self._now)).drop_chat(chat_id, reason)

    def pause(self, chat_id: int, until: float) -> None:
        """Deliver nothing to the chat and its topics before `until` (seconds since 1970); outlives a restart."""
        self._write(f"UPDATE chats SET paused_until = max(paused_until, ?) WHERE {_FAMILY}", [until, chat_id])

    def pause_topic(self, chat_id: int, until: float) -> None:
        """Deliver nothing to this one topic before `until` (seconds since 1970)."""
        self._write("UPDATE chats SET paused_until = max(paused_until, ?) WHERE id = ?", [until, chat_id])

    def resume(self, chat_id: int) -> None:
        """What was missing is there: a pause for want of a right is over, in the chat and its topics."""
        self._write(
            f"UPDATE chats SET paused_until = 0, rights_missing = 0 WHERE rights_missing > 0 AND {_FAMILY}", [chat_id]
        )

    def active(self, chat_ids: Iterable[int]) -> set[int]:
        """Those of `chat_ids` for which alerts may be written."""
        rows = self._rows(
            "SELECT id FROM chats WHERE active AND id IN (SELECT value FROM json_each(?))", [json.dumps([*chat_ids])]
        )
        return {row["id"] for row in rows}

    def rights_missing(self, chat_id: int) -> int:
        """The bot lacks a right in the chat: the how manyth time in a row this is."""
        sql = f"UPDATE chats SET rights_missing = rights_missing + 1 WHERE {_FAMILY} RETURNING id, rights_missing"
        return int(next(row["rights_missing"] for row in self._rows(sql, [chat_id]) if row["id"] == chat_id))

    def topic_closed(self, chat_id: int) -> int:
        """The topic is closed: the how manyth refusal in a row this is."""
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
            "SELECT id, zone, quiet, digest, speaks, kind, header, footer FROM chats "
            "WHERE active AND id IN (SELECT value FROM json_each(?))",
            [json.dumps([*chat_ids])],
        )
        return {chat_id: _habits(*settings) for chat_id, *settings in rows}

    def set_habits(self, chat_id: int, habits: Habits) -> None:
        """Keep what the chat has set, all but its language."""
        self._write(
            "UPDATE chats SET zone = ?, quiet = ?, digest = ?, header = ?, footer = ? WHERE id = ?",
            [
                habits.zone_name,
                str(habits.quiet or ""),
                str(habits.digest or ""),
                habits.look.header,
                habits.look.footer,
                chat_id,
            ],
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
        self._write("UPDATE OR IGNORE admitted SET id = ? WHERE id = ?", [new, old])
        self._write("UPDATE OR REPLACE bans SET id = ? WHERE id = ? AND lifted IS NULL", [new, old])
        if not self._value("SELECT 1 FROM chats WHERE id = ?", [old]):
            return
        self._write(
            "INSERT INTO chats (id, kind, created) SELECT ?, 'supergroup', created FROM chats WHERE id = ? "
            "ON CONFLICT (id) DO NOTHING",
            [new, old],
        )
        self._take_over(old, new)
        for row in self._rows("SELECT id, thread_id FROM chats WHERE topic_of = ?", [old]):
            there = self._value("SELECT id FROM chats WHERE topic_of = ? AND thread_id = ?", [new, row["thread_id"]])
            if there is None:
                self._write("UPDATE chats SET topic_of = ? WHERE id = ?", [new, row["id"]])
            else:
                self._take_over(row["id"], there)
        self.revive(new, UNINVITED)  # it may have been heard of before it was known that the invitation is its own
        self._keep_out(new)

    def _take_over(self, old: int, new: int) -> None:
        """The new id may have been heard of first: what was set or chosen there stays, beside what the old one has."""
        unset = ", ".join(f"{name} = iif(chats.{name} IN ('', 'UTC', 0), o.{name}, chats.{name})" for name in _KEPT)
        self._write(f"UPDATE chats SET {unset} FROM chats o WHERE o.id = ? AND chats.id = ?", [old, new])
        Watches(self._database, from_epoch(self._now)).move(old, new)
        ChatFeeds(self._database, from_epoch(self._now)).move(old, new)
        Follows(self._database, from_epoch(self._now)).move(old, new)
        Snoozes(self._database, from_epoch(self._now)).lengthen(old, new)
        self._write(  # of a story that both were told of, the old chat's alerts are further parts
            "UPDATE alerts SET chat_id = :new, part = part + (SELECT coalesce(max(part), 0) FROM alerts n "
            "WHERE n.chat_id = :new AND n.story_id = alerts.story_id) WHERE chat_id = :old",
            {"old": old, "new": new},
        )
        for table in MOVED:
            self._write(f"UPDATE OR IGNORE {table} SET chat_id = ? WHERE chat_id = ?", [new, old])
        for table in ("snoozes", "links"):  # those that the new chat has, too
            self._write(f"DELETE FROM {table} WHERE chat_id = ?", [old])
        self.deactivate(old, f"moved to {new}")

    def counts(self) -> dict[str, int]:
        """How many chats there are, and how many of them are active."""
        sql = "SELECT count(*), coalesce(sum(active), 0) FROM chats WHERE id != 0"
        total, active = self._database.conn.execute(sql).fetchone()
        return {"total": total, "active": active}


@lru_cache(maxsize=1 << 10)
def _habits(zone: str, quiet: str, digest: str, speaks: str, *look: str) -> Habits:
    """Chats that have set the same share the value."""
    hours = read_quiet(quiet) if quiet else None
    return Habits(zone, hours, read_digest(digest) if digest else None, nearest(speaks), Look(*look))
