"""When to poll a feed next: pure, so that every rule can be read off a table.

A publisher's wishes (Retry-After, Cache-Control, ttl) can only make the bot slower than its own interval,
never faster, and never slower than a day: a feed that asks for a year is a mistake, not a wish.
"""

from dataclasses import dataclass
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
class Polled:
    """How the last poll went. `failures` counts failed polls in a row: 0 after an answer, be it a 304.

    The others are seconds, or None where nothing was said: `retry_after` and `max_age` by the server, `ttl`
    by the feed.
    """

    failures: int = 0
    retry_after: float | None = None
    max_age: float | None = None
    ttl: float | None = None


def delay(intervals: Intervals, polled: Polled, roll: float) -> float:
    """Seconds until the next poll. `roll` in [0, 1) spreads them by ±10 %, within what the feed allows.

    A first failure waits as usual: it may have been ours (a machine whose network is not up yet). Each further one
    in a row doubles the wait, up to the maximum.
    """
    usual = intervals.usual * 2.0 ** min(max(0, polled.failures - 1), _MOST_DOUBLINGS)
    wishes = (polled.retry_after, polled.max_age, polled.ttl)
    soonest = max(intervals.minimum, *(wish or 0.0 for wish in wishes))
    soonest = min(soonest, intervals.maximum)
    wait = min(max(usual, soonest), intervals.maximum)
    # Where a wish is the reason, the spread goes upward only; at the maximum, downward only.
    low = max(wait * (1 - _JITTER), min(soonest, intervals.maximum * (1 - _JITTER)))
    high = min(max(wait, low) * (1 + _JITTER), intervals.maximum)
    return low + roll * (high - low)


def next_poll(now: datetime, intervals: Intervals, polled: Polled, roll: float) -> datetime:
    """The time of the next poll; see `delay`."""
    return now + timedelta(seconds=delay(intervals, polled, roll))
