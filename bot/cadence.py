"""When to poll a feed next: pure, so that every rule can be read off a table.

A publisher's wishes (Retry-After, Cache-Control, ttl, skipHours, skipDays) can only make the bot slower than its
own interval, never faster, and never slower than a day: a feed that asks for a year is a mistake, not a wish.
"""

import math
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR = 3_600.0
DAY = 86_400.0
_HALF_LIFE = 30 * DAY  # what a feed did longer ago counts less and less
_JITTER = 0.1
_MOST_DOUBLINGS = 16  # more would only overflow: 2^16 seconds is most of a day


@dataclass(frozen=True, slots=True)
class Intervals:
    """The operator's seconds between polls: the usual, and the limits that no feed may leave.

    Of their own accord feeds are polled every `slowest` seconds at least; only their wishes and failures go beyond.
    """

    usual: float = 600.0
    minimum: float = 300.0
    slowest: float = 6 * HOUR
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

    `interval` is what the feed's habit suggests (see `interval`), None for the usual; `retry_after` what the server
    asks for, None where it does not. Both are in seconds.
    """

    interval: float | None = None
    failures: int = 0
    retry_after: float | None = None
    hints: Hints = field(default_factory=Hints)


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a feed changes: `changes` seen in `watched` seconds, older ones counting less."""

    changes: float = 0.0
    watched: float = 0.0


def learn(habit: Habit, elapsed: float, changed: bool) -> Habit:
    """The habit after another good poll, `elapsed` seconds after the one before; `changed`: it brought new items."""
    fade = 0.5 ** (elapsed / _HALF_LIFE)
    return Habit(habit.changes * fade + changed, habit.watched * fade + elapsed)


def interval(intervals: Intervals, habit: Habit, quiet: float) -> float:
    """Seconds between polls of a feed with this habit, whose last change is `quiet` seconds ago.

    They grow with the square root of the time between changes. Of all ways to spend a given number of polls on
    feeds that change at random this makes the sum of all items' delays least: a feed that changes f times a day
    and is polled every T seconds costs 1/T and delays f items a day by T/2 each; with c for the price of a poll,
    fT/2 + c/T is least at T = √(2c/f). A feed that changes every hour is polled at the usual interval.

    Changes come in bursts: after one, and for as long again as the quiet lasts, polls are no rarer than the quiet
    is long.
    """
    gap = (habit.watched + HOUR) / (habit.changes + 1)  # as if it had changed once in an hour before it was known
    ideal = min(intervals.usual * math.sqrt(gap / HOUR), max(intervals.usual, quiet))
    return min(max(ideal, intervals.minimum), max(intervals.slowest, intervals.usual))


def delay(intervals: Intervals, polled: Polled, roll: float) -> float:
    """Seconds until the next poll. `roll` in [0, 1) spreads them by ±10 %, within what the feed allows.

    A first failure changes nothing: it may have been ours (a machine whose network is not up yet). Each further one
    in a row doubles the wait, up to the maximum. Hints say how long an answer is good for; a failure is none.
    """
    usual = (polled.interval or intervals.usual) * 2.0 ** min(max(0, polled.failures - 1), _MOST_DOUBLINGS)
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
