"""Telling chats of one new item: alert, list under an alert that the chat has, hold back, or be silent.

Everything is read and written for all chats at once: an item may hit the watches of ten thousand.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from bot import render
from bot.clock import to_epoch
from bot.store import Store
from bot.store.outbox import Outgoing
from watchlists.decide import Reason, Told, decide
from watchlists.model import Alert, Hit, Item
from watchlists.publishers import independent
from watchlists.telling import is_same_article, new_facts, series

log = logging.getLogger(__name__)

EARLIER = 20  # reports of a story in which a fact may have stood already


@dataclass(frozen=True, slots=True)
class Rules:
    """The operator's times: how long an alert waits to be sent singly, and how long it takes in later reports."""

    expiry: timedelta
    grows: timedelta = timedelta(hours=24)


class News:
    """A new item in its story, as the chats are told of it."""

    def __init__(self, store: Store, item: Item, item_id: int, story_id: int, *, first_poll: bool) -> None:
        self._store = store
        self.item = item
        self.item_id = item_id
        self.story_id = story_id
        self.first_poll = first_poll
        self.series = series(item)

    @cached_property
    def told(self) -> dict[int, Told]:
        """What each chat has been told of the story."""
        return self._store.alerts.told(self.story_id)

    @cached_property
    def told_series(self) -> dict[int, Told]:
        """What each chat has been told within the hour of such headlines."""
        return self._store.alerts.series(self.series)

    @cached_property
    def sources(self) -> int:
        """How many independent publishers tell the story."""
        return independent(self._store.items.sources(self.story_id))

    @cached_property
    def _earlier(self) -> Sequence[Item]:
        return self._store.items.of_story(self.story_id, EARLIER, before=self.item_id)

    @cached_property
    def is_same_article(self) -> bool:
        """Whether another feed has brought this very article: a line with the same headline tells nobody anything."""
        return any(is_same_article(self.item, other) for other in self._earlier)

    @cached_property
    def has_new_facts(self) -> bool:
        """Whether the headline has a rare name or a number that the story lacked."""
        return bool(new_facts(self.item, self._earlier))


def tell(store: Store, news: News, hits: Mapping[int, Sequence[Hit]], rules: Rules) -> Counter[str]:
    """Decide for each chat whose watches the item hits, and write what follows; count the reasons."""
    ready = _ready(store, news, hits)
    active = store.chats.active(ready)
    decided: dict[Reason, dict[int, Sequence[Hit]]] = defaultdict(dict)
    for chat_id, chat_hits in ready.items():
        reason = decide(
            first_poll=news.first_poll,
            chat_active=chat_id in active,
            enough_sources=bool(chat_hits),
            told=news.told.get(chat_id),
            grows=rules.grows,
            same_article=chat_id in news.told and news.is_same_article,
            new_facts=chat_id in news.told and news.has_new_facts,
            series=news.told_series.get(chat_id),
        )
        decided[reason][chat_id] = chat_hits
        _log(reason, news, chat_id, chat_hits or hits[chat_id])
    _alert(store, news, decided[Reason.ALERT], rules)
    _alert(store, news, decided[Reason.FOLLOW_UP], rules)
    _fold(store, news, decided[Reason.FOLDED], news.told)
    _fold(store, news, decided[Reason.GROUPED], news.told_series)
    return Counter({reason.name: len(chats) for reason, chats in decided.items() if chats})


def _ready(store: Store, news: News, hits: Mapping[int, Sequence[Hit]]) -> dict[int, Sequence[Hit]]:
    """Each chat's hits that may be told now; those of watches that wait for more sources are held.

    A report that brings the last source needed lets the hits go that were held for it.
    """
    if news.first_poll:
        return dict(hits)
    ready: dict[int, list[Hit]] = {}
    for chat_id, chat_hits in hits.items():
        ready[chat_id] = [hit for hit in chat_hits if hit.watch.sources <= 1 or hit.watch.sources <= news.sources]
        for hit in chat_hits:
            if hit not in ready[chat_id]:
                store.alerts.hold(hit, news.story_id, news.item_id)
    for hit in store.alerts.held(news.story_id):
        if hit.watch.sources <= news.sources:
            store.alerts.release(hit, news.story_id)
            others = ready.setdefault(hit.watch.chat_id, [])
            if all(other.watch.id != hit.watch.id for other in others):
                others.append(hit)
    return {chat_id: tuple(chat_hits) for chat_id, chat_hits in ready.items()}


def _alert(store: Store, news: News, chats: Mapping[int, Sequence[Hit]], rules: Rules) -> None:
    """Record and enqueue an alert for each chat, in reply to the one that it has about the story."""
    alerts = [Alert(chat_id, news.story_id, news.item, tuple(hits), store.now) for chat_id, hits in chats.items()]
    ids = store.alerts.add_all(alerts, news.item_id, news.series)
    expires = to_epoch(store.now + rules.expiry)
    texts: dict[tuple[tuple[str, int], ...], str] = {}  # chats that watch the same read the same

    def message(alert_id: int, alert: Alert) -> Outgoing:
        same = tuple((hit.watch.text, id(hit.match)) for hit in alert.hits)
        if same not in texts:
            texts[same] = render.alert(alert)
        told = news.told.get(alert.chat_id)
        return Outgoing(
            dedup_key=f"alert:{alert.chat_id}:{alert.story_id}:{news.item_id}",
            chat_id=alert.chat_id,
            kind="alert",
            text=texts[same],
            alert_id=alert_id,
            answers=told.last if told else None,
            expires=expires,
        )

    store.outbox.add_all(map(message, ids, alerts))


def _fold(store: Store, news: News, chats: Mapping[int, Sequence[Hit]], told: Mapping[int, Told]) -> None:
    for chat_id, hits in chats.items():
        store.alerts.fold(told[chat_id].last, news.item_id, hits)


def _log(reason: Reason, news: News, chat_id: int, hits: Sequence[Hit]) -> None:
    if not log.isEnabledFor(logging.DEBUG):
        return
    for hit in hits:
        log.debug(
            "item %d, chat %d, watch %d (score %d of %d): %s",
            news.item_id,
            chat_id,
            hit.watch.id,
            hit.match.score,
            hit.match.threshold,
            reason,
        )
