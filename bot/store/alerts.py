"""What was alerted to whom, and why: the record behind one alert per chat and story, which grows.

A story that goes on beyond its alert gets a further *part*, sent in reply to the part before.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from bot.clock import from_epoch, to_epoch
from bot.store.items import ITEM_COLUMNS, item_of
from bot.store.table import Table
from bot.store.watches import HITS, OF_HITS, watch_of
from watchlists.decide import Reason, Told
from watchlists.delivery import Wait
from watchlists.i18n import nearest
from watchlists.model import Alert, Evidence, Hit, Item, Look, Match, Watch
from watchlists.past import Found

ALSO_SHOWN = 5
HOUR = timedelta(hours=1).total_seconds()


_HITS = f"SELECT {OF_HITS}, a.score, a.threshold, a.evidence, a.item_id FROM {HITS}"
# Of the last alert of a chat: the state of the message that tells it, and of the summary that does.
_OWN_STATE = "(SELECT state FROM outbox WHERE alert_id = coalesce(head, last) AND kind = 'alert' ORDER BY id DESC)"
_SUMMARY_STATE = "(SELECT state FROM outbox WHERE id = told_in)"


class Alerts(Table):
    """UNIQUE (chat, story, part): the database itself refuses a second alert that says the same."""

    def touch_item(self, item_id: int) -> None:
        """The item's words have changed: so do the messages that show them."""
        self._write(
            "UPDATE alerts SET grew = coalesce(grew, ?) WHERE due IS NULL AND id IN ("
            "SELECT coalesce(head, id) FROM alerts WHERE item_id = ? "
            "OR id IN (SELECT alert_id FROM alert_items WHERE item_id = ?))",
            [self._now, item_id, item_id],
        )

    def grown(self, edited_before: float, limit: int) -> list[int]:
        """Alerts that want an edit and had none since `edited_before` (seconds since 1970), longest first."""
        sql = "SELECT id FROM alerts WHERE grew IS NOT NULL AND edited <= ? ORDER BY grew LIMIT ?"
        return [row["id"] for row in self._rows(sql, [edited_before, limit])]

    def settled(self, alert_id: int, *, edited: bool) -> None:
        """The message says all that is known, or an edit is on its way that does."""
        self._write(
            "UPDATE alerts SET grew = NULL, edited = CASE WHEN ? THEN ? ELSE edited END WHERE id = ?",
            [edited, self._now, alert_id],
        )

    def told(self, story_id: int) -> dict[int, Told]:
        """What each chat has been told of the story by now; nothing where its last alert about it never arrived."""
        return self._told("sum(created > ?)", "story_id = ?", [self._now - HOUR, story_id])

    def series(self, series: str) -> dict[int, Told]:
        """What each chat has been told within the hour of one series of headlines."""
        return self._told("count(*)", "series = ? AND series != '' AND created > ?", [series, self._now - HOUR])

    def _told(self, hour: str, where: str, parameters: list[Any]) -> dict[int, Told]:
        """The last alert of each chat: SQLite takes bare columns from the row that `max` found."""
        rows = self._rows(
            f"SELECT *, CASE WHEN told_in IS NULL THEN {_OWN_STATE} ELSE {_SUMMARY_STATE} END AS state FROM "
            f"(SELECT chat_id, max(id) AS last, created, due, kept, head, told_in, {hour} AS hour FROM alerts "
            f"WHERE {where} GROUP BY chat_id)",
            parameters,
        )
        return {
            row["chat_id"]: Told(
                row["last"],
                timedelta(seconds=self._now - row["created"]),
                row["hour"],
                kept=row["due"] is not None and row["due"] > self._now,
            )
            for row in rows
            if row["due"] is not None or not _is_lost(row["state"], row["kept"])
        }

    def knowing(self, item_ids: Sequence[int]) -> set[int]:
        """The chats that have an alert about one of these items, or under which one is listed."""
        rows = self._rows(
            "SELECT chat_id FROM alerts WHERE item_id IN (SELECT value FROM json_each(:items)) "
            "UNION SELECT chat_id FROM alert_items JOIN alerts ON alerts.id = alert_id "
            "WHERE alert_items.item_id IN (SELECT value FROM json_each(:items))",
            {"items": json.dumps([*item_ids])},
        )
        return {row["chat_id"] for row in rows}

    def get(self, alert_id: int) -> Alert:
        """The alert as it has to be shown now."""
        row = self._returned(
            "SELECT chat_id, story_id, item_id, a.created, zone, speaks, c.kind, header, footer FROM alerts a "
            "JOIN chats c ON c.id = chat_id WHERE a.id = ?",
            [alert_id],
        )
        also = self._rows(
            f"SELECT {ITEM_COLUMNS} FROM alert_items a JOIN items i ON i.id = a.item_id "
            "WHERE a.alert_id = ? ORDER BY a.added, a.item_id LIMIT ?",
            [alert_id, ALSO_SHOWN],
        )
        count = self._value("SELECT count(*) FROM alert_items WHERE alert_id = ?", [alert_id])
        return Alert(
            chat_id=row["chat_id"],
            story_id=row["story_id"],
            item=self._item(row["item_id"]),
            hits=self._hits(alert_id, row["item_id"]),
            first_seen=from_epoch(row["created"]),
            also=tuple(map(item_of, also)),
            more=count - len(also),
            zone=row["zone"],
            language=nearest(row["speaks"]),
            look=Look(row["kind"], row["header"], row["footer"]),
        )

    def mine(self, chat_id: int, alert_id: int) -> Alert | None:
        """An alert of this chat: never another chat's."""
        is_mine = self._value("SELECT 1 FROM alerts WHERE id = ? AND chat_id = ?", [alert_id, chat_id])
        return self.get(alert_id) if is_mine else None

    def by_message(self, chat_id: int, message_id: int) -> int | None:
        """The alert that a message of the chat shows."""
        sql = "SELECT alert_id FROM outbox WHERE message_id = ? AND chat_id = ? AND alert_id IS NOT NULL"
        found = self._value(sql, [message_id, chat_id])
        return None if found is None else int(found)

    def by_story(self, chat_id: int, story_id: int) -> int | None:
        """The chat's latest alert about a story."""
        found = self._value("SELECT max(id) FROM alerts WHERE chat_id = ? AND story_id = ?", [chat_id, story_id])
        return None if found is None else int(found)

    def of_watches(self, chat_id: int, since: datetime) -> dict[int, int]:
        """How many alerts of the chat each of its watches has hit since then, by the watch's id."""
        rows = self._database.conn.execute(
            "SELECT watch_id, count(*) FROM alerts JOIN alert_watches ON alert_id = id "
            "WHERE chat_id = ? AND created > ? GROUP BY watch_id",
            [chat_id, to_epoch(since)],
        )
        return dict(rows)

    def show(self, watch: Watch, found: Found) -> None:
        """The chat has been shown a story in a list that it asked for: it counts as told when the item was seen.

        Nothing changes where the chat has an alert about the story.
        """
        if self.by_story(watch.chat_id, found.story_id) is not None:
            return
        row = self._returned(
            "INSERT INTO alerts (chat_id, story_id, item_id, created, kept) VALUES (?, ?, ?, ?, ?) RETURNING id",
            [watch.chat_id, found.story_id, found.item_id, to_epoch(found.seen), Reason.SHOWN.name],
        )
        self._write(
            "INSERT INTO alert_watches (alert_id, watch_id, score, threshold, evidence, item_id) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [row["id"], watch.id, found.match.score, found.match.threshold, dumped(found.match), found.item_id],
        )

    def explained(self, alert_id: int) -> tuple[Alert, datetime | None, Wait | None]:
        """The alert with the evidence of all its hits, when it was sent, and what it waited for."""
        rows = self._rows(f"{_HITS} WHERE a.alert_id = ? ORDER BY w.list_id, w.number", [alert_id])
        alert = replace(self.get(alert_id), hits=tuple(map(_hit, rows)))
        told = self._returned(
            "SELECT due, kept, told_in, coalesce(head, id) != id AS listed, CASE WHEN told_in IS NULL THEN "
            "(SELECT finished FROM outbox WHERE alert_id = coalesce(a.head, a.id) AND state = 'sent' ORDER BY id) "
            "ELSE (SELECT finished FROM outbox WHERE id = a.told_in AND state = 'sent') END AS sent "
            "FROM alerts a WHERE id = ?",
            [alert_id],
        )
        return alert, None if told["sent"] is None else from_epoch(told["sent"]), _wait(told)

    def hold(self, hit: Hit, story_id: int, item_id: int) -> None:
        """Keep the hit of a watch that waits for more sources; of several the first."""
        self._write(
            "INSERT INTO held_hits (story_id, watch_id, item_id, score, threshold, evidence, held) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [
                story_id,
                hit.watch.id,
                item_id,
                hit.match.score,
                hit.match.threshold,
                dumped(hit.match),
                self._now,
            ],
        )

    def held(self, story_id: int) -> list[Hit]:
        """The hits that wait for more sources to tell the story."""
        rows = self._rows(
            "SELECT w.id, coalesce(chat_id, 0) AS chat_id, number, text, level, digest, "
            "coalesce(list_id, 0) AS list_id, slug, score, threshold, evidence FROM held_hits h "
            "JOIN watches w ON w.id = h.watch_id LEFT JOIN lists l ON l.id = list_id "
            "WHERE story_id = ? AND w.removed IS NULL",
            [story_id],
        )
        return list(map(_hit, rows))

    def release(self, hit: Hit, story_id: int) -> None:
        """The hit waits no longer."""
        self._write("DELETE FROM held_hits WHERE story_id = ? AND watch_id = ?", [story_id, hit.watch.id])

    def prune(self, older_than: float) -> None:
        """Forget the hits held since before `older_than`: their stories are over."""
        self._write("DELETE FROM held_hits WHERE held < ?", [older_than])

    def count(self) -> int:
        """How many alerts there have been."""
        return int(self._value("SELECT count(*) FROM alerts"))

    def _item(self, item_id: int) -> Item:
        return item_of(self._returned(f"SELECT {ITEM_COLUMNS} FROM items i WHERE i.id = ?", [item_id]))

    def _hits(self, alert_id: int, item_id: int) -> tuple[Hit, ...]:
        """The watches that hit, in the order of their coming; evidence only where it names the words of this item."""
        rows = self._rows(
            f"{_HITS} WHERE a.alert_id = ? ORDER BY coalesce(a.item_id, ?) != ?, w.list_id, w.number",
            [alert_id, item_id, item_id],
        )
        hits = [(_hit(row), row["item_id"] in (None, item_id)) for row in rows]
        return tuple(hit if of_item else replace(hit, match=hit.match._replace(evidence=())) for hit, of_item in hits)


@lru_cache(maxsize=64)
def dumped(match: Match) -> str:
    """The evidence as JSON. Chats that watch the same share the match."""
    return json.dumps([piece._asdict() for piece in match.evidence], ensure_ascii=False)


def _is_lost(state: str | None, kept: str) -> bool:
    """Whether an alert that does not wait was never read: its message ended badly, or what kept it was for nobody."""
    return state in ("failed", "dropped") or (state is None and kept not in ("", Reason.SHOWN.name))


def _wait(told: dict[str, Any]) -> Wait | None:
    if told["due"] is not None:
        return Wait(Reason[told["kept"]], from_epoch(told["due"]))
    if told["told_in"] is not None:
        return Wait(Reason[told["kept"]])
    return Wait(Reason.BURST) if told["listed"] else None


def _hit(row: dict[str, Any]) -> Hit:
    evidence = tuple(Evidence(**piece) for piece in json.loads(row["evidence"]))
    watch = watch_of(row)
    return Hit(watch, Match(row["score"], row["threshold"], evidence))
