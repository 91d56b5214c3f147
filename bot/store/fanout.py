"""Alerts about one item and their messages, for all the chats at once: it may hit the watches of ten thousand.

What the chats have in common is bound once, and what tells them apart comes as JSON: one statement for all takes
SQLite half the time of one for each.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from bot.store.alerts import dumped
from bot.store.outbox import PRIORITY, URGENT, WAITS_BEHIND, Buttons, encode
from bot.store.table import Table
from watchlists.model import Hit, Match

ALERT_ID = "{alert}"  # in buttons: the id of each alert


class Fanout(Table):
    """All of one item: `story_id` is its story."""

    def record(
        self, chats: Mapping[int, Sequence[Hit]], story_id: int, item_id: int, series: str = ""
    ) -> dict[int, int]:
        """Record an alert for each chat whose watches were hit; return chat → id of the alert."""
        first = int(self._value("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'alerts'"))
        self._write(
            "INSERT INTO alerts (id, chat_id, story_id, item_id, series, created, part) "
            "SELECT :first + key, value, :story, :item, :series, :now, "
            "(SELECT coalesce(max(part), 0) + 1 FROM alerts WHERE chat_id = value AND story_id = :story) "
            "FROM json_each(:chats)",
            {
                "first": first,
                "story": story_id,
                "item": item_id,
                "series": series,
                "now": self._now,
                "chats": json.dumps([*chats]),
            },
        )
        ids = dict(zip(chats, range(first, first + len(chats)), strict=True))
        self._add_hits(zip(ids.values(), chats.values(), strict=True), item_id)
        return ids

    def fold(self, alerts: Mapping[int, Sequence[Hit]], item_id: int) -> None:
        """List a later item under each alert (by id), with the watches that it is the first to hit."""
        ids = json.dumps([*alerts])
        self._write(
            "INSERT INTO alert_items (alert_id, item_id, added) SELECT value, ?, ? FROM json_each(?) "
            "WHERE true ON CONFLICT DO NOTHING",
            [item_id, self._now, ids],
        )
        self._add_hits(alerts.items(), item_id)
        self._grow(ids)

    def name(self, alerts: Mapping[int, Sequence[Hit]], item_id: int) -> None:
        """Name under each alert (by id) the watches that this item is the first to hit."""
        self._add_hits(alerts.items(), item_id)
        named = self._rows(
            "SELECT DISTINCT alert_id FROM alert_watches "
            "WHERE alert_id IN (SELECT value FROM json_each(?)) AND item_id = ?",
            [json.dumps([*alerts]), item_id],
        )
        if named:
            self._grow(json.dumps([row["alert_id"] for row in named]))

    def _grow(self, ids: str) -> None:
        """Their messages say less than is known and want to be edited; what is kept for a summary has none yet."""
        self._write(
            "UPDATE alerts SET grew = coalesce(grew, ?) WHERE due IS NULL AND id IN "
            "(SELECT coalesce(head, id) FROM alerts WHERE id IN (SELECT value FROM json_each(?)))",
            [self._now, ids],
        )

    def enqueue(
        self,
        alert_ids: Iterable[int],
        item_id: int,
        text: str,
        buttons: Buttons,
        expires: float,
        *,
        silent: bool,
        urgent: bool,
    ) -> None:
        """The same message for each of these alerts, in reply to that of the part before.

        `text` is HTML; `ALERT_ID` in the data of the buttons stands for the id of the alert; `expires` is in seconds
        since 1970. A story is told of an item to a chat at most once.
        """
        self._write(
            "INSERT INTO outbox (dedup_key, chat_id, kind, priority, text, buttons, alert_id, answers, expires, silent,"
            " created, behind) "
            "SELECT 'alert:' || a.story_id || ':' || :item || ':' || a.chat_id, a.chat_id, 'alert', :priority, :text, "
            "replace(:buttons, :placeholder, a.id), a.id, (SELECT id FROM alerts b WHERE b.chat_id = a.chat_id "
            "AND b.story_id = a.story_id AND b.part = a.part - 1), :expires, :silent, :now, "
            f"{WAITS_BEHIND.format(chat='a.chat_id', priority=':priority')} "
            "FROM json_each(:alerts) CROSS JOIN alerts a ON a.id = value WHERE true ON CONFLICT (dedup_key) DO NOTHING",
            {
                "item": item_id,
                "priority": URGENT if urgent else PRIORITY["alert"],
                "text": text,
                "buttons": encode(buttons),
                "placeholder": ALERT_ID,
                "expires": expires,
                "silent": silent,
                "now": self._now,
                "alerts": json.dumps([*alert_ids]),
            },
        )

    def _add_hits(self, alerts: Iterable[tuple[int, Sequence[Hit]]], item_id: int) -> None:
        """The watches that hit, of each alert (by id); of one watch the first hit counts.

        Chats that watch the same share the match, and followers of a list the watch: one statement writes them all.
        An alert has at most one watch of a list, and one of its chat's own, that shares a match.
        """
        same: dict[tuple[int, int], tuple[Match, dict[int, int]]] = {}
        for alert_id, hits in alerts:
            for hit in hits:
                same.setdefault((id(hit.match), hit.watch.list_id), (hit.match, {}))[1][alert_id] = hit.watch.id
        self._write_all(
            "INSERT INTO alert_watches (alert_id, watch_id, score, threshold, evidence, item_id) "
            "SELECT key, value, ?, ?, ?, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
            (
                [match.score, match.threshold, dumped(match), item_id, json.dumps(watches)]
                for match, watches in same.values()
            ),
        )
