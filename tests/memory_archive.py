"""The stored items and the dialogues about queries, in memory, as the ports of the use-cases want them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from watchlists.model import Draft, Item
from watchlists.past import Found, Past
from watchlists.score import THRESHOLDS, explain
from watchlists.terms import Query


@dataclass
class MemoryArchive:
    """Items with their stories and when they were seen; each is tried. `complete` is when not all could be."""

    rows: list[tuple[int, datetime, Item]] = field(default_factory=list)
    complete: datetime | None = None

    def take(self, story_id: int, seen: datetime, *items: Item) -> None:
        self.rows += [(story_id, seen, item) for item in items]

    @property
    def begins(self) -> datetime | None:
        return min((seen for _, seen, _ in self.rows), default=None)

    def hits(self, chat_id: int, query: Query, since: datetime) -> Past:
        found = [
            Found(number, story, seen, item, match._replace(threshold=THRESHOLDS[query.strictness]))
            for number, (story, seen, item) in enumerate(self.rows, 1)
            if seen >= since and (match := explain(query, item)).score >= THRESHOLDS["loose"]
        ]
        complete = max(since, self.complete) if self.complete else since
        return Past(tuple(reversed(found)), complete, complete)


@dataclass
class MemoryDrafts:
    """Every dialogue as it stands."""

    rows: dict[int, Draft] = field(default_factory=dict)

    def add(self, chat_id: int, text: str, watch_id: int | None) -> Draft:
        draft = Draft(len(self.rows) + 1, chat_id, text, watch_id)
        self.rows[draft.id] = draft
        return draft

    def get(self, chat_id: int, draft_id: int) -> Draft | None:
        draft = self.rows.get(draft_id)
        return draft if draft and draft.chat_id == chat_id else None

    def keep(self, draft: Draft) -> None:
        self.rows[draft.id] = draft

    def all(self) -> Sequence[Draft]:
        return [*self.rows.values()]
