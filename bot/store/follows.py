"""Which chat follows which list, and how."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.store.table import Table
from bot.store.watches import watch_of
from watchlists.errors import QueryError
from watchlists.following import plain_exclusions
from watchlists.model import Watch
from watchlists.ports_lists import Follow, Follower

_FOLLOWS = (
    "SELECT f.list_id, f.chat_id, f.level, f.digest, f.without, f.some, f.news, f.told, "
    "(SELECT json_group_array(watch_id) FROM follow_watches n JOIN watches w ON w.id = watch_id "
    "WHERE n.chat_id = f.chat_id AND w.list_id = f.list_id) AS named FROM follows f"
)


class Follows(Table):
    """The watches that a follow names are those that it has muted, or, where it is of `some`, those that it is of."""

    def of_chat(self, chat_id: int) -> Sequence[Follow]:
        """What the chat follows, by the slugs of the lists."""
        rows = self._rows(
            f"{_FOLLOWS} JOIN lists l ON l.id = f.list_id WHERE f.chat_id = ? AND ended IS NULL ORDER BY l.slug",
            [chat_id],
        )
        return [_follow(row) for row in rows]

    def get(self, chat_id: int, list_id: int, *, ended: bool = False) -> Follow | None:
        """How the chat follows the list, or, where it has ended that, followed it; None if it does not."""
        row = self._row(
            f"{_FOLLOWS} WHERE f.chat_id = ? AND f.list_id = ? AND (ended IS NOT NULL) = ?", [chat_id, list_id, ended]
        )
        return _follow(row) if row else None

    def put(self, follow: Follow) -> None:
        """The chat follows the list in this way from now on."""
        values = {
            "list": follow.list_id,
            "chat": follow.chat_id,
            "now": self._now,
            "level": follow.level,
            "digest": follow.digest,
            "without": follow.without,
            "some": follow.some,
            "news": follow.news,
            "told": follow.told,
            "named": json.dumps([*follow.named]),
        }
        self._write(
            "INSERT INTO follows (list_id, chat_id, since, level, digest, without, some, news, told) "
            "VALUES (:list, :chat, :now, :level, :digest, :without, :some, :news, :told) "
            "ON CONFLICT (list_id, chat_id) DO UPDATE SET level = excluded.level, digest = excluded.digest, "
            "without = excluded.without, some = excluded.some, news = excluded.news, told = excluded.told, "
            "since = CASE WHEN ended IS NULL THEN since ELSE excluded.since END, ended = NULL",
            values,
        )
        self._forget_named(follow.chat_id, follow.list_id)
        self._write(
            "INSERT INTO follow_watches (chat_id, watch_id) SELECT :chat, id FROM watches "
            "WHERE list_id = :list AND id IN (SELECT value FROM json_each(:named))",
            values,
        )

    def remove(self, chat_id: int, list_id: int) -> None:
        """The chat follows the list no more; how it did is kept for an undo."""
        self._write("UPDATE follows SET ended = ? WHERE chat_id = ? AND list_id = ?", [self._now, chat_id, list_id])

    def lost(self, chat_id: int) -> Sequence[tuple[int, int]]:
        """The deleted lists of which the chat wanted news, and the version that it knows; now it has been told."""
        rows = self._rows(
            "UPDATE follows SET news = 0 WHERE chat_id = ? AND news "
            "AND ended = (SELECT removed FROM lists WHERE id = list_id) RETURNING list_id, told",
            [chat_id],
        )
        return sorted((row["list_id"], row["told"]) for row in rows)

    def count(self, list_id: int) -> int:
        """How many chats follow the list that can be reached."""
        sql = (
            "SELECT count(*) FROM follows f JOIN chats c ON c.id = f.chat_id "
            "WHERE list_id = ? AND ended IS NULL AND active"
        )
        return int(self._value(sql, [list_id]))

    def watches(self, chat_id: int) -> Sequence[Watch]:
        """The watches of lists that alert the chat, as it has them, by list and number."""
        rows = self._rows(
            "SELECT w.id, 0 AS chat_id, w.number, w.text, coalesce(nullif(f.level, ''), w.level) AS level, "
            "coalesce(nullif(f.digest, ''), w.digest) AS digest, w.list_id, l.slug FROM follows f "
            "JOIN watches w ON w.list_id = f.list_id JOIN lists l ON l.id = f.list_id "
            "WHERE f.chat_id = ? AND f.ended IS NULL AND w.removed IS NULL AND f.some = "
            "EXISTS (SELECT 1 FROM follow_watches n WHERE n.watch_id = w.id AND n.chat_id = f.chat_id) "
            "ORDER BY l.slug, w.number",
            [chat_id],
        )
        return [watch_of(row) for row in rows]

    def followers(self, list_id: int, watch_ids: Collection[int]) -> Iterator[Follower]:
        """All chats that follow the list, each with those of the watches that it names."""
        named: dict[int, frozenset[int]] = {}
        cursor = self._database.conn.execute(
            "SELECT chat_id, watch_id FROM follow_watches WHERE watch_id IN (SELECT value FROM json_each(?))",
            [json.dumps([*watch_ids])],
        )
        none: frozenset[int] = frozenset()
        for chat_id, watch_id in cursor:
            named[chat_id] = named.get(chat_id, none) | {watch_id}
        rows = self._database.conn.execute(
            "SELECT chat_id, level, digest, without, some FROM follows WHERE list_id = ? AND ended IS NULL "
            "ORDER BY chat_id",
            [list_id],
        )
        for chat_id, level, digest, without, some in rows:
            yield Follower(chat_id, level, digest, without, some, named.get(chat_id, none))

    def move(self, old: int, new: int) -> None:
        """Everything that chat `old` follows, `new` follows; what both do, so that the choices of neither are lost."""
        shared = self._rows(
            "SELECT o.list_id FROM follows o JOIN follows n ON n.list_id = o.list_id AND n.chat_id = ? "
            "WHERE o.chat_id = ?",
            [new, old],
        )
        both = [(self.get(old, row["list_id"]), self.get(new, row["list_id"])) for row in shared]
        for row in shared:
            self._forget_named(old, row["list_id"])
            self._write("DELETE FROM follows WHERE chat_id = ? AND list_id = ?", [old, row["list_id"]])
        for of_old, of_new in both:
            if of_old:
                self.put(_merged(of_new, of_old) if of_new else replace(of_old, chat_id=new))
        for table in ("follows", "follow_watches"):
            self._write(f"UPDATE OR IGNORE {table} SET chat_id = ? WHERE chat_id = ?", [new, old])

    def _forget_named(self, chat_id: int, list_id: int) -> None:
        self._write(
            "DELETE FROM follow_watches WHERE chat_id = ? AND watch_id IN (SELECT id FROM watches WHERE list_id = ?)",
            [chat_id, list_id],
        )


def _merged(ours: Follow, theirs: Follow) -> Follow:
    """One follow of what were two: what either has chosen is heard, and all else that either has muted is not.

    Where both have set something else, it is as in `ours`.
    """
    if ours.some == theirs.some:
        named = ours.named | theirs.named
    else:
        whole, chosen = (theirs, ours) if ours.some else (ours, theirs)
        named = whole.named - chosen.named
    return replace(
        ours,
        level=ours.level or theirs.level,
        digest=ours.digest or theirs.digest,
        without=_joined(ours.without, theirs.without),
        some=ours.some and theirs.some,
        named=named,
        news=ours.news or theirs.news,
        told=max(ours.told, theirs.told),
    )


def _joined(ours: str, theirs: str) -> str:
    """What either leaves out; `ours` alone where both are too long for one."""
    if not theirs or theirs == ours:
        return ours
    try:
        return plain_exclusions(f"{ours} {theirs}".strip())
    except QueryError:
        return ours


def _follow(row: dict[str, Any]) -> Follow:
    return Follow(
        row["list_id"],
        row["chat_id"],
        row["level"],
        row["digest"],
        row["without"],
        bool(row["some"]),
        frozenset(json.loads(row["named"])),
        bool(row["news"]),
        row["told"],
    )
