"""From a parsed feed to rows of the outbox, in one transaction. This module runs the main flow:

    feed URL ─fetch→ Fetched ─parse→ [Item] ─new?→ [Item] ─story→ Story ─match→ [Hit] ─decide→ [Alert] ─→ outbox
              async    bytes   child         └─────────── this module: one SQLite transaction ──────────────┘
                               process
    outbox ─deliver→ chat
             async, paced

The new items, their stories, the outbox rows and the feed's ETag and next poll are stored together: a crash
leaves all of them or none. An ETag stored without its items would hide them behind a 304 for ever.
"""

import logging
from collections import Counter
from datetime import timedelta

from bot import render
from bot.clock import to_epoch
from bot.parse import ParsedFeed
from bot.store import Store
from bot.store.feeds import DueFeed, PollResult
from bot.store.outbox import Outgoing
from bot.watching import WatchIndex
from watchlists.decide import Reason, decide
from watchlists.identity import canonical_link
from watchlists.model import Alert, Hit, Item
from watchlists.stories import story_keys

log = logging.getLogger(__name__)


def ingest(
    store: Store, index: WatchIndex, feed: DueFeed, parsed: ParsedFeed, result: PollResult, expiry: timedelta
) -> Counter[str]:
    """Store what is new in the feed and enqueue the alerts it gives rise to.

    Returns how many items were new and how many hits ended in each `Reason`.
    """
    index.refresh(store.watches)
    counts: Counter[str] = Counter()
    known = store.items.known(feed.id, (item.id for item in parsed.items))
    links = Counter(canonical_link(item.url) for item in parsed.items)
    # Feeds put the newest first; alerts go out in the order of events. Of two with one key the newest counts.
    for item in {item.id: item for item in reversed(parsed.items)}.values():
        if item.id in known:
            store.items.update_text(feed.id, item)
            continue
        # A link that several entries of one feed share is that of a page (a site's home, a status page).
        story_id = _story(store, item, own_link=links[canonical_link(item.url)] == 1)
        item_id = store.items.add(feed.id, item, story_id)
        if item_id is None:  # the database has the last word on what is new
            continue
        counts["new"] += 1
        for chat_id, hits in index.hits(item).items():
            reason = _alert(store, feed, Alert(chat_id, story_id, item, tuple(hits), store.now), item_id, expiry)
            counts[reason.name] += 1
            _log_decision(reason, feed, item, hits)
    store.feeds.succeeded(feed.id, result)
    return counts


def _story(store: Store, item: Item, *, own_link: bool) -> int:
    """The story that the item joins, or a new one; from now on its keys lead there too."""
    keys = story_keys(item, own_link=own_link)
    story_id = store.items.story_of(keys) or store.items.open_story()
    store.items.claim_keys(story_id, keys)
    return story_id


def _alert(store: Store, feed: DueFeed, alert: Alert, item_id: int, expiry: timedelta) -> Reason:
    """Decide on one chat's hits and, where the answer is an alert, record and enqueue it."""
    reason = decide(
        first_poll=not feed.primed,
        chat_active=store.chats.is_active(alert.chat_id),
        already_alerted=store.alerts.exists(alert.chat_id, alert.story_id),
    )
    if reason is not Reason.ALERT:
        return reason
    alert_id = store.alerts.add(alert, item_id)
    store.outbox.add(
        Outgoing(
            dedup_key=f"alert:{alert.chat_id}:{alert.story_id}",
            chat_id=alert.chat_id,
            kind="alert",
            text=render.alert(alert),
            alert_id=alert_id,
            expires=to_epoch(store.now + expiry),
        )
    )
    return reason


def _log_decision(reason: Reason, feed: DueFeed, item: Item, hits: list[Hit]) -> None:
    for hit in hits:
        log.debug(
            "feed %d, item %s, watch %d (score %d of %d): %s",
            feed.id,
            item.id,
            hit.watch.id,
            hit.match.score,
            hit.match.threshold,
            reason,
        )
