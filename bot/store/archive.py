"""The stored items that a query hits: found by their words, then judged, the newest first."""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from bot.clock import from_epoch, to_epoch
from bot.store.items import READ_BY
from bot.store.table import Table
from bot.wordindex import WordIndex
from watchlists.model import Item
from watchlists.past import JUDGED, LOOSER_JUDGED, Found, Past
from watchlists.score import THRESHOLDS
from watchlists.search import Search
from watchlists.terms import Query, Strictness

_CHUNK = 200  # items read at once
_COLUMNS = "id, story_id, first_seen, key, title, summary, url, source, published, lang"


class Archive(Table):
    """What it finds is what the matcher finds that reads every item; see `watchlists.search`."""

    def hits(self, chat_id: int, query: Query, since: datetime) -> Past:
        """The items first seen since then that the chat's feeds brought and the query hits."""
        look = _Look(self, chat_id, query, since)
        found, complete = look.go(query.strictness, JUDGED)
        if query.strictness == "loose" or complete > since:
            return Past(tuple(found), complete, complete)
        also, complete_loose = look.go("loose", LOOSER_JUDGED)
        every = sorted([*found, *also], key=lambda one: (one.seen, one.item_id), reverse=True)
        return Past(tuple(every), complete, max(complete, complete_loose))

    @property
    def begins(self) -> datetime | None:
        """When the oldest of the items that still have their text was seen; None: there are none."""
        seen = self._value("SELECT first_seen FROM items WHERE NOT pruned ORDER BY first_seen LIMIT 1")
        return None if seen is None else from_epoch(seen)

    def read(self, chat_id: int, item_ids: list[int], since: float) -> list[tuple[int, int, datetime, Item]]:
        """Those of the items that the chat's feeds brought since then, newest first: id, story, when seen, and item."""
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM items WHERE id IN (SELECT value FROM json_each(?)) AND first_seen >= ? "
            f"AND NOT pruned AND {READ_BY} ORDER BY id DESC",
            [json.dumps(item_ids), since, chat_id],
        )
        return [(row["id"], row["story_id"], from_epoch(row["first_seen"]), _item(row)) for row in rows]

    def first_since(self, since: float) -> int:
        """The id of the first item seen since then."""
        sql = "SELECT min(id) FROM items WHERE first_seen BETWEEN ? AND ?"
        return int(self._value(sql, [since, since + 86400]) or self._value(sql, [since, float("inf")]) or 0)

    @property
    def words(self) -> WordIndex:
        """The words of the items."""
        return WordIndex(self._database.conn, self._now)


class _Look:
    """One look through the archive; a second, looser one judges only what the first did not."""

    def __init__(self, archive: Archive, chat_id: int, query: Query, since: datetime) -> None:
        self._archive = archive
        self._words = archive.words
        self._search = Search(query, self._words)
        self._chat_id = chat_id
        self._threshold = THRESHOLDS[query.strictness]
        self._since = to_epoch(since)
        self._first = archive.first_since(self._since)
        self._rows: dict[tuple[int, frozenset[int]], set[int]] = {}
        self._reach: dict[int, int] = {}
        self._judged: set[int] = set()

    def go(self, strictness: Strictness, most: int) -> tuple[list[Found], datetime]:
        """Hits so strict among the newest `most` candidates, and since when there are no others."""
        found: list[Found] = []
        left = most
        for chunk in self._chunks(THRESHOLDS[strictness]):
            for item_id, story_id, seen, item in self._archive.read(self._chat_id, chunk, self._since):
                if left == 0:
                    return found, seen
                left -= 1
                match = self._search.judge(item, "loose")
                if match:
                    found.append(Found(item_id, story_id, seen, item, match._replace(threshold=self._threshold)))
        return found, from_epoch(self._since)

    def _chunks(self, least: int) -> Iterator[list[int]]:
        """The items that may have this score, the newest first, so many at once."""
        for period in self._words.periods(self._since):
            items = self._words.items(self._candidates(period, least)) - self._judged
            self._judged |= items
            newest = sorted(items, reverse=True)
            for start in range(0, len(newest), _CHUNK):
                yield newest[start : start + _CHUNK]

    def _candidates(self, period: int, least: int) -> set[int]:
        """The rows of a period whose words may give this score."""
        must = self._search.must(least)
        if must and self._reached(_bits(must)) >= least:
            return self._meeting(period, must)
        met: dict[int, int] = {}  # row → the ideas that it meets, a bit for each
        base = _bits(must)
        for number, opens in self._search.others(must, least):
            rows = self._meeting(period, must | {number})
            for row in rows if opens else rows & met.keys():
                met[row] = met.get(row, base) | 1 << number
        enough = {bits for bits in set(met.values()) if self._reached(bits) >= least}
        return {row for row, bits in met.items() if bits in enough}

    def _meeting(self, period: int, ideas: frozenset[int]) -> set[int]:
        asked = period, ideas
        if asked not in self._rows:
            self._rows[asked] = self._words.rows(period, self._search.demand(ideas), self._first)
        return self._rows[asked]

    def _reached(self, bits: int) -> int:
        if bits not in self._reach:
            ideas = range(len(self._search.plan.ideas))
            self._reach[bits] = self._search.reach({number for number in ideas if bits >> number & 1})
        return self._reach[bits]


def _bits(ideas: Collection[int]) -> int:
    return sum(1 << number for number in ideas)


def _item(row: dict[str, Any]) -> Item:
    published = None if row["published"] is None else from_epoch(row["published"])
    return Item(row["key"], row["title"], row["summary"], row["url"], row["source"], published, row["lang"])
