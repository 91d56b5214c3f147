"""What chats have set and snoozed, in memory, as the ports of the use-cases want it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from watchlists.channels import Channel
from watchlists.delivery import Habits, Snooze
from watchlists.model import Alert, Holdings, Judged, Question, Vote, Watch


@dataclass
class MemoryChats:
    """What each chat has set."""

    rows: dict[int, Habits] = field(default_factory=dict)
    chosen: dict[int, str] = field(default_factory=dict)

    def habits(self, chat_ids: Iterable[int]) -> dict[int, Habits]:
        return {chat_id: self.rows.get(chat_id, Habits()) for chat_id in chat_ids}

    def set_habits(self, chat_id: int, habits: Habits) -> None:
        self.rows[chat_id] = habits

    def language(self, chat_id: int) -> str:
        return self.chosen.get(chat_id, "")

    def set_language(self, chat_id: int, language: str) -> None:
        self.chosen[chat_id] = language
        self.rows[chat_id] = replace(self.rows.get(chat_id, Habits()), language=language or "en")


@dataclass
class MemorySnoozes:
    """What each chat has snoozed; nothing ends by itself."""

    rows: dict[tuple[int, str, str], datetime] = field(default_factory=dict)

    def active(self, chat_id: int) -> Sequence[Snooze]:
        return [Snooze(kind, what, until) for (chat, kind, what), until in self.rows.items() if chat == chat_id]

    def add(self, chat_id: int, snooze: Snooze) -> None:
        self.rows[chat_id, snooze.kind, snooze.what] = snooze.until

    def remove(self, chat_id: int, kind: str, what: str) -> None:
        self.rows.pop((chat_id, kind, what), None)

    def clear(self, chat_id: int) -> None:
        self.rows = {key: until for key, until in self.rows.items() if key[0] != chat_id}


@dataclass
class MemoryKept:
    """How many alerts wait, for which chats one has to look again, and the alerts that are lists."""

    alerts: dict[int, int] = field(default_factory=dict)
    looked_at: list[int] = field(default_factory=list)
    lists: dict[int, Sequence[Alert]] = field(default_factory=dict)
    told: dict[int, Alert] = field(default_factory=dict)

    def waiting(self, chat_id: int) -> int:
        return self.alerts.get(chat_id, 0)

    def look_again(self, chat_id: int) -> None:
        self.looked_at.append(chat_id)

    def latest(self, chat_id: int, before: int | None, limit: int) -> Sequence[tuple[int, Alert]]:
        mine = [(key, alert) for key, alert in self.told.items() if alert.chat_id == chat_id]
        return sorted((one for one in mine if before is None or one[0] < before), reverse=True)[:limit]

    def members(self, head: int) -> Sequence[Alert]:
        return self.lists.get(head, ())


@dataclass
class MemoryQuestions:
    """What each chat has been asked."""

    rows: dict[int, Question] = field(default_factory=dict)

    def ask(self, chat_id: int, question: Question) -> None:
        self.rows[chat_id] = question

    def take(self, chat_id: int) -> Question | None:
        return self.rows.pop(chat_id, None)


@dataclass
class MemoryLinks:
    """Which channels somebody looks after, and which is edited."""

    channels: dict[int, list[Channel]] = field(default_factory=dict)
    edited: dict[int, int] = field(default_factory=dict)

    def adopt(self, user_id: int, channel: Channel, language: str) -> None:
        self.channels.setdefault(user_id, []).append(channel)

    def edit(self, user_id: int, channel_id: int | None) -> bool:
        before = self.edited.pop(user_id, None)
        if channel_id is not None:
            self.edited[user_id] = channel_id
        return before != channel_id

    def heard(self, user_id: int) -> bool:
        return False

    def of_user(self, user_id: int) -> Sequence[Channel]:
        return self.channels.get(user_id, [])


@dataclass
class MemoryForgetting:
    """Which chats have been deleted."""

    forgotten: list[int] = field(default_factory=list)

    def holdings(self, chat_id: int) -> Holdings:
        return Holdings(1, 2, 5, 3, 4)

    def forget(self, chat_id: int) -> None:
        self.forgotten.append(chat_id)


@dataclass
class MemoryVotes:
    """What readers said of alerts; every watch is judged by all of it."""

    rows: dict[tuple[int, int], Vote] = field(default_factory=dict)
    items: list[Judged] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)

    def cast(self, chat_id: int, alert_id: int, user_id: int, vote: Vote) -> bool:
        is_new = self.rows.get((alert_id, user_id)) != vote
        self.rows[alert_id, user_id] = vote
        return is_new

    def of_alert(self, alert_id: int) -> Vote | None:
        return next((vote for (alert, _), vote in self.rows.items() if alert == alert_id), None)

    def wrong_since_asked(self, watch: Watch) -> int:
        return 0 if watch.id in self.texts else sum(vote == "down" for vote in self.rows.values())

    def judged(self, watch: Watch, since: datetime) -> Sequence[Judged]:
        return self.items

    def ask(self, watch: Watch, text: str) -> None:
        self.texts[watch.id] = text

    def proposed(self, watch: Watch) -> str:
        return self.texts.get(watch.id, "")
