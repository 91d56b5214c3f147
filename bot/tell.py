"""Telling chats of one new item: alert, list under an alert that the chat has, keep for later, or be silent.

Everything is read and written for all chats at once: an item may hit the watches of ten thousand.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import to_epoch
from bot.news import News
from bot.post import Post
from bot.spread import spread
from bot.store import Store
from bot.timing import Timing
from watchlists.decide import NEW, Reason, Told, decide, timed
from watchlists.delivery import BURST, HOLDS, Hold, age, is_urgent
from watchlists.model import Hit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rules:
    """The operator's times: how long an alert waits to be sent singly, and how long it takes in later reports."""

    expiry: timedelta
    grows: timedelta = timedelta(hours=24)


def tell(store: Store, news: News, hits: Mapping[int, Sequence[Hit]], rules: Rules) -> Counter[str]:
    """Decide for each chat whose watches the item hits, and write what follows; count the reasons."""
    ready = _ready(store, news, hits)
    timing = Timing(store, ready)
    recent = store.kept.recent(ready)
    stale = Hold(Reason.STALE, store.now) if (age(news.item, store.now) or timedelta(0)) > rules.expiry else None
    holds: dict[int, Hold] = {}
    known: dict[int, Told] = {}
    decided: dict[Reason, dict[int, Sequence[Hit]]] = defaultdict(dict)
    for chat_id, chat_hits in ready.items():
        reason = _decide(news, chat_id, chat_hits, rules, is_active=chat_id in timing.habits)
        told = news.known(chat_id, reason)
        if told:
            known[chat_id] = told
        is_kept = told is not None and told.kept
        if reason in NEW or is_kept:
            hold = timing.hold(chat_id, news.story_id, news.item.source, chat_hits) or stale
            is_burst = chat_id in recent and recent[chat_id].count >= BURST and not is_urgent(chat_hits)
            reason = timed(reason, hold=hold.reason if hold else None, kept=is_kept, is_burst=is_burst)
            if hold:
                holds[chat_id] = hold
        decided[reason][chat_id] = chat_hits
        _log(reason, news, chat_id, chat_hits or hits[chat_id])
    post = Post(store, news, timing.habits, expires=to_epoch(store.now + rules.expiry))
    post.alert({**decided[Reason.ALERT], **decided[Reason.FOLLOW_UP]})
    post.list_together(decided[Reason.BURST], recent)
    post.keep({chat_id: hits for reason in HOLDS for chat_id, hits in decided[reason].items()}, holds)
    post.name(decided[Reason.SAME_ARTICLE], known)
    post.fold({**decided[Reason.FOLDED], **decided[Reason.GROUPED]}, known)
    post.raise_kept(decided[Reason.RAISED], known)
    return Counter({reason.name: len(chats) for reason, chats in decided.items() if chats})


def _decide(news: News, chat_id: int, hits: Sequence[Hit], rules: Rules, *, is_active: bool) -> Reason:
    return decide(
        first_poll=news.first_poll,
        chat_active=is_active,
        enough_sources=bool(hits),
        told=news.told.get(chat_id),
        grows=rules.grows,
        same_article=chat_id in news.told and chat_id in news.knowing,
        new_facts=chat_id in news.told and news.has_new_facts,
        series=news.told_series.get(chat_id),
    )


def _ready(store: Store, news: News, hits: Mapping[int, Sequence[Hit]]) -> dict[int, Sequence[Hit]]:
    """The hits that may be told now, of each chat that gets the feed; watches that wait for more sources are held.

    A report that brings the last source needed lets the hits go that were held for it.
    """
    held = {} if news.first_poll else _held(store, news)
    readers = store.chat_feeds.readers(news.item_id, {*hits, *held})
    ready = {chat_id: chat_hits for chat_id, chat_hits in hits.items() if chat_id in readers}
    if news.first_poll:
        return ready
    held_now: set[int] = set()
    for chat_id, chat_hits in ready.items():
        early = [hit for hit in chat_hits if hit.watch.sources > 1 and hit.watch.sources > news.sources]
        if early:
            ready[chat_id] = [hit for hit in chat_hits if hit not in early]
        for hit in early:
            if hit.watch.id not in held_now:
                held_now.add(hit.watch.id)
                store.alerts.hold(hit, news.story_id, news.item_id)
    for chat_id in held.keys() & readers:
        _let_go(store, news, chat_id, held[chat_id], ready)
    return ready


def _held(store: Store, news: News) -> Mapping[int, Sequence[Hit]]:
    """The hits that were held for more sources and need no more, by chat, those of lists for each of its followers."""
    held: dict[int, list[Hit]] = defaultdict(list)
    for hit in store.alerts.held(news.story_id):
        if hit.watch.sources <= news.sources:
            held[hit.watch.chat_id].append(hit)
    return spread(store, news.item, held) if held else {}


def _let_go(store: Store, news: News, chat_id: int, held: Sequence[Hit], ready: dict[int, Sequence[Hit]]) -> None:
    """What was held joins the hits of the chat. That of a list stays for the followers who get other feeds."""
    for hit in held:
        if not hit.watch.list_id:
            store.alerts.release(hit, news.story_id)
        elif chat_id in news.told:
            continue
        others = ready.get(chat_id, ())
        if all(other.watch.id != hit.watch.id for other in others):
            ready[chat_id] = [*others, hit]


def _log(reason: Reason, news: News, chat_id: int, hits: Sequence[Hit]) -> None:
    if not log.isEnabledFor(logging.DEBUG):
        return
    for hit in hits:
        log.debug(
            "item %d, watch %d (score %d of %d): %s",
            news.item_id,
            hit.watch.id,
            hit.match.score,
            hit.match.threshold,
            reason,
            extra={"chat": chat_id},
        )
