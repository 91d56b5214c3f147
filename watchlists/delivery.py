"""When an alert may come: at once, or held back until a snooze, the quiet hours or the time to the next digest ends.

What is held is not lost: one summary lists it afterwards. A watch marked urgent passes the quiet hours, digests and
the snooze of the whole chat; what is snoozed by name (its story, its source, the watch itself) is held even then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from watchlists import zones
from watchlists.decide import Reason
from watchlists.hours import Digest, Quiet, next_digest, quiet_until, read_digest
from watchlists.i18n import _, ngettext
from watchlists.model import PLAIN, Hit, Item, Look, Watch

SnoozeKind = Literal["chat", "story", "watch", "source"]
BURST, BURST_WITHIN = 5, timedelta(minutes=2)  # so many alerts come singly; what follows is one message that grows
AGE_SHOWN = timedelta(minutes=15)
HOLDS = frozenset({Reason.SNOOZED, Reason.QUIET_HOURS, Reason.DIGEST, Reason.STALE})


@dataclass(frozen=True, slots=True)
class Habits:
    """What a chat has set: its time zone by name, its quiet hours, and its digest; None for what is off.

    `language`: in which it is spoken to, a key of `i18n.LANGUAGES`; `look`: of its alerts.
    """

    zone_name: str = zones.UTC_NAME
    quiet: Quiet | None = None
    digest: Digest | None = None
    language: str = "en"
    look: Look = PLAIN

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the chat's times are meant."""
        return zones.zone(self.zone_name)


@dataclass(frozen=True, slots=True)
class Snooze:
    """The chat wants nothing until then: of all, of a story (its id), a watch (its id) or a source (its name)."""

    kind: SnoozeKind
    what: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an alert is held back, and until when."""

    reason: Reason
    until: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Why an alert had no message of its own, and until when it waits; `until` is None once it has been told."""

    reason: Reason
    until: datetime | None = None


def hold(
    habits: Habits,
    snoozes: Sequence[Snooze],
    *,
    story_id: int,
    source: str,
    hits: Sequence[Hit],
    since: datetime,
    now: datetime,
) -> Hold | None:
    """What holds back an alert that was decided at `since`, the longest of several; None when it may come now."""
    if not snoozes and habits.quiet is None and habits.digest is None and not any(hit.watch.digest for hit in hits):
        return None  # so it is for nearly all of the chats that one item may hit
    active = {(snooze.kind, snooze.what): snooze.until for snooze in snoozes if snooze.until > now}
    found = [
        Hold(Reason.SNOOZED, active[named])
        for named in (("story", str(story_id)), ("source", source))
        if named in active
    ]
    by_watch = [_of_watch(hit.watch, habits, active, since, now) for hit in hits]
    holds = [each for each in by_watch if each]
    if len(holds) == len(by_watch) and holds:
        found.append(min(holds, key=_until))  # the first watch that may speak brings the alert
    passes = any(hit.watch.level == "urgent" and not each for hit, each in zip(hits, by_watch, strict=True))
    if not passes:
        if ("chat", "") in active:
            found.append(Hold(Reason.SNOOZED, active["chat", ""]))
        ends = quiet_until(habits.quiet, habits.zone, now) if habits.quiet else None
        if ends:
            found.append(Hold(Reason.QUIET_HOURS, ends))
    return max(found, key=_until, default=None)


def _of_watch(
    watch: Watch, habits: Habits, active: dict[tuple[SnoozeKind, str], datetime], since: datetime, now: datetime
) -> Hold | None:
    snoozed = active.get(("watch", str(watch.id))) if active else None
    if snoozed:
        return Hold(Reason.SNOOZED, snoozed)
    digest = habits.digest if not watch.digest else digest_of(watch)
    if digest is None or watch.level == "urgent":
        return None
    due = next_digest(digest, habits.zone, since)
    return Hold(Reason.DIGEST, due) if due > now else None


def _until(hold: Hold) -> datetime:
    return hold.until


def digest_of(watch: Watch) -> Digest | None:
    """The digest of the watch's own; None where it has none, or alerts at once."""
    return _digest(watch.digest) if watch.digest else None


@lru_cache(maxsize=1 << 10)
def _digest(text: str) -> Digest | None:
    return read_digest(text)


def is_silent(hits: Sequence[Hit]) -> bool:
    """Whether an alert makes no sound: all its watches are marked silent."""
    return all(hit.watch.level == "silent" for hit in hits)


def is_urgent(hits: Sequence[Hit]) -> bool:
    """Whether an alert comes singly in a burst too: one of its watches is marked urgent."""
    return any(hit.watch.level == "urgent" for hit in hits)


def age(item: Item, now: datetime) -> timedelta | None:
    """How old the item is by its own date; None without one. A date without a time counts from its day's end."""
    if item.published is None:
        return None
    moment = item.published.astimezone(UTC)
    if moment.time() == time(0):
        moment += timedelta(days=1)
    return now - moment


def age_shown(item: Item, now: datetime) -> str:
    """`2 h ago` for what is older than 15 minutes; else empty."""
    old = age(item, now)
    if old is None or old <= AGE_SHOWN:
        return ""
    minutes = int(old.total_seconds() // 60)
    if minutes < 60:
        return _("{count} min ago").format(count=minutes)
    if minutes < 48 * 60:
        return _("{count} h ago").format(count=minutes // 60)
    return ngettext("{n} day ago", "{n} days ago", minutes // 1440)
