"""Quiet hours and digest times in a chat's time zone, right on both nights when the clocks change.

Every time of day stands for one moment of each day: what the clock shows twice means the first time, and what it
leaves out means so much later (02:30 on the night without one is 03:30). So a night has one quiet period, and a
digest comes once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from watchlists.errors import BadTime
from watchlists.i18n import _

Every = Literal["hour", "day", "week"]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAX_TIMES = 12
MORNING = time(8)
_NIGHT_OWL = time(4)  # before it, "tomorrow morning" is the morning of the same date
_DAY = timedelta(days=1)
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(am|pm)?")
_SPAN = re.compile(r"\s*(\S+?)\s*(?:[-–—]|\bto\b|\s)\s*(\S+)\s*")
_LENGTH = re.compile(r"(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
MAX_SNOOZE = timedelta(days=30)
_OFF = frozenset({"off", "no", "none", "never"})


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `start` to `end` every day; past midnight where the end is earlier. Equal ends mean never."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Digest:
    """When a digest comes: each full hour, or at `times` each day or each `weekday` (0 for Monday)."""

    every: Every
    times: tuple[time, ...] = ()
    weekday: int = 0

    def __str__(self) -> str:
        if self.every == "hour":
            return "hourly"
        times = " ".join(f"{moment:%H:%M}" for moment in self.times)
        return f"daily {times}" if self.every == "day" else f"weekly {DAYS[self.weekday]} {times}"


def read_quiet(text: str) -> Quiet | None:
    """`22:00-07:00`, `22-7`, `off`; None for never. Raises `BadTime`."""
    if text.strip().lower() in _OFF:
        return None
    found = _SPAN.fullmatch(text)
    if not found:
        message = _("“{text}” is no span of time. Write the two ends: /quiet 22:00-07:00, or /quiet off")
        raise BadTime(message.format(text=text[:40]))
    quiet = Quiet(_time(found[1]), _time(found[2]))
    return None if quiet.start == quiet.end else quiet


def read_digest(text: str) -> Digest | None:
    """`hourly`, `daily 08:00 18:00`, `weekly mon 08:00`, `off`; None for off. Raises `BadTime`.

    A time alone means each day, a day of the week alone each week.
    """
    kind, *rest = text.lower().replace(",", " ").split() or [""]
    if _TIME.fullmatch(kind):
        kind, rest = "daily", [kind, *rest]
    elif kind in DAYS or kind in _LONG_DAYS:
        kind, rest = "weekly", [kind, *rest]
    if kind in _OFF and not rest:
        return None
    if kind == "hourly" and not rest:
        return Digest("hour")
    if kind == "daily":
        return Digest("day", _times(rest))
    if kind == "weekly":
        day = rest[0][:3] if rest else DAYS[0]
        if day in DAYS:
            return Digest("week", _times(rest[1:])[:1], DAYS.index(day))
    message = _("“{text}” is no time for a digest. Write one of: hourly, daily 08:00 18:00, weekly mon 08:00, off")
    raise BadTime(message.format(text=text[:40]))


def read_snooze(text: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """`2h`, `30 min`, `1d`, `until tomorrow`, `off`: when the snooze ends (UTC), None for off. Raises `BadTime`."""
    words = text.lower().removeprefix("until").removeprefix("for").strip()
    if words in _OFF:
        return None
    if words == "tomorrow":
        return next_morning(zone, now)
    found = _LENGTH.fullmatch(words)
    length = int(found[1]) * _UNITS[found[2][0]] if found else timedelta(0)
    if timedelta(0) < length <= MAX_SNOOZE:
        return now + length
    message = _(
        "“{text}” is no time for a snooze. Write one of: 30m, 2h, 1d (at most {most} days), until tomorrow, off"
    )
    raise BadTime(message.format(text=text[:40], most=MAX_SNOOZE.days))


def _times(words: list[str]) -> tuple[time, ...]:
    if len(words) > MAX_TIMES:
        message = _("A digest may come at most {most} times a day. For more, take hourly.")
        raise BadTime(message.format(most=MAX_TIMES))
    return tuple(sorted({_time(word) for word in words})) or (MORNING,)


def _time(word: str) -> time:
    found = _TIME.fullmatch(word.lower())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if found and found[3]:  # 12am is midnight, 12pm is noon
        hour = hour % 12 + 12 * (found[3] == "pm") if 1 <= hour <= 12 else 99
    if (hour, minute) == (24, 0):
        hour = 0
    if hour > 23 or minute > 59:
        raise BadTime(_("“{text}” is no time of day. Write it like 22:00.").format(text=word[:20]))
    return time(hour, minute)


def instant(day: date, moment: time, zone: ZoneInfo) -> datetime:
    """The one moment (UTC) of `day` that the time of day stands for."""
    return datetime.combine(day, moment, zone).astimezone(UTC)


@lru_cache(maxsize=1 << 10)
def quiet_until(quiet: Quiet, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the quiet hours end that hold now; None when none hold. The first moment is quiet, the last is not."""
    if quiet.start == quiet.end:
        return None
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today):
        end = instant(day + _DAY if quiet.end < quiet.start else day, quiet.end, zone)
        if instant(day, quiet.start, zone) <= now < end:
            return end
    return None


@lru_cache(maxsize=1 << 10)
def next_digest(digest: Digest, zone: ZoneInfo, after: datetime) -> datetime:
    """When the first digest after a moment is due (UTC)."""
    if digest.every == "hour":
        local = after.astimezone(zone)
        return (
            after
            + timedelta(hours=1)
            - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        )
    return next(moment for moment in _moments(digest, zone, after) if moment > after)


def _moments(digest: Digest, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """The moments of a digest from the day before `after` on, in order."""
    day = after.astimezone(zone).date() - _DAY
    while True:
        if digest.every == "day" or day.weekday() == digest.weekday:
            yield from sorted(instant(day, moment, zone) for moment in digest.times)
        day += _DAY


def next_morning(zone: ZoneInfo, now: datetime) -> datetime:
    """The beginning of tomorrow as people mean it: at three in the night it is this morning (UTC)."""
    local = now.astimezone(zone)
    day = local.date() if local.time() < _NIGHT_OWL else local.date() + _DAY
    return instant(day, MORNING, zone)
