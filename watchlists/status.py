"""How the whole program fares: the figures that admins read by `/status` and operators by `wirewatch status`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Backlog:
    """What still has to go out: `waiting` now, `later` at a time of its own, `paused` for chats that are left alone.

    `lasts`: how long the waiting ones take at the pace that Telegram allows. `sent` is the count of the last minute.
    """

    waiting: int = 0
    later: int = 0
    paused: int = 0
    lasts: timedelta = timedelta()
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Status:
    """Counts by state at `now`. `stalled` names the loops that have not got round for two minutes."""

    now: datetime
    feeds: Mapping[str, int]
    items: int
    stories: int
    chats: Mapping[str, int]
    watches: int
    alerts: int
    outbox: Mapping[str, int]
    backlog: Backlog
    inbox: Mapping[str, int]
    progress: Mapping[str, datetime]
    stalled: Sequence[str]

    @property
    def adds_up(self) -> bool:
        """Whether every message that was ever enqueued is in exactly one state."""
        return self.outbox["enqueued"] == sum(n for state, n in self.outbox.items() if state != "enqueued")
