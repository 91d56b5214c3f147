"""How a feed fares, in one word: for people who follow it and for people who run the bot."""

from datetime import datetime, timedelta
from enum import StrEnum

from watchlists.model import Feed

SLOW_AFTER = 3.0  # seconds of a fetch
# A feed is silent when it has brought nothing new for several times its longest pause: one that is quiet at
# weekends is not, one that has stopped is within days. What its pauses are is known after some weeks only.
_PAUSES = 3
_SHORTEST = timedelta(days=3)
_KNOWN = timedelta(days=21)


class Health(StrEnum):
    """The states of a feed; where several apply, the first."""

    GONE = "gone for good"
    STOPPED = "stopped"
    FAILING = "failing"
    WAITING = "not polled yet"
    SILENT = "silent for longer than ever"
    SLOW = "slow"
    OK = "ok"


def health(feed: Feed, now: datetime) -> Health:
    """The state of the feed at the time `now`."""
    states = {
        Health.GONE: feed.gone,
        Health.STOPPED: feed.stopped,
        Health.FAILING: feed.failures > 0,
        Health.WAITING: feed.last_success is None,
        Health.SILENT: _is_silent(feed, now),
        Health.SLOW: feed.took > SLOW_AFTER,
    }
    return next((state for state, applies in states.items() if applies), Health.OK)


def _is_silent(feed: Feed, now: datetime) -> bool:
    if feed.added is None or feed.last_change is None or now - feed.added < _KNOWN or not feed.longest_pause:
        return False
    return now - feed.last_change > max(_SHORTEST, _PAUSES * feed.longest_pause)
