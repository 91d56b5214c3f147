"""Writing what was decided about one item: alerts, and their messages now, later, or in one list.

Each method does its work for all the chats at once.
"""

from collections.abc import Callable, Mapping, Sequence

from bot import listing, render
from bot.news import News
from bot.store import Store
from bot.store.kept import Recent
from bot.store.outbox import Outgoing
from handlers.snoozes import under_alert
from watchlists.decide import Told
from watchlists.delivery import Habits, Hold, is_silent
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
        self._send(self._record(chats), render.alert)

    def keep(self, chats: Chats, holds: Mapping[int, Hold]) -> None:
        """An alert for each chat that waits for a summary, each for its own time."""
        self._store.kept.keep({alert_id: holds[alert.chat_id] for alert_id, alert in self._record(chats).items()})

    def list_together(self, chats: Chats, recent: Mapping[int, Recent]) -> None:
        """An alert for each chat that stands in one message with others: in that of the burst, or it begins one."""
        alerts = self._record(chats)
        heads = {alert_id: recent[alert.chat_id].head or alert_id for alert_id, alert in alerts.items()}
        self._store.kept.join(heads)
        first = {alert_id: alert for alert_id, alert in alerts.items() if heads[alert_id] == alert_id}
        self._send(first, burst)

    def fold(self, chats: Chats, told: Mapping[int, Told]) -> None:
        """The item is listed under the alert that each chat has."""
        for chat_id, hits in chats.items():
            self._store.alerts.fold(told[chat_id].last, self._news.item_id, hits)

    def raise_kept(self, chats: Chats, told: Mapping[int, Told]) -> None:
        """The alert that was kept comes now, with the item listed under it."""
        self.fold(chats, told)
        ids = [told[chat_id].last for chat_id in chats]
        self._store.kept.let_go(ids)
        self._send({alert_id: self._store.alerts.get(alert_id) for alert_id in ids}, render.alert)

    def _record(self, chats: Chats) -> dict[int, Alert]:
        news = self._news
        alerts = [
            Alert(
                chat_id,
                news.story_id,
                news.item,
                tuple(hits),
                self._store.now,
                zone=self._habits[chat_id].zone_name,
                language=self._habits[chat_id].language,
            )
            for chat_id, hits in chats.items()
        ]
        ids = self._store.alerts.add_all(alerts, news.item_id, news.series)
        return dict(zip(ids, alerts, strict=True))

    def _send(self, alerts: Mapping[int, Alert], rendered: Callable[[Alert], str]) -> None:
        texts: dict[tuple[object, ...], str] = {}  # chats that watch the same read the same

        def message(alert_id: int, alert: Alert) -> Outgoing:
            same = (alert.language, alert.zone, alert.also, *((hit.watch.text, id(hit.match)) for hit in alert.hits))
            with speaking(alert.language):
                if same not in texts:
                    texts[same] = rendered(alert)
                buttons = under_alert(alert_id)
            told = self._news.told.get(alert.chat_id)
            return Outgoing(
                dedup_key=f"alert:{alert.chat_id}:{alert.story_id}:{self._news.item_id}",
                chat_id=alert.chat_id,
                kind="alert",
                text=texts[same],
                buttons=buttons,
                alert_id=alert_id,
                answers=told.last if told else None,
                expires=self._expires,
                silent=is_silent(alert.hits),
            )

        self._store.outbox.add_all(message(alert_id, alert) for alert_id, alert in alerts.items())


def burst(*alerts: Alert) -> str:
    """The one message of a burst."""
    latest = max(alert.first_seen for alert in alerts)
    (text,) = listing.messages(_(BURST_NOTE), alerts, latest, most=1)
    return text
