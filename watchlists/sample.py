"""A look at a feed before it is added: its name, its latest items, and how often it publishes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watchlists.model import Item

LATEST = 3
_LEAST = 3  # dates; fewer tell no rhythm
_DAY = timedelta(days=1)
_SHORTEST = timedelta(hours=1)  # a feed that was filled at once has no rhythm of a thousand a minute


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Items a day on average, or None where too few have a date; and the newest date."""

    per_day: float | None = None
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedSample:
    """A feed that answered: the address to poll, and what a person wants to know before keeping it."""

    url: str
    title: str = ""
    latest: tuple[str, ...] = ()
    rhythm: Rhythm = Rhythm()


def sample(url: str, title: str, items: Sequence[Item], now: datetime) -> FeedSample:
    """The look at a feed whose items are in its own order: the newest by date first, where they have dates."""
    oldest = min((item.published for item in items if item.published), default=now)
    ordered = sorted(items, key=lambda item: item.published or oldest, reverse=True)
    return FeedSample(url, title, tuple(item.title for item in ordered[:LATEST]), rhythm(items, now))


def rhythm(items: Iterable[Item], now: datetime) -> Rhythm:
    """The rhythm of the items that a feed shows. What it kept silent until `now` counts too."""
    dates = sorted(min(item.published, now) for item in items if item.published)
    if len(dates) < _LEAST:
        return Rhythm(None, dates[-1] if dates else None)
    span = max(now - dates[0], _SHORTEST)
    return Rhythm(len(dates) * (_DAY / span), dates[-1])
