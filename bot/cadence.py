"""When to poll a feed next: pure, so that every rule can be read off a table.

A publisher's wishes (Retry-After, Cache-Control, ttl, skipHours, skipDays) can only make the bot slower than its
own interval, never faster, and never slower than a day: a feed that asks for a year is a mistake, not a wish.
"""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

DAY = 86_400.0
_JITTER = 0.1
_MOST_DOUBLINGS = 16  # more would only overflow: 2^16 seconds is most of a day


@dataclass(frozen=True, slots=True)
class Intervals:
    """The operator's seconds between polls: the usual, and the limits that no feed may leave."""

    usual: float = 600.0
    minimum: float = 300.0
    maximum: float = DAY


@dataclass(frozen=True, slots=True)
class Hints:
    """What a publisher asked for in its last whole answer; a 304 repeats only a part of it.

    `max_age` (of the server) and `ttl` (of the feed) are seconds, or None where nothing was said. `skip_hours` are
    hours of the day in UTC, `skip_days` days of the week with Monday as 0: then the feed is to be left alone.
    """

    max_age: float | None = None
    ttl: float | None = None
    skip_hours: Set[int] = frozenset()
    skip_days: Set[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Polled:
    """How the last poll went. `failures` counts failed polls in a row: 0 after an answer, be it a 304.

    `retry_after` is in seconds, or None where the server did not say.
    """

    failures: int = 0
    retry_after: float | None = None
    hints: Hints = field(default_factory=Hints)


def delay(intervals: Intervals, polled: Polled, roll: float) -> float:
    """Seconds until the next poll. `roll` in [0, 1) spreads them by ±10 %, within what the feed allows.

    A first failure waits as usual: it may have been ours (a machine whose network is not up yet). Each further one
    in a row doubles the wait, up to the maximum. Hints say how long an answer is good for; a failure is none.
    """
    usual = intervals.usual * 2.0 ** min(max(0, polled.failures - 1), _MOST_DOUBLINGS)
    freshness = () if polled.failures else (polled.hints.max_age, polled.hints.ttl)
    wishes = (polled.retry_after, *freshness)
    soonest = max(intervals.minimum, *(wish or 0.0 for wish in wishes))
    soonest = min(soonest, intervals.maximum)
    wait = min(max(usual, soonest), intervals.maximum)
    # Where a wish is the reason, the spread goes upward only; at the maximum, downward only.
    low = max(wait * (1 - _JITTER), min(soonest, intervals.maximum * (1 - _JITTER)))
    high = min(max(wait, low) * (1 + _JITTER), intervals.maximum)
    return low + roll * (high - low)


def next_poll(now: datetime, intervals: Intervals, polled: Polled, roll: float) -> datetime:
    """The time of the next poll: `delay` from now, then the next hour that the feed does not forbid."""
    moment = now + timedelta(seconds=delay(intervals, polled, roll))
    latest = now + timedelta(seconds=intervals.maximum)
    hours = polled.hints.skip_hours if len(polled.hints.skip_hours) < 24 else frozenset()
    days = polled.hints.skip_days if len(polled.hints.skip_days) < 7 else frozenset()
    while moment < latest and (moment.hour in hours or moment.weekday() in days):
        # Not on the full hour: all feeds of a publisher would come at once.
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1, seconds=600 * roll)
    return min(moment, latest)
