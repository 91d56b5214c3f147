"""Telling of feeds that die, return or move: chats once of the feeds that they have added, admins one line a day.

Of the operator's feeds chats are told nothing: there are many of them, and their care is the admins'.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial

from bot.clock import to_epoch
from bot.store import Store
from bot.store.outbox import Outgoing
from handlers import replies_health
from watchlists.i18n import speaking
from watchlists.model import Feed

DEAD_AFTER = timedelta(days=3)
DAILY = timedelta(hours=24)
_LINE = "feed_line"  # in `progress`: when the admins had their line last


def tell_of_feeds(store: Store, admins: Collection[int]) -> int:
    """Say what has not been said yet; return how many messages were enqueued."""
    count = 0
    for feed in store.trouble.over():
        count += _tell(store, feed, "back", partial(replies_health.back, feed))
    for feed in store.trouble.dead(to_epoch(store.now - DEAD_AFTER)):
        what = "gone" if feed.stopped else "dead"
        say = partial(replies_health.gone, feed) if feed.stopped else partial(replies_health.dead, feed, store.now)
        count += _tell(store, feed, what, say)
        store.trouble.told(feed.id, what)
    for feed, before in (*store.trouble.moved(), *store.chat_feeds.merged()):
        count += _tell(store, feed, "moved", partial(replies_health.moved, feed, before))
    return count + _daily(store, admins)


def _tell(store: Store, feed: Feed, what: str, say: Callable[[], str]) -> int:
    """One message for each chat that has added the feed."""
    return _send(store, f"feed:{feed.id}:{what}", store.chat_feeds.of_feed(feed.id), say)


def _send(store: Store, key: str, chats: Collection[int], say: Callable[[], str]) -> int:
    """Say it to each chat in its language."""
    chats = {voice for chat_id in chats for voice in store.links.voices(chat_id)}
    when = f"{to_epoch(store.now):.0f}"
    languages = store.chats.languages(chats)
    texts: dict[str, str] = {}
    for language in {*languages.values()}:
        with speaking(language):
            texts[language] = say()
    store.outbox.add_all(
        Outgoing(f"{key}:{when}:{chat_id}", chat_id, "digest", texts[languages[chat_id]]) for chat_id in sorted(chats)
    )
    return len(chats)


def _daily(store: Store, admins: Collection[int]) -> int:
    last = store.progress.all().get(_LINE)
    counts = store.feeds.counts()
    if not replies_health.daily(counts) or (last and store.now - last < DAILY):
        return 0
    reached = store.chats.active(admins)
    if reached:
        store.progress.mark(_LINE)
    return _send(store, "feeds", reached, lambda: replies_health.daily(counts))
