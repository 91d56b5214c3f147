"""The words of the stored items: a full-text index by periods, and which words there are.

An index that cannot forget (SQLite before 3.43 cannot take a row out of a contentless index without its words) is one
for each period of some days, and is dropped as a whole when the text of its items has been.
"""

import json
import re
import sqlite3
from collections.abc import Collection, Iterable
from datetime import timedelta

from watchlists import search
from watchlists.model import Item
from watchlists.search import Demand, Each, Spelling

PERIOD = timedelta(days=5).total_seconds()
EDITED = 1 << 48  # what is added to the id of an edit, so that it is no item's
_SIGNS = "+#&.,:_"  # of a word, besides letters and digits
_UNFIT = re.compile(rf"[\x00-\x7f](?<![a-z0-9{re.escape(_SIGNS)}])")
_LAST = "\U0010ffff"


class WordIndex:
    """Rows of an index are items by id, or edits (see `EDITED`): an item whose words changed is found by both.

    It belongs to one transaction, at the time `now` (seconds since 1970). No table module, since the schema's step
    fills it, too.
    """

    def __init__(self, connection: sqlite3.Connection, now: float) -> None:
        self._connection = connection
        self._period = _period(now)

    def add(self, item_id: int, item: Item) -> None:
        """A new item has these words."""
        self._index(item_id, item)

    def add_edited(self, item_id: int, item: Item) -> None:
        """The item has these words now."""
        edit = self._connection.execute("INSERT INTO item_edits (item_id) VALUES (?)", [item_id]).lastrowid
        self._index(EDITED + (edit or 0), item)

    def forget(self, older_than: float, most: int) -> int:
        """Forget a period whose items were all first seen before this (seconds since 1970), or so many of its words.

        Returns how many rows that was, a period being one; 0: nothing is left.
        """
        execute, oldest = self._connection.execute, _period(older_than)
        for (period,) in execute("SELECT period FROM word_periods WHERE period < ? LIMIT 1", [oldest]).fetchall():
            execute(f"DROP TABLE {_index(period)}")
            return execute("DELETE FROM word_periods WHERE period = ?", [period]).rowcount
        deleted = execute(
            "DELETE FROM words WHERE (word, lang) IN (SELECT word, lang FROM words WHERE period < ? LIMIT ?)",
            [oldest, most],
        ).rowcount
        deleted += execute(
            "DELETE FROM item_edits WHERE id IN "
            "(SELECT e.id FROM item_edits e JOIN items i ON i.id = e.item_id WHERE i.pruned LIMIT ?)",
            [most],
        ).rowcount
        return deleted

    def periods(self, since: float) -> list[int]:
        """The periods in which items have been stored since then, the newest first."""
        sql = "SELECT period FROM word_periods WHERE period >= ? ORDER BY period DESC"
        return [period for (period,) in self._connection.execute(sql, [_period(since)])]

    def rows(self, period: int, demand: Demand, first: int) -> set[int]:
        """The rows from `first` on of a period's index that meet a demand."""
        asked = _asked(demand)
        if not asked:
            return set()
        index = _index(period)
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH ? AND rowid >= ?"
        return {row for (row,) in self._connection.execute(sql, [asked, first])}

    def items(self, rows: Collection[int]) -> set[int]:
        """The items of rows of an index."""
        edits = [row - EDITED for row in rows if row > EDITED]
        if not edits:
            return set(rows)
        sql = "SELECT item_id FROM item_edits WHERE id IN (SELECT value FROM json_each(?))"
        edited = {item for (item,) in self._connection.execute(sql, [json.dumps(edits)])}
        return {row for row in rows if row < EDITED} | edited

    def with_keys(self, stems: Collection[str], across: str, within: str) -> Iterable[Spelling]:
        """The words that have one of these keys; an empty one is nobody's."""
        rows = self._connection.execute(
            "SELECT word, lang FROM words WHERE stem IN (SELECT value FROM json_each(?)) "
            "UNION SELECT word, lang FROM words WHERE across = ? AND across != '' "
            "UNION SELECT word, lang FROM words WHERE within = ? AND within != ''",
            [json.dumps([*stems], ensure_ascii=False), across, within],
        )
        return map(Spelling._make, rows)

    def beginning(self, letters: str, shortest: int, longest: int) -> Iterable[Spelling]:
        """The words that begin with these letters and are so long."""
        rows = self._connection.execute(
            "SELECT word, lang FROM words WHERE word >= ? AND word < ? AND length(word) BETWEEN ? AND ?",
            [letters, letters + _LAST, shortest, longest],
        )
        return map(Spelling._make, rows)

    def _index(self, row: int, item: Item) -> None:
        if self._period not in self.periods(self._period * PERIOD):
            self._open()
        terms, spellings = search.terms(item)
        self._know(spellings)
        self._connection.execute(
            f"INSERT INTO {_index(self._period)} (rowid, words) VALUES (?, ?)",
            [row, " ".join(map(_term, sorted(terms)))],
        )

    def _open(self) -> None:
        # detail=none: which rows have a word, not where; columnsize=0: nor how long they are.
        self._connection.execute(
            f"CREATE VIRTUAL TABLE {_index(self._period)} USING fts5 (words, content='', columnsize=0, detail=none, "
            f"tokenize=\"ascii tokenchars '{_SIGNS}'\")"
        )
        self._connection.execute("INSERT INTO word_periods (period) VALUES (?)", [self._period])

    def _know(self, spellings: Collection[Spelling]) -> None:
        """Keep the words that are new in this period; few are."""
        by_language: dict[str, list[str]] = {}
        for word, lang in spellings:
            by_language.setdefault(lang, []).append(word)
        new = set(spellings)
        for lang, words in by_language.items():
            known = self._connection.execute(
                "SELECT word FROM words WHERE lang = ? AND period = ? AND word IN (SELECT value FROM json_each(?))",
                [lang, self._period, json.dumps(words, ensure_ascii=False)],
            )
            new -= {Spelling(word, lang) for (word,) in known}
        self._connection.executemany(
            "INSERT INTO words (word, lang, stem, across, within, period) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (word, lang) DO UPDATE SET period = max(period, excluded.period)",
            ([*spelling, *search.keys(spelling), self._period] for spelling in new),
        )


def _period(moment: float) -> int:
    return int(moment // PERIOD)


def _index(period: int) -> str:
    return f"item_index_{period}"


def _term(word: str) -> str:
    """A word as one for the index, whatever signs its letters are made of."""
    return _UNFIT.sub("_", word)


def _asked(demand: Demand) -> str:
    """The demand in the query language of FTS5; empty for what nothing meets."""
    if isinstance(demand, str):
        return f'"{_term(demand)}"'
    parts = [_asked(part) for part in demand.parts]
    if isinstance(demand, Each):
        return "" if "" in parts else f"({' AND '.join(parts)})"
    some = [part for part in parts if part]
    return f"({' OR '.join(some)})" if some else ""
