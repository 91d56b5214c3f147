"""How the whole program fares: the figures that admins read by `/status` and operators by `wirewatch status`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Backlog:
    """What still has to go out: `waiting` now, `later` at a time of its own, `paused` for chats that are left alone.

    `lasts`: how long the waiting ones take at the pace that Telegram allows. `sent` is the count of the last minute.
    `oldest`: for how long the first of the waiting ones could have gone out.
    """

    waiting: int = 0
    later: int = 0
    paused: int = 0
    lasts: timedelta = timedelta()
    sent: int = 0
    oldest: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Status:
    """Counts by state at `now`. `stalled` names the loops that have not got round for two minutes.

    `failed`: the messages that failed within a day, by the most frequent reasons; `banned`: people and chats that are;
    `invites`: those that still let somebody in.
    """

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
    failed: Mapping[str, int] = field(default_factory=dict)
    banned: int = 0
    invites: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether every message that was ever enqueued is in exactly one state."""
        return self.outbox["enqueued"] == sum(n for state, n in self.outbox.items() if state != "enqueued")
