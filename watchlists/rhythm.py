"""How often a feed publishes, as far as the dates of its items tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from watchlists.model import Item

_LEAST = 3  # dates; fewer tell no rhythm
_DAY = timedelta(days=1)
_SHORTEST = timedelta(hours=1)  # a feed that was filled at once has no rhythm of a thousand a minute


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Items a day on average, or None where too few have a date; and the newest date."""

    per_day: float | None = None
    newest: datetime | None = None


def rhythm(items: Iterable[Item], now: datetime) -> Rhythm:
    """The rhythm of the items that a feed shows. What it kept silent until `now` counts too."""
    dates = sorted(min(item.published, now) for item in items if item.published)
    if len(dates) < _LEAST:
        return Rhythm(None, dates[-1] if dates else None)
    span = max(now - dates[0], _SHORTEST)
    return Rhythm(len(dates) * (_DAY / span), dates[-1])
