"""The feeds whose hub is asked to push what is new (WebSub): what it was asked, and until when it does."""

from dataclasses import dataclass

from bot.store.feeds import WANTED, DueFeed, due_feed
from bot.store.table import Table

HOUR, DAY = 3_600.0, 86_400.0
ASKED, SHORTEST, LONGEST = 10 * DAY, 300.0, 30 * DAY  # seconds of a lease: as asked for, and as it counts
_RENEWED = 0.75  # of a lease, when it is renewed
_MISSED = 2  # changes in a row that were not pushed: then the hub is not relied upon
_POLLED = f"NOT feeds.stopped AND {WANTED}"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a hub has to be told, or has been."""

    feed_id: int
    hub: str
    topic: str
    path: str
    secret: str


class Subscriptions(Table):
    """At most one a feed. It ends by itself: whose feed nobody wants is not renewed."""

    def want(self, wanted: Subscription) -> None:
        """The feed names this hub. Nothing changes where that is known already."""
        self._write(
            "INSERT INTO subscriptions (feed_id, hub, topic, path, secret, ask_at) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (feed_id) DO UPDATE SET hub = excluded.hub, topic = excluded.topic, path = excluded.path, "
            "secret = excluded.secret, ask_at = excluded.ask_at, tries = 0, until = 0, missed = 0 "
            "WHERE hub != excluded.hub OR topic != excluded.topic",
            [wanted.feed_id, wanted.hub, wanted.topic, wanted.path, wanted.secret, self._now],
        )

    def drop(self, feed_id: int) -> None:
        """Nothing is pushed for the feed any more."""
        self._write("DELETE FROM subscriptions WHERE feed_id = ?", [feed_id])

    def begin(self, base: str, limit: int) -> list[Subscription]:
        """Those whose hub is to be asked now; each is asked again, later each time, until the hub has verified it."""
        rows = self._rows(
            "UPDATE subscriptions SET base = :base, tries = min(tries + 1, 10), "
            "ask_at = :now + min(:day, :hour * (1 << min(tries, 9))) WHERE feed_id IN (SELECT feed_id "
            "FROM subscriptions JOIN feeds ON feeds.id = feed_id "
            f"WHERE ask_at <= :now AND {_POLLED} ORDER BY ask_at LIMIT :limit) "
            "RETURNING feed_id, hub, topic, path, secret",
            {"base": base, "now": self._now, "day": DAY, "hour": HOUR, "limit": limit},
        )
        return [Subscription(**row) for row in rows]

    def verify(self, path: str, topic: str, lease: float) -> bool:
        """The hub asks whether we want this: if so, it pushes for `lease` seconds."""
        lease = min(max(lease, SHORTEST), LONGEST)
        return bool(
            self._write(
                "UPDATE subscriptions SET tries = 0, until = :until, ask_at = :again WHERE path = :path "
                f"AND topic = :topic AND tries > 0 AND feed_id IN (SELECT id FROM feeds WHERE {_POLLED})",
                {
                    "path": path,
                    "topic": topic,
                    "until": self._now + lease,
                    "again": self._now + max(SHORTEST, _RENEWED * lease),
                },
            )
        )

    def deny(self, path: str, topic: str) -> bool:
        """The hub does not push this, or no longer: it is asked again in a day."""
        return bool(
            self._write(
                "UPDATE subscriptions SET until = 0, ask_at = ? WHERE path = ? AND topic = ?",
                [self._now + DAY, path, topic],
            )
        )

    def secret(self, path: str) -> str:
        """What the pushes to this path are signed with; empty where none is wanted there."""
        return str(
            self._value(
                f"SELECT secret FROM subscriptions JOIN feeds ON feeds.id = feed_id WHERE path = ? AND {_POLLED}",
                [path],
            )
            or ""
        )

    def pushed(self, path: str) -> DueFeed | None:
        """The feed of which something was pushed: its hub can be relied upon."""
        self._write("UPDATE subscriptions SET missed = 0 WHERE path = ?", [path])
        row = self._row(
            f"SELECT feeds.* FROM feeds JOIN subscriptions ON feeds.id = feed_id WHERE path = ? AND {_POLLED}", [path]
        )
        return due_feed(row) if row else None

    def missed(self, feed_id: int) -> None:
        """A poll found what was not pushed."""
        self._write(
            "UPDATE subscriptions SET missed = missed + 1 WHERE feed_id = ? AND until > ?", [feed_id, self._now]
        )

    def count(self) -> int:
        """How many feeds are pushed, as it seems."""
        return int(
            self._value(
                "SELECT count(*) FROM subscriptions WHERE until > ? AND missed < ?",
                [self._now, _MISSED],
            )
        )

    def relied_until(self, feed_id: int) -> float:
        """Until when the feed's hub pushes what is new, as it seems; 0 where it does not."""
        return float(
            self._value(
                "SELECT until FROM subscriptions WHERE feed_id = ? AND until > ? AND missed < ?",
                [feed_id, self._now, _MISSED],
            )
            or 0.0
        )

    def resume(self, base: str, within: float) -> None:
        """After a start: what was pushed meanwhile is lost, so those feeds are polled within so many seconds.

        Hubs that know us by another address than `base` are asked anew.
        """
        self._write(
            "UPDATE feeds SET next_poll = min(next_poll, :now + :within * (id % 97) / 97.0) "
            "WHERE id IN (SELECT feed_id FROM subscriptions WHERE until > 0)",
            {"now": self._now, "within": within},
        )
        self._write(
            "UPDATE subscriptions SET ask_at = ?, tries = 0, until = 0 WHERE base NOT IN ('', ?)", [self._now, base]
        )
