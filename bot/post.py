"""Writing what was decided about one item: alerts, and their messages now, later, or in one list.

Each method does its work for all the chats at once.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from bot import listing, render
from bot.news import News
from bot.store import Store
from bot.store.fanout import ALERT_ID
from bot.store.kept import Recent
from handlers.snoozes import under_alert, under_list
from watchlists.decide import Told
from watchlists.delivery import Habits, Hold, is_silent, is_urgent
from watchlists.i18n import N_, _, speaking
from watchlists.model import Alert, Hit

Chats = Mapping[int, Sequence[Hit]]
BURST_NOTE = N_("More news at once")


class Post:
    """The alerts that one item gives rise to. `expires`: seconds since 1970."""

    def __init__(self, store: Store, news: News, habits: Mapping[int, Habits], *, expires: float) -> None:
        self._store = store
        self._news = news
        self._habits = habits
        self._expires = expires

    def alert(self, chats: Chats) -> None:
        """An alert for each chat, in reply to the one that it has about the story."""
        self._send(chats, self._record(chats), render.alert)

    def keep(self, chats: Chats, holds: Mapping[int, Hold]) -> None:
        """An alert for each chat that waits for a summary, each for its own time."""
        self._store.kept.keep({alert_id: holds[chat_id] for chat_id, alert_id in self._record(chats).items()})

    def list_together(self, chats: Chats, recent: Mapping[int, Recent]) -> None:
        """An alert for each chat that stands in one message with others: in that of the burst, or it begins one."""
        ids = self._record(chats)
        heads = {alert_id: recent[chat_id].head or alert_id for chat_id, alert_id in ids.items()}
        self._store.kept.join(heads)
        self._send({chat_id: hits for chat_id, hits in chats.items() if recent[chat_id].head is None}, ids, burst)

    def fold(self, chats: Chats, told: Mapping[int, Told]) -> None:
        """The item is listed under the alert that each chat has."""
        if chats:
            self._store.fanout.fold({told[chat_id].last: hits for chat_id, hits in chats.items()}, self._news.item_id)

    def name(self, chats: Chats, told: Mapping[int, Told]) -> None:
        """The alert that each chat has names the watches that only this wording of its article hits."""
        if chats:
            self._store.fanout.name({told[chat_id].last: hits for chat_id, hits in chats.items()}, self._news.item_id)

    def raise_kept(self, chats: Chats, told: Mapping[int, Told]) -> None:
        """The alert that was kept comes now, with the item listed under it."""
        self.fold(chats, told)
        ids = [told[chat_id].last for chat_id in chats]
        self._store.kept.let_go(ids)
        for alert_id in ids:
            self._enqueue([alert_id], self._store.alerts.get(alert_id), render.alert)

    def _record(self, chats: Chats) -> dict[int, int]:
        news = self._news
        return self._store.fanout.record(chats, news.story_id, news.item_id, news.series) if chats else {}

    def _send(self, chats: Chats, ids: Mapping[int, int], rendered: Callable[[Alert], str]) -> None:
        """A new alert to each chat. Chats that watch the same read the same: it is rendered once."""
        same: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for chat_id, hits in chats.items():
            marks = [(hit.watch.text, hit.watch.level, hit.watch.slug, id(hit.match)) for hit in hits]
            habits = self._habits[chat_id]
            same[habits.zone_name, habits.language, habits.look, *marks].append(chat_id)
        for alike in same.values():
            first, news = alike[0], self._news
            habits, hits = self._habits[first], tuple(chats[first])
            alert = Alert(
                first,
                news.story_id,
                news.item,
                hits,
                self._store.now,
                zone=habits.zone_name,
                language=habits.language,
                look=habits.look,
            )
            self._enqueue([ids[chat_id] for chat_id in alike], alert, rendered)

    def _enqueue(self, alert_ids: Sequence[int], alert: Alert, rendered: Callable[[Alert], str]) -> None:
        with speaking(alert.language):
            text = rendered(alert)
            buttons = (under_list if rendered is burst else under_alert)(ALERT_ID, alert.look.kind)
        self._store.fanout.enqueue(
            alert_ids,
            self._news.item_id,
            text,
            buttons,
            self._expires,
            silent=is_silent(alert.hits),
            urgent=is_urgent(alert.hits),
        )


def burst(*alerts: Alert) -> str:
    """The one message of a burst."""
    latest = max(alert.first_seen for alert in alerts)
    (text,) = listing.messages(_(BURST_NOTE), alerts, latest, most=1)
    return text
