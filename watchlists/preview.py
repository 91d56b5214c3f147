"""What a query would have told a chat lately: how many stories, the best of them, and what would make it calmer.

Everything comes from one look at the stored items, judged down to what `loose:` lets pass: the thresholds of the
other strictnesses are then only counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watchlists.loud import exclusions
from watchlists.past import Found
from watchlists.ports import Store
from watchlists.publishers import independent
from watchlists.score import THRESHOLDS
from watchlists.terms import Query, Strictness

DAY, WEEK = timedelta(days=1), timedelta(days=7)
BEST = 3
STRICTNESSES: tuple[Strictness, ...] = ("loose", "", "strict")
LOUD_STORIES = 20  # in a day: its owner should know before they come

STRICTER: dict[Strictness, Strictness] = {"loose": "", "": "strict"}
LOOSER: dict[Strictness, Strictness] = {"strict": "", "": "loose"}


@dataclass(frozen=True, slots=True)
class Count:
    """So many items of so many stories; `more`: there are more that nobody has counted."""

    items: int = 0
    stories: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """A query's hits. `strictnesses` has the counts of seven days for each; `words` could be excluded.

    `read_since`: when the first of the items that are stored was seen; None: there are none.
    """

    query: Query
    day: Count
    week: Count
    strictnesses: dict[Strictness, Count]
    best: Sequence[Found]
    words: tuple[str, ...]
    read_since: datetime | None
    now: datetime

    @property
    def is_loud(self) -> bool:
        """Whether the owner should be warned."""
        return self.day.more or self.day.stories >= LOUD_STORIES


@dataclass(frozen=True, slots=True)
class Told:
    """A story that a watch would have told: the first item that hit, and how many more items did."""

    found: Found
    more: int


def preview(store: Store, chat_id: int, query: Query) -> Preview:
    """What the query hits among the items of seven days that the chat's feeds brought."""
    now = store.now
    past = store.archive.hits(chat_id, query, now - WEEK)
    asked = THRESHOLDS[query.strictness]
    hits: dict[Strictness, Sequence[Found]] = {}
    counts: dict[Strictness, Count] = {}
    for strictness in STRICTNESSES:
        threshold = THRESHOLDS[strictness]
        complete = past.complete if threshold >= asked else past.complete_loose
        found = enough_sources(store, query, [one for one in past.found if one.match.score >= threshold])
        hits[strictness], counts[strictness] = found, _count(found, complete > now - WEEK)
    found = hits[query.strictness]
    today = [one for one in found if one.seen >= now - DAY]
    return Preview(
        query,
        _count(today, past.complete > now - DAY),
        counts[query.strictness],
        counts,
        _best(found),
        exclusions(query, [one.item for one in found]),
        store.archive.begins,
        now,
    )


def last_day(store: Store, chat_id: int, query: Query) -> tuple[Sequence[Told], bool]:
    """The stories that a watch would have told in 24 hours, the newest first, and whether there are more."""
    past = store.archive.hits(chat_id, query, store.now - DAY)
    hits = [one for one in past.found if one.match.score >= one.match.threshold]
    stories: dict[int, list[Found]] = {}
    for one in enough_sources(store, query, hits):
        stories.setdefault(one.story_id, []).append(one)
    told = [Told(min(reports, key=_seen), len(reports) - 1) for reports in stories.values()]
    told.sort(key=lambda one: _seen(one.found), reverse=True)
    return told, past.complete > store.now - DAY


def enough_sources(store: Store, query: Query, found: Sequence[Found]) -> Sequence[Found]:
    """The items of stories that as many independent sources tell as the query asks for."""
    if query.sources <= 1:
        return found
    stories = {one.story_id for one in found}
    enough = {story for story in stories if independent(store.items.sources(story)) >= query.sources}
    return [one for one in found if one.story_id in enough]


def _count(found: Sequence[Found], more: bool) -> Count:
    return Count(len(found), len({one.story_id for one in found}), more)


def _best(found: Iterable[Found]) -> Sequence[Found]:
    """The best item of each of the best stories; of equals the newest."""
    best: dict[int, Found] = {}
    for one in sorted(found, key=lambda one: (one.match.score, *_seen(one)), reverse=True):
        best.setdefault(one.story_id, one)
    return list(best.values())[:BEST]


def _seen(one: Found) -> tuple[datetime, int]:
    return one.seen, one.item_id
