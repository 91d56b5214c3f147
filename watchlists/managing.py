"""The use-cases of one watch: how sure, how many sources, how and when its alerts come, its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watchlists import hours
from watchlists import query as query_language
from watchlists.delivery import Habits, Snooze
from watchlists.errors import QueryError, UnknownNumber
from watchlists.i18n import _
from watchlists.model import Level, Watch
from watchlists.ports import Store
from watchlists.rewording import with_sources, with_strictness, without
from watchlists.terms import Strictness

OFF, AS_CHAT = "off", ""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Card:
    """A watch as its owner sees it: how sure it has to be, its alerts of the last 7 days, until when it is snoozed."""

    watch: Watch
    strictness: Strictness
    alerts: int
    snoozed: datetime | None
    habits: Habits
    now: datetime


class Managing:
    """The use-cases on one open transaction. Each change of delivery looks anew at what is kept for the chat."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def cards(self, chat_id: int) -> Sequence[Card]:
        """The chat's watches, by number."""
        watches = self._store.watches.active(chat_id)
        if not watches:
            return ()
        alerts = self._store.alerts.of_watches(chat_id, self._store.now - WEEK)
        snoozed = {each.what: each.until for each in self._store.snoozes.active(chat_id) if each.kind == "watch"}
        habits = self._store.chats.habits([chat_id]).get(chat_id, Habits())
        return [
            Card(
                watch,
                _strictness(watch.text),
                alerts.get(watch.id, 0),
                snoozed.get(str(watch.id)),
                habits,
                self._store.now,
            )
            for watch in watches
        ]

    def card(self, watch: Watch) -> Card:
        """The watch as it is now."""
        return next(card for card in self.cards(watch.chat_id) if card.watch.id == watch.id)

    def watch(self, chat_id: int, number: int) -> Watch:
        """The watch that `/watches` shows under `number`. Raises `UnknownNumber`."""
        for watch in self._store.watches.active(chat_id):
            if watch.number == number:
                return watch
        raise UnknownNumber(_("You have no watch number {number}. /watches shows your numbers.").format(number=number))

    def own(self, chat_id: int, watch_id: int) -> Watch | None:
        """An active watch of the chat by its id; None for anybody else's."""
        return next((watch for watch in self._store.watches.active(chat_id) if watch.id == watch_id), None)

    def level(self, watch: Watch, level: Level) -> Watch:
        """Mark a watch as urgent (it passes quiet hours and digests), silent (no sound) or normal."""
        changed = self._store.watches.set_delivery(watch, level, watch.digest)
        self._store.kept.look_again(watch.chat_id)
        return changed

    def digest(self, watch: Watch, text: str) -> Watch:
        """Give a watch a digest of its own, `off` for alerts at once, or empty for what the chat has set."""
        digest = AS_CHAT if text == AS_CHAT else str(hours.read_digest(text) or OFF)
        changed = self._store.watches.set_delivery(watch, watch.level, digest)
        self._store.kept.look_again(watch.chat_id)
        return changed

    def snooze(self, watch: Watch, text: str) -> datetime | None:
        """Keep the alerts of one watch for a while (`2h`, `until tomorrow`) or not (`off`). Raises `BadTime`."""
        habits = self._store.chats.habits([watch.chat_id]).get(watch.chat_id, Habits())
        until = hours.read_snooze(text, habits.zone, self._store.now)
        if until is None:
            self._store.snoozes.remove(watch.chat_id, "watch", str(watch.id))
        else:
            self._store.snoozes.add(watch.chat_id, Snooze("watch", str(watch.id), until))
        self._store.kept.look_again(watch.chat_id)
        return until

    def strictness(self, watch: Watch, strictness: Strictness) -> Watch:
        """How sure a hit has to be. Raises `QueryError` where the watch's text would be too long."""
        return self.reword(watch, with_strictness(watch.text, strictness))

    def sources(self, watch: Watch, sources: int) -> Watch:
        """How many independent sources have to tell a story. Raises `QueryError`."""
        return self.reword(watch, with_sources(watch.text, sources))

    def without(self, watch: Watch, number: int) -> Watch | None:
        """The watch excludes a word that was proposed when it fired too often; None for one that was not."""
        words = self._store.watches.proposed(watch)
        return self.reword(watch, without(watch.text, words[number])) if number < len(words) else None

    def reword(self, watch: Watch, text: str) -> Watch:
        """The watch with other words, under its number. Raises `QueryError`, or `UnknownNumber` for a second same."""
        query = query_language.parse(text)
        same = self._store.watches.find(watch.chat_id, query.key)
        if same and same.id != watch.id:
            raise UnknownNumber(
                _("You watch that already: it is number {number} in /watches.").format(number=same.number)
            )
        return watch if query.text == watch.text else self._store.watches.reword(watch, query)

    def reword_back(self, watch: Watch) -> Watch | None:
        """The watch's text before its last change; None when there is none, or it is back already."""
        before = self._store.watches.before(watch)
        return self.reword(watch, before) if before and before != watch.text else None


def _strictness(text: str) -> Strictness:
    """That of a watch which an older version could read and this cannot is none."""
    try:
        return query_language.parse(text).strictness
    except QueryError:
        return ""
