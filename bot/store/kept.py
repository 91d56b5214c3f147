"""Alerts without a message of their own: kept for a summary until they are due, or listed in a burst's message."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.clock import from_epoch, to_epoch
from bot.store.items import ITEM_COLUMNS, item_of
from bot.store.outbox import OPEN
from bot.store.table import Table
from bot.store.watches import HITS, OF_HITS, watch_of
from watchlists.decide import Reason
from watchlists.delivery import BURST_WITHIN, Hold
from watchlists.i18n import nearest
from watchlists.loud import FIRES, FIRES_WITHIN_HOURS
from watchlists.model import Alert, Hit, Item, Look, Match, Watch

BURST_LISTS = 20  # alerts in one message; then a further one begins
_LOOKS_BACK = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
_NO_LATER = 1 << 62
_BURST_LASTS = timedelta(minutes=10).total_seconds()


@dataclass(frozen=True, slots=True)
class Recent:
    """How many alerts a chat has had within the time of a burst, and the list that still has room for more."""

    count: int
    head: int | None


class Kept(Table):
    """`due` of an alert is set as long as nobody has read it; the settings of its chat may change it meanwhile."""

    def keep(self, holds: Mapping[int, Hold]) -> None:
        """These alerts wait, each for its own time."""
        self._write_all(
            "UPDATE alerts SET due = ?, kept = ? WHERE id = ?",
            ([to_epoch(hold.until), hold.reason.name, alert_id] for alert_id, hold in holds.items()),
        )

    def let_go(self, alert_ids: Iterable[int], told_in: str = "") -> None:
        """These alerts wait no longer: a message tells them, or nobody is left to be told.

        `told_in` is the dedup key of the summary, if that is what tells them.
        """
        self._write(
            "UPDATE alerts SET due = NULL, told_in = (SELECT id FROM outbox WHERE dedup_key = ?) "
            "WHERE id IN (SELECT value FROM json_each(?))",
            [told_in, json.dumps([*alert_ids])],
        )

    def due_chats(self, limit: int) -> list[int]:
        """Chats for which something is due, the longest first.

        Not those to which one is just being sent, or may have been: what is due now comes after it.
        """
        rows = self._rows(
            "SELECT chat_id, min(due) AS first FROM alerts WHERE due <= ? AND NOT EXISTS (SELECT 1 FROM outbox o "
            "WHERE o.chat_id = alerts.chat_id AND o.state IN ('queued', 'sending') AND o.kind = 'digest' "
            "AND (o.state = 'sending' OR o.uncertain > 0)) "
            "GROUP BY chat_id ORDER BY first LIMIT ?",
            [self._now, limit],
        )
        return [row["chat_id"] for row in rows]

    def due(self, chat_ids: Iterable[int]) -> dict[int, tuple[Alert, Reason]]:
        """The alerts of these chats that are due and why they were kept, by id, oldest first."""
        rows = self._rows(
            "SELECT id, kept FROM alerts WHERE chat_id IN (SELECT value FROM json_each(?)) AND due <= ? ORDER BY id",
            [json.dumps([*chat_ids]), self._now],
        )
        alerts = self.listed([row["id"] for row in rows])
        return {row["id"]: (alerts[row["id"]], Reason[row["kept"]]) for row in rows}

    def look_again(self, chat_id: int) -> None:
        """Settings have changed: what may come now does, what may not gets its new time."""
        self._write(
            "UPDATE alerts SET due = min(due, ?) WHERE due IS NOT NULL AND chat_id = ?",
            [self._now, chat_id],
        )
        self._write(
            f"UPDATE outbox SET not_before = 0 WHERE chat_id = ? AND {OPEN} AND state = 'queued' AND kind = 'digest' "
            "AND uncertain = 0",
            [chat_id],
        )

    def follow_clock(self) -> None:
        """The clock was set back: what waits would wait so much longer."""
        self._write(
            "UPDATE alerts SET due = min(due, :now), created = min(created, :now) WHERE due IS NOT NULL",
            {"now": self._now},
        )

    def waiting(self, chat_id: int) -> int:
        """How many of the chat's alerts wait."""
        return int(self._value("SELECT count(*) FROM alerts WHERE chat_id = ? AND due IS NOT NULL", [chat_id]))

    def recent(self, chat_ids: Iterable[int]) -> dict[int, Recent]:
        """The chats that have had alerts lately."""
        rows = self._rows(
            # Left to itself SQLite would go through all the alerts that these chats have ever had.
            "SELECT chat_id, sum(created > :burst) AS count, max(head) AS head FROM alerts INDEXED BY alerts_created "
            "WHERE created > :since AND due IS NULL AND chat_id IN (SELECT value FROM json_each(:chats)) "
            "GROUP BY chat_id",
            {
                "burst": self._now - BURST_WITHIN.total_seconds(),
                "since": self._now - _BURST_LASTS,
                "chats": json.dumps([*chat_ids]),
            },
        )
        full = self._full([row["head"] for row in rows if row["head"]])
        return {row["chat_id"]: Recent(row["count"], None if row["head"] in full else row["head"]) for row in rows}

    def _full(self, heads: Sequence[int]) -> set[int]:
        if not heads:
            return set()
        rows = self._rows(
            "SELECT head FROM alerts WHERE head IN (SELECT value FROM json_each(?)) GROUP BY head HAVING count(*) >= ?",
            [json.dumps(heads), BURST_LISTS],
        )
        return {row["head"] for row in rows}

    def join(self, heads: Mapping[int, int]) -> None:
        """Alert → the alert in whose message it is listed; the first of a list is its own."""
        self._write_all("UPDATE alerts SET head = ? WHERE id = ?", ([head, alert] for alert, head in heads.items()))
        self._write_all(
            "UPDATE alerts SET grew = coalesce(grew, ?) WHERE id = ?",
            ([self._now, head] for alert, head in heads.items() if alert != head),
        )

    def members(self, head: int) -> list[Alert]:
        """What the message of an alert lists, oldest first; empty where the message tells of that alert alone."""
        ids = [row["id"] for row in self._rows("SELECT id FROM alerts WHERE head = ? ORDER BY id", [head])]
        return list(self.listed(ids).values())

    def firing(self, limit: int) -> list[tuple[Watch, int]]:
        """Watches that fire too often and whose owners have not been asked, with how often they fired in the hour.

        Not those whose alerts come as a digest anyway, nor those of lists: their followers cannot change them.
        """
        rows = self._rows(
            "SELECT count(*) AS fired, w.id, w.chat_id, w.number, w.text, w.level, w.digest, 0 AS list_id, '' AS slug "
            "FROM alerts a "
            "JOIN alert_watches h ON h.alert_id = a.id JOIN watches w ON w.id = h.watch_id "
            "JOIN chats c ON c.id = w.chat_id "
            "WHERE a.created > ? AND a.due IS NULL AND w.proposed IS NULL AND w.removed IS NULL AND c.active "
            "AND (w.digest = 'off' OR (w.digest = '' AND c.digest = '')) "
            "GROUP BY w.id HAVING count(*) > ? ORDER BY w.id LIMIT ?",
            [self._now - timedelta(hours=FIRES_WITHIN_HOURS).total_seconds(), FIRES, limit],
        )
        return [(watch_of(row), row["fired"]) for row in rows]

    def headlines(self, watch: Watch, limit: int) -> list[Item]:
        """The items that the watch was alerted of lately, the newest first."""
        rows = self._rows(
            f"SELECT {ITEM_COLUMNS} FROM alerts a JOIN alert_watches h ON h.alert_id = a.id "
            "JOIN items i ON i.id = a.item_id WHERE a.created > ? AND a.chat_id = ? AND h.watch_id = ? "
            "ORDER BY a.id DESC LIMIT ?",
            [self._now - timedelta(hours=FIRES_WITHIN_HOURS).total_seconds(), watch.chat_id, watch.id, limit],
        )
        return list(map(item_of, rows))

    def latest(self, chat_id: int, before: int | None, limit: int) -> list[tuple[int, Alert]]:
        """The chat's alerts of 30 days that do not wait, each with its id, the newest first; those before an id."""
        end = self._row("SELECT created, id FROM alerts WHERE id = ? AND chat_id = ?", [before, chat_id])
        until, last = (end["created"], end["id"]) if end else (self._now, _NO_LATER)
        rows: list[dict[str, Any]] = []
        for span in _LOOKS_BACK:  # the index has the alerts of all chats by time: few of most have to be looked at
            rows = self._rows(
                "SELECT id FROM alerts WHERE created > ? AND created <= ? AND chat_id = ? AND due IS NULL "
                "AND (created, id) < (?, ?) ORDER BY created DESC, id DESC LIMIT ?",
                [until - span.total_seconds(), until, chat_id, until, last, limit],
            )
            if len(rows) == limit:
                break
        alerts = self.listed([row["id"] for row in rows])
        return [(row["id"], alerts[row["id"]]) for row in rows]

    def listed(self, alert_ids: Sequence[int]) -> dict[int, Alert]:
        """Alerts as a list shows them: later reports are only counted, and matches have no evidence."""
        ids = json.dumps([*alert_ids])
        rows = self._rows(
            f"SELECT a.id AS alert_id, a.chat_id, a.story_id, a.created, c.zone, c.speaks, {ITEM_COLUMNS}, "
            "c.kind, c.header, c.footer, "
            "(SELECT count(*) FROM alert_items WHERE alert_id = a.id) AS more "
            "FROM alerts a JOIN items i ON i.id = a.item_id JOIN chats c ON c.id = a.chat_id "
            "WHERE a.id IN (SELECT value FROM json_each(?)) ORDER BY a.id",
            [ids],
        )
        hits = self._hits(ids)
        return {row["alert_id"]: _alert(row, tuple(hits.get(row["alert_id"], ()))) for row in rows}

    def _hits(self, ids: str) -> dict[int, list[Hit]]:
        rows = self._rows(
            f"SELECT a.alert_id, a.score, a.threshold, {OF_HITS} FROM {HITS} "
            "WHERE a.alert_id IN (SELECT value FROM json_each(?)) ORDER BY w.list_id, w.number",
            [ids],
        )
        found: dict[int, list[Hit]] = {}
        for row in rows:
            hit = Hit(watch_of(row), Match(row["score"], row["threshold"], ()))
            found.setdefault(row["alert_id"], []).append(hit)
        return found


def _alert(row: dict[str, Any], hits: tuple[Hit, ...]) -> Alert:
    seen, language = from_epoch(row["created"]), nearest(row["speaks"])
    ids, more, zone = (row["chat_id"], row["story_id"]), row["more"], row["zone"]
    look = Look(row["kind"], row["header"], row["footer"])
    return Alert(*ids, item_of(row), hits, seen, more=more, zone=zone, language=language, look=look)
