"""The feeds that do not answer, and what the chats that have added them were told of it."""

from collections.abc import Sequence
from datetime import timedelta

from bot.store.feeds import WANTED, feed_of
from bot.store.table import Table
from watchlists.health import SLOW_AFTER
from watchlists.model import Feed

_QUIET = timedelta(days=3).total_seconds()  # no feed is called silent sooner


class Troubles(Table):
    """Columns of `feeds`: a feed that nobody gets troubles nobody."""

    def all(self) -> Sequence[Feed]:
        """The feeds that do not answer, those that are slow, and those that might be silent, the longest first."""
        where = "(failures > 0 OR stopped OR last_change < ? OR took > ?)"
        return self._feeds(where, self._now - _QUIET, SLOW_AFTER)

    def dead(self, since: float) -> Sequence[Feed]:
        """Those stopped, or failing since before `since` (seconds since 1970), of which nobody was told."""
        where = (
            "feeds.stopped AND feeds.told != 'gone' OR feeds.failures > 0 AND feeds.told = '' AND failing_since <= ?"
        )
        return self._feeds(f"({where})", since)

    def told(self, feed_id: int, what: str) -> None:
        """The chats have been told."""
        self._write("UPDATE feeds SET told = ? WHERE id = ?", [what, feed_id])

    def over(self) -> Sequence[Feed]:
        """Those that answer again and of which the chats were told; said once."""
        well = self._feeds("told != '' AND failures = 0 AND NOT stopped")
        self._write(f"UPDATE feeds SET told = '' WHERE told != '' AND (failures = 0 AND NOT stopped OR NOT {WANTED})")
        return well

    def moved(self) -> Sequence[tuple[Feed, str]]:
        """The feeds whose address has changed, with the one before; said once."""
        rows = self._rows("SELECT * FROM feeds WHERE moved_from != ''")
        self._write("UPDATE feeds SET moved_from = '' WHERE moved_from != ''")
        return [(feed_of(row), row["moved_from"]) for row in rows]

    def _feeds(self, where: str, *parameters: float) -> Sequence[Feed]:
        sql = f"SELECT * FROM feeds WHERE {where} AND {WANTED} ORDER BY coalesce(failing_since, last_change), id"
        return [feed_of(row) for row in self._rows(sql, parameters)]
