"""When each loop last got round: what the health check looks at."""

from datetime import datetime

from bot.clock import from_epoch
from bot.store.table import Table


class Progress(Table):
    """A row per loop: `polling`, `updates`, `delivery`."""

    def mark(self, name: str) -> None:
        """The loop `name` has just got round."""
        self._write(
            "INSERT INTO progress (name, at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [name, self._now],
        )

    def all(self) -> dict[str, datetime]:
        """Every loop's last time."""
        return {row["name"]: from_epoch(row["at"]) for row in self._rows("SELECT name, at FROM progress")}
