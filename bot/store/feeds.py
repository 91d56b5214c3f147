"""The feeds: when each is due, and how it has fared."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.cadence import Habit, Hints
from bot.clock import from_epoch, to_epoch
from bot.hosts import host_of
from bot.store.table import Table
from watchlists.health import SLOW_AFTER
from watchlists.model import Feed

_DUE = """id, url, etag, last_modified, failures, primed, took, lang, max_age, ttl, skip_hours, skip_days,
    changes, watched, last_success, last_change, reader_deaths"""
SLOW = f"(failures > 0 OR took > {SLOW_AFTER})"  # as `DueFeed.slow`
_BY_TITLE = "title COLLATE NOCASE, url"
# Of a row of `feeds`: somebody gets it. Others keep their rows, so that an undo finds them, and are not polled.
WANTED = (
    "(feeds.common OR EXISTS (SELECT 1 FROM chat_feeds f JOIN chats c ON c.id = f.chat_id "
    "WHERE f.feed_id = feeds.id AND f.removed IS NULL AND c.active))"
)


# A feed that nobody got for longer (seconds) begins anew: what it published meanwhile would come as a flood.
ASLEEP = 86_400.0


@dataclass(frozen=True, slots=True)
class DueFeed:
    """What a poll needs to know of a feed before it starts. `took` are the seconds of its last good fetch."""

    id: int
    url: str
    etag: str
    last_modified: str
    failures: int
    primed: bool
    took: float = 0.0
    hints: Hints = field(default_factory=Hints)
    lang: str = ""
    habit: Habit = field(default_factory=Habit)
    last_success: datetime | None = None
    last_change: datetime | None = None
    reader_deaths: int = 0

    @property
    def slow(self) -> bool:
        """Whether others should not have to wait for this one: it is slow, or it fails and may hang."""
        return self.failures > 0 or self.took > SLOW_AFTER


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a good poll leaves in the feed's row; a title of None leaves the old one. `took` is in seconds.

    Not `whole` says that the document was cut off: as a first poll it does not tell what is old in the feed, but
    the second one does, since some feeds are never whole.
    """

    etag: str
    last_modified: str
    title: str | None = None
    items: int | None = None
    moved_to: str = ""
    took: float = 0.0
    hints: Hints = field(default_factory=Hints)
    whole: bool = True


class Feeds(Table):
    """The next poll is a column here, not a timer in memory: a restart forgets nothing."""

    def add(self, url: str, title: str = "", lang: str = "") -> bool:
        """Poll this URL for all chats from now on. False when that is so already.

        `lang`: where the feed does not say its own. One that was dropped for a day or longer begins anew: what it
        published meanwhile alerts nobody.
        """
        return bool(
            self._write(
                "INSERT INTO feeds (url, title, lang, next_poll, added, common) VALUES (?, ?, ?, ?, ?, 1) "
                "ON CONFLICT (url) DO UPDATE SET common = 1, next_poll = excluded.next_poll, etag = '', "
                "last_modified = '', primed = primed AND last_success > excluded.added - ? WHERE NOT common",
                [url, title, lang, self._now, self._now, ASLEEP],
            )
        )

    def common(self) -> Sequence[Feed]:
        """The operator's feeds, by title."""
        return [feed_of(row) for row in self._rows(f"SELECT * FROM feeds WHERE common ORDER BY {_BY_TITLE}")]

    def all(self) -> Sequence[Feed]:
        """Every feed, by title."""
        return [feed_of(row) for row in self._rows(f"SELECT * FROM feeds ORDER BY {_BY_TITLE}")]

    def due(self, limit: int, *, per_host: int | None = None, slow: int | None = None) -> list[DueFeed]:
        """The feeds whose time has come and that anyone gets, the longest overdue first.

        At most `slow` slow ones, and of these and the others `per_host` of one host: a host with hundreds of feeds
        that cannot be polled now must not hide the others.
        """
        good = self._overdue(f"NOT {SLOW}", limit, per_host)
        slow_ones = self._overdue(SLOW, limit if slow is None else slow, per_host)
        rows = sorted([*good, *slow_ones], key=lambda row: (row["next_poll"], row["id"]))
        return [due_feed(row) for row in rows[:limit]]

    def _overdue(self, which: str, limit: int, per_host: int | None) -> list[dict[str, Any]]:
        sql = (
            f"SELECT {_DUE}, next_poll FROM feeds WHERE NOT stopped AND next_poll <= ? AND {which} AND {WANTED} "
            "ORDER BY next_poll, id"
        )
        cursor = self._database.conn.execute(sql, [self._now])
        names = [column[0] for column in cursor.description]
        url = names.index("url")
        found: list[dict[str, Any]] = []
        hosts: Counter[str] = Counter()
        for row in cursor:  # after an outage thousands are due: those that are passed over must cost little
            host = host_of(row[url])
            if hosts[host] != per_host:
                hosts[host] += 1
                found.append(dict(zip(names, row, strict=True)))
            if len(found) == limit:
                break
        cursor.close()
        return found

    def succeeded(self, feed_id: int, result: PollResult) -> None:
        """A poll went well (new content or 304): the failures are over."""
        self._write(
            """UPDATE feeds SET etag = :etag, last_modified = :last_modified,
                last_success = :now, took = :took, failures = 0, failing_since = NULL, error = '',
                title = coalesce(nullif(:title, ''), title),
                primed = primed OR (:items IS NOT NULL AND (:whole OR last_success IS NOT NULL)),
                last_items = coalesce(:items, last_items),
                read_at = CASE WHEN :items IS NOT NULL AND :whole THEN :now ELSE read_at END,
                reader_deaths = CASE WHEN :items IS NULL THEN reader_deaths ELSE 0 END,
                moved_times = CASE WHEN :moved = '' THEN 0 WHEN :moved = moved_to THEN moved_times + 1 ELSE 1 END,
                moved_to = :moved, max_age = :max_age, ttl = :ttl, skip_hours = :hours, skip_days = :days
            WHERE id = :id""",
            {
                "etag": result.etag,
                "last_modified": result.last_modified,
                "now": self._now,
                "title": result.title,
                "items": result.items,
                "moved": result.moved_to,
                "took": result.took,
                "whole": result.whole,
                "max_age": result.hints.max_age,
                "ttl": result.hints.ttl,
                "hours": _text(result.hints.skip_hours),
                "days": _text(result.hints.skip_days),
                "id": feed_id,
            },
        )
        # Three permanent redirects in a row to the same place: only then is the stored address changed.
        self._write(
            "UPDATE OR IGNORE feeds SET moved_from = url, url = moved_to, moved_to = '', moved_times = 0 "
            "WHERE id = ? AND moved_times >= 3",
            [feed_id],
        )

    def found_slow(self, feed_id: int) -> None:
        """The feed needs more time than it was given; it stays due."""
        self._write("UPDATE feeds SET took = ? WHERE id = ?", [2 * SLOW_AFTER, feed_id])

    def forget_primed(self) -> None:
        """The next good poll of each feed counts as its first: what is in it by then alerts nobody."""
        self._write("UPDATE feeds SET primed = 0, etag = '', last_modified = ''")

    def schedule(self, feed_id: int, next_poll: datetime, habit: Habit, *, changed: bool) -> None:
        """After a good poll: when to come back, and whether there was something new."""
        self._write(
            """UPDATE feeds SET next_poll = :next_poll, changes = :changes, watched = :watched,
                longest_pause = CASE WHEN :changed THEN max(longest_pause, :now - coalesce(last_change, :now))
                    ELSE longest_pause END,
                last_change = CASE WHEN :changed THEN :now ELSE last_change END
            WHERE id = :id""",
            {
                "next_poll": to_epoch(next_poll),
                "changes": habit.changes,
                "watched": habit.watched,
                "changed": changed,
                "now": self._now,
                "id": feed_id,
            },
        )

    def failed(
        self,
        feed_id: int,
        error: str,
        next_poll: datetime,
        *,
        stopped: bool = False,
        gone: bool = False,
        deadly: bool = False,
    ) -> None:
        """A poll went wrong: one more failure in a row, and a later next poll, or none.

        `gone` says that the server expects no return, `deadly` that the document ended its parser.
        """
        self._write(
            """UPDATE feeds SET failures = failures + 1, failing_since = coalesce(failing_since, :now), error = :error,
                next_poll = :next_poll, stopped = :stopped, gone = :gone, reader_deaths = reader_deaths + :deadly
            WHERE id = :id""",
            {
                "error": error,
                "next_poll": to_epoch(next_poll),
                "stopped": stopped or gone,
                "gone": gone,
                "deadly": deadly,
                "now": self._now,
                "id": feed_id,
            },
        )

    def pushed(self, feed_id: int) -> None:
        """Something new came without a poll."""
        self._write(
            "UPDATE feeds SET changes = changes + 1, last_change = :now, "
            "longest_pause = max(longest_pause, :now - coalesce(last_change, :now)) WHERE id = :id",
            {"now": self._now, "id": feed_id},
        )

    def hurry(self, feed_id: int, pause: float) -> None:
        """Poll the feed as soon as so many seconds have gone since the last poll; one that fails waits as it has to."""
        self._write(
            "UPDATE feeds SET next_poll = min(next_poll, max(?, coalesce(last_success, 0) + ?)) "
            "WHERE id = ? AND NOT failures",
            [self._now, pause, feed_id],
        )

    def counts(self) -> dict[str, int]:
        """How many feeds anyone gets, how many of them work, fail, were stopped, or have not been polled yet."""
        row = self._returned(
            f"""SELECT count(*) AS total,
                coalesce(sum(NOT stopped AND failures = 0 AND last_success IS NOT NULL), 0) AS ok,
                coalesce(sum(NOT stopped AND failures > 0), 0) AS failing,
                coalesce(sum(stopped), 0) AS stopped,
                coalesce(sum(NOT stopped AND failures = 0 AND last_success IS NULL), 0) AS waiting
            FROM feeds WHERE {WANTED}"""
        )
        return dict(row)


def due_feed(row: dict[str, Any]) -> DueFeed:
    """The due feed of a row."""
    hints = Hints(row["max_age"], row["ttl"], _numbers(row["skip_hours"]), _numbers(row["skip_days"]))
    return DueFeed(
        id=row["id"],
        url=row["url"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        failures=row["failures"],
        primed=bool(row["primed"]),
        took=row["took"],
        lang=row["lang"],
        hints=hints,
        habit=Habit(row["changes"], row["watched"]),
        last_success=_moment(row["last_success"]),
        last_change=_moment(row["last_change"]),
        reader_deaths=row["reader_deaths"],
    )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else from_epoch(seconds)


def _numbers(text: str) -> frozenset[int]:
    return frozenset(map(int, text.split()))


def _text(numbers: Set[int]) -> str:
    return " ".join(map(str, sorted(numbers)))


def feed_of(row: dict[str, Any]) -> Feed:
    """The feed of a whole row."""
    return Feed(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        next_poll=from_epoch(row["next_poll"]),
        last_success=_moment(row["last_success"]),
        failures=row["failures"],
        error=row["error"],
        stopped=bool(row["stopped"]),
        gone=bool(row["gone"]),
        failing_since=_moment(row["failing_since"]),
        took=row["took"],
        added=_moment(row["added"]),
        last_change=_moment(row["last_change"]),
        longest_pause=timedelta(seconds=row["longest_pause"]),
        common=bool(row["common"]),
    )
