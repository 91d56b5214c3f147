"""What an edit of a list would have changed: its alerts a day over the last 7 days, before and after."""

from dataclasses import dataclass, field
from datetime import timedelta

from watchlists.lists import ListedWatch, Watchlist, diff
from watchlists.ports import Store
from watchlists.preview import WEEK, enough_sources
from watchlists.terms import Query

OPERATOR = 0  # the chat that gets the operator's feeds and has none of its own: what all followers have in common
MOST = 40  # watches that are counted; of a longer list only those that the edit changes
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Effect:
    """Alerts a day, one for each story, of the whole list or (`partly`) of the watches that were changed.

    `each` has those of single watches by the key of their query. `days`: how far the stored items go back; 0: nowhere.
    """

    before: float
    after: float
    days: float
    partly: bool = False
    each: dict[str, float] = field(default_factory=dict)


class Counting:
    """Counts stories on one open transaction, each query once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stories: dict[str, frozenset[int]] = {}

    def effect(self, old: Watchlist, new: Watchlist) -> Effect:
        """What leads from one version to another."""
        changed = diff(old, new)
        partly = max(len(old.watches), len(new.watches)) > MOST
        before, after = old.watches, new.watches
        if partly:
            before = (*changed.removed, *(was for was, _is in changed.changed))
            after = (*changed.added, *(now for _was, now in changed.changed))
        days = self._days()
        rate = 1 / max(days, 1.0)
        each = {watch.query.key: len(self._of(watch.query)) * rate for watch in (*changed.added, *changed.removed)}
        return Effect(self._count(before) * rate, self._count(after) * rate, days, partly, each)

    def _count(self, watches: tuple[ListedWatch, ...]) -> int:
        return len(frozenset[int]().union(*(self._of(watch.query) for watch in watches)))

    def _of(self, query: Query) -> frozenset[int]:
        """The stories of 7 days that the query hits."""
        asked = query.ordered_key
        if asked not in self._stories:
            past = self._store.archive.hits(OPERATOR, query, self._store.now - WEEK)
            hits = [one for one in past.found if one.match.score >= one.match.threshold]
            self._stories[asked] = frozenset(one.story_id for one in enough_sources(self._store, query, hits))
        return self._stories[asked]

    def _days(self) -> float:
        begins = self._store.archive.begins
        return min(7.0, (self._store.now - begins) / DAY) if begins else 0.0
