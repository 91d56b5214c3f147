"""The use-cases of delivery to a chat: snooze, quiet hours, digests, the time zone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchlists import hours, zones
from watchlists.delivery import Habits, Snooze, SnoozeKind
from watchlists.errors import ListError
from watchlists.i18n import _
from watchlists.model import Alert, Watch
from watchlists.ports import Store

FRAMES, MAX_FRAME = ("header", "footer"), 160  # a chat's words around its alerts, and their characters
A_DAY = timedelta(days=1)  # for a story, a watch or a source: long enough to be done with it


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the chat of this id has set, at `now`; `waiting` alerts are kept for it.

    `broadcasts`: whether it gets what the operator tells all chats.
    """

    chat_id: int
    habits: Habits
    snoozes: Sequence[Snooze]
    watches: Sequence[Watch]
    waiting: int
    now: datetime
    broadcasts: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """An alert of the chat whose button was pressed; `is_list` when its message lists several."""

    alert_id: int
    alert: Alert
    is_list: bool
    habits: Habits
    now: datetime


class Preferences:
    """The use-cases on one open transaction. Each change looks anew at what is kept for the chat."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def overview(self, chat_id: int) -> Overview:
        """What the chat has set, and what it may change."""
        return Overview(
            chat_id,
            self._habits(chat_id),
            self._store.snoozes.active(chat_id),
            self._store.watches.active(chat_id),
            self._store.kept.waiting(chat_id),
            self._store.now,
            self._store.broadcasts.wanted(chat_id),
        )

    def snooze(self, chat_id: int, text: str) -> Overview:
        """Keep all alerts for a while (`2h`, `until tomorrow`) or end every snooze (`off`). Raises `BadTime`."""
        until = hours.read_snooze(text, self._habits(chat_id).zone, self._store.now)
        if until is None:
            self._store.snoozes.clear(chat_id)
        else:
            self._store.snoozes.add(chat_id, Snooze("chat", "", until))
        return self._changed(chat_id)

    def quiet(self, chat_id: int, text: str) -> Overview:
        """Set the quiet hours, or `off`. Raises `BadTime`."""
        return self._set(chat_id, replace(self._habits(chat_id), quiet=hours.read_quiet(text)))

    def digest(self, chat_id: int, text: str) -> Overview:
        """Set when the chat's digest comes, or `off`. Raises `BadTime`."""
        return self._set(chat_id, replace(self._habits(chat_id), digest=hours.read_digest(text)))

    def timezone(self, chat_id: int, text: str) -> Overview:
        """Set the time zone by its name or its city. Raises `UnknownZone`."""
        return self._set(chat_id, replace(self._habits(chat_id), zone_name=zones.find(text)))

    def frame(self, chat_id: int, name: str, text: str) -> Overview:
        """Set the `header` or the `footer` of the chat's alerts; empty for none. Raises `ListError`."""
        checked_frame(text)
        habits = self._habits(chat_id)
        look = replace(habits.look, header=text) if name == "header" else replace(habits.look, footer=text)
        return self._set(chat_id, replace(habits, look=look))

    def language(self, chat_id: int) -> str:
        """The language that the chat has chosen; empty where it is spoken to as its person's client speaks."""
        return self._store.chats.language(chat_id)

    def speak(self, chat_id: int, language: str) -> str:
        """Choose a language, or none; return the one in which the chat is spoken to from now on."""
        self._store.chats.set_language(chat_id, language)
        return self._habits(chat_id).language

    def subject(self, chat_id: int, alert_id: int) -> Subject | None:
        """The chat's alert with this id; None for anybody else's."""
        alert = self._store.alerts.mine(chat_id, alert_id)
        if alert is None:
            return None
        is_list = bool(self._store.kept.members(alert_id))
        return Subject(alert_id, alert, is_list, self._habits(chat_id), self._store.now)

    def shown_in(self, chat_id: int, message_id: int | None) -> Subject | None:
        """The chat's alert that a message shows; None where it shows none."""
        found = None if message_id is None else self._store.alerts.by_message(chat_id, message_id)
        return None if found is None else self.subject(chat_id, found)

    def snooze_by_alert(self, subject: Subject, choice: str) -> datetime:
        """Snooze what a button under an alert names: `hour`, `morning`, `story`, `watch` or `source`."""
        chat_id, now = subject.alert.chat_id, subject.now
        until = now + A_DAY
        if choice == "hour":
            until = now + timedelta(hours=1)
        elif choice == "morning":
            until = hours.next_morning(subject.habits.zone, now)
        for kind, what in _named(subject, choice):
            self._store.snoozes.add(chat_id, Snooze(kind, what, until))
        self._changed(chat_id)
        return until

    def wake_by_alert(self, subject: Subject, choice: str) -> None:
        """Take `snooze_by_alert` back."""
        for kind, what in _named(subject, choice):
            self._store.snoozes.remove(subject.alert.chat_id, kind, what)
        self._changed(subject.alert.chat_id)

    def _habits(self, chat_id: int) -> Habits:
        return self._store.chats.habits([chat_id]).get(chat_id, Habits())

    def _set(self, chat_id: int, habits: Habits) -> Overview:
        self._store.chats.set_habits(chat_id, habits)
        return self._changed(chat_id)

    def _changed(self, chat_id: int) -> Overview:
        self._store.kept.look_again(chat_id)
        return self.overview(chat_id)


def checked_frame(text: str) -> str:
    """Words for around alerts. Raises `ListError` for too many."""
    if len(text) > MAX_FRAME:
        raise ListError(_("I put at most {most} characters there. Please shorten it.").format(most=MAX_FRAME))
    return text


def _named(subject: Subject, choice: str) -> list[tuple[SnoozeKind, str]]:
    """What a button's choice snoozes; several watches are snoozed together."""
    alert = subject.alert
    if choice == "story":
        return [("story", str(alert.story_id))]
    if choice == "watch":
        return [("watch", str(hit.watch.id)) for hit in alert.hits]
    if choice == "source":
        return [("source", alert.item.source)]
    return [("chat", "")]
