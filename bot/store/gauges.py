"""How far behind the program is, and how large its tables are: for monitoring, and for what admins are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import from_epoch
from bot.store.chats import Chats
from bot.store.feeds import SLOW, WANTED, Feeds
from bot.store.outbox import OPEN, Outbox
from bot.store.status import Figures
from bot.store.table import Table
from bot.store.watches import Watches
from watchlists.status import Backlog

OVERDUE = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds that what should have been done waits, 0 where nothing does; each the longest of its kind.

    `silence`: since any feed has answered or was pushed; 0 while none is overdue, however long ago that was.
    """

    sending: float = 0.0
    polling: float = 0.0
    answering: float = 0.0
    silence: float = 0.0

    @property
    def longest(self) -> timedelta:
        """How far the program is behind."""
        return timedelta(seconds=max(self.sending, self.polling, self.answering))


@dataclass(frozen=True, slots=True)
class Way:
    """How many seconds an alert took to Telegram: from the item's own date, if it has one, and from our first look."""

    since_published: float | None
    since_seen: float


@dataclass(frozen=True, slots=True)
class Sample:
    """What monitoring reads of the database. `database` and `disk_free` are bytes."""

    messages: Mapping[str, int]
    backlog: Mapping[str, int]
    delays: Delays
    alerts: Mapping[str, int]
    feeds: Mapping[str, int]
    chats: int
    watches: int
    database: Mapping[str, int]
    disk_free: int


class Gauges(Table):
    """Everything is counted by an index where there may be many rows."""

    def delays(self) -> Delays:
        """How far the program is behind now."""
        return self._delays(self._backlog())

    def _backlog(self) -> Backlog:
        return Figures(self._database, from_epoch(self._now)).backlog()

    def _delays(self, backlog: Backlog) -> Delays:
        # A slow feed may wait for one of the few places of its kind, which says nothing of the program.
        polling = self._value(f"SELECT min(next_poll) FROM feeds WHERE NOT stopped AND NOT {SLOW} AND {WANTED}")
        answering = self._value("SELECT min(received) FROM inbox WHERE state = 'new'")
        sending = backlog.oldest.total_seconds()
        return Delays(sending, self._ago(polling), self._ago(answering), self._silence())

    def _ago(self, since: float | None) -> float:
        return 0.0 if since is None else max(0.0, self._now - since)

    def _silence(self) -> float:
        """Feeds that are pushed are polled rarely: while each is where it should be, nothing is missed."""
        row = self._returned(
            "SELECT max(max(coalesce(last_success, added), coalesce(last_change, 0))) AS heard, "
            f"max(failures > 0 OR next_poll < ?) AS troubled FROM feeds WHERE NOT stopped AND {WANTED}",
            [self._now - OVERDUE],
        )
        return max(0.0, self._now - row["heard"]) if row["troubled"] else 0.0

    def way(self, alert_id: int) -> Way:
        """How long the alert took, if it has arrived now."""
        row = self._returned(
            "SELECT i.published, i.first_seen FROM alerts a JOIN items i ON i.id = a.item_id WHERE a.id = ?",
            [alert_id],
        )
        published = row["published"]
        return Way(None if published is None else self._now - published, self._now - row["first_seen"])

    def _alerts(self) -> dict[str, int]:
        sql = f"SELECT state, count(*) AS n FROM outbox WHERE {OPEN} AND kind = 'alert' GROUP BY state"
        kept = int(self._value("SELECT count(*) FROM alerts WHERE due IS NOT NULL"))
        return {"queued": 0, "sending": 0, "kept": kept} | {row["state"]: row["n"] for row in self._rows(sql)}

    def sample(self, database: Mapping[str, int], disk_free: int) -> Sample:
        """All of it; sizes come from whoever knows the file."""
        now = from_epoch(self._now)
        backlog = self._backlog()
        page, free = self._value("PRAGMA page_size"), self._value("PRAGMA freelist_count")
        counts = Outbox(self._database, now).counts()
        return Sample(
            messages={state: count for state, count in counts.items() if state != "enqueued"},
            backlog={"now": backlog.waiting, "later": backlog.later, "paused": backlog.paused},
            delays=self._delays(backlog),
            alerts=self._alerts(),
            feeds={state: n for state, n in Feeds(self._database, now).counts().items() if state != "total"},
            chats=Chats(self._database, now).counts()["active"],
            watches=Watches(self._database, now).count(),
            database={**database, "free": int(page) * int(free)},
            disk_free=disk_free,
        )
