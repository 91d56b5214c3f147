"""What every table module has: the open database, the time of the transaction, and reading rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.clock import to_epoch

Parameters = Sequence[Any] | Mapping[str, Any]


class Table:
    """A noun's rows inside one transaction at one time."""

    def __init__(self, database: sqlite_utils.Database, now: datetime) -> None:
        self._database = database
        self._now = to_epoch(now)

    def _rows(self, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
        cursor = self._database.conn.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def _row(self, sql: str, parameters: Parameters = ()) -> dict[str, Any] | None:
        rows = self._rows(sql, parameters)
        return rows[0] if rows else None

    def _returned(self, sql: str, parameters: Parameters = ()) -> dict[str, Any]:
        """The one row that a statement with RETURNING must give."""
        (row,) = self._rows(sql, parameters)
        return row

    def _value(self, sql: str, parameters: Parameters = ()) -> Any:
        row = self._database.conn.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def _write(self, sql: str, parameters: Parameters = ()) -> int:
        """Execute and return how many rows changed."""
        return self._database.conn.execute(sql, parameters).rowcount

    def _write_all(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Execute once for each row."""
        self._database.conn.executemany(sql, rows)
