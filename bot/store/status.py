"""Counting all tables, and how long what waits in the outbox takes."""

from datetime import timedelta

from bot.clock import from_epoch
from bot.pace import lasts
from bot.store.alerts import Alerts
from bot.store.bans import Bans
from bot.store.chats import Chats
from bot.store.failures import Failures
from bot.store.feeds import Feeds
from bot.store.inbox import Inbox
from bot.store.invites import Invites
from bot.store.items import Items
from bot.store.outbox import OPEN, Outbox
from bot.store.progress import Progress
from bot.store.table import Table
from bot.store.watches import Watches
from watchlists.status import Backlog, Status

# Each loop marks its progress at least every 25 s (a long poll); four missed rounds are no accident.
STALLED_AFTER = timedelta(seconds=120)
LOOPS = ("polling", "updates", "delivery")
SOON = 60.0  # seconds: what must wait longer has a time of its own


class Figures(Table):
    """Everything is counted by an index where there may be many rows."""

    def all(self) -> Status:
        """How the program fares now."""
        database, now = self._database, from_epoch(self._now)
        return Status(
            now=now,
            feeds=Feeds(database, now).counts(),
            chats=Chats(database, now).counts(),
            watches=Watches(database, now).count(),
            alerts=Alerts(database, now).count(),
            outbox=Outbox(database, now).counts(),
            backlog=self.backlog(),
            inbox=Inbox(database, now).counts(),
            progress=Progress(database, now).all(),
            stalled=self.stalled(),
            failed=Failures(database, now).recent().reasons,
            banned=len(Bans(database, now).all()),
            invites=len(Invites(database, now).open()),
            **Items(database, now).counts(),
        )

    def stalled(self) -> list[str]:
        """The loops that have not got round for two minutes, or never."""
        now = from_epoch(self._now)
        progress = Progress(self._database, now).all()
        return [name for name in LOOPS if name not in progress or now - progress[name] > STALLED_AFTER]

    def backlog(self) -> Backlog:
        """What waits in the outbox, and how long it takes at the pace that Telegram allows."""
        rows = self._rows(
            "SELECT c.kind, c.paused_until > :soon AS paused, count(*) AS n, sum(o.not_before > :soon) AS later, "
            "min(CASE WHEN o.not_before <= :soon THEN max(o.created, o.not_before, c.paused_until) END) AS since "
            f"FROM outbox o JOIN chats c ON c.id = o.chat_id WHERE o.{OPEN} GROUP BY o.chat_id",
            {"soon": self._now + SOON},
        )
        since = [row["since"] for row in rows if not row["paused"] and row["since"] is not None]
        ready = [(row["kind"], row["n"] - row["later"]) for row in rows if not row["paused"]]
        return Backlog(
            waiting=sum(n for _kind, n in ready),
            later=sum(row["later"] for row in rows if not row["paused"]),
            paused=sum(row["n"] for row in rows if row["paused"]),
            lasts=timedelta(seconds=lasts(ready)),
            sent=int(
                self._value("SELECT count(*) FROM outbox WHERE state = 'sent' AND finished > ?", [self._now - 60.0])
            ),
            oldest=timedelta(seconds=max(0.0, self._now - min(since, default=self._now))),
        )
