"""Which chat gets which feed: the operator's, unless it wants only its own, and those that it has added."""

import json
from collections.abc import Collection, Sequence

from bot.store.feeds import ASLEEP, WANTED, feed_of
from bot.store.table import Table
from watchlists.model import Feed, OwnFeed


class ChatFeeds(Table):
    """A removed feed keeps its row: undo restores it."""

    def of(self, chat_id: int) -> Sequence[OwnFeed]:
        """The feeds that the chat has added, by number."""
        return self._own("f.chat_id = ? AND f.removed IS NULL", chat_id)

    def get(self, chat_id: int, feed_id: int) -> OwnFeed | None:
        """A feed that this chat has or has had: never another chat's."""
        found = self._own("f.chat_id = ? AND f.feed_id = ?", chat_id, feed_id)
        return found[0] if found else None

    def add(self, chat_id: int, url: str, title: str) -> OwnFeed:
        """The chat gets this feed, which answered just now: what was held against it is forgotten."""
        self._write(
            "INSERT INTO feeds (url, title, next_poll, added, common) VALUES (?, ?, ?, ?, 0) "
            "ON CONFLICT (url) DO NOTHING",
            [url, title, self._now, self._now],
        )
        feed_id = int(self._value("SELECT id FROM feeds WHERE url = ?", [url]))
        self._write(
            "UPDATE feeds SET stopped = 0, gone = 0, failures = 0, failing_since = NULL, reader_deaths = 0, "
            "error = '', next_poll = ? WHERE id = ? AND (stopped OR failures)",
            [self._now, feed_id],
        )
        return self.restore(chat_id, feed_id)

    def restore(self, chat_id: int, feed_id: int) -> OwnFeed:
        """The chat gets the feed, under its old number where that is free."""
        self._wake(json.dumps([feed_id]))
        self._write(
            "INSERT INTO chat_feeds (chat_id, feed_id, number, added) VALUES (?, ?, 0, ?) ON CONFLICT DO NOTHING",
            [chat_id, feed_id, self._now],
        )
        self._write(
            "UPDATE chat_feeds AS own SET removed = NULL, number = CASE WHEN number = 0 OR EXISTS "
            "(SELECT 1 FROM chat_feeds WHERE chat_id = own.chat_id AND number = own.number AND feed_id != own.feed_id "
            "AND removed IS NULL) THEN (SELECT coalesce(max(number), 0) + 1 FROM chat_feeds "
            "WHERE chat_id = own.chat_id AND removed IS NULL AND feed_id != own.feed_id) ELSE number END "
            "WHERE chat_id = ? AND feed_id = ?",
            [chat_id, feed_id],
        )
        (own,) = self._own("f.chat_id = ? AND f.feed_id = ?", chat_id, feed_id)
        return own

    def remove(self, chat_id: int, feed_id: int) -> None:
        """The chat gets the feed no more, unless it is the operator's."""
        self._write(
            "UPDATE chat_feeds SET removed = ? WHERE chat_id = ? AND feed_id = ? AND removed IS NULL",
            [self._now, chat_id, feed_id],
        )

    def share(self, feed_id: int) -> Feed | None:
        """The feed is the operator's from now on: all chats get it. None where there is none."""
        self._wake(json.dumps([feed_id]))
        return self._common("UPDATE feeds SET common = 1 WHERE id = ? RETURNING *", feed_id)

    def unshare(self, feed_id: int) -> Feed | None:
        """Only those chats get the feed that have added it. None where it is none of the operator's."""
        return self._common("UPDATE feeds SET common = 0 WHERE id = ? AND common RETURNING *", feed_id)

    def _common(self, sql: str, feed_id: int) -> Feed | None:
        row = self._row(sql, [feed_id])
        return feed_of(row) if row else None

    def own_only(self, chat_id: int) -> bool:
        """Whether the chat wants none but its own."""
        return bool(self._value("SELECT own_feeds_only FROM chats WHERE id = ?", [chat_id]))

    def choose(self, chat_id: int, *, own_only: bool) -> None:
        """Whether the chat gets the operator's feeds too."""
        self._write("UPDATE chats SET own_feeds_only = ? WHERE id = ?", [own_only, chat_id])

    def readers(self, item_id: int, chat_ids: Collection[int]) -> set[int]:
        """Those of `chat_ids` that get the feed which brought the item."""
        if not chat_ids:
            return set()
        feed = self._returned(
            "SELECT f.id, f.common FROM items i JOIN feeds f ON f.id = i.feed_id WHERE i.id = ?", [item_id]
        )
        own = self._database.conn.execute(
            "SELECT chat_id FROM chat_feeds WHERE feed_id = ? AND removed IS NULL", [feed["id"]]
        )
        having = {chat_id for (chat_id,) in own}
        if not feed["common"]:
            return having.intersection(chat_ids)
        # The few that do not get it are read, not the many that do.
        choosy = self._database.conn.execute("SELECT id FROM chats WHERE own_feeds_only")
        return set(chat_ids).difference({chat_id for (chat_id,) in choosy} - having)

    def of_feed(self, feed_id: int) -> list[int]:
        """The chats that have added the feed and can be written to."""
        rows = self._rows(
            "SELECT chat_id FROM chat_feeds f JOIN chats c ON c.id = f.chat_id "
            "WHERE feed_id = ? AND removed IS NULL AND c.active ORDER BY chat_id",
            [feed_id],
        )
        return [row["chat_id"] for row in rows]

    def wake(self, chat_id: int) -> None:
        """The chat is about to come back: its feeds that nobody else got meanwhile bring no old news."""
        rows = self._rows("SELECT feed_id FROM chat_feeds WHERE chat_id = ? AND removed IS NULL", [chat_id])
        self._wake(json.dumps([row["feed_id"] for row in rows]))

    def _wake(self, feed_ids: str) -> None:
        self._write(
            "UPDATE feeds SET primed = 0, etag = '', last_modified = '', next_poll = :now "
            f"WHERE id IN (SELECT value FROM json_each(:ids)) AND NOT {WANTED} "
            "AND coalesce(last_success, added) < :now - :asleep",
            {"ids": feed_ids, "now": self._now, "asleep": ASLEEP},
        )

    def move(self, old: int, new: int) -> None:
        """A group became a supergroup: it keeps its feeds and its choice; what either gets, it gets once."""
        self._write(
            "UPDATE chat_feeds SET removed = NULL WHERE chat_id = ? AND feed_id IN "
            "(SELECT feed_id FROM chat_feeds WHERE chat_id = ? AND removed IS NULL)",
            [new, old],
        )
        self._write(
            "UPDATE OR IGNORE chat_feeds SET chat_id = :new, number = number + "
            "(SELECT coalesce(max(number), 0) FROM chat_feeds WHERE chat_id = :new) WHERE chat_id = :old",
            {"old": old, "new": new},
        )
        self._write("DELETE FROM chat_feeds WHERE chat_id = ?", [old])
        self._write(
            "UPDATE chats SET own_feeds_only = own_feeds_only OR (SELECT own_feeds_only FROM chats WHERE id = ?) "
            "WHERE id = ?",
            [old, new],
        )

    def merged(self) -> Sequence[tuple[Feed, str]]:
        """Feeds that moved for good to where another one is: who got the one gets the other, and nobody the one.

        Returns each of the others with the address before, for what the chats are told.
        """
        rows = self._rows(
            "SELECT feeds.id AS old, feeds.url AS before, other.* FROM feeds "
            "JOIN feeds other ON other.url = feeds.moved_to "
            f"WHERE feeds.moved_times >= 3 AND other.id != feeds.id AND {WANTED}"
        )
        for row in rows:
            ids = {"old": row["old"], "new": row["id"], "now": self._now}
            self._wake(json.dumps([row["id"]]))
            self._write("UPDATE OR IGNORE chat_feeds SET feed_id = :new WHERE feed_id = :old AND removed IS NULL", ids)
            self._write("UPDATE chat_feeds SET removed = :now WHERE feed_id = :old AND removed IS NULL", ids)
            self._write(
                "UPDATE feeds SET common = common OR (SELECT common FROM feeds WHERE id = :old) WHERE id = :new", ids
            )
            self._write("UPDATE feeds SET common = 0, moved_to = '', moved_times = 0 WHERE id = :old", ids)
        return [(feed_of(row), row["before"]) for row in rows]

    def _own(self, where: str, *parameters: int) -> Sequence[OwnFeed]:
        rows = self._rows(
            f"SELECT f.number, feeds.* FROM chat_feeds f JOIN feeds ON feeds.id = f.feed_id WHERE {where} "
            "ORDER BY f.number",
            parameters,
        )
        return [OwnFeed(row["number"], feed_of(row)) for row in rows]
