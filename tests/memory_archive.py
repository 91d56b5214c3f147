"""The stored items and the dialogues about queries, in memory, as the ports of the use-cases want them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from watchlists.model import Draft, Fate, Item, Watch
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


@dataclass
class MemoryFates:
    """What became of alerts; nothing is listed, held or old unless it is said."""

    alerts: dict[int, Fate] = field(default_factory=dict)
    listed: set[tuple[int, int]] = field(default_factory=set)
    of_first_poll: set[int] = field(default_factory=set)
    since: dict[int, datetime] = field(default_factory=dict)
    held: set[tuple[int, int]] = field(default_factory=set)

    def of(self, alert_id: int) -> Fate:
        return self.alerts.get(alert_id, Fate("told"))

    def is_listed(self, alert_id: int, item_id: int) -> bool:
        return (alert_id, item_id) in self.listed

    def is_of_first_poll(self, item_id: int) -> bool:
        return item_id in self.of_first_poll

    def watched_since(self, chat_id: int, watch: Watch) -> datetime:
        return self.since.get(watch.id, datetime(2026, 1, 1, tzinfo=UTC))

    def is_held(self, story_id: int, watch: Watch) -> bool:
        return (story_id, watch.id) in self.held
